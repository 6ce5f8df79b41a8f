"""The JSON API: calls and their events, guides, search by hand, demo calls, health."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assist.audio import Speed
from assist.errors import AssistError, first_problem
from assist.events import EVENT, SummaryDrafted, SummaryKept
from assist.guide import walk
from assist.search.evidence import Finding
from assist.search.together import together
from assist.web.house import House

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

_STATUS = {
    "store": 404,
    "demo": 404,
    "guide": 404,
    "ticket": 404,
    "backstop": 404,
    "calls.full": 503,
    "calls.busy": 503,
    "command.refused": 409,
}


class PlayDemo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    speed: Speed = "1"


class FindGuides(BaseModel):
    """What `GET /api/find` may be asked; `by` is hand for what was typed alone."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=1_000)
    lang: Literal["zh", "en"] = "zh"
    by: Literal["hand", "both"] = "both"


def call_list(house: House) -> dict[str, Any]:
    """Newest first; the owner column is the store's own business."""
    hidden = {"owner"}
    rows = house.store.calls()
    return {"calls": [{k: v for k, v in row.items() if k not in hidden} for row in rows]}


async def calls(request: Request) -> JSONResponse:
    return JSONResponse(call_list(_house(request)))


async def events(request: Request) -> JSONResponse:
    house = _house(request)
    call = request.path_params["call"]
    after = request.query_params.get("after", "0")
    house.store.call(call)
    stored = house.store.events(call, int(after) if after.isdigit() else 0)
    return JSONResponse({"events": [EVENT.dump_python(e, mode="json") for e in stored]})


async def summaries(request: Request) -> JSONResponse:
    """The call's summaries as they stand, by what they are of; masked."""
    house, call = _house(request), request.path_params["call"]
    house.store.call(call)
    kinds = ("summary_drafted", "summary_kept")
    found = {
        event.fact.of: event.fact.model_dump(mode="json")
        for event in house.store.events(call, kinds=kinds)
        if isinstance(event.fact, SummaryDrafted | SummaryKept)
    }
    return JSONResponse({"summaries": found})


async def customer_calls(request: Request) -> JSONResponse:
    """The customer's latest calls, newest first."""
    found = _house(request).store.last_calls(request.path_params["customer"], limit=20)
    return JSONResponse({"calls": [call.model_dump(mode="json") for call in found]})


async def guides(request: Request) -> JSONResponse:
    found = _house(request).book.guides.values()
    return JSONResponse({"guides": [{"id": g.id, "title": g.title, "lang": g.lang} for g in found]})


async def guide(request: Request) -> JSONResponse:
    house = _house(request)
    found = house.book.guides.get(request.path_params["guide"])
    if found is None:
        raise AssistError("There is no such guide.", "GET /api/guides lists them.", code="guide")
    return JSONResponse({"id": found.id, "title": found.title, "steps": walk.outline(found)})


async def find(request: Request) -> JSONResponse:
    """`by=hand` answers at once from what was typed; otherwise meaning is asked, too."""
    house = _house(request)
    asked = FindGuides.model_validate(dict(request.query_params))
    finding, meaning = Finding("silent"), house.searches.meaning
    hits = await house.searches.type_in(asked.q, asked.lang)
    if asked.by == "both" and asked.q.strip():
        finding, meaning = await house.searches.find(asked.q, asked.lang)
    guides = house.book.guides
    matches = [
        {"guide": f.guide, "title": guides[f.guide].title, "score": f.score, "question": f.text}
        | {"spans": f.spans, "by": f.by}
        for f in together(hits, finding.matches)
        if f.guide in guides
    ]
    return JSONResponse({"decision": finding.decision, "meaning": meaning, "matches": matches})


async def demo_calls(request: Request) -> JSONResponse:
    demos = _house(request).demo_calls.values()
    return JSONResponse({"calls": [demo.__dict__ for demo in demos]})


async def play_demo(request: Request) -> JSONResponse:
    house = _house(request)
    name = request.path_params["name"]
    if name not in house.demo_calls:
        raise AssistError(
            "There is no such demo call.", "GET /api/demo-calls lists them.", code="demo"
        )
    body = await request.body()
    asked = PlayDemo.model_validate_json(body or b"{}")
    return JSONResponse({"call": await house.play_demo(name, asked.speed)}, status_code=201)


async def metrics(request: Request) -> Response:
    return Response(_house(request).metrics(), media_type=PROMETHEUS)


async def health(request: Request) -> JSONResponse:
    return JSONResponse(await _house(request).health())


async def on_known_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AssistError)
    return JSONResponse(error.as_json(), status_code=_STATUS.get(error.code, 409))


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ValidationError)
    invalid = AssistError(
        f"The request is not understood: {first_problem(error, 'body')}.",
        "Send a JSON body as documented in docs/api.md.",
        code="request.invalid",
    )
    return JSONResponse(invalid.as_json(), status_code=422)


def _house(request: Request) -> House:
    return request.app.state.house
