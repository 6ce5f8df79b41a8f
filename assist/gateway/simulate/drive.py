"""Driving simulated phones: connections, the pace of 20 ms, loss, order, hold, hang-up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

import numpy as np
import soxr
import websockets
from websockets.asyncio.client import ClientConnection, connect

from assist.audio import Pcm, Recording
from assist.errors import AudioError
from assist.events import Speaker
from assist.gateway.simulate.phones import FRAME_MS, ONE_SPEAKER, PHONES, Message, Phone, Plan

WAIT_S = 30.0
"""Longest wait for an answer; a machine under load is slow, not gone."""


class Connection(Protocol):
    """`refused`: why the other side closed it, where that was no goodbye."""

    refused: str

    async def send(self, message: Message) -> None: ...

    async def receive(self) -> Message | None: ...

    async def goodbye(self) -> None: ...

    async def tear(self) -> None: ...


async def simulate(
    protocol: str,
    recording: Recording,
    url: str,
    plan: Plan,
    progress: Callable[[int], None] = lambda sent_ms: None,
    pace: Callable[[int], Awaitable[None]] | None = None,
) -> None:
    """Send the recording by this protocol to the server at `url` (ws://…, or tcp://… for
    AudioSocket), and hang up. `pace`, where it is given, is waited for after each frame instead of
    the plan's speed. Raises AudioError where the server cannot be reached, refuses the call, or
    closes before its end."""
    made = PHONES[protocol]
    groups: list[tuple[Speaker, ...]] = [recording.speakers]
    if protocol in ONE_SPEAKER:
        groups = [(who,) for who in recording.speakers]
    phones = [made(plan, group) for group in groups]
    frames = _frames(recording, phones[0].rate_hz)
    try:
        async with AsyncExitStack() as stack:
            lines = [
                await stack.enter_async_context(_line(phone, url, recording.speakers))
                for phone in phones
            ]
            await _run(lines, frames, plan, progress, pace or _clocked(plan, len(lines)))
    except (OSError, websockets.WebSocketException, TimeoutError) as error:
        raise AudioError(
            f"The door at {url} broke off: {error or type(error).__name__}.",
            "Is it enabled there, and do token and networks fit? The server's log says more.",
        ) from error


def _frames(recording: Recording, rate_hz: int) -> list[list[Pcm]]:
    """Of 20 ms, the last one filled up with silence."""
    step = rate_hz * FRAME_MS // 1000
    channels = []
    for channel in recording.channels:
        pcm = channel
        if recording.rate_hz != rate_hz:
            pcm = soxr.resample(channel, recording.rate_hz, rate_hz, quality="HQ")
        channels.append(np.pad(pcm, (0, -len(pcm) % step)))
    count = len(channels[0]) // step
    return [[pcm[n * step : (n + 1) * step] for pcm in channels] for n in range(count)]


class _Line:
    """A phone on its connection, with the channels of the recording that it carries."""

    def __init__(self, phone: Phone, connection: Connection, channels: list[int]) -> None:
        self.phone = phone
        self.channels = channels
        self._connection = connection
        self._opened = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def send(self, *messages: Message) -> None:
        for message in messages:
            await self._connection.send(message)

    async def open(self) -> None:
        await self.send(*self.phone.open())
        if self.phone.answers_open:
            async with asyncio.timeout(WAIT_S):
                await self._opened.wait()

    @property
    def refused(self) -> str:
        return self.phone.refused or self._connection.refused

    async def hang_up(self, *, goodbye: bool) -> None:
        if not goodbye:
            await self._connection.tear()
        else:
            await self.send(*self.phone.close())
            if not self.phone.close():
                await self._connection.goodbye()
            async with asyncio.timeout(WAIT_S):
                await asyncio.gather(self._reading, return_exceptions=True)
        self._reading.cancel()

    async def _read(self) -> None:
        while (message := await self._connection.receive()) is not None:
            self._opened.set()
            await self.send(*self.phone.answer(message))
        self._opened.set()


def _clocked(plan: Plan, lines: int) -> Callable[[int], Awaitable[None]]:
    """The pace of the plan's speed, from the first frame on."""
    # Nothing but the time at which it comes says where a leg's sound belongs.
    speed = "4" if plan.speed == "max" and lines > 1 else plan.speed
    clock = asyncio.get_running_loop().time
    begun_s: float | None = None

    async def pace(sent_ms: int) -> None:
        nonlocal begun_s
        if speed == "max":
            return
        if begun_s is None:
            begun_s = clock() - FRAME_MS / 1000 / int(speed)
        await asyncio.sleep(max(0.0, begun_s + sent_ms / 1000 / int(speed) - clock()))

    return pace


async def _run(
    lines: list[_Line],
    frames: list[list[Pcm]],
    plan: Plan,
    progress: Callable[[int], None],
    pace: Callable[[int], Awaitable[None]],
) -> None:
    chance = random.Random(plan.seed)
    for line in lines:
        await line.open()
    held = False
    waiting: list[tuple[_Line, Message]] = []
    for number, sound in enumerate(frames):
        late, waiting = waiting, []
        if plan.hold_s is not None:
            wanted = plan.hold_s[0] <= number * FRAME_MS / 1000 < plan.hold_s[1]
            if wanted != held:
                held = wanted
                for line in lines:
                    await line.send(*(line.phone.hold() if held else line.phone.resume()))
        for line in lines:
            mine = [sound[channel] for channel in line.channels]
            for message in line.phone.frame(number, mine):
                if plan.loss and chance.random() < plan.loss:
                    continue
                if line.phone.numbered and chance.random() < plan.reorder:
                    waiting.append((line, message))  # goes after what comes next
                    continue
                await line.send(message)
        for line, message in late:
            await line.send(message)
        progress((number + 1) * FRAME_MS)
        await pace((number + 1) * FRAME_MS)
    for line, message in waiting:
        await line.send(message)
    for line in lines:
        await line.hang_up(goodbye=plan.hang_up == "goodbye")
        if why := line.refused:
            raise AudioError(f"The server closed the connection: {why}.", "See the server's log.")


@asynccontextmanager
async def _line(phone: Phone, url: str, speakers: tuple[str, ...]) -> AsyncIterator[_Line]:
    channels = [speakers.index(who) for who in phone.speakers]
    async with _connected(phone, url) as connection:
        yield _Line(phone, connection, channels)


@asynccontextmanager
async def _connected(phone: Phone, url: str) -> AsyncIterator[Connection]:
    if phone.tcp:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            yield _Tcp(reader, writer)
        finally:
            writer.close()
        return
    address = phone.address(url)
    names = [websockets.Subprotocol(phone.subprotocol)] if phone.subprotocol else None
    async with connect(
        address,
        additional_headers=phone.headers(address),
        subprotocols=names,
        compression=None,
        max_size=None,
    ) as socket:
        yield _Socket(socket)


class _Tcp:
    refused = ""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, message: Message) -> None:
        assert isinstance(message, bytes)
        self._writer.write(message)
        await self._writer.drain()

    async def receive(self) -> Message | None:
        return await self._reader.read(4096) or None

    async def goodbye(self) -> None:
        self._writer.close()

    async def tear(self) -> None:
        self._writer.transport.abort()


class _Socket:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.refused = ""

    async def send(self, message: Message) -> None:
        await self._socket.send(message)

    async def receive(self) -> Message | None:
        try:
            return await self._socket.recv()
        except websockets.ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code not in (1000, 1001):
                self.refused = f"{closed.rcvd.code} {closed.rcvd.reason}"
            return None

    async def goodbye(self) -> None:
        await self._socket.close()

    async def tear(self) -> None:
        self._socket.transport.abort()
