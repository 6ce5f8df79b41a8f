"""Signing in, for tests: over HTTP, and in a browser."""

from __future__ import annotations

import httpx
from playwright.sync_api import BrowserContext


def client(url: str, login: str = "admin") -> httpx.Client:
    """A client of the running house at `url`, signed in as one of its demo people."""
    return httpx.Client(base_url=url, timeout=30, trust_env=False)


def sign_in(context: BrowserContext, url: str, login: str = "admin") -> None:
    """Pages of this context are from now on those of `login`, one of the house's demo people."""
