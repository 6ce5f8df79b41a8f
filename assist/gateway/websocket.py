"""The doors that are WebSockets: handshake, adapter, and Starlette's socket as a wire."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from assist.accounts.model import Person
from assist.config import AudioHookDoor, DoorSettings, TwilioDoor
from assist.errors import AssistError
from assist.gateway import signature
from assist.gateway.acts import Adapter, Close
from assist.gateway.audiohook import AudioHookAdapter
from assist.gateway.chan_websocket import ChanWebSocketAdapter
from assist.gateway.freeswitch import SUBPROTOCOL, FreeSwitchAdapter
from assist.gateway.handshake import (
    Handshake,
    check_network,
    check_token,
    is_known,
    unauthorized,
)
from assist.gateway.lobby import MICROPHONE, Lobby
from assist.gateway.native import NativeAdapter
from assist.gateway.outward import Outward
from assist.gateway.shell import serve
from assist.gateway.twilio import TwilioAdapter

log = logging.getLogger(__name__)

PATHS = {
    "/v1/audio": "native",
    "/v1/twilio": "twilio",
    "/v1/telnyx": "telnyx",
    "/v1/audiohook": "audiohook",
    "/v1/asterisk": "chan_websocket",
    "/v1/freeswitch": "freeswitch",
}
"""Where each phone system's door is; the names are those of settings and metrics."""


class SocketWire:
    """Starlette's WebSocket as the shell wants it; what is sent to a socket gone is nothing."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.clean = False

    async def receive(self) -> str | bytes | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            self.clean = message.get("code", 1006) in (1000, 1001)
            return None
        data = message.get("bytes")
        return data if data is not None else message.get("text") or ""

    async def send(self, data: str | bytes) -> None:
        try:
            if isinstance(data, str):
                await self._socket.send_text(data)
            else:
                await self._socket.send_bytes(data)
        except (WebSocketDisconnect, RuntimeError):
            pass

    async def close(self, close: Close) -> None:
        if self._socket.application_state is WebSocketState.DISCONNECTED:
            return
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.close(close.code, close.reason[:100])


class SocketDoors:
    """The doors of one process; `now` is the wall clock, which signatures need."""

    def __init__(self, lobby: Lobby, now: Callable[[], datetime]) -> None:
        self.lobby = self._lobby = lobby
        self.outward = Outward(lobby)
        self._now = now
        self._nonces = signature.Nonces()

    async def open(self, name: str, socket: WebSocket) -> None:
        """One of PATHS."""
        await getattr(self, name)(socket)

    async def native(self, socket: WebSocket) -> None:
        options = self._lobby.doors.native
        await self._open(socket, "native", options, lambda _: NativeAdapter(), tokens=False)

    async def microphone(self, socket: WebSocket, agent: str) -> None:
        """`agent` is who has signed in."""
        options = self._lobby.doors.microphone
        await self._open(socket, MICROPHONE, options, lambda _: NativeAdapter(agent), tokens=False)

    async def twilio(self, socket: WebSocket) -> None:
        options = self._lobby.doors.twilio
        signed = bool(options.auth_token.get_secret_value())

        def adapter(handshake: Handshake) -> Adapter:
            if signed:
                _check_twilio(handshake, options)
            elif not _is_machine(socket) and not handshake.is_known(options):
                # What stands behind ? is not sent on; the token may come with the call instead.
                return TwilioAdapter(options.leg, lambda token: is_known(token, options))
            return TwilioAdapter(options.leg)

        await self._open(socket, "twilio", options, adapter, tokens=False)

    async def telnyx(self, socket: WebSocket) -> None:
        options = self._lobby.doors.telnyx
        await self._open(
            socket, "telnyx", options, lambda _: TwilioAdapter(options.leg, variant="telnyx")
        )

    async def audiohook(self, socket: WebSocket) -> None:
        """An unsigned handshake is taken up all the same: the protocol has its own word for no."""
        options = self._lobby.doors.audiohook

        def adapter(handshake: Handshake) -> Adapter:
            organization = handshake.headers.get("audiohook-organization-id", "")
            try:
                self._check_audiohook(handshake, options)
            except AssistError as error:
                return AudioHookAdapter(organization, error)
            return AudioHookAdapter(organization)

        await self._open(socket, "audiohook", options, adapter, tokens=False)

    async def chan_websocket(self, socket: WebSocket) -> None:
        options = self._lobby.doors.chan_websocket
        await self._open(
            socket,
            "chan_websocket",
            options,
            lambda handshake: ChanWebSocketAdapter(handshake.query, self._lobby.leg),
        )

    async def freeswitch(self, socket: WebSocket) -> None:
        options = self._lobby.doors.freeswitch
        await self._open(
            socket,
            "freeswitch",
            options,
            lambda handshake: FreeSwitchAdapter(options.leg, options.rate_hz, handshake.query),
        )

    async def _open(
        self,
        socket: WebSocket,
        door: str,
        options: DoorSettings,
        adapter: Callable[[Handshake], Adapter],
        *,
        tokens: bool = True,
    ) -> None:
        if not options.enabled:
            await socket.send_denial_response(Response(status_code=404))
            return
        handshake = _read(socket)
        try:
            check_network(handshake.host, options.allow)
            if tokens and not _is_machine(socket):
                check_token(handshake, options)
            made = adapter(handshake)
        except AssistError as error:
            self._lobby.meters.refused(door, error.code)
            log.warning("door %s: %s refused: %s", door, handshake.host, error.message)
            await socket.send_denial_response(Response(status_code=403))
            return
        if self._lobby.draining:
            self._lobby.meters.refused(door, "draining")
            await socket.send_denial_response(
                Response(status_code=503, headers={"Retry-After": "5"})
            )
            return
        offered = socket.scope.get("subprotocols") or []
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        wire = SocketWire(socket)
        try:
            await serve(wire, made, self._lobby, door, options)
        except AssistError as error:
            for act in made.refused(error):
                if isinstance(act, Close):
                    await wire.close(act)
                else:
                    await wire.send(getattr(act, "data", b""))

    def _check_audiohook(self, handshake: Handshake, options: AudioHookDoor) -> None:
        try:
            secret = base64.b64decode(options.secret.get_secret_value(), validate=True)
        except binascii.Error as error:
            raise unauthorized("The door's secret is no base64.") from error
        api_key = options.api_key.get_secret_value()
        if not api_key or not secret:
            raise unauthorized("The door has no API key or no secret yet.")
        signature.check_signature(
            handshake.headers,
            handshake.target,
            api_key=api_key,
            secret=secret,
            nonces=self._nonces,
            now_s=self._now().timestamp(),
        )


def _check_twilio(handshake: Handshake, options: TwilioDoor) -> None:
    url = options.url or f"wss://{handshake.headers.get('host', '')}{handshake.target}"
    wanted = signature.twilio_signature(url, options.auth_token.get_secret_value())
    said = handshake.headers.get("x-twilio-signature", "")
    if not hmac.compare_digest(wanted.encode(), said.encode()):
        raise unauthorized("The handshake is not signed as Twilio signs it.")


def _is_machine(socket: WebSocket) -> bool:
    """Whether it came with a token of sign-in that brings calls in."""
    person: Person | None = getattr(socket.state, "person", None)
    return person is not None and "phone" in person.uses


def _read(socket: WebSocket) -> Handshake:
    scope = socket.scope
    raw_path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    target = raw_path.decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
    return Handshake(
        host=socket.client.host if socket.client else "",
        headers={name.lower(): value for name, value in socket.headers.items()},
        query=dict(socket.query_params),
        target=target,
    )
