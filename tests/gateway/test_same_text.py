"""The same piece of a call through every door is written down as the file itself is."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gateway.test_served import free_port
from running import CALLS, until

from assist.audio import Recording, read_recording
from assist.bench.served import RunningServer
from assist.gateway.files import play
from assist.gateway.native import Start
from assist.gateway.simulate.drive import simulate
from assist.gateway.simulate.phones import PHONES, Plan
from assist.speech.score import edit_distance

pytestmark = pytest.mark.model

SECRET = base64.b64encode(b"a client secret of thirty-two b.").decode()
PIECE_S = (0.0, 13.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningServer, int]]:
    port, doors = free_port(), {}
    for door in ("TWILIO", "TELNYX", "AUDIOHOOK", "AUDIOSOCKET", "CHAN_WEBSOCKET", "FREESWITCH"):
        doors[f"ASSIST_DOORS__{door}__ENABLED"] = "true"
        if door not in ("AUDIOSOCKET", "AUDIOHOOK"):
            doors[f"ASSIST_DOORS__{door}__TOKEN"] = "open sesame"
    doors |= {
        "ASSIST_DOORS__AUDIOSOCKET__PORT": str(port),
        "ASSIST_DOORS__AUDIOHOOK__API_KEY": "the key",
        "ASSIST_DOORS__AUDIOHOOK__SECRET": SECRET,
        "ASSIST_FINAL_MODEL": "whisper-base",
    }
    with RunningServer(tmp_path_factory.mktemp("data"), **doors) as running:
        yield running, port


def piece() -> Recording:
    """Its beginning, with a second of silence at the end."""
    whole = read_recording(CALLS / "o01.flac")
    begin, end = (round(s * whole.rate_hz) for s in PIECE_S)
    cut = (np.pad(channel[begin:end], (0, whole.rate_hz)) for channel in whole.channels)
    return Recording(Path("o01"), whole.rate_hz, tuple(cut))


def text(server: RunningServer, call: str) -> str:
    """What the customer and the agent said, each apart."""
    until(lambda: any(e["fact"]["kind"] == "call_ended" for e in server.events(call)))
    heard = [e["fact"] for e in server.events(call) if e["fact"]["kind"] == "segment_heard"]
    heard.sort(key=lambda fact: (fact["speaker"], fact["start_ms"]))
    return "".join(fact["text"] for fact in heard)


@pytest.mark.timeout(600)
def test_every_door_gives_the_text_of_the_file(server: tuple[RunningServer, int]) -> None:
    running, port = server
    recording = piece()
    start = Start(agent="7", lang="zh")
    call = asyncio.run(play(recording, running.socket_url, start, "max", headers=running.headers))
    wanted = text(running, call)
    assert len(wanted) > 30
    found: dict[str, str] = {}
    for protocol in PHONES:
        plan = Plan(
            call_id=f"{str(uuid.uuid4())[:-1]}0",
            speed="4",
            token=running.token if protocol == "native" else "open sesame",
            api_key="the key",
            secret=SECRET if protocol == "audiohook" else "",
        )
        url = f"tcp://127.0.0.1:{port}" if protocol == "audiosocket" else running.socket_url
        asyncio.run(simulate(protocol, recording, url, plan))
        found[protocol] = text(running, plan.call_id)
    errors = {name: edit_distance(wanted, heard) / len(wanted) for name, heard in found.items()}
    print(len(wanted), wanted, found, errors)
    assert all(error <= 0.01 for error in errors.values()), (wanted, found, errors)
