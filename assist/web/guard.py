"""The door of the app, before any route: who asks, whether they may, and from where they ask.

Pure ASGI. Nothing passes without a row in assist/web/permits.py. A page that may not be seen leads
to /sign-in; JSON is refused with a remedy; a socket is refused before it is accepted, and let go
in mid-life once its session or token is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from assist.accounts.model import Person, Role
from assist.accounts.tokens import csrf_of, same
from assist.errors import AssistError, NotAllowed, SignInRefused
from assist.web.entrance import Entrance, EntranceRules
from assist.web.pages import prefix_of
from assist.web.people import not_signed_in
from assist.web.permits import FOR_EMBEDDERS, ROUTES, Permit

log = logging.getLogger(__name__)

CLOSE_NOT_SIGNED_IN, CLOSE_NOT_ALLOWED = 4401, 4403
CLOSE_COME_AGAIN = 1012
"""A panel connects again, as what its person is now."""
LOOK_AGAIN_S = 15.0
"""A socket's session is looked at again with the first message after so long."""

MOST_BYTES, MOST_BYTES_OF_STRANGERS = 32 << 20, 64 << 10
"""Of a request's body."""

_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Asker:
    """`session` is empty where the person came by a token, or nobody came; `refusal` says why a
    token that was brought is not good any more."""

    person: Person | None
    session: str = ""
    refusal: SignInRefused | None = None


class Guard:
    """`refuse_page` draws the page of someone who may not see what they asked for."""

    def __init__(
        self, app: ASGIApp, entrance: Entrance, refuse_page: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._entrance = entrance
        self._refuse_page = refuse_page
        self._headers = security_headers(entrance.rules)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asker = self._asker(scope)
        scope.setdefault("state", {})["person"] = asker.person
        scope["state"]["session"] = asker.session
        place = route_of(scope)
        permit = self._permit(place)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, asker, permit)
            return
        send = self._with_headers(send, still=place == ("GET", "/static"))
        if self._embeds(scope, place):
            send = _readable_by(Headers(scope=scope)["origin"], send)
        try:
            self._check(scope, asker, permit, place)
        except AssistError as error:
            await self._refusal(scope, asker, error)(scope, receive, send)
            return
        await self._app(scope, _no_longer_than(receive, asker), send)

    # ------------------------------------------------------------ who and whether

    def _asker(self, scope: Scope) -> Asker:
        headers = Headers(scope=scope)
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer":
            try:
                return Asker(self._entrance.person_of_token(token.strip()))
            except SignInRefused as error:
                return Asker(None, refusal=error)
        session = session_of(scope)
        person = self._entrance.person_of_session(session) if session else None
        return Asker(person, session if person else "")

    def _permit(self, place: tuple[str, str] | None) -> Permit:
        if place is None:
            return _ANYBODY_KNOWN  # the router says that there is no such place
        permit = ROUTES.get(place)
        if permit is None:
            log.error("%s %s has no row in assist/web/permits.py and is refused", *place)
            return Permit()
        return permit

    def _check(
        self, scope: Scope, asker: Asker, permit: Permit, place: tuple[str, str] | None
    ) -> None:
        """Raises SignInRefused or NotAllowed."""
        person = asker.person
        if scope["type"] == "websocket":
            if asker.session and not (asks_from_here(scope) or self._embeds(scope, place)):
                raise _foreign()
        elif scope["method"] not in _SAFE:
            self._check_not_forged(scope, asker, permit)
        if permit.open:
            return
        if person is None:
            raise asker.refusal or not_signed_in()
        if permit is not _ANYBODY_KNOWN and not permit.allows(person):
            self._entrance.refused(person, " ".join(place or ()))
            raise NotAllowed(
                "Your role does not allow this.",
                "An administrator can give you another role; docs/sign-in.md says who may what.",
            )
        if (wait_s := self._entrance.wait_s(person)) > 0:
            seconds = str(max(1, round(wait_s)))
            raise NotAllowed(
                "Too many requests.",
                f"Try again in {seconds} s.",
                code="too_many",
                values={"seconds": seconds},
            )

    def _check_not_forged(self, scope: Scope, asker: Asker, permit: Permit) -> None:
        """What changes something and comes by a cookie must come from a page of ours."""
        headers = Headers(scope=scope)
        told = "origin" in headers or "sec-fetch-site" in headers
        if asker.session and not permit.open:
            if not asks_from_here(scope):
                raise _foreign()
            if not same(headers.get("x-csrf-token", ""), csrf_of(asker.session)):
                raise NotAllowed(
                    "The page's token is missing or old.",
                    "Reload the page; scripts send X-CSRF-Token as GET /api/me gives it.",
                    code="not_allowed.csrf",
                )
        elif told and (asker.session or asker.person is None) and not asks_from_here(scope):
            raise _foreign()

    def _embeds(self, scope: Scope, place: tuple[str, str] | None) -> bool:
        """Asked by the panel in a page of an address that may embed ours."""
        origin = Headers(scope=scope).get("origin")
        return place in FOR_EMBEDDERS and origin in self._entrance.rules.frame_ancestors

    def _refusal(self, scope: Scope, asker: Asker, error: AssistError) -> Response:
        request = Request(scope)
        if is_page(request):
            if asker.person is None:
                to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                door = f"{prefix_of(scope)}/sign-in?next={quote(to, safe='')}"
                return RedirectResponse(door, status_code=303)
            if error.code == NotAllowed.code:
                return self._refuse_page(request)
        return refused(error)

    # ------------------------------------------------------------ sockets

    async def _socket(
        self, scope: Scope, receive: Receive, send: Send, asker: Asker, permit: Permit
    ) -> None:
        try:
            self._check(scope, asker, permit, route_of(scope))
        except AssistError as error:
            await _deny(scope, receive, send, error)
            return
        entrance = self._entrance
        looked_s = entrance.monotonic_s()

        async def look_again() -> None:
            nonlocal looked_s
            looked_s = entrance.monotonic_s()
            person = self._asker(scope).person
            if not permit.allows(person):
                code = CLOSE_NOT_SIGNED_IN
            elif not permit.open and _roles(person) != _roles(asker.person):
                code = CLOSE_COME_AGAIN
            else:
                return
            await send({"type": "websocket.close", "code": code})
            raise WebSocketDisconnect(code)

        async def checked_receive() -> Message:
            message = await receive()
            if (
                message["type"] == "websocket.receive"
                and entrance.monotonic_s() - looked_s >= LOOK_AGAIN_S
            ):
                await look_again()
            return message

        async def checked_send(message: Message) -> None:
            if (
                message["type"] == "websocket.send"
                and entrance.monotonic_s() - looked_s >= LOOK_AGAIN_S
            ):
                await look_again()
            await send(message)

        await self._app(scope, checked_receive, checked_send)

    # ------------------------------------------------------------ headers

    def _with_headers(self, send: Send, *, still: bool) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not still:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return with_headers


_ANYBODY_KNOWN = Permit()


def _roles(person: Person | None) -> frozenset[Role]:
    return person.roles if person else frozenset()


def _no_longer_than(receive: Receive, asker: Asker) -> Receive:
    """The request's body, up to what such a person may send. Raises AssistError beyond that."""
    left = MOST_BYTES if asker.person else MOST_BYTES_OF_STRANGERS

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise AssistError(
                "The request is too long.", "Send less at once.", code="request.too_large"
            )
        return message

    return counted


def _readable_by(origin: str, send: Send) -> Send:
    """What is sent may be read by pages of `origin`, with their user's session."""

    async def with_leave(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Credentials"] = "true"
            headers.add_vary_header("Origin")
        await send(message)

    return with_leave


def route_of(scope: Scope) -> tuple[str, str] | None:
    """(method, path as it is written in the route); None where no route fits."""
    socket = scope["type"] == "websocket"
    method = "WS" if socket else str(scope["method"]).replace("HEAD", "GET")
    for route in scope["app"].routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return method, str(getattr(route, "path", ""))
    return None


def session_cookie(scope: Scope) -> str:
    """Its name: one for each port, since cookies do not tell ports apart, and bound to the host
    where the connection is safe and all of the host is ours."""
    server = scope.get("server") or ("", 0)
    bound = "" if not is_safe(scope) else "__Secure-" if prefix_of(scope) else "__Host-"
    return f"{bound}assist-{server[1] or 0}"


def session_of(scope: Scope) -> str:
    cookies = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(session_cookie(scope))
    return found.value if found else ""


def is_safe(scope: Scope) -> bool:
    """Over TLS, by itself or as a trusted proxy says (uvicorn has looked at its headers)."""
    return scope["scheme"] in ("https", "wss")


def asks_from_here(scope: Scope) -> bool:
    """Whether the browser says that a page of this very address asks."""
    headers = Headers(scope=scope)
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    if (origin := headers.get("origin")) is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return "sec-fetch-site" in headers


def is_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def refused(error: AssistError) -> JSONResponse:
    """The answer to who may not: 401 where signing in helps, 403 where it does not, 429 later."""
    later = {"Retry-After": error.values["seconds"]} if "seconds" in error.values else {}
    return JSONResponse(error.as_json(), status_code=status_of(error), headers=later)


def status_of(error: AssistError) -> int:
    if error.code in ("sign_in.wait", "too_many"):
        return 429
    return 403 if isinstance(error, NotAllowed) else 401


def _foreign() -> NotAllowed:
    return NotAllowed(
        "This was asked by a page of another address.",
        "Open the page at the address of this server; behind a proxy pass the Host header on.",
        code="not_allowed.origin",
    )


async def _deny(scope: Scope, receive: Receive, send: Send, error: AssistError) -> None:
    """Before the socket is accepted: an HTTP answer where the server can give one."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await refused(error)(scope, receive, send)
        return
    code = CLOSE_NOT_ALLOWED if isinstance(error, NotAllowed) else CLOSE_NOT_SIGNED_IN
    await send({"type": "websocket.close", "code": code})


def security_headers(rules: EntranceRules) -> dict[str, str]:
    """Nothing from elsewhere, nothing inline; pages are framed by our own and by those named."""
    ancestors = " ".join(("'self'", *rules.frame_ancestors))
    policy = (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        f"frame-ancestors {ancestors}",
    )
    framed = {} if rules.frame_ancestors else {"X-Frame-Options": "SAMEORIGIN"}
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin" if rules.frame_ancestors else "same-origin",
        **framed,
    }
