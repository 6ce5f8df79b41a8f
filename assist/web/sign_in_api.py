"""Signing in and out: the page, its JSON, one-time links, and the way by an OpenID provider."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assist.accounts.demo import DEMO_PEOPLE
from assist.accounts.model import Person
from assist.accounts.passwords import SHORTEST, check_password
from assist.accounts.tokens import csrf_of
from assist.errors import SignInRefused
from assist.web.entrance import Entrance
from assist.web.guard import is_safe, refused, session_cookie, session_of
from assist.web.pages import prefix_of
from assist.web.people import person_of
from assist.web.permits import BAR
from assist.web.permits import ROUTES as PERMITS

_LOCAL = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")


class SignIn(BaseModel):
    """With a password, or as one of the demo's people without."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=64)
    password: str = Field(default="", max_length=1_000)
    demo: bool = False


class SetUp(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=64)
    login: str = Field(max_length=64)
    name: str = Field(default="", max_length=100)
    password: str = Field(max_length=1_000)


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")

    old: str = Field(max_length=1_000)
    new: str = Field(max_length=1_000)


async def ways(request: Request) -> JSONResponse:
    """What the sign-in page offers here."""
    entrance = _entrance(request)
    demo = [{"login": p.login, "name": p.name} for p in DEMO_PEOPLE] if entrance.rules.demo else []
    return JSONResponse(
        {
            "set_up": entrance.needs_set_up,
            "oidc": entrance.rules.oidc is not None,
            "demo": demo,
            "shortest_password": SHORTEST,
        }
    )


async def sign_in(request: Request) -> Response:
    entrance = _entrance(request)
    asked = SignIn.model_validate_json(await request.body() or b"{}")
    try:
        if asked.demo:
            session = entrance.sign_in_demo(asked.login)
        else:
            session = await entrance.sign_in(asked.login, asked.password, address_of(request))
    except SignInRefused as error:
        return refused(error)
    return _came_in(request, session)


async def set_up(request: Request) -> Response:
    """The first account of the house, an administrator; only with the code of this start."""
    entrance = _entrance(request)
    asked = SetUp.model_validate_json(await request.body() or b"{}")
    try:
        if not entrance.needs_set_up:
            raise SignInRefused(
                "There is an account already.", "Sign in with it.", code="sign_in.set_up"
            )
        entrance.check_set_up_code(asked.code, address_of(request))
    except SignInRefused as error:
        return refused(error)
    check_password(asked.login, asked.password)
    hashed = await entrance.hash(asked.password)
    person = Person(login=asked.login, name=asked.name, roles=frozenset({"admin"}))
    account = entrance.store.accounts.add(person, hashed, entrance.now())
    what = f"set up {account.login}: admin"
    entrance.audit(account.person, "account", what)
    return _came_in(request, entrance.begin(account, "set-up"))


async def sign_out(request: Request) -> Response:
    entrance = _entrance(request)
    if session := request.state.session:
        entrance.end(person_of(request), session)
    response = JSONResponse({"ok": True})
    _set_cookie(request, response, "")
    return response


async def me(request: Request) -> JSONResponse:
    return JSONResponse(_told(request, person_of(request), request.state.session))


async def set_password(request: Request) -> Response:
    """One's own password; the other sessions of the account end."""
    entrance, person = _entrance(request), person_of(request)
    asked = NewPassword.model_validate_json(await request.body() or b"{}")
    try:
        if not await entrance.is_password_of(person.login, asked.old, address_of(request)):
            raise SignInRefused("The old password is wrong.", "Try again.", code="sign_in.wrong")
    except SignInRefused as error:
        return refused(error)
    check_password(person.login, asked.new)
    account = entrance.store.accounts.set_password(person.login, await entrance.hash(asked.new))
    entrance.audit(person, "account", f"password of {person.login}")
    return _came_in(request, entrance.begin(account, "new password"))


async def link(request: Request) -> Response:
    """A one-time sign-in link; whoever is signed in already goes on as they are."""
    to = request.query_params.get("next", "")
    try:
        session = _entrance(request).redeem(request.query_params.get("code", ""))
    except SignInRefused as error:
        if request.state.person is not None:
            return RedirectResponse(local_path(request, to), status_code=303)
        return refused_page(request, error.code)
    return came_in_by_page(request, session, to)


ROUTES = (
    Route("/api/sign-in", ways),
    Route("/api/sign-in", sign_in, methods=["POST"]),
    Route("/api/set-up", set_up, methods=["POST"]),
    Route("/api/sign-out", sign_out, methods=["POST"]),
    Route("/api/me", me),
    Route("/api/me/password", set_password, methods=["POST"]),
    Route("/sign-in/link", link),
)


def local_path(request: Request, to: str) -> str:
    """Where to go on after signing in: a path of this server, or the first page."""
    return to if _LOCAL.fullmatch(to) else f"{prefix_of(request.scope)}/"


def refused_page(request: Request, code: str) -> Response:
    """Back to the sign-in page, which says why."""
    return RedirectResponse(f"{prefix_of(request.scope)}/sign-in?trouble={code}", status_code=303)


def came_in_by_page(request: Request, session: str, to: str) -> Response:
    response = RedirectResponse(local_path(request, to), status_code=303)
    _replace(request, response, session)
    return response


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _came_in(request: Request, session: str) -> Response:
    person = _entrance(request).person_of_session(session)
    assert person is not None, "the session has just begun"
    response = JSONResponse(_told(request, person, session))
    _replace(request, response, session)
    return response


def _replace(request: Request, response: Response, session: str) -> None:
    """The session from before is over: an id that someone may have planted leads nowhere."""
    if old := request.state.session or session_of(request.scope):
        _entrance(request).end_quietly(old)
    _set_cookie(request, response, session)


def _set_cookie(request: Request, response: Response, session: str) -> None:
    rules = _entrance(request).rules
    safe = is_safe(request.scope)
    # Lax, not Strict: a link in a ticket system, and the way back from an OpenID provider, come
    # from other sites and must find the person signed in. What changes something needs more.
    response.set_cookie(
        session_cookie(request.scope),
        session,
        max_age=int(rules.lasts.total_seconds()) if session else 0,
        path=prefix_of(request.scope) or "/",
        secure=safe,
        httponly=True,
        samesite="none" if rules.cross_site and safe else "lax",
    )


def _told(request: Request, person: Person, session: str) -> dict[str, Any]:
    """`pages` are those of the bar that there are and that the person may see; `password`: one that
    can be changed here."""
    entrance = _entrance(request)
    account = entrance.store.accounts.find(person.login)
    there = {getattr(route, "path", "") for route in request.app.routes}
    return {
        "login": person.login,
        "name": person.name,
        "roles": sorted(person.roles),
        "machine": person.machine,
        "demo": entrance.rules.demo,
        "password": account is not None and account.source == "local",
        "pages": [path for path in BAR if path in there and PERMITS["GET", path].allows(person)],
        "csrf": csrf_of(session) if session else "",
    }


def _entrance(request: Request) -> Entrance:
    return request.app.state.house.entrance
