"""The JSON API: calls and their events, guides, search by hand, demo calls, health."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assist.audio import Speed
from assist.errors import AssistError, NotAllowed, SignInRefused, first_problem
from assist.events import EVENT, SummaryDrafted, SummaryKept
from assist.guide import walk
from assist.search.evidence import Finding
from assist.search.together import together
from assist.web import sight
from assist.web.guard import refused
from assist.web.house import house_of
from assist.web.people import person_of

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

_STATUS = {
    "store": 404,
    "demo": 404,
    "guide": 404,
    "ticket": 404,
    "backstop": 404,
    "training": 404,
    "account": 404,
    "request.too_large": 413,
    "calls.full": 503,
    "calls.busy": 503,
    "calls.draining": 503,
    "calls.unknown": 404,
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


async def calls(request: Request) -> JSONResponse:
    return JSONResponse({"calls": sight.calls_of(house_of(request), person_of(request))})


async def events(request: Request) -> JSONResponse:
    house = house_of(request)
    call = request.path_params["call"]
    after = request.query_params.get("after", "0")
    sight.check_sees(house, person_of(request), call)
    stored = house.store.events(call, int(after) if after.isdecimal() else 0)
    return JSONResponse({"events": [EVENT.dump_python(e, mode="json") for e in stored]})


async def summaries(request: Request) -> JSONResponse:
    """The call's summaries as they stand, by what they are of; masked."""
    house, call = house_of(request), request.path_params["call"]
    sight.check_sees_summary(house, person_of(request), call)
    kinds = ("summary_drafted", "summary_kept")
    found = {
        event.fact.of: event.fact.model_dump(mode="json")
        for event in house.store.events(call, kinds=kinds)
        if isinstance(event.fact, SummaryDrafted | SummaryKept)
    }
    return JSONResponse({"summaries": found})


async def customer_calls(request: Request) -> JSONResponse:
    """The customer's latest calls, newest first."""
    house, customer = house_of(request), request.path_params["customer"]
    sight.check_sees_customer(house, person_of(request), customer)
    found = house.store.last_calls(customer, limit=20)
    return JSONResponse({"calls": [call.model_dump(mode="json") for call in found]})


async def guides(request: Request) -> JSONResponse:
    found = house_of(request).book.guides.values()
    return JSONResponse({"guides": [{"id": g.id, "title": g.title, "lang": g.lang} for g in found]})


async def guide(request: Request) -> JSONResponse:
    house = house_of(request)
    found = house.book.guides.get(request.path_params["guide"])
    if found is None:
        raise AssistError("There is no such guide.", "GET /api/guides lists them.", code="guide")
    return JSONResponse({"id": found.id, "title": found.title, "steps": walk.outline(found)})


async def find(request: Request) -> JSONResponse:
    """`by=hand` answers at once from what was typed; otherwise meaning is asked, too."""
    house = house_of(request)
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
    demos = house_of(request).demo_calls.values()
    return JSONResponse({"calls": [demo.__dict__ for demo in demos]})


async def play_demo(request: Request) -> JSONResponse:
    house = house_of(request)
    name = request.path_params["name"]
    if name not in house.demo_calls:
        raise AssistError(
            "There is no such demo call.", "GET /api/demo-calls lists them.", code="demo"
        )
    body = await request.body()
    asked = PlayDemo.model_validate_json(body or b"{}")
    agent = person_of(request).login
    return JSONResponse({"call": await house.play_demo(name, asked.speed, agent)}, status_code=201)


async def metrics(request: Request) -> Response:
    return Response(house_of(request).metrics(), media_type=PROMETHEUS)


async def health(request: Request) -> JSONResponse:
    """To somebody who is not known no more than that the house lives."""
    if request.state.person is None:
        return JSONResponse({"ok": True})
    return JSONResponse(await house_of(request).health())


async def on_known_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AssistError)
    if isinstance(error, SignInRefused | NotAllowed):
        return refused(error)
    return JSONResponse(error.as_json(), status_code=_STATUS.get(error.code, 409))


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ValidationError)
    invalid = AssistError(
        f"The request is not understood: {first_problem(error, 'body')}.",
        "Send a JSON body as documented in docs/api.md.",
        code="request.invalid",
    )
    return JSONResponse(invalid.as_json(), status_code=422)
