"""Signing in, for tests: over HTTP, and in a browser."""

from __future__ import annotations

import httpx
from playwright.sync_api import BrowserContext


def client(url: str, login: str = "admin") -> httpx.Client:
    """A client of the running house at `url`, signed in as one of its demo people."""
    given = {"login": login, "demo": True}
    answer = httpx.post(f"{url}/api/sign-in", json=given, trust_env=False)
    answer.raise_for_status()
    return httpx.Client(
        base_url=url,
        timeout=30,
        trust_env=False,
        headers={"Origin": url, "X-CSRF-Token": answer.json()["csrf"]},
        cookies=dict(answer.cookies),
    )


def sign_in(context: BrowserContext, url: str, login: str = "admin") -> None:
    """Pages of this context are from now on those of `login`, one of the house's demo people."""
    answer = context.request.post(f"{url}/api/sign-in", data={"login": login, "demo": True})
    assert answer.ok, answer.text()


def socket_headers(signed_in: httpx.Client) -> dict[str, str]:
    """With which the same person opens an event socket outside a browser."""
    cookies = "; ".join(f"{name}={value}" for name, value in signed_in.cookies.items())
    return {"Cookie": cookies, "Origin": signed_in.headers["Origin"]}
