"""Twilio Media Streams and Telnyx, message by message, written after the vendors' samples."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from gateway.lobby import Ears, Socket, mulaw, open_lobby, pitch_at, tone

from assist.events import Speaker
from assist.gateway.acts import POLICY, TRY_LATER
from assist.gateway.lobby import Lobby
from assist.gateway.twilio import TwilioAdapter

SID = "MZ0c1f9b7a4e5d4c3b8a29181706f5e4d3"
CALL = "CA7d1e2f3a4b5c6d7e8f90a1b2c3d4e5f6"
CONNECTED = '{"event": "connected", "protocol": "Call", "version": "1.0.0"}'


def start(tracks: list[str] | None = None, **parameters: str) -> str:
    return json.dumps(
        {
            "event": "start",
            "sequenceNumber": "1",
            "start": {
                "accountSid": "AC00112233445566778899aabbccddeeff",
                "streamSid": SID,
                "callSid": CALL,
                "tracks": tracks or ["inbound", "outbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": parameters,
            },
            "streamSid": SID,
        }
    )


def media(track: str, chunk: int, sound: bytes, **more: Any) -> str:
    said = {"track": track, "chunk": str(chunk), "timestamp": str((chunk - 1) * 20 + 5)}
    payload = base64.b64encode(sound).decode()
    return json.dumps(
        {"event": "media", "sequenceNumber": str(2 * chunk), "streamSid": SID}
        | {"media": {**said, "payload": payload, **more}}
    )


STOP = json.dumps({"event": "stop", "streamSid": SID, "stop": {"callSid": CALL}})


def frames(hz: float, seconds: float) -> list[bytes]:
    data = mulaw(tone(hz, seconds))
    return [data[at : at + 160] for at in range(0, len(data), 160)]


@pytest.fixture
def house() -> tuple[Lobby, Ears]:
    lobby, ears, _ = open_lobby()
    return lobby, ears


async def test_a_whole_call(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer"), "twilio")
    await socket.send(CONNECTED, start(agent="3207", number="15400000000", lang="en"))
    for chunk, (mine, theirs) in enumerate(zip(frames(440, 1), frames(880, 1), strict=True), 1):
        await socket.send(media("inbound", chunk, mine), media("outbound", chunk, theirs))
    await socket.send('{"event": "dtmf", "dtmf": {"digit": "1"}}', '{"event": "mark"}', STOP)
    ear = ears.only
    assert ear.id == CALL and ear.ended == ["hangup"] and socket.closed
    assert (ear.started.agent, ear.started.number, ear.started.lang) == (
        "3207",
        "15400000000",
        "en",
    )
    assert pitch_at(ear.sound("customer"), 100, 900) == pytest.approx(440, abs=5)
    assert pitch_at(ear.sound("agent"), 100, 900) == pytest.approx(880, abs=5)
    assert lobby.figures() == {"lines": 0, "visits": 0, "legs": 0}


@pytest.mark.parametrize(
    ("leg", "parameters", "inbound"),
    [
        ("customer", {}, "customer"),
        ("agent", {}, "agent"),
        ("customer", {"direction": "outbound"}, "agent"),
        ("customer", {"leg": "agent"}, "agent"),
        ("agent", {"leg": "customer", "direction": "outbound"}, "customer"),
    ],
)
async def test_who_speaks_is_told_by_rule(
    house: tuple[Lobby, Ears], leg: Any, parameters: dict[str, str], inbound: Speaker
) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter(leg))
    await socket.send(start(**parameters), media("inbound", 1, frames(440, 0.5)[0]), STOP)
    assert {chunk.speaker for chunk in ears.only.heard} == {inbound}


async def test_packets_out_of_order_late_and_lost(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer"), "twilio")
    await socket.send(start(["inbound"]))
    sent = list(enumerate(frames(440, 0.6) + frames(660, 0.6) + frames(880, 0.6), 1))
    swapped = sent[:]
    swapped[10], swapped[12] = swapped[12], swapped[10]
    lost = [each for each in swapped if not 31 <= each[0] <= 55]
    for chunk, frame in lost:
        await socket.send(media("inbound", chunk, frame))
    await socket.send(media("inbound", 2, sent[1][1]), STOP)
    pcm = ears.only.sound("customer")
    assert pitch_at(pcm, 100, 580) == pytest.approx(440, abs=5)
    assert pitch_at(pcm, 650, 1050) == 0
    assert pitch_at(pcm, 1250, 1750) == pytest.approx(880, abs=5)
    count = lobby.meters.value
    assert count("assist_door_packets_total", "twilio", "lost") == 25
    assert count("assist_door_packets_total", "twilio", "late") == 1
    assert count("assist_door_packets_total", "twilio", "reordered") >= 1


async def test_a_second_stream_for_the_call_replaces_the_first(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    first, second = (Socket(lobby, TwilioAdapter("customer")) for _ in range(2))
    await first.send(start())
    for chunk, frame in enumerate(frames(440, 0.5), 1):
        await first.send(media("inbound", chunk, frame))
    await second.send(start())
    assert first.dropped == "replaced" and not ears.only.ended
    for chunk, frame in enumerate(frames(880, 0.5), 1):
        await first.send(media("inbound", chunk + 25, frame))
        await second.send(media("inbound", chunk, frame))
    await second.send(STOP)
    pcm = ears.only.sound("customer")
    assert ears.only.ended == ["hangup"] and 950 <= len(pcm) / 16 <= 1_010
    assert pitch_at(pcm, 550, 950) == pytest.approx(880, abs=5)


async def test_a_hang_up_without_goodbye_ends_the_call(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer"))
    await socket.send(start(), media("inbound", 1, frames(440, 0.2)[0]))
    await socket.break_off()
    assert ears.only.ended == ["stopped"]


async def test_a_stream_of_nobodys_call_keeps_what_came_before(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer"))
    other = media("inbound", 1, b"\xff" * 160).replace(SID, "MZother")
    await socket.send(start(), media("inbound", 1, frames(440, 0.2)[0]), other)
    assert socket.error and "not started" in socket.error.message
    assert socket.closed and socket.closed.code == POLICY and ears.only.ended == ["stopped"]


@pytest.mark.parametrize(
    "message",
    [
        b"\x00",
        "no json",
        "[]",
        "{}",
        '{"event": 7}',
        '{"event": "start"}',
        "[" * 100_000,
        json.dumps({"event": "media", "media": {"payload": "AA=="}}),
        start().replace("audio/x-mulaw", "audio/opus"),
        start(leg="nobody"),
        start(["none"]),
    ],
)
async def test_what_is_no_media_stream_is_refused(
    house: tuple[Lobby, Ears], message: str | bytes
) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer"))
    await socket.send(message)
    assert socket.error and socket.error.remedy and socket.closed and not ears.calls


async def test_the_token_comes_with_the_call(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    for token, calls in (("wrong", 0), ("right", 1)):
        socket = Socket(lobby, TwilioAdapter("customer", lambda said: said == "right"))
        await socket.send(start(token=token))
        assert len(ears.calls) == calls


async def test_a_full_house_says_when_to_try_again(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    from assist.errors import AssistError

    ears.refuses = AssistError("full", "later", code="calls.full")
    socket = Socket(lobby, TwilioAdapter("customer"))
    await socket.send(start())
    assert socket.closed and socket.closed.code == TRY_LATER


async def test_telnyx_names_its_parts_in_its_own_way(house: tuple[Lobby, Ears]) -> None:
    lobby, ears = house
    socket = Socket(lobby, TwilioAdapter("customer", variant="telnyx"), "telnyx")
    begin = {
        "event": "start",
        "sequence_number": "1",
        "stream_id": "32de0dea-53cb-4b21-89a4-9e1819c043bc",
        "start": {
            "user_id": "3e6f995f-85f7-4705-9741-53b116d28237",
            "call_control_id": "v2:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
            "from": "+15400000000",
            "to": "+15411111111",
            "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
            "custom_parameters": {"agent": "li.na"},
        },
    }
    await socket.send('{"event": "connected", "version": "1.0.0"}', json.dumps(begin))
    order = list(enumerate(frames(440, 0.4), 1))
    order[3], order[4] = order[4], order[3]
    for chunk, frame in order:
        said = json.loads(media("inbound", chunk, frame))
        said["stream_id"] = begin["stream_id"]
        del said["streamSid"]
        await socket.send(json.dumps(said))
    await socket.send(json.dumps({"event": "stop", "stream_id": begin["stream_id"]}))
    ear = ears.only
    assert (ear.started.number, ear.started.agent) == ("+15400000000", "li.na")
    assert ear.ended == ["hangup"] and len(ear.id) <= 64
    pcm = np.concatenate([chunk.pcm for chunk in ear.heard])
    clean = tone(440, 0.4, 16000)
    assert np.corrcoef(pcm[800:5600], clean[800:5600])[0, 1] > 0.999
