"""All doors of a process: who may come in, which calls are being fed, and what becomes of them.

Holds no call that nobody feeds: `sweep`, asked every second, ends what fell silent, what did not
come back within its grace, and what was announced and never came.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from assist import events as ev
from assist.call import Call, Calls
from assist.config import DoorSettings, DoorsSettings
from assist.errors import AssistError
from assist.gateway.acts import Start
from assist.gateway.cti import CtiEvent
from assist.gateway.door import SPEAKERS, Gone, Line, Visit
from assist.gateway.meters import DoorMeters

ANNOUNCED = "cti"
MICROPHONE = "microphone"
"""The door of a call that was announced by the phone system and has no sound yet."""

MOST_PARTS = 20
"""Streams of one call that may follow one another."""

_ID = re.compile(r"[^\w.:-]")


class Lobby:
    """`clock` gives monotonic seconds."""

    def __init__(
        self,
        calls: Calls,
        doors: DoorsSettings,
        clock: Callable[[], float],
        meters: DoorMeters | None = None,
    ) -> None:
        self.calls = calls
        self.doors = doors
        self.clock = clock
        self.meters = meters or DoorMeters()
        self.draining = False
        self._visits: dict[str, Visit] = {}
        self._lines: set[Line] = set()
        self._connections: Counter[str] = Counter()
        self._legs: dict[str, tuple[str, ev.Speaker]] = {}
        self._joining = asyncio.Lock()

    # ------------------------------------------------------------ connections

    def enter(self, door: str, options: DoorSettings, drop: Callable[[Gone], None]) -> Line:
        """A connection is there. Raises AssistError when there are too many, or when draining."""
        if self.draining:
            self.meters.refused(door, "draining")
            raise draining()
        if self._connections[door] >= options.max_connections:
            self.meters.refused(door, "connections")
            raise AssistError(
                f"{options.max_connections} connections are open at the door {door!r}.",
                "Try again when one has closed, or raise its max_connections.",
                code="calls.full",
            )
        self._connections[door] += 1
        self.meters.connected(door)
        line = Line(self, door, options, drop)
        self._lines.add(line)
        return line

    async def exit(self, line: Line, how: Gone) -> None:
        """The connection is gone; what it fed waits for its grace, or ends."""
        if line not in self._lines:
            return
        self._lines.discard(line)
        self._connections[line.door] -= 1
        self.meters.gone(line.door, how)
        if how == "broke_off":
            await line.lost()
        else:
            await line.end("hangup" if how == "goodbye" else "stopped")

    # ------------------------------------------------------------ what lines ask for

    async def join(self, line: Line, start: Start) -> Visit:
        """The visit that this start begins, goes on with, or takes over."""
        async with self._joining:
            visit = self._visits.get(start.call_id) if start.call_id else None
            if visit is not None and line.door == MICROPHONE:
                had = visit.call.state.started
                if had is None or had.agent != self.login_of(start.agent):
                    raise _duplicate(start.call_id)  # a person goes on with calls of their own
            if visit is None:
                lang = start.lang or line.options.lang
                visit = await self._begin(replace(start, lang=lang), line.door)
            elif visit.door == ANNOUNCED:
                visit.door = line.door
                await visit.tell(self.login_of(start.agent), start.number)
            elif visit.door != line.door or not start.returns:
                raise _duplicate(start.call_id)
            self._take_over(line, visit, set(start.speakers))
            for speaker in start.speakers:
                await visit.hear(visit.timeline.open(speaker, start.rate_hz))
            return visit

    async def leave(self, line: Line, visit: Visit, reason: str) -> None:
        if line in visit.lines:
            visit.lines.remove(line)
        if not visit.lines:
            await self._end(visit, reason)

    async def miss(self, line: Line, visit: Visit) -> None:
        if line in visit.lines:
            visit.lines.remove(line)
        if visit.lines:
            return
        visit.alone_since_s, visit.grace_s = self.clock(), line.options.grace_s
        if not visit.grace_s or self.draining:
            await self._end(visit, "stopped")

    def login_of(self, agent: str) -> str:
        return self.doors.extensions.get(agent, agent)

    def leg(self, leg: str) -> tuple[str, ev.Speaker] | None:
        """The call and the speaker of a leg that was registered."""
        return self._legs.get(leg.lower())

    def call_of(self, call_id: str) -> Visit | None:
        return self._visits.get(call_id)

    async def _begin(self, start: Start, door: str) -> Visit:
        if self.draining:
            raise draining()
        started = ev.CallStarted(
            agent=self.login_of(start.agent),
            number=start.number,
            direction=start.direction,
            lang=start.lang,
            source=start.source or door,
        )
        call = await self._begin_call(started, start)
        key = start.call_id or call.id
        visit = self._visits[key] = Visit(call, door, key)
        return visit

    async def _begin_call(self, started: ev.CallStarted, start: Start) -> Call:
        """What a phone system streams again after its end here, over a restart say, is a call of
        its own: ID, ID-2, ID-3 …"""
        for number in range(1, MOST_PARTS + 1):
            part = start.call_id if number == 1 else f"{start.call_id[:61]}-{number}"
            try:
                return await self.calls.begin(started, SPEAKERS, part)
            except AssistError as error:
                again = error.code == "calls.duplicate" and start.returns and start.call_id
                if not again or number == MOST_PARTS:
                    raise
        raise _duplicate(start.call_id)

    def _take_over(self, line: Line, visit: Visit, speakers: set[ev.Speaker]) -> None:
        """A mix of both speakers and one of them apart would be heard twice."""
        for other in list(visit.lines):
            double = "mixed" in speakers or "mixed" in other.speakers
            taken = set(other.speakers) if double else other.speakers & speakers
            if taken:
                other.give(taken)
                if not other.speakers:
                    visit.lines.remove(other)
        visit.lines.append(line)
        line.take(speakers)
        visit.alone_since_s = None

    async def _end(self, visit: Visit, reason: str) -> None:
        if self._visits.pop(visit.key, None) is None:
            return  # somebody else is ending it
        self._legs = {k: v for k, v in self._legs.items() if v[0] != visit.key}
        await visit.end(reason)

    # ------------------------------------------------------------ the phone system's own events

    async def announce(self, event: CtiEvent) -> str:
        """What the phone system says of a call: its id here."""
        call_id = clean_id(event.call)
        async with self._joining:
            visit = known = self._visits.get(call_id)
            if visit is None and event.event in ("ringing", "answered"):
                start = Start(
                    call_id,
                    SPEAKERS,
                    8000,
                    agent=event.agent or event.extension,
                    number=event.number,
                    direction=event.direction,
                    lang=event.lang,
                )
                visit = await self._begin(start, ANNOUNCED)
                visit.alone_since_s = self.clock()
                visit.grace_s = self.doors.cti.announced_s
        if visit is None:
            raise AssistError(
                f"There is no live call {call_id!r}.",
                "Send ringing or answered first.",
                code="calls.unknown",
            )
        self._legs |= {str(leg): (call_id, speaker) for speaker, leg in event.legs.items()}
        match event.event:
            case "ringing" | "answered" | "transferred" if known is not None:
                await visit.tell(self.login_of(event.agent or event.extension), event.number)
            case "held":
                await visit.hold()
            case "resumed":
                await visit.resume()
            case "wrapped_up":
                for line in list(visit.lines):
                    line.visit = None
                    line.drop("goodbye")
                await self._end(visit, "hangup")
        return visit.call.id

    # ------------------------------------------------------------ time, and the end of it

    async def sweep(self) -> None:
        """Ask every second: what fell silent is dropped, what nobody feeds any more ends."""
        now_s = self.clock()
        for line in list(self._lines):
            if now_s - line.heard_s > line.patience_s:
                line.heard_s = now_s
                line.drop("silent")
        for visit in list(self._visits.values()):
            alone_s = visit.alone_since_s
            if not visit.lines and alone_s is not None and now_s - alone_s > visit.grace_s:
                await self._end(visit, "stopped")

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            await self.sweep()

    async def drain(self, wait_s: float, pause_s: float = 0.1) -> None:
        """No new calls; live ones may end within `wait_s`, then they are handed back."""
        self.draining = True
        until_s = self.clock() + wait_s
        while self._fed() and self.clock() < until_s:
            await asyncio.sleep(pause_s)
        for line in list(self._lines):
            line.drop("restart")
        for visit in list(self._visits.values()):
            await self._end(visit, "stopped")

    def figures(self) -> Mapping[str, int]:
        """For tests and benchmarks: what is held now."""
        return {"lines": len(self._lines), "visits": len(self._visits), "legs": len(self._legs)}

    def _fed(self) -> bool:
        return any(visit.lines for visit in self._visits.values())


def clean_id(given: str) -> str:
    """An id as calls have it: letters, digits and `._:-`, at most 64."""
    return _ID.sub("-", given)[:64]


def draining() -> AssistError:
    return AssistError(
        "The server is being restarted and takes no new calls.",
        "Connect again in a minute, or to another server.",
        code="calls.draining",
    )


def _duplicate(call_id: str) -> AssistError:
    return AssistError(
        f"A call {call_id!r} exists already.",
        "Give each call its own id, or none.",
        code="calls.duplicate",
        values={"call": call_id},
    )
