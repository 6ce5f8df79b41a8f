"""Sign-in by OpenID Connect, against a provider of this test: code, PKCE, nonce, signed token."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from small_house import SmallHouse, small_house
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assist.accounts.model import Person
from assist.bench.served import free_port
from assist.config import OidcSettings
from assist.wiring.parts import local_now


class Provider:
    """Says yes to everybody who asks; `claims` are who they are."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.claims: dict[str, Any] = {}
        self.nonce: str | None = None
        self._key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self._asked: dict[str, dict[str, str]] = {}
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", lambda r: JSONResponse({"keys": [self._key.as_dict(private=False)]})),
        ]
        port = urlsplit(self.url).port or 0
        config = uvicorn.Config(Starlette(routes=routes), port=port, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Provider:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    def _metadata(self, request: Request) -> Response:
        places = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
        }
        told = {name: self.url + path for name, path in places.items()}
        return JSONResponse(
            {"issuer": self.url, **told, "id_token_signing_alg_values_supported": ["RS256"]}
        )

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["code_challenge_method"] == "S256" and asked["nonce"] and asked["state"]
        self._asked["a-code"] = asked
        answer = urlencode({"code": "a-code", "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}")

    async def _token(self, request: Request) -> Response:
        given = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        asked = self._asked.pop(given["code"])
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(b"assist:s3cret").decode()
        if challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if request.headers["authorization"] != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "assist",
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce or asked["nonce"],
            **self.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self._key)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[SmallHouse]:
    oidc = OidcSettings(
        issuer=provider.url,
        client_id="assist",
        client_secret=SecretStr("s3cret"),
        roles_claim="realm_access.roles",
        roles={"cc-agents": "agent", "cc-leads": "supervisor"},
    )
    with small_house(tmp_path_factory.mktemp("oidc"), demo=False, oidc=oidc) as opened:
        yield opened


def sign_in(house: SmallHouse) -> httpx.Client:
    browser = httpx.Client(base_url=house.url, follow_redirects=True, trust_env=False)
    browser.headers["Accept"] = "text/html"
    browser.landed = browser.get("/sign-in/oidc?next=/panel%3Fcall%3Dx").url  # type: ignore[attr-defined]
    return browser


def test_the_provider_says_who_it_is_and_which_roles(house: SmallHouse, provider: Provider) -> None:
    provider.claims = {"preferred_username": "wang", "name": "王强"}
    provider.claims |= {"realm_access": {"roles": ["cc-agents", "something"]}}
    browser = sign_in(house)
    assert browser.landed.path == "/panel"  # type: ignore[attr-defined]
    me = browser.get("/api/me").json()
    assert (me["login"], me["name"], me["roles"]) == ("wang", "王强", ["agent"])
    provider.claims["realm_access"] = {"roles": ["cc-leads"]}
    assert sign_in(house).get("/api/me").json()["roles"] == ["supervisor"]
    assert browser.get("/api/me").json()["roles"] == ["supervisor"], "at once, everywhere"


def test_nobody_without_a_role_or_with_anothers_login_comes_in(
    house: SmallHouse, provider: Provider, tmp_path: Path
) -> None:
    provider.claims = {"preferred_username": "wu", "realm_access": {"roles": ["else"]}}
    assert trouble(sign_in(house)) == "sign_in.role"
    with house.store() as store:
        store.accounts.add(Person(login="li", name="", roles=frozenset({"admin"})), "", local_now())
    provider.claims = {"preferred_username": "li", "realm_access": {"roles": ["cc-agents"]}}
    assert trouble(sign_in(house)) == "sign_in.oidc"


def test_a_token_of_another_sign_in_is_refused(house: SmallHouse, provider: Provider) -> None:
    provider.claims = {"preferred_username": "wang", "realm_access": {"roles": ["cc-agents"]}}
    provider.nonce = "of another"
    try:
        assert trouble(sign_in(house)) == "sign_in.oidc"
    finally:
        provider.nonce = None
    back = httpx.get(f"{house.url}/sign-in/oidc/back?code=a-code&state=made-up")
    assert "trouble=sign_in.oidc" in back.headers["location"]


def trouble(browser: httpx.Client) -> str:
    assert browser.get("/api/me").status_code in (401, 200)
    landed = browser.landed  # type: ignore[attr-defined]
    return landed.params.get("trouble", "")
