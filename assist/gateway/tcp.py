"""The AudioSocket door: a TCP server of its own, since the protocol is no HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assist.errors import AssistError
from assist.gateway.acts import Close
from assist.gateway.audiosocket import GOODBYE, AudioSocketAdapter
from assist.gateway.handshake import check_network, is_within
from assist.gateway.lobby import Lobby
from assist.gateway.proxied import read_source
from assist.gateway.shell import serve

log = logging.getLogger(__name__)

DOOR = "audiosocket"
READ_BYTES = 1 << 14


class StreamWire:
    """A TCP connection as the shell wants it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clean = False
        self._reader = reader
        self._writer = writer

    async def receive(self) -> bytes | None:
        """A closed socket is as good as a hang-up, a torn one is not."""
        try:
            data = await self._reader.read(READ_BYTES)
        except OSError:
            return None
        self.clean = not data
        return data or None

    async def send(self, data: str | bytes) -> None:
        with contextlib.suppress(OSError):
            self._writer.write(data if isinstance(data, bytes) else data.encode())
            await self._writer.drain()

    async def close(self, close: Close) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


@asynccontextmanager
async def audiosocket_door(lobby: Lobby) -> AsyncIterator[int]:
    """Open until the block ends; the port. Raises AssistError when it is taken."""
    options = lobby.doors.audiosocket

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = StreamWire(reader, writer)
        host = str((writer.get_extra_info("peername") or ("",))[0])
        try:
            if is_within(host, options.proxies):
                host = await read_source(reader) or host
            check_network(host, options.allow)
            await serve(wire, AudioSocketAdapter(lobby.leg), lobby, DOOR, options)
        except AssistError as error:
            lobby.meters.refused(DOOR, error.code)
            log.warning("door %s: %s refused: %s", DOOR, host, error.message)
            await wire.send(GOODBYE)
        finally:
            await wire.close(Close())

    try:
        server = await asyncio.start_server(connected, options.host, options.port)
    except OSError as error:
        raise AssistError(
            f"Port {options.port} on {options.host} cannot be opened ({error.strerror}).",
            "Stop the program that uses it, or set another port for the door audiosocket.",
            code="port",
        ) from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
