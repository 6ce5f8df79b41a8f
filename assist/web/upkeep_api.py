"""Administration of the house itself: connections, how long what is kept is kept, health."""

from __future__ import annotations

import asyncio
import platform
import shutil
import time
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist import __version__
from assist.errors import AssistError, DeskError
from assist.privacy import mask
from assist.store import Store
from assist.tables.retention import CALLS_AT_ONCE, Going, Rules
from assist.web.house import House, house_of
from assist.web.pages import page
from assist.web.people import person_of

_TRY_S = 10.0


class Try(BaseModel):
    """Arguments of a connector, as `assist desk try` takes them."""

    model_config = ConfigDict(extra="forbid")

    args: dict[str, str] = Field(default={}, max_length=20)
    lang: str = Field(default="zh", pattern="^(zh|en)$")


class NewRules(Rules):
    """`was`: what the page showed; where that has changed meanwhile, nothing is."""

    was: Rules | None = None


async def connections(request: Request) -> JSONResponse:
    """Connectors with where they lead; secrets stay in the environment."""
    house = house_of(request)
    found = [
        {
            "id": c.id,
            "title": c.title,
            "method": c.method,
            "to": c.url or c.path,
            "args": c.args,
            "optional": c.optional,
            "secret": c.auth.env if c.auth else "",
        }
        for c in house.connectors().values()
    ]
    return JSONResponse({"connections": found, "desk": (await house.health())["desk"]})


async def try_connection(request: Request) -> JSONResponse:
    """What the back office answers, or what is wrong: both are an answer here."""
    house, name = house_of(request), request.path_params["connection"]
    asked = Try.model_validate_json(await request.body() or b"{}")
    if name not in house.connectors():
        raise DeskError(
            f"There is no connector {name!r}.",
            "GET /api/admin/connections lists them.",
            code="desk.connector",
        )
    given = {key: value for key, value in asked.args.items() if value}
    begun_s = time.perf_counter()
    told: dict[str, Any]
    try:
        desk = house.calls.parts.desk
        answer = await desk.diagnose(name, {**given, "lang": asked.lang}, _TRY_S)
        told = {"ok": True, "result": answer.result, "summary": answer.summary}
    except DeskError as error:
        told = {"ok": False, "trouble": error.as_json()}
    took_ms = round((time.perf_counter() - begun_s) * 1000)
    what = f"try {name} {mask(' '.join(f'{k}={v}' for k, v in given.items()))}"
    outcome = "done" if told["ok"] else "failed"
    house.entrance.audit(person_of(request), "connection", what, outcome)
    return JSONResponse({**told, "took_ms": took_ms})


async def retention(request: Request) -> JSONResponse:
    return JSONResponse(_retention(house_of(request)))


async def set_retention(request: Request) -> JSONResponse:
    house = house_of(request)
    asked = NewRules.model_validate_json(await request.body() or b"{}")
    if asked.was is not None and asked.was != house.store.retention.rules():
        raise AssistError(
            "Somebody else has changed these rules meanwhile.",
            "Look at them as they are now, then change them.",
            code="retention.changed",
        )
    rules = Rules(**asked.model_dump(exclude={"was"}))
    house.store.retention.set_rules(rules)
    what = " ".join(f"{name}={days}" for name, days in rules)
    house.entrance.audit(person_of(request), "retention", f"set {what}")
    return JSONResponse(_retention(house))


async def run_retention(request: Request) -> JSONResponse:
    """Takes away what is over its time; the answer says what was."""
    house = house_of(request)
    gone = await let_go(house.store, house.now())
    house.entrance.audit(person_of(request), "retention", f"run: {gone}")
    return JSONResponse({**_retention(house), "gone": gone.model_dump()})


async def health(request: Request) -> JSONResponse:
    """The parts, the disk, and what runs; asked by the page, never cached."""
    house = house_of(request)
    disk = shutil.disk_usage(house.data)
    journal = sum(p.stat().st_size for p in house.data.glob(house.store.path.name + "*"))
    return JSONResponse(
        {
            "parts": await house.health(),
            "live": len(house.calls.live()),
            "disk": {"free": disk.free, "total": disk.total, "journal": journal},
            "versions": {"assist": __version__, "python": platform.python_version()},
        }
    )


ROUTES = (
    Route("/admin", page("admin.html")),
    Route("/api/admin/connections", connections),
    Route("/api/admin/connections/{connection}/try", try_connection, methods=["POST"]),
    Route("/api/admin/retention", retention),
    Route("/api/admin/retention", set_retention, methods=["POST"]),
    Route("/api/admin/retention/run", run_retention, methods=["POST"]),
    Route("/api/admin/health", health),
)


async def let_go(store: Store, now: datetime) -> Going:
    """Take away all that is over its time; calls come to their turn in between."""
    gone = part = store.retention.run(now)
    while part.calls == CALLS_AT_ONCE:
        await asyncio.sleep(0.05)
        part = store.retention.run(now)
        gone = gone.plus(part)
    return gone


def _retention(house: House) -> dict[str, Any]:
    """The rules, and what a run would take away now."""
    table = house.store.retention
    return {"rules": table.rules().model_dump(), "due": table.look(house.now()).model_dump()}
