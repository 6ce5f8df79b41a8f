"""Signing in by an OpenID Connect provider, through Authlib: authorization code, PKCE, nonce.

The provider says who it is and, by a claim, which roles they have here; both are taken over anew
at each sign-in. A local account of the same login stays the local one's: nobody takes it over.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response
from starlette.types import Receive, Scope, Send

from assist.accounts.model import Person, Role
from assist.config import OidcSettings
from assist.errors import AccountRefused, AssistError, SignInRefused
from assist.tables.accounts import Account
from assist.web.entrance import Entrance
from assist.web.pages import prefix_of
from assist.web.sign_in_api import came_in_by_page, refused_page

log = logging.getLogger(__name__)

_WAY = "/sign-in/oidc"
WAY_S = 600
"""How long one may take at the provider."""


def routes(settings: OidcSettings) -> tuple[Route, ...]:
    oauth = OAuth()
    oauth.register(
        "provider",
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        client_kwargs={"scope": settings.scope, "code_challenge_method": "S256"},
    )
    provider: Any = oauth.create_client("provider")
    secret = secrets.token_urlsafe(32)

    async def begin(request: Request) -> Response:
        request.session["next"] = request.query_params.get("next", "")
        try:
            return await provider.authorize_redirect(request, request.url_for("oidc_back"))
        except (OAuthError, httpx.HTTPError, ValueError) as error:
            return _failed(request, "oidc", error)

    async def back(request: Request) -> Response:
        entrance: Entrance = request.app.state.house.entrance
        try:
            token = await provider.authorize_access_token(request)
            account = _known(entrance, _person(settings, token["userinfo"]))
        except SignInRefused as error:
            return _failed(request, "role", error)
        except (OAuthError, JoseError, httpx.HTTPError, AssistError, KeyError, ValueError) as error:
            return _failed(request, "oidc", error)
        session = entrance.begin(account, "OpenID")
        return came_in_by_page(request, session, request.session.pop("next", ""))

    return (
        Route(_WAY, _OnItsWay(begin, secret), methods=["GET"]),
        Route(f"{_WAY}/back", _OnItsWay(back, secret), methods=["GET"], name="oidc_back"),
    )


@dataclass(frozen=True)
class _OnItsWay:
    """With the signed cookie that knows state and nonce; it is gone with this process."""

    endpoint: Callable[[Request], Awaitable[Response]]
    secret: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = SessionMiddleware(
            request_response(self.endpoint),
            secret_key=self.secret,
            session_cookie="assist-oidc",
            max_age=WAY_S,
            path=f"{prefix_of(scope)}{_WAY}",
        )
        await kept(scope, receive, send)


def _person(settings: OidcSettings, claims: dict[str, Any]) -> Person:
    """Raises SignInRefused for somebody without a role here."""
    given = _claim(claims, settings.roles_claim)
    values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    login = str(_claim(claims, settings.login_claim) or "")
    roles: frozenset[Role] = frozenset(settings.roles[v] for v in values if v in settings.roles)
    if not roles:
        raise SignInRefused(
            f"{login!r} has no role here: {settings.roles_claim} is {values}.",
            "Map one of these values with ASSIST_OIDC__ROLES.",
            code="sign_in.role",
        )
    return Person(login=login, name=str(claims.get("name") or login), roles=roles)


def _claim(claims: dict[str, Any], path: str) -> Any:
    """`realm_access.roles` looks into an object of that name."""
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _known(entrance: Entrance, person: Person) -> Account:
    """Raises AccountRefused for the login of an account that the provider does not vouch for, and
    for one that is disabled here."""
    accounts = entrance.store.accounts
    known = accounts.find(person.login)
    if known is None:
        account = accounts.add(person, "", entrance.now(), source="oidc")
        entrance.audit(person, "account", f"add {person.login}: {' '.join(sorted(person.roles))}")
        return account
    if known.source != "oidc" or known.disabled:
        raise AccountRefused(
            f"The account {known.login!r} is {'disabled' if known.disabled else known.source}.",
            "Enable it, or rename the local account.",
            code="account.source",
        )
    accounts.set_name(known.login, person.name)
    return accounts.set_roles(known.login, person.roles)


def _failed(request: Request, name: str, error: Exception) -> Response:
    log.warning("sign-in by OpenID failed: %s", error)
    return refused_page(request, f"sign_in.{name}")
