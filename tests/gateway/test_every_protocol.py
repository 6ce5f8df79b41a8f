"""One contract for all: the same call by every protocol, and what a wire can do to it.

The simulated phones' own messages, without a network. The customer is a tone of 440 Hz, the agent
one of 880 Hz.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from gateway.lobby import Clock, Ears, Socket, open_lobby, pitch_at, tone

from assist.bench.hostile import ADAPTERS
from assist.config import DoorsSettings
from assist.events import Speaker
from assist.gateway.chan_websocket import ChanWebSocketAdapter
from assist.gateway.lobby import Lobby
from assist.gateway.simulate.phones import ONE_SPEAKER, PHONES, Phone, Plan

HZ: dict[Speaker, int] = {"customer": 440, "agent": 880}
KNOWN = base64.b64encode(b"secret").decode()
BOTH: tuple[Speaker, ...] = ("customer", "agent")
RETURNS = {name for name in PHONES if getattr(DoorsSettings(), name).grace_s}
"""Protocols whose connections may come back after they broke off."""


class Caller:
    """A call's connections: one, or one a speaker."""

    def __init__(self, protocol: str, lobby: Lobby, **plan: Any) -> None:
        given = {"call_id": f"{str(uuid.uuid4())[:-1]}0", "api_key": "k", "secret": KNOWN, **plan}
        groups: Sequence[tuple[Speaker, ...]] = [BOTH]
        if protocol in ONE_SPEAKER:
            groups = [(who,) for who in BOTH]
        self.plan = Plan(**given)
        self.phones = [PHONES[protocol](self.plan, group) for group in groups]
        grace_s = getattr(DoorsSettings(), protocol).grace_s
        self.sockets = []
        for phone in self.phones:
            adapter = ADAPTERS[protocol](lobby)
            if protocol == "chan_websocket":
                adapter = ChanWebSocketAdapter(phone.query(), lobby.leg)
            self.sockets.append(Socket(lobby, adapter, protocol, grace_s=grace_s))
        self._number = 0
        self._read = [0] * len(self.sockets)

    async def open(self) -> None:
        for number, phone in enumerate(self.phones):
            await self._send(number, phone.open())

    async def speak(self, seconds: float, hz: dict[Speaker, int] | None = None) -> None:
        for _ in range(round(seconds * 50)):
            for number, phone in enumerate(self.phones):
                sound = [self._frame(phone, (hz or HZ)[who]) for who in phone.speakers]
                await self._send(number, phone.frame(self._number, sound))
            self._number += 1

    async def hold(self, *, on: bool) -> bool:
        """Whether the protocol can say so."""
        said = [phone.hold() if on else phone.resume() for phone in self.phones]
        for number, messages in enumerate(said):
            await self._send(number, messages)
        return any(said)

    async def hang_up(self) -> None:
        for number, phone in enumerate(self.phones):
            await self._send(number, phone.close())
            if not phone.close():  # the closing socket is all that is said
                await self.sockets[number].lobby.exit(self.sockets[number].line, "goodbye")

    async def break_off(self) -> None:
        for socket in self.sockets:
            await socket.break_off()

    async def take_notice(self) -> None:
        """As the shell does, which ends a connection that was dropped."""
        for socket in self.sockets:
            if socket.dropped:
                await socket.lobby.exit(socket.line, socket.dropped)

    def _frame(self, phone: Phone, hz: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        step = phone.rate_hz // 50
        return tone(hz, 4, phone.rate_hz)[self._number * step : (self._number + 1) * step]

    async def _send(self, number: int, messages: Sequence[str | bytes]) -> None:
        socket, phone = self.sockets[number], self.phones[number]
        await socket.send(*messages)
        assert socket.error is None
        while self._read[number] < len(socket.replies):
            reply = socket.replies[self._read[number]]
            self._read[number] += 1
            await socket.send(*phone.answer(reply))


@pytest.fixture
def house() -> tuple[Lobby, Ears, Clock]:
    return open_lobby()


def check_nothing_is_left(lobby: Lobby, ears: Ears) -> None:
    assert lobby.figures() == {"lines": 0, "visits": 0, "legs": 0}
    assert all(len(ear.ended) == 1 for ear in ears.calls.values())


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
@pytest.mark.parametrize("protocol", PHONES)
async def test_each_is_heard_as_who_they_are_whoever_called(
    house: tuple[Lobby, Ears, Clock], protocol: str, direction: str
) -> None:
    lobby, ears, _ = house
    caller = Caller(protocol, lobby, direction=direction)
    await caller.open()
    await caller.speak(1.5)
    await caller.hang_up()
    ear = ears.only
    assert ear.ended == ["hangup"] and ear.id == caller.plan.call_id
    for who, hz in HZ.items():
        # A leg may begin a frame after the other.
        assert len(ear.sound(who)) == pytest.approx(1.5 * 16_000, abs=330)
        assert pitch_at(ear.sound(who), 100, 1_400) == pytest.approx(hz, abs=5)
    check_nothing_is_left(lobby, ears)


@pytest.mark.parametrize("protocol", PHONES)
async def test_hold_is_no_hang_up_and_none_of_the_calls_time(
    house: tuple[Lobby, Ears, Clock], protocol: str
) -> None:
    lobby, ears, _ = house
    caller = Caller(protocol, lobby)
    await caller.open()
    await caller.speak(0.5)
    if not await caller.hold(on=True):  # the webhook says it
        await lobby.call_of(caller.plan.call_id).hold()  # type: ignore[union-attr]
    await caller.speak(0.5, {"customer": 300, "agent": 300})
    if not await caller.hold(on=False):
        await lobby.call_of(caller.plan.call_id).resume()  # type: ignore[union-attr]
    await caller.speak(0.5)
    await caller.hang_up()
    ear = ears.only
    assert ear.ended == ["hangup"] and ear.kinds == ["call_started", "call_held", "call_resumed"]
    for who, hz in HZ.items():
        assert len(ear.sound(who)) == pytest.approx(16_000, rel=0.03)
        assert pitch_at(ear.sound(who), 550, 950) == pytest.approx(hz, abs=5)


@pytest.mark.parametrize("protocol", PHONES)
async def test_a_second_stream_replaces_the_first_and_nothing_is_heard_twice(
    house: tuple[Lobby, Ears, Clock], protocol: str
) -> None:
    lobby, ears, _ = house
    first = Caller(protocol, lobby)
    await first.open()
    await first.speak(0.5)
    second = Caller(protocol, lobby, call_id=first.plan.call_id)
    if protocol == "native":  # a start without returns is another call with a taken id
        with pytest.raises(AssertionError):
            await second.open()
        await first.hang_up()
        check_nothing_is_left(lobby, ears)
        return
    hz: dict[Speaker, int] = {"customer": 660, "agent": 1_320}
    await second.open()
    await second.speak(0.02, hz)
    assert {socket.dropped for socket in first.sockets} == {"replaced"}
    await first.take_notice()
    await second.speak(0.48, hz)
    await second.hang_up()
    ear = ears.only
    assert ear.ended == ["hangup"]
    for who in BOTH:
        assert len(ear.sound(who)) == pytest.approx(16_000, abs=660)
        assert pitch_at(ear.sound(who), 550, 950) == pytest.approx(hz[who], abs=5)
    check_nothing_is_left(lobby, ears)


@pytest.mark.parametrize("protocol", PHONES)
async def test_a_wire_that_breaks_ends_the_call_or_comes_back(
    house: tuple[Lobby, Ears, Clock], protocol: str
) -> None:
    lobby, ears, clock = house
    caller = Caller(protocol, lobby)
    await caller.open()
    await caller.speak(0.5)
    await caller.break_off()
    again = Caller(protocol, lobby, call_id=caller.plan.call_id)
    if protocol in RETURNS:
        assert not ears.only.ended
        await again.open()
        await again.speak(0.5)
        await again.break_off()
        clock.now_s += 121
        await lobby.sweep()
        assert len(ears.only.sound("customer")) == pytest.approx(16_000, rel=0.03)
    assert [ear.ended for ear in ears.calls.values()] == [["stopped"]]
    check_nothing_is_left(lobby, ears) if protocol in RETURNS else await again.break_off()


@pytest.mark.parametrize("protocol", PHONES)
async def test_a_half_open_wire_ends_its_call(
    house: tuple[Lobby, Ears, Clock], protocol: str
) -> None:
    """The other side is gone, and no packet says so."""
    lobby, ears, clock = house
    caller = Caller(protocol, lobby)
    await caller.open()
    await caller.speak(0.5)
    clock.now_s += 29
    await lobby.sweep()
    assert not ears.only.ended
    clock.now_s += 2
    await lobby.sweep()
    assert {socket.dropped for socket in caller.sockets} == {"silent"}
    await caller.take_notice()
    assert ears.only.ended == ["stopped"]
    check_nothing_is_left(lobby, ears)
