"""What all doors share: limits, silence of the wire, the phone system's events, and restarts."""

from __future__ import annotations

import asyncio

import pytest
from gateway.lobby import Clock, Ears, Socket, open_lobby, pcm16, pitch_at, tone
from prometheus_client.parser import text_string_to_metric_families

from assist.config import DoorsSettings
from assist.errors import AssistError
from assist.gateway.cti import CtiEvent
from assist.gateway.freeswitch import FreeSwitchAdapter
from assist.gateway.lobby import Lobby, clean_id
from assist.gateway.meters import DoorMeters
from assist.gateway.native import NativeAdapter

START = '{"type": "start", "agent": "7", "call_id": "17.1", "channels": ["customer"]}'
STEREO = START.replace('["customer"]', '["customer", "agent"]')
RETURNS = START.replace('"agent": "7"', '"agent": "7", "returns": true')
FRAME = pcm16(tone(440, 0.1))


@pytest.fixture
def house() -> tuple[Lobby, Ears, Clock]:
    return open_lobby()


def native(lobby: Lobby, door: str = "native", **options: float) -> Socket:
    return Socket(lobby, NativeAdapter(), door, **options)


async def test_a_wire_that_falls_silent_ends_its_call(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, clock = house
    socket = native(lobby, idle_s=30, hold_s=600)
    await socket.send(START, FRAME)
    clock.now_s = 29
    await socket.send(FRAME)
    clock.now_s = 58
    await lobby.sweep()
    assert socket.dropped is None
    clock.now_s = 60
    await lobby.sweep()
    assert socket.dropped == "silent"
    await lobby.exit(socket.line, "silent")
    assert ears.only.ended == ["stopped"]


async def test_on_hold_it_may_be_silent_for_longer(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, _, clock = house
    socket = native(lobby, idle_s=30, hold_s=600)
    await socket.send(START, '{"type": "pause"}')
    for clock.now_s, dropped in ((590, None), (601, "silent")):
        await lobby.sweep()
        assert socket.dropped == dropped


async def test_a_socket_that_never_starts_is_dropped_too(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, clock = house
    socket = native(lobby, idle_s=30)
    clock.now_s = 31
    await lobby.sweep()
    await lobby.exit(socket.line, "silent")
    assert socket.dropped == "silent" and not ears.calls and lobby.figures()["lines"] == 0


async def test_no_more_connections_than_the_door_takes(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, _, _ = house
    first = native(lobby, max_connections=1)
    with pytest.raises(AssistError) as refused:
        native(lobby, max_connections=1)
    assert refused.value.code == "calls.full"
    native(lobby, "another", max_connections=1)
    await first.break_off()
    await first.break_off()
    native(lobby, max_connections=1)
    assert lobby.meters.value("assist_door_connections", "native") == 1


async def test_a_call_of_another_door_cannot_be_taken_over(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    await native(lobby).send(RETURNS, FRAME)
    other = Socket(lobby, FreeSwitchAdapter("customer", 8000, {"mix": "mono"}), "freeswitch")
    await other.send('{"call": "17.1"}')
    assert other.error and other.error.code == "calls.duplicate" and not ears.only.ended


async def test_a_mix_and_a_speaker_of_it_are_never_heard_at_the_same_time(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    apart, mixed = native(lobby), native(lobby)
    await apart.send(STEREO.replace('"agent": "7"', '"agent": "7", "returns": true'))
    await mixed.send(RETURNS.replace("customer", "mixed"), FRAME)
    assert apart.dropped == "replaced"
    assert {chunk.speaker for chunk in ears.only.heard} <= {"mixed"}


async def test_what_is_streamed_again_after_its_end_is_the_next_part(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    for _ in range(3):
        socket = native(lobby)
        await socket.send(RETURNS, FRAME, '{"type": "stop"}')
    assert list(ears.calls) == ["17.1", "17.1-2", "17.1-3"]
    customer, agent = native(lobby), native(lobby)
    await customer.send(RETURNS, FRAME)
    await agent.send(RETURNS.replace("customer", "agent"), FRAME)
    assert list(ears.calls)[3:] == ["17.1-4"] and lobby.figures()["visits"] == 1


async def test_one_of_two_speakers_is_taken_over_and_the_other_goes_on(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    first, second = native(lobby), native(lobby)
    await first.send(STEREO.replace('"agent": "7"', '"agent": "7", "returns": true'))
    await second.send(RETURNS)
    for _ in range(5):
        await first.send(pcm16(tone(880, 0.2)))
        await second.send(pcm16(tone(440, 0.1)))
    assert first.dropped is None
    assert pitch_at(ears.only.sound("customer"), 100, 400) == pytest.approx(440, abs=6)
    await first.send('{"type": "stop"}')
    assert not ears.only.ended
    await second.send('{"type": "stop"}')
    assert ears.only.ended == ["hangup"]


async def test_who_is_known_before_the_first_word(house: tuple[Lobby, Ears, Clock]) -> None:
    doors = DoorsSettings(extensions={"3207": "li.na", "3208": "wang.wei"})
    lobby, ears, _ = open_lobby(doors)
    say = lambda event, **more: lobby.announce(  # noqa: E731
        CtiEvent(event=event, call="17.1", **more)
    )
    await say("ringing", extension="3207", number="15400000000")
    assert (ears.only.started.agent, ears.only.started.number) == ("li.na", "15400000000")
    await say("answered", extension="3208")
    socket = native(lobby)
    await socket.send(RETURNS.replace('"7"', '"3208"'), FRAME)
    await say("held")
    await socket.send(FRAME)
    await say("resumed")
    await say("transferred", extension="3207")
    assert ears.only.kinds == [
        "call_started",
        "call_transferred",
        "call_held",
        "call_resumed",
        "call_transferred",
    ]
    state = ears.only.state
    assert state.started and state.started.agent == "li.na" and not state.held
    await say("wrapped_up")
    assert socket.dropped == "goodbye" and ears.only.ended == ["hangup"]
    with pytest.raises(AssistError, match="no live call"):
        await say("held")


async def test_an_announced_call_that_never_comes_is_over_after_a_while(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, clock = house
    await lobby.announce(CtiEvent(event="ringing", call="17.1"))
    for clock.now_s, ended in ((299, []), (301, ["stopped"])):
        await lobby.sweep()
        assert ears.only.ended == ended


async def test_a_restart_waits_for_live_calls_and_refuses_new_ones(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, clock = house
    short, long = native(lobby), native(lobby)
    await short.send(START, FRAME)
    await long.send(START.replace("17.1", "17.2"), FRAME)
    draining = asyncio.create_task(lobby.drain(30, pause_s=0))
    await asyncio.sleep(0.001)
    with pytest.raises(AssistError) as refused:
        native(lobby)
    assert refused.value.code == "calls.draining"
    await short.send('{"type": "stop"}')
    await asyncio.sleep(0.001)
    assert not draining.done()
    clock.now_s = 31
    await draining
    assert long.dropped == "restart"
    assert [ear.ended for ear in ears.calls.values()] == [["hangup"], ["stopped"]]
    assert lobby.figures()["visits"] == 0


def test_ids_are_made_fit_to_be_kept() -> None:
    assert clean_id("v3:T02/ab cd\n\ud800") == "v3:T02-ab-cd--"
    assert len(clean_id("x" * 200)) == 64


def test_frames_are_told_as_prometheus_wants_them() -> None:
    meters = DoorMeters()
    for delay_s in (0.0005, 0.001, 0.003, 0.04, 7.0):
        meters.frames("native", 2, delay_s)
    meters.frames("twilio", 1, 0.2)
    told = {
        (sample.name, sample.labels["door"], sample.labels.get("le")): sample.value
        for family in text_string_to_metric_families(meters.text().decode())
        for sample in family.samples
        if "door" in sample.labels
    }
    assert told["assist_door_frames_total", "native", None] == 10
    assert told["assist_door_delay_seconds_count", "native", None] == 5
    assert told["assist_door_delay_seconds_sum", "native", None] == pytest.approx(7.0445)
    buckets = {
        le: value
        for (name, door, le), value in told.items()
        if name == "assist_door_delay_seconds_bucket" and door == "native" and le
    }
    assert (buckets["0.001"], buckets["0.005"], buckets["0.05"], buckets["5.0"]) == (2, 3, 4, 4)
    assert buckets["+Inf"] == 5
    assert told["assist_door_frames_total", "twilio", None] == 1
