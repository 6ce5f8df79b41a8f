"""Finding a guide by hand at the real server: with everything at work, and with speech, embedder
and index all down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from running import until

from assist.bench.served import RunningServer


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """No speech model, no embedder, no index."""
    folder = tmp_path_factory.mktemp("bare")
    down = {
        "ASSIST_MODELS": str(folder / "no-models"),
        "ASSIST_EMBEDDER": str(folder / "no-embedder"),
        "ASSIST_INDEX": str(folder / "no-index"),
        "HF_HUB_OFFLINE": "1",  # what is not there is not looked for at length
    }
    with RunningServer(folder / "data", **down) as running:
        yield running


def find(server: RunningServer, typed: str, **more: str) -> dict[str, Any]:
    asked = "&".join(f"{key}={quote(value)}" for key, value in {"q": typed, **more}.items())
    return server.get(f"/api/find?{asked}")


@pytest.mark.parametrize("by", ["hand", "both"])
@pytest.mark.parametrize(
    "typed", ["kdsbl", "kuandaishangbuliaowang", "宽带sbl", "kundaishangbuliao"]
)
def test_everything_is_down_and_typing_still_finds(
    bare: RunningServer, typed: str, by: str
) -> None:
    found = find(bare, typed, by=by, lang="zh")
    assert found["decision"] == "silent" and found["meaning"] == "down"
    first = found["matches"][0]
    assert first["guide"] == "broadband.no-internet" and first["title"] == "宽带上不了网"
    assert first["by"] == "hand" and first["score"] is None
    assert first["spans"][0][0] == 0


def test_health_says_that_only_search_by_hand_works(bare: RunningServer) -> None:
    assert bare.get("/health") == {
        "ok": True,
        "speech": "missing",
        "desk": "ok",
        "index": "down",
        "search": "by hand",
    }
    log = " ".join((bare.data / "server.log").read_text(encoding="utf-8").split())
    assert "guides are opened by hand" in log and "ASSIST_EMBEDDER" in log


def test_a_call_without_ears_is_led_by_hand(bare: RunningServer) -> None:
    """Sound comes in, each utterance ends in a trouble, and a guide opens at a click."""
    with bare.connect("/v1/audio") as socket:
        start = {"type": "start", "agent": "7", "rate_hz": 16000, "lang": "zh", "lockstep": True}
        socket.send(json.dumps(start))
        call = json.loads(socket.recv(timeout=20))["call"]
        guide = find(bare, "kdsbl", by="hand")["matches"][0]["guide"]
        assert bare.press(call, {"kind": "open_guide", "guide": guide})[0]["ok"]
        socket.send('{"type": "stop"}')
        assert json.loads(socket.recv(timeout=60))["type"] == "ended"
    kinds = [event["fact"]["kind"] for event in bare.events(call)]
    assert "guide_opened" in kinds and "step_shown" in kinds and "call_ended" in kinds


def test_speech_that_nobody_can_write_down_is_said_on_the_call(bare: RunningServer) -> None:
    call = bare.play("o06", "max")
    until(lambda: any(e["fact"]["kind"] == "call_ended" for e in bare.events(call)))
    events = bare.events(call)
    troubles = [e["fact"] for e in events if e["fact"]["kind"] == "trouble"]
    assert {trouble["code"] for trouble in troubles} == {"model"}
    assert all("assist models pull" in trouble["remedy"] for trouble in troubles)
    assert not [e for e in events if e["fact"]["kind"] in ("segment_heard", "guide_opened")]


@pytest.mark.model
def test_no_index_only(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", ASSIST_INDEX=str(tmp_path / "none")) as server:
        found = find(server, "家里突然没网了，手机电脑都连不上")
        assert found["meaning"] == "missing" and found["decision"] == "silent"
        assert find(server, "红灯")["matches"][0]["question"].count("红灯") == 1
        health = server.get("/health")
        assert (health["speech"], health["index"], health["search"]) == ("ok", "missing", "by hand")
