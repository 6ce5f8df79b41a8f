"""The trainer's room over HTTP: library, cases, replay with its sound, and runs of demo recordings.

What is practised there stands in `practice_api`, how it went in `progress_api`.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from assist import events as ev
from assist.errors import AssistError
from assist.tables.training import Case, Wanted
from assist.train.room import Demo
from assist.web.house import House, house_of
from assist.web.pages import page
from assist.web.people import person_of

_RUN_PREFIX = "demo "
_SOUND_TYPES = {".flac": "audio/flac", ".wav": "audio/wav"}


class MarkCase(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    note: str = Field(default="", max_length=2_000)
    goal: str = Field(default="", max_length=500)


async def library(request: Request) -> JSONResponse:
    """Stored calls that have ended; `guides` names those that they were led by."""
    house = house_of(request)
    wanted = Wanted.model_validate(dict(request.query_params))
    await _measure(house)
    found, count = house.store.training.library(wanted)
    sounds = {each.call: house.training.demo_of(each.source) is not None for each in found}
    calls = [each.model_dump(mode="json") | {"sound": sounds[each.call]} for each in found]
    return JSONResponse(
        {
            "calls": calls,
            "count": count,
            "offset": wanted.offset,
            "agents": house.store.training.people(),
            "guides": _guides(house),
        }
    )


async def demos(request: Request) -> JSONResponse:
    """The recordings of the corpus, each with the stored call that was run from it, if any."""
    house = house_of(request)
    found = [_demo(house, demo) for demo in house.training.demos.values()]
    return JSONResponse({"demos": found, "guides": _guides(house)})


async def run_demo(request: Request) -> JSONResponse:
    """Plays the recording through the real engine, once; the call's id, which ends by itself."""
    house, name = house_of(request), request.path_params["name"]
    if name not in house.training.demos:
        raise AssistError(
            "There is no such recording.", "GET /api/training/demos lists them.", code="training"
        )
    call = house.store.training.run_of(f"{_RUN_PREFIX}{name}")
    if not call:
        call = await house.play_demo(name, "max", person_of(request).login)
    return JSONResponse({"call": call}, status_code=201)


async def call(request: Request) -> JSONResponse:
    """A stored call with its events, masked, and what there is to train with it."""
    house, call_id = house_of(request), request.path_params["call"]
    row = house.store.call(call_id)
    person = person_of(request)
    if row["agent"] != person.login:
        house.entrance.opened(person, call_id)
    past = list(house.store.events(call_id))
    case = house.store.training.case(call_id)
    demo = house.training.demo_of(row["source"])
    return JSONResponse(
        {
            "call": {k: v for k, v in row.items() if k != "owner"},
            "case": case.model_dump(mode="json") if case and not case.withdrawn_at else None,
            "demo": _demo(house, demo) if demo else None,
            "events": [ev.EVENT.dump_python(event, mode="json") for event in past],
            "guides": _guides(house),
        }
    )


async def sound(request: Request) -> Response:
    """The recording as it is, in ranges as the browser asks for them."""
    demo = _recorded(request)
    kind = _SOUND_TYPES.get(demo.sound.suffix, "application/octet-stream")
    headers = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(demo.sound, media_type=kind, headers=headers)


async def waveform(request: Request) -> JSONResponse:
    house, demo = house_of(request), _recorded(request)
    found = await asyncio.to_thread(house.training.waveforms.of, demo.sound)
    return JSONResponse(
        {"duration_ms": found.duration_ms, "peaks": found.peaks},
        headers={"Cache-Control": "private, max-age=3600"},
    )


async def mark(request: Request) -> JSONResponse:
    house, call_id = house_of(request), request.path_params["call"]
    asked = MarkCase.model_validate_json(await request.body() or b"{}")
    row = house.store.call(call_id)
    if row["status"] == "live":
        raise AssistError(
            "The call is still live.", "Mark it once it has ended.", code="training.live"
        )
    by = person_of(request).login
    case = house.store.training.mark(call_id, by, house.now(), asked.title, asked.note, asked.goal)
    return JSONResponse(_case(case))


async def withdraw(request: Request) -> JSONResponse:
    house = house_of(request)
    case = house.store.training.withdraw(request.path_params["call"], house.now())
    return JSONResponse(_case(case))


ROUTES = (
    Route("/training", page("training.html")),
    Route("/training/calls/{call}", page("training-call.html")),
    Route("/api/training/library", library),
    Route("/api/training/demos", demos),
    Route("/api/training/demos/{name}/run", run_demo, methods=["POST"]),
    Route("/api/training/calls/{call}", call),
    Route("/api/training/calls/{call}/sound", sound),
    Route("/api/training/calls/{call}/waveform", waveform),
    Route("/api/training/calls/{call}/case", mark, methods=["POST"]),
    Route("/api/training/calls/{call}/case/withdraw", withdraw, methods=["POST"]),
)


async def _measure(house: House) -> None:
    """What the library sorts and filters by, for calls that have ended since the last look."""
    while unmeasured := house.store.training.unmeasured():
        for call_id, lang in unmeasured:
            kinds = ("segment_heard", "trouble", "call_ended")
            past = list(house.store.events(call_id, kinds=kinds))
            angry = house.book.angry.get("en" if lang == "en" else "zh", ())
            said = " ".join(
                event.fact.text
                for event in past
                if isinstance(event.fact, ev.SegmentHeard) and event.fact.speaker != "agent"
            ).lower()
            house.store.training.measure(
                call_id,
                length_ms=max((event.at_ms for event in past), default=0),
                troubles=sum(isinstance(event.fact, ev.Trouble) for event in past),
                angry=any(phrase.lower() in said for phrase in angry),
            )
            await asyncio.sleep(0)  # live calls go first


def _demo(house: House, demo: Demo) -> dict[str, Any]:
    return {
        "name": demo.name,
        "title": demo.title,
        "lang": demo.lang,
        "duration_s": demo.duration_s,
        "scenario": demo.scenario,
        "outcome": demo.outcome,
        "offer": demo.offer,
        "call": house.store.training.run_of(f"{_RUN_PREFIX}{demo.name}"),
    }


def _recorded(request: Request) -> Demo:
    """Raises AssistError for a call whose sound was not kept."""
    house = house_of(request)
    row = house.store.call(request.path_params["call"])
    demo = house.training.demo_of(row["source"])
    if demo is None:
        raise AssistError(
            "The sound of this call was not kept.",
            "It is replayed from its events.",
            code="training",
        )
    return demo


def _guides(house: House) -> dict[str, str]:
    return {guide.id: guide.title for guide in house.book.guides.values()}


def _case(case: Case) -> dict[str, Any]:
    return {"case": None if case.withdrawn_at else case.model_dump(mode="json")}
