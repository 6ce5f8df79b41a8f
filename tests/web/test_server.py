"""The whole server as a process: pages, API, sockets, two calls at once, and a sudden death."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from running import CALLS, until
from websockets.sync.client import ClientConnection

from assist.audio import read_recording
from assist.bench.served import RunningServer

pytestmark = pytest.mark.model

START = {"type": "start", "agent": "7", "rate_hz": 8000, "lockstep": True, "source": "test"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("data")) as running:
        yield running


def frames(name: str, begin_s: float, end_s: float) -> Iterator[bytes]:
    recording = read_recording(CALLS / f"{name}.flac")
    for number, frame in enumerate(recording.frames(100)):
        if begin_s * 10 <= number < end_s * 10:
            yield (np.stack(frame, axis=1) * 32767).astype("<i2").tobytes()


def begin(socket: ClientConnection, **more: Any) -> str:
    socket.send(json.dumps({**START, **more}))
    answer = json.loads(socket.recv(timeout=20))
    assert answer["type"] == "started", answer
    return answer["call"]


def send(socket: ClientConnection, data: bytes) -> None:
    socket.send(data)
    assert json.loads(socket.recv(timeout=60)) == {"type": "heard"}


def finish(socket: ClientConnection) -> None:
    socket.send('{"type": "stop"}')
    assert json.loads(socket.recv(timeout=60))["type"] == "ended"


def facts(server: RunningServer, call: str, kind: str) -> list[dict[str, Any]]:
    return [e["fact"] for e in server.events(call) if e["fact"]["kind"] == kind]


def test_pages_and_api(server: RunningServer) -> None:
    for path in ("/", "/panel?call=x", "/static/panel/main.js"):
        assert httpx.get(server.url + path, headers=server.headers).status_code == 200
    parts = ("speech", "desk", "index", "search")
    health = server.get("/health")
    assert len(health.pop("index_hash")) == 12 and health.pop("index_since").startswith("20")
    assert health == {"ok": True, **dict.fromkeys(parts, "ok")}
    assert len(server.get("/api/guides")["guides"]) == 19
    outline = server.get("/api/guides/broadband.no-internet")
    assert {"id", "title", "kind"} == set(outline["steps"][0])
    found = server.get("/api/find?q=家里突然没网了，手机电脑都连不上&lang=zh")
    assert found["matches"][0]["guide"] == "broadband.no-internet"
    assert found["matches"][0]["title"] == "宽带上不了网"
    nothing = {"decision": "silent", "meaning": "ok", "matches": []}
    assert server.get("/api/find?q=") == nothing
    assert {c["name"] for c in server.get("/api/demo-calls")["calls"]} >= {"o01", "o08"}


def test_meaning_adds_to_what_was_typed(server: RunningServer) -> None:
    typed = server.get("/api/find?q=宽带&by=hand")
    assert typed["meaning"] == "ok" and {match["by"] for match in typed["matches"]} == {"hand"}
    both = server.get("/api/find?q=家里突然没网了，手机电脑都连不上")["matches"][0]
    assert both["guide"] == "broadband.no-internet" and both["by"] != "hand" and both["score"] > 0.5
    fused = server.get("/api/find?q=宽带上不了网")["matches"][0]
    assert fused["by"] == "both" and fused["spans"] == [[0, 6]]
    initials = server.get("/api/find?q=kdsbl")["matches"][0]
    assert initials["guide"] == "broadband.no-internet"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/guides/nope", None, 404),
        ("GET", "/api/calls/nope/events", None, 404),
        ("POST", "/api/demo-calls/nope", {"speed": "1"}, 404),
        ("POST", "/api/demo-calls/o01", {"speed": "7"}, 422),
        ("POST", "/api/demo-calls/o01", {"pace": "1"}, 422),
        ("GET", "/api/find?q=x&lang=fr", None, 422),
        ("GET", "/api/find?q=x&by=magic", None, 422),
        ("GET", f"/api/find?q={'x' * 1001}", None, 422),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(
    server: RunningServer, method: str, path: str, body: Any, status: int
) -> None:
    answer = httpx.request(method, server.url + path, json=body, headers=server.headers)
    assert answer.status_code == status
    assert answer.json()["message"] and answer.json()["remedy"]
    assert set(answer.json()) == {"code", "message", "remedy", "values"}


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("this is no JSON", "not understood"),
        ('{"type": "stop"}', "must be a start message"),
        (json.dumps({**START, "rate_hz": 7000}), "7000 Hz is not supported"),
        (json.dumps({**START, "channels": ["customer", "agent", "mixed"]}), "channels"),
        (json.dumps({**START, "channels": ["agent", "agent"]}), "Both channels"),
        (json.dumps({**START, "format": "mulaw", "rate_hz": 16000}), "µ-law at 16000"),
    ],
)
def test_a_start_that_cannot_be_served_is_refused_clearly(
    server: RunningServer, first: str, message: str
) -> None:
    with server.connect("/v1/audio") as socket:
        socket.send(first)
        answer = json.loads(socket.recv(timeout=10))
        assert answer["type"] == "error" and message in answer["message"] and answer["remedy"]


def test_half_a_sample_ends_the_call_and_keeps_what_was_heard(server: RunningServer) -> None:
    with server.connect("/v1/audio") as socket:
        call = begin(socket)
        for data in frames("o01", 0, 6):
            send(socket, data)
        socket.send(b"\x00" * 321)
        answer = json.loads(socket.recv(timeout=30))
        assert answer["code"] == "audio" and "321 bytes" in answer["message"]
    ended = until(lambda: facts(server, call, "call_ended"))
    assert ended == [{"kind": "call_ended", "reason": "stopped"}]
    assert facts(server, call, "segment_heard")


def shown(server: RunningServer, call: str) -> set[str]:
    """What opened, or stood first among the chips."""
    opened = {fact["guide"] for fact in facts(server, call, "guide_opened")}
    chips = (fact["matches"] for fact in facts(server, call, "guides_suggested"))
    return opened | {matches[0]["guide"] for matches in chips if matches}


def test_two_calls_at_once_do_not_mix_and_each_is_shown_its_guide(server: RunningServer) -> None:
    with (
        server.connect("/v1/audio") as chinese,
        server.connect("/v1/audio") as english,
    ):
        zh = begin(chinese, customer="15403726618", lang="zh")
        en = begin(english, customer="15422186093", lang="en")
        for one, other in zip(frames("o01", 5, 24), frames("o07", 4, 23), strict=True):
            chinese.send(one)
            send(english, other)
            assert json.loads(chinese.recv(timeout=60)) == {"type": "heard"}
        finish(chinese)
        finish(english)
    assert shown(server, zh) == {"broadband.no-internet"}
    assert shown(server, en) == {"broadband.no-internet.en"}
    zh_text = "".join(f["text"] for f in facts(server, zh, "segment_heard"))
    en_text = "".join(f["text"] for f in facts(server, en, "segment_heard"))
    assert "电视" in zh_text and "connected" in en_text
    assert not any("\u4e00" <= c <= "\u9fff" for c in en_text)
    assert facts(server, zh, "customer_found")[0]["customer"]["name"] == "刘**"
    assert facts(server, en, "customer_found")[0]["customer"]["name"] == "D***** W***"
    with server.connect(f"/v1/calls/{zh}/events") as panel:
        first = json.loads(panel.recv(timeout=10))
    assert first["fact"]["number"] == "15403726618", "the agent's own view, until the wrap-up"
    listed = {row["id"]: row["number"] for row in server.get("/api/calls")["calls"]}
    assert (listed[zh], listed[en]) == ("154****6618", "154****6093")
    for path in server.data.glob("*"):
        if path.is_file() and not path.name.startswith("sandbox"):
            assert not any(n in path.read_bytes() for n in (b"15403726618", b"15422186093"))


def test_a_hold_is_no_hang_up_and_its_sound_is_left_out(server: RunningServer) -> None:
    with server.connect("/v1/audio") as socket:
        call = begin(socket)
        socket.send('{"type": "pause"}')
        for data in frames("o01", 0, 5):
            send(socket, data)
        socket.send('{"type": "resume"}')
        for data in frames("o01", 40, 46):
            send(socket, data)
        finish(socket)
    text = "".join(f["text"] for f in facts(server, call, "segment_heard"))
    assert text and "3207" not in text and "服" not in text


def test_a_panel_that_comes_back_misses_nothing_and_is_told_what_it_may_not(
    server: RunningServer,
) -> None:
    with server.connect("/v1/audio") as socket:
        call = begin(socket)
        with server.connect(f"/v1/calls/{call}/events") as panel:
            first = json.loads(panel.recv(timeout=10))
            assert first["seq"] == 1 and first["fact"]["kind"] == "call_started"
        assert server.press(call, {"kind": "open_guide", "guide": "power.bill-high"})[0]["ok"]
        refused = server.press(call, {"kind": "tick_step", "guide": "plan.change", "step": "x"})
        assert refused[0]["refused"]["code"] == "guide.not_open"
        nonsense = server.press(call, {"kind": "make_coffee"})
        assert "not understood" in nonsense[0]["refused"]["message"]
        finish(socket)
    with server.connect(f"/v1/calls/{call}/events?after=1") as panel:
        seqs, kinds = [], []
        while "call_ended" not in kinds:
            event = json.loads(panel.recv(timeout=10))
            seqs.append(event["seq"])
            kinds.append(event["fact"]["kind"])
    assert seqs == list(range(2, len(seqs) + 2))
    assert kinds[0] == "commanded" and "step_shown" in kinds


def test_what_the_record_suggests_is_sent_before_the_first_word_and_can_be_put_away(
    server: RunningServer,
) -> None:
    with server.connect("/v1/audio") as socket:
        call = begin(socket, customer="15427790318", lang="zh")
        (chips,) = until(lambda: facts(server, call, "guides_suggested"), seconds=10)
        first = chips["matches"][0]
        assert (first["guide"], first["question"]) == ("broadband.no-internet", "")
        assert [(r["kind"], r["key"], r["en"]) for r in first["why"]][:1] == [
            ("tag", "broadband_outage", "Broadband outage in the area")
        ]
        assert server.press(call, {"kind": "close_guide", "guide": first["guide"]})[0]["ok"]
        refused = server.press(call, {"kind": "close_guide", "guide": first["guide"]})
        assert refused[0]["refused"]["code"] == "guide.not_open"
        finish(socket)
    assert facts(server, call, "segment_heard") == facts(server, call, "guide_opened") == []


def test_more_calls_than_the_house_serves_are_refused(tmp_path: Path) -> None:
    with (
        RunningServer(tmp_path, ASSIST_MAX_CALLS="1") as small,
        small.connect("/v1/audio") as first,
    ):
        begin(first, call_id="a")
        with small.connect("/v1/audio") as second:
            second.send(json.dumps(START))
            assert json.loads(second.recv(timeout=10))["code"] == "calls.full"
        finish(first)
        with small.connect("/v1/audio") as again:
            again.send(json.dumps({**START, "call_id": "a"}))
            assert json.loads(again.recv(timeout=10))["code"] == "calls.duplicate"


def test_kill_dash_nine_in_mid_call_loses_nothing_and_the_next_call_works(tmp_path: Path) -> None:
    with RunningServer(tmp_path) as server:
        call = server.play("o01", "1")
        until(lambda: facts(server, call, "segment_heard"))
        before = server.events(call)
        server.stop(signal.SIGKILL)
    with RunningServer(tmp_path) as server:
        after = server.events(call)
        assert after[: len(before)] == before
        assert after[-1]["fact"] == {"kind": "call_ended", "reason": "broken_off"}
        listed = {row["id"]: row["status"] for row in server.get("/api/calls")["calls"]}
        assert listed[call] == "broken_off"
        with server.connect("/v1/audio") as socket:
            following = begin(socket)
            for data in frames("o01", 0, 6):
                send(socket, data)
            finish(socket)
        assert facts(server, following, "segment_heard")
        # After-call work on the broken call is still possible.
        assert server.press(call, {"kind": "wrap_up"})[0]["ok"]
