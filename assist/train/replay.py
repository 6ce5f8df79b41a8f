"""A recorded or stored call, run again through the same doors as a live one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from assist import events as ev
from assist.audio import Recording, Speed
from assist.call import Call, Calls
from assist.errors import CommandRefused
from assist.train.newcomer import Newcomer

FRAME_MS = 100


class Pace:
    """Keeps to the sound's time, or four times as fast, or waits only for the decodes."""

    def __init__(self, speed: Speed) -> None:
        self._speed: Speed = speed
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()

    async def wait(self, call: Call, at_ms: int) -> None:
        if self._speed == "max":
            await call.settled()
        else:
            due = self._begun + at_ms / 1000 / int(self._speed)
            await asyncio.sleep(max(0.0, due - self._clock()))


async def replay_recording(
    calls: Calls,
    recording: Recording,
    started: ev.CallStarted,
    speed: Speed,
    newcomer: Newcomer | None,
) -> Call:
    """The recording as a live call would come in; returns after the call's last word and step."""
    call = await calls.begin(started, recording.speakers)
    stop = watch(calls, call, newcomer)
    pace = Pace(speed)
    try:
        for number, chunks in enumerate(recording.chunks(FRAME_MS), start=1):
            for chunk in chunks:
                await call.hear(chunk)
            await pace.wait(call, number * FRAME_MS)
            await press(call, newcomer)
        await see_out(call, newcomer)
    finally:
        stop()
    return call


async def replay_stored(
    calls: Calls, past: list[ev.Event], speed: Speed, newcomer: Newcomer | None
) -> Call:
    """A stored call from its heard segments and, without a newcomer, its recorded commands."""
    first = past[0].fact
    assert isinstance(first, ev.CallStarted)
    started = first.model_copy(update={"source": f"replay of {past[0].call}", "started_at": ""})
    call = await calls.begin(started, ())
    stop = watch(calls, call, newcomer)
    pace = Pace(speed)
    try:
        for event in past:
            match event.fact:
                case ev.SpeechStable() | ev.SegmentHeard() | ev.SpeechDropped():
                    await pace.wait(call, event.at_ms)
                    await call.rehear(event.fact, event.at_ms)
                case ev.Commanded(command=command, by=by) if newcomer is None:
                    await pace.wait(call, event.at_ms)
                    await _obey(call, command, by)
                case ev.CallEnded():
                    await call.settled()
                    await call.hang_up()
            await press(call, newcomer)
        await see_out(call, newcomer)
    finally:
        stop()
    return call


def watch(calls: Calls, call: Call, newcomer: Newcomer | None) -> Callable[[], None]:
    """Let the newcomer see what a panel would see, from the call's first event on."""
    if newcomer is None:
        return lambda: None
    for event in calls.past(call.id):
        newcomer.see(event)
    seen = newcomer.state.seq

    def on_event(event: ev.Event) -> None:
        if event.call == call.id and event.seq > seen:
            newcomer.see(event)

    return calls.parts.journal.listen(on_event)


async def see_out(call: Call, newcomer: Newcomer | None) -> None:
    """Hang up, and let the newcomer do what is left to do after a call."""
    await call.hang_up()
    await call.settled()
    while newcomer is not None and not newcomer.finished and await press(call, newcomer):
        await call.settled()


async def press(call: Call, newcomer: Newcomer | None) -> bool:
    """Press what the newcomer would press; whether anything was pressed."""
    pressed = False
    while newcomer is not None and (command := newcomer.next_command()):
        pressed = True
        await _obey(call, command, "newcomer")
    return pressed


async def _obey(call: Call, command: ev.Command, by: str) -> None:
    # A person, too, sometimes presses a key a moment too late.
    with suppress(CommandRefused):
        await call.obey(command, by)


def only_events(past: Iterable[ev.Event]) -> list[ev.Event]:
    """The stored events, or an empty list for a call that never began."""
    events = list(past)
    return events if events and isinstance(events[0].fact, ev.CallStarted) else []
