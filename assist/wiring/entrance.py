"""How people come in, as the settings say; the made-up people of a demo; what goes in time."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

from assist.accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from assist.accounts.keys import Keys
from assist.accounts.passwords import Passwords
from assist.config import Settings
from assist.errors import StoreError
from assist.store import Store
from assist.tables.retention import Going
from assist.web.entrance import Entrance, EntranceRules
from assist.web.upkeep_api import let_go
from assist.wiring.parts import Say, local_now

log = logging.getLogger(__name__)

_FIRST_S = 3_600.0


def open_entrance(settings: Settings, store: Store, keys: Keys) -> Entrance:
    """In a demo its people are there afterwards; where there is a real account of that login,
    that one stays."""
    rules = EntranceRules(
        demo=settings.demo,
        idle=timedelta(minutes=settings.session_idle_min),
        lasts=timedelta(hours=settings.session_h),
        frame_ancestors=settings.frame_ancestors,
        cross_site=settings.cross_site_cookies,
        oidc=settings.oidc,
    )
    entrance = Entrance(store, keys, local_now, time.monotonic, rules)
    missing = [p for p in DEMO_PEOPLE if settings.demo and store.accounts.find(p.login) is None]
    if missing:
        hashed = Passwords().hash(DEMO_PASSWORD)
        for person in missing:
            store.accounts.add(person, hashed, local_now(), source="demo")
    return entrance


def tell_how_to_come_in(settings: Settings, entrance: Entrance, url: str, say: Say) -> None:
    if entrance.needs_set_up and settings.oidc is None:
        say(
            f"There is no account yet. Open {url}/sign-in and type the set-up code "
            f"{entrance.keys.set_up_code} to make the first administrator."
        )
    if settings.demo and settings.host not in ("127.0.0.1", "::1", "localhost"):
        say(
            f"This is a demo on {settings.host}: whoever reaches it comes in by a click, as "
            "anybody. Leave ASSIST_DEMO unset for real calls."
        )


async def let_go_daily(store: Store, every_s: float = 86_400) -> None:
    """What is over its time goes by itself, from an hour after the start on."""
    await asyncio.sleep(_FIRST_S)
    while True:
        try:
            gone = await let_go(store, local_now())
        except StoreError:
            log.exception("retention could not be kept; it is tried again tomorrow")
        else:
            if gone != Going():
                store.audit.add(local_now(), "assist", "retention", f"run: {gone}")
        await asyncio.sleep(every_s)
