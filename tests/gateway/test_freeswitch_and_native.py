"""FreeSWITCH's two modules, and the native socket, message by message."""

from __future__ import annotations

import json

import numpy as np
import pytest
from gateway.lobby import Clock, Ears, Socket, mulaw, open_lobby, pcm16, pitch_at, tone

from assist.audio import RATE_HZ, Pcm
from assist.events import Speaker
from assist.gateway.freeswitch import FreeSwitchAdapter
from assist.gateway.lobby import Lobby
from assist.gateway.native import CLOSE_REFUSED, NativeAdapter


@pytest.fixture
def house() -> tuple[Lobby, Ears, Clock]:
    return open_lobby()


def fork(lobby: Lobby, leg: str = "customer", **query: str) -> Socket:
    adapter = FreeSwitchAdapter("agent" if leg == "agent" else "customer", 8000, query)
    return Socket(lobby, adapter, "freeswitch", grace_s=10)


def both(mine: Pcm, theirs: Pcm) -> bytes:
    return pcm16(np.stack([mine, theirs], axis=1))


@pytest.mark.parametrize(
    ("leg", "metadata", "query", "speakers"),
    [
        ("customer", {"mix": "stereo"}, {}, ["customer", "agent"]),
        ("agent", {"mix": "stereo"}, {}, ["agent", "customer"]),
        ("customer", {"mix": "stereo", "direction": "outbound"}, {}, ["agent", "customer"]),
        ("customer", {"mix": "stereo", "leg": "agent"}, {}, ["agent", "customer"]),
        ("customer", {"channels": ["agent", "customer"]}, {}, ["agent", "customer"]),
        ("customer", {}, {"mix": "mono"}, ["customer"]),
        ("customer", None, {"mix": "mixed"}, ["mixed"]),
    ],
)
async def test_who_speaks_is_told_by_rule(
    house: tuple[Lobby, Ears, Clock],
    leg: str,
    metadata: dict[str, object] | None,
    query: dict[str, str],
    speakers: list[Speaker],
) -> None:
    lobby, ears, _ = house
    socket = fork(lobby, leg, **query)
    if metadata is not None:
        await socket.send(json.dumps({"callId": "x", "uuid": "a1b2", "from": "15400", **metadata}))
    data = both(tone(440, 0.5), tone(880, 0.5)) if len(speakers) == 2 else pcm16(tone(440, 0.5))
    await socket.send(data)
    await lobby.exit(socket.line, "goodbye")
    ear = ears.only
    assert ear.ended == ["hangup"] and {c.speaker for c in ear.heard} == set(speakers)
    for speaker, hz in zip(speakers, (440, 880), strict=False):
        assert pitch_at(ear.sound(speaker), 50, 450) == pytest.approx(hz, abs=5)


async def test_more_may_be_told_in_mid_call(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    socket = fork(lobby, mix="mono", rate="16k")
    await socket.send(json.dumps({"call": "c-1", "agent": "3207"}))
    await socket.send(pcm16(tone(440, 0.5, 16000)))
    await socket.send('{"event": "hold"}', pcm16(tone(300, 0.5, 16000)), '{"event": "resume"}')
    await socket.send('{"agent": "3208", "number": "15400000000"}', "no json at all")
    await socket.send(pcm16(tone(880, 0.5, 16000)), '{"event": "hangup"}')
    ear = ears.only
    assert ear.kinds == [
        "call_started",
        "call_held",
        "call_resumed",
        "call_transferred",
        "customer_asked",
    ]
    assert ear.state.started and ear.state.started.agent == "3208"
    assert pitch_at(ear.sound("customer"), 550, 950) == pytest.approx(880, abs=5)
    assert ear.ended == ["hangup"] and socket.closed


async def test_it_comes_back_within_its_grace_and_is_over_after_it(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, clock = house
    for wait_s, ended in ((9.0, []), (11.0, ["stopped"])):
        socket = fork(lobby, mix="mono", call="c-1")
        await socket.send(pcm16(tone(440, 0.5)))
        await socket.break_off()
        clock.now_s += wait_s
        await lobby.sweep()
        assert ears.only.ended == ended


@pytest.mark.parametrize(
    ("messages", "query"),
    [
        ([b"\x00" * 320], {}),
        (['{"mix": "quadrophonic"}'], {}),
        (['{"mix": "mono", "rate": "fast"}'], {}),
        (['{"mix": "mono", "rate": "7000"}'], {}),
        ([b"\x00" * 321], {"mix": "mono"}),
        ([b"\x00" * 322], {"mix": "stereo"}),
        ([b"\x00" * 70_000], {"mix": "mono"}),
        (['{"channels": ["agent", "agent"]}'], {}),
    ],
)
async def test_what_it_does_not_say_is_not_guessed(
    house: tuple[Lobby, Ears, Clock], messages: list[str | bytes], query: dict[str, str]
) -> None:
    lobby, ears, _ = house
    socket = fork(lobby, **query)
    await socket.send(*messages)
    assert socket.error and socket.error.remedy
    assert json.loads(socket.replies[0])["data"]["code"].startswith("audio")
    assert all(ear.ended for ear in ears.calls.values()) and lobby.figures()["visits"] == 0


def begin(**more: object) -> str:
    return json.dumps({"type": "start", "agent": "7", "rate_hz": 8000, **more})


def native(lobby: Lobby, agent: str = "", **options: float) -> Socket:
    return Socket(lobby, NativeAdapter(agent), "native", **options)


def answers(socket: Socket) -> list[str]:
    return [json.loads(reply)["type"] for reply in socket.replies]


async def test_a_native_call_with_hold_lockstep_and_goodbye(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    socket = native(lobby)
    await socket.send(begin(call_id="n-1", lockstep=True))
    await socket.send(both(tone(440, 0.5), tone(880, 0.5)), '{"type": "pause"}')
    await socket.send(both(tone(300, 0.5), tone(300, 0.5)), '{"type": "resume"}')
    await socket.send(both(tone(660, 0.5), tone(990, 0.5)), '{"type": "stop"}')
    assert answers(socket) == ["started", "heard", "heard", "heard", "ended"]
    ear = ears.only
    assert pitch_at(ear.sound("customer"), 550, 950) == pytest.approx(660, abs=5)
    assert pitch_at(ear.sound("agent"), 550, 950) == pytest.approx(990, abs=5)
    assert ear.ended == ["hangup"] and ear.kinds[1:] == ["call_held", "call_resumed"]


async def test_a_frame_that_comes_again_is_heard_and_answered_again(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    socket = native(lobby)
    low, high = both(tone(440, 0.2), tone(440, 0.2)), both(tone(880, 0.2), tone(880, 0.2))
    await socket.send(begin(lockstep=True), low, low, high, low, b"", b"", '{"type": "stop"}')
    assert answers(socket) == ["started", *["heard"] * 6, "ended"]
    sound = ears.only.sound("customer")
    assert len(sound) == pytest.approx(0.8 * RATE_HZ, abs=RATE_HZ / 1000)
    heard = [pitch_at(sound, begin_ms + 50, begin_ms + 150) for begin_ms in (0, 200, 400, 600)]
    assert heard == pytest.approx([440, 440, 880, 440], abs=10)


async def test_the_microphone_speaks_for_who_has_signed_in_and_comes_back(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, clock = house
    said = begin(call_id="m-1", channels=["agent"], returns=True)
    first = native(lobby, "li.na", grace_s=20)
    await first.send(said, pcm16(tone(440, 0.5)))
    await first.break_off()
    clock.now_s = 15
    await lobby.sweep()
    second = native(lobby, "li.na", grace_s=20)
    await second.send(said, pcm16(tone(880, 0.5)), '{"type": "stop"}')
    ear = ears.only
    assert ear.started.agent == "li.na" and ear.ended == ["hangup"]
    assert pitch_at(ear.sound("agent"), 550, 950) == pytest.approx(880, abs=5)


@pytest.mark.parametrize(
    "messages",
    [
        ["no json"],
        ['{"type": "stop"}'],
        [b"\x00" * 320],
        [begin(rate_hz=7000)],
        [begin(channels=["customer", "agent", "mixed"])],
        [begin(channels=["agent", "agent"])],
        [begin(channels=["mixed", "agent"])],
        [begin(format="mulaw", rate_hz=16000)],
        [begin(), begin()],
        [begin(), b"\x00" * 321],
        [begin(call_id="n"), begin(call_id="n")],
    ],
)
async def test_a_native_message_that_cannot_be_served_is_refused_clearly(
    house: tuple[Lobby, Ears, Clock], messages: list[str | bytes]
) -> None:
    lobby, ears, _ = house
    socket = native(lobby)
    await socket.send(*messages)
    assert answers(socket)[-1] == "error" and socket.closed
    assert socket.closed.code == CLOSE_REFUSED and lobby.figures()["visits"] == 0
    assert all(ear.ended == ["stopped"] for ear in ears.calls.values())


async def test_without_returns_a_call_id_is_taken_once(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    await native(lobby).send(begin(call_id="n"), b"\x00" * 320)
    again = native(lobby)
    await again.send(begin(call_id="n"))
    assert json.loads(again.replies[0])["code"] == "calls.duplicate" and not ears.only.ended


async def test_mulaw_frames(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    socket = native(lobby)
    await socket.send(begin(format="mulaw", channels=["mixed"]), mulaw(tone(440, 1)))
    await socket.break_off()
    assert ears.only.ended == ["stopped"]
    assert pitch_at(ears.only.sound("mixed"), 100, 900) == pytest.approx(440, abs=5)
