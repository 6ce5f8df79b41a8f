"""A new index takes over in the running server while calls go on; a bad one does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from running import CALLS, ROOT, until
from websockets.sync.client import ClientConnection

from assist.audio import read_recording
from assist.bench.served import RunningServer
from assist.search.corpus import Row, load_corpus, write_rows
from assist.search.embedder import SentenceEmbedder
from assist.search.index import build, read_manifest
from assist.search.upkeep import update

pytestmark = pytest.mark.model

START = {"type": "start", "agent": "7", "rate_hz": 8000, "lockstep": True, "lang": "zh"}
NEW = Row(id="new-1", text="抽水泵一天开到晚，电表转得飞快", guide="power.bill-high", lang="zh")


def few_rows() -> list[Row]:
    wanted = {"power.bill-high": 14, "broadband.no-internet": 30, "none": 40}
    every = [row for row in load_corpus(ROOT / "corpus") if row.lang == "zh"]
    return [
        row
        for guide, count in wanted.items()
        for row in [row for row in every if row.guide == guide][:count]
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the shipped guides, a small corpus and an index of it."""
    root = tmp_path_factory.mktemp("house")
    (root / "corpus").mkdir()
    for name in ("guides", "ui"):
        (root / name).symlink_to(ROOT / name)
    (root / "corpus" / "calls").symlink_to(CALLS)
    write_rows(root / "corpus" / "all.jsonl", few_rows())
    build(few_rows(), SentenceEmbedder(), root / "index")
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[RunningServer]:
    settings = {"ASSIST_ROOT": str(root), "ASSIST_INDEX": str(root / "index")}
    with RunningServer(root / "data", **settings) as running:
        yield running


class Caller:
    """A call that plays a recording bit by bit."""

    def __init__(self, socket: ClientConnection, name: str, begin_s: float) -> None:
        self.socket = socket
        self.socket.send(json.dumps(START))
        self.id: str = json.loads(self.socket.recv(timeout=20))["call"]
        frames = enumerate(read_recording(CALLS / f"{name}.flac").frames(100))
        self.frames = (frame for number, frame in frames if number >= begin_s * 10)

    def say(self, seconds: float) -> None:
        for _ in range(int(seconds * 10)):
            frame = np.stack(next(self.frames), axis=1) * 32767
            self.socket.send(frame.astype("<i2").tobytes())
            assert json.loads(self.socket.recv(timeout=60)) == {"type": "heard"}

    def hang_up(self) -> None:
        self.socket.send('{"type": "stop"}')
        assert json.loads(self.socket.recv(timeout=60))["type"] == "ended"


def log_of(server: RunningServer) -> str:
    return "".join((server.data / "server.log").read_text(encoding="utf-8").split())


def test_a_new_index_takes_over_under_two_calls_and_a_bad_one_does_not(
    server: RunningServer, root: Path
) -> None:
    index = root / "index"
    first = server.get("/health")["index_hash"]
    assert first == read_manifest(index).hash
    with server.connect("/v1/audio") as one, server.connect("/v1/audio") as other:
        callers = [Caller(socket, "o01", 5) for socket in (one, other)]
        for caller in callers:
            caller.say(3)

        whole = (index / "zh.npz").read_bytes()
        (index / "zh.npz").write_bytes(whole[:-9])
        until(lambda: "Thenewindexisrefused" in log_of(server), 20)
        assert "zh.npzisdamaged" in log_of(server) and f"Index{first}goeson" in log_of(server)
        assert server.get("/health")["index_hash"] == first
        for caller in callers:
            caller.say(1)

        (index / "zh.npz").write_bytes(whole)
        rows = [*few_rows(), NEW]
        write_rows(root / "corpus" / "all.jsonl", rows)
        second = update(rows, SentenceEmbedder(), index).manifest.hash
        until(lambda: server.get("/health")["index_hash"] == second, 20)
        for caller in callers:
            caller.say(15)
            caller.hang_up()

    for caller in callers:
        facts: list[dict[str, Any]] = [event["fact"] for event in server.events(caller.id)]
        kinds = [fact["kind"] for fact in facts]
        assert facts[0]["index_hash"] == first
        swapped = [fact["hash"] for fact in facts if fact["kind"] == "index_swapped"]
        assert swapped == [second], "once, and the refused one not at all"
        assert "trouble" not in kinds and kinds.count("call_ended") == 1
        opened = [fact["guide"] for fact in facts if fact["kind"] == "guide_opened"]
        assert opened == ["broadband.no-internet"]
        assert kinds.index("index_swapped") < kinds.index("guide_opened")
    found = server.get(f"/api/find?q={quote(NEW.text)}")["matches"][0]
    assert (found["guide"], found["question"]) == (NEW.guide, NEW.text)
