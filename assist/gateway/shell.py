"""The thin driver around an adapter: messages from a wire in, acts carried out, replies back.

One task a connection. It is never stopped while an act is being carried out: a call that has half
begun would belong to nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

from assist.config import DoorSettings
from assist.errors import AssistError
from assist.gateway.acts import GOING_AWAY, Act, Adapter, Audio, Close, End, Reply, Start
from assist.gateway.door import Gone, Line
from assist.gateway.lobby import Lobby

log = logging.getLogger(__name__)

BUG = 1011
_CLOSES: dict[Gone, Close] = {
    "replaced": Close(1000, "replaced"),
    "silent": Close(GOING_AWAY, "silent"),
    "goodbye": Close(1000),
}


class Wire(Protocol):
    """A connection; `receive` gives None once it is closed, `clean` says whether by a goodbye."""

    clean: bool

    async def receive(self) -> str | bytes | None: ...

    async def send(self, data: str | bytes) -> None: ...

    async def close(self, close: Close) -> None: ...


async def serve(
    wire: Wire, adapter: Adapter, lobby: Lobby, door: str, options: DoorSettings
) -> None:
    """Until the connection ends, whoever ends it. Raises AssistError where it may not begin."""
    task = asyncio.current_task()
    assert task is not None
    session = _Session(wire, adapter, lobby, task)
    line = lobby.enter(door, options, session.drop)
    how: Gone = "error"
    try:
        how = await session.run(line)
    except asyncio.CancelledError:
        if session.dropped is None:
            raise
        how = session.dropped
        session.task.uncancel()
        await session.say_goodbye(how)
    except Exception:
        log.exception("door %s: a bug ends this connection", door)
        await wire.close(Close(BUG))
    finally:
        await lobby.exit(line, how)


class _Session:
    def __init__(
        self, wire: Wire, adapter: Adapter, lobby: Lobby, task: asyncio.Task[None]
    ) -> None:
        self.dropped: Gone | None = None
        self._wire = wire
        self._adapter = adapter
        self._lobby = lobby
        self.task = task
        self._waiting = False
        self._closed = False
        self._said_goodbye = False

    def drop(self, how: Gone) -> None:
        if self.dropped is None:
            self.dropped = how
            if self._waiting:
                self.task.cancel()

    async def run(self, line: Line) -> Gone:
        while self.dropped is None:
            self._waiting = True
            message = await self._wire.receive()
            self._waiting = False
            if message is None:
                return "goodbye" if self._wire.clean and self._adapter.goodbye else "broke_off"
            line.heard_s = self._lobby.clock()
            try:
                heard = await self._take(line, message)
            except AssistError as error:
                line.meters.refused(line.door, error.code)
                log.warning("door %s: %s", line.door, error.message)
                await self._perform(line, self._adapter.refused(error))
                return "error"
            if heard:
                line.meters.frames(line.door, heard, self._lobby.clock() - line.heard_s)
            if self._closed:
                return "goodbye" if self._said_goodbye else "error"
        await self.say_goodbye(self.dropped)
        return self.dropped

    async def say_goodbye(self, how: Gone) -> None:
        """We end it."""
        if how == "restart":
            for act in self._adapter.handed_back():
                await self._reply(act)
        elif how in _CLOSES:
            await self._wire.close(_CLOSES[how])

    async def _take(self, line: Line, message: str | bytes) -> int:
        return await self._perform(line, self._adapter.receive(message))

    async def _perform(self, line: Line, acts: Iterable[Act]) -> int:
        """How many frames of sound there were among them."""
        heard = 0
        for act in acts:
            if self._closed or self.dropped is not None:
                break
            match act:
                case Audio():
                    heard += 1
                    await line.audio(act.speaker, act.pcm, act.at_ms, act.seq)
                case Reply() | Close():
                    await self._reply(act)
                case Start():
                    call_id = await line.start(act)
                    await self._perform(line, self._adapter.started(call_id))
                case End():
                    call_id = line.visit.call.id if line.visit else ""
                    await line.do(act)
                    self._said_goodbye = True
                    await self._perform(line, self._adapter.ended(call_id))
                    self._closed = True
                case _:
                    await line.do(act)
        return heard

    async def _reply(self, act: Act) -> None:
        """May be given up: somebody who does not read must not hold their call."""
        self._waiting = True
        match act:
            case Reply(data=data):
                await self._wire.send(data)
            case Close():
                self._closed = True
                await self._wire.close(act)
        self._waiting = False
