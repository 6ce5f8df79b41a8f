"""chan_websocket the other way round: Asterisk waits, and we connect to the channel's media."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import websockets
from websockets.asyncio.client import ClientConnection, connect

from assist.errors import AssistError
from assist.gateway.acts import Close
from assist.gateway.chan_websocket import ChanWebSocketAdapter
from assist.gateway.cti import CtiEvent
from assist.gateway.lobby import Lobby, clean_id
from assist.gateway.shell import serve

log = logging.getLogger(__name__)

DOOR = "chan_websocket"


class ClientWire:
    """A connection of ours as the shell wants it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.clean = False

    async def receive(self) -> str | bytes | None:
        try:
            return await self._socket.recv()
        except websockets.ConnectionClosed as closed:
            self.clean = closed.rcvd is not None and closed.rcvd.code in (1000, 1001)
            return None

    async def send(self, data: str | bytes) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._socket.send(data)

    async def close(self, close: Close) -> None:
        await self._socket.close(close.code, close.reason[:100])


class Outward:
    """Connections that we open; each in its task, which this keeps."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._tasks: set[asyncio.Task[None]] = set()

    def fetch(self, event: CtiEvent) -> None:
        """Connect to the channel that `event.media` names. Raises AssistError where that is not
        set up: only the address in the settings is ever connected to."""
        options = self._lobby.doors.chan_websocket
        if not options.enabled or not options.connect_to:
            raise AssistError(
                "The door chan_websocket is not set up to connect to Asterisk.",
                "Set its connect_to, such as ws://pbx:8088/media.",
                code="door.closed",
            )
        if len(event.speakers) != 1:
            raise AssistError(
                "Nobody said who speaks on that channel.",
                'Send "speakers": ["customer"], ["agent"] or ["mixed"].',
                code="audio",
            )
        task = asyncio.create_task(self._listen(event, f"{options.connect_to}/{event.media}"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self, event: CtiEvent, url: str) -> None:
        known = {
            "role": event.speakers[0],
            "call": clean_id(event.call),
            "agent": event.agent or event.extension,
            "number": event.number,
        }
        adapter = ChanWebSocketAdapter(known, self._lobby.leg)
        options = self._lobby.doors.chan_websocket
        try:
            async with connect(url, subprotocols=[websockets.Subprotocol("media")]) as socket:
                await serve(ClientWire(socket), adapter, self._lobby, DOOR, options)
        except (OSError, websockets.WebSocketException, AssistError) as error:
            self._lobby.meters.refused(DOOR, "unreachable")
            log.warning("door %s: %s cannot be heard: %s", DOOR, url, error)
