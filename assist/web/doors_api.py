"""The doors of phone systems, the microphone page, and the webhook for their events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from assist.accounts.model import Person
from assist.errors import AssistError, SignInRefused
from assist.gateway.cti import CtiEvent
from assist.gateway.handshake import check_network, is_token
from assist.gateway.websocket import PATHS, SocketDoors
from assist.web.house import house_of
from assist.web.pages import page
from assist.web.people import person_of

MOST_BYTES = 1 << 16


def door(name: str) -> Callable[[WebSocket], Awaitable[None]]:
    async def endpoint(socket: WebSocket) -> None:
        await _doors(socket).open(name, socket)

    return endpoint


async def microphone_sound(socket: WebSocket) -> None:
    await _doors(socket).microphone(socket, person_of(socket).login)


async def microphone_open(request: Request) -> JSONResponse:
    """Whether the page may send sound, and as whom."""
    enabled = house_of(request).doors.lobby.doors.microphone.enabled
    return JSONResponse({"open": enabled, "agent": person_of(request).login})


async def cti_events(request: Request) -> JSONResponse:
    """By a machine's token of sign-in, or the webhook's own."""
    doors = house_of(request).doors
    _check_may_tell(request, doors)
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise AssistError("The event is too long.", f"{MOST_BYTES} bytes are the most.")
    event = CtiEvent.model_validate_json(body or b"{}")
    call = await doors.lobby.announce(event)
    if event.media:
        doors.outward.fetch(event)
    return JSONResponse({"call": call}, status_code=202)


def _check_may_tell(request: Request, doors: SocketDoors) -> None:
    """Raises SignInRefused."""
    person: Person | None = getattr(request.state, "person", None)
    if person is not None and "phone" in person.uses:
        return
    options = doors.lobby.doors.cti
    said = request.headers.get("authorization", "").partition(" ")[2].strip()
    if not options.token.get_secret_value() or not is_token(said, options.token):
        raise SignInRefused(
            "The token is missing or wrong.",
            "Send `Authorization: Bearer TOKEN`: one of `assist token create`, or the setting "
            "ASSIST_DOORS__CTI__TOKEN.",
            code="sign_in.needed",
        )
    try:
        check_network(request.client.host if request.client else "", options.allow)
    except AssistError as error:
        raise SignInRefused(error.message, error.remedy, code="sign_in.needed") from error


ROUTES = (
    *(WebSocketRoute(path, door(name)) for path, name in PATHS.items()),
    WebSocketRoute("/v1/microphone", microphone_sound),
    Route("/mic", page("mic.html")),
    Route("/api/mic", microphone_open),
    Route("/api/cti/events", cti_events, methods=["POST"]),
)


def _doors(socket: WebSocket) -> SocketDoors:
    return socket.app.state.house.doors
