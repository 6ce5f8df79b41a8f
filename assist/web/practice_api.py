"""Practices and what-ifs over HTTP: begun, gone on with, scored. What is pressed goes through the
real rules; nothing of it reaches a live call, the journal or the back office. Moves are kept until
the practice is finished, then its score.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist import events as ev
from assist.accounts.model import Person
from assist.errors import AssistError, NotAllowed
from assist.tables.training import Result
from assist.train.caller_phrases import TEMPERAMENTS, Temperament
from assist.train.moves import Asked, Heard, HungUp, Move, Pressed, Spoken
from assist.train.practice import Hints, Practice
from assist.web.house import House, house_of
from assist.web.pages import page
from assist.web.people import person_of
from assist.web.practices import Practices


class Begin(BaseModel):
    """A stored call, or a simulated caller of a guide. `seed` makes a caller repeatable; `case`
    is for those who train, since its name tells the solution."""

    model_config = ConfigDict(extra="forbid")

    call: str = ""
    guide: str = ""
    hints: Hints = "shown"
    temperament: Temperament = "calm"
    seed: int = Field(default=1, ge=0, le=1_000_000_000)
    case: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _is_one(self) -> Begin:
        if bool(self.call) == bool(self.guide):
            raise ValueError("a practice is of one call or of one guide")
        return self


class From(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seq: int = Field(ge=1)


class Press(BaseModel):
    model_config = ConfigDict(extra="forbid")

    command: ev.Command


class Say(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=2_000)


async def open_to_me(request: Request) -> JSONResponse:
    """What the person may practise: marked calls, simulated callers by guide, and what they have
    begun and not finished."""
    house, person = house_of(request), person_of(request)
    room = house.training
    cases = await _practices(request).think(room.cases)
    guides = room.tools.book.guides
    scenarios = [
        {
            "guide": guide,
            "title": guides[guide].title,
            "lang": guides[guide].lang,
            "cases": [c.case for c in file.cases] if _trains(person) else len(file.cases),
        }
        for guide, file in cases.items()
    ]
    marked = []
    for case in house.store.training.cases():
        row = house.store.call(case.call)
        marked.append(
            case.model_dump(mode="json") | {"lang": row["lang"], "started_at": row["started_at"]}
        )
    begun = house.store.practices.unfinished(person.login, house.now())
    told = {"cases": marked, "scenarios": scenarios, "temperaments": list(TEMPERAMENTS)}
    return JSONResponse(told | {"unfinished": [each.model_dump() for each in begun]})


async def begin(request: Request) -> JSONResponse:
    house, person = house_of(request), person_of(request)
    asked = Begin.model_validate_json(await request.body() or b"{}")
    if asked.case is not None and not _trains(person):
        raise NotAllowed("Cases are drawn for you.", "Leave `case` out.")
    title = _title_of(house, person, asked.call) if asked.call else ""
    practice = await _practices(request).begin(Asked(**asked.model_dump()), title, person)
    return JSONResponse(_shown(house, practice), status_code=201)


async def what_if(request: Request) -> JSONResponse:
    seq = From.model_validate_json(await request.body() or b"{}").seq
    asked = Asked(call=request.path_params["call"], seq=seq)
    practice = await _practices(request).begin(asked, "", person_of(request))
    return JSONResponse(_shown(house_of(request), practice), status_code=201)


async def show(request: Request) -> JSONResponse:
    """Of one that is finished only that: its score stands among the results."""
    house, practice_id = house_of(request), request.path_params["practice"]
    try:
        return JSONResponse(_shown(house, await _practice(request)))
    except AssistError:
        if not house.store.training.has_result(practice_id):
            raise
        return JSONResponse({"practice": practice_id, "scored": True})


async def press(request: Request) -> JSONResponse:
    command = Press.model_validate_json(await request.body() or b"{}").command
    return await _did(request, Pressed(command=command))


async def say(request: Request) -> JSONResponse:
    text = Say.model_validate_json(await request.body() or b"{}").text
    return await _did(request, Spoken(text=text))


async def next_sentence(request: Request) -> JSONResponse:
    return await _did(request, Heard())


async def hang_up(request: Request) -> JSONResponse:
    return await _did(request, HungUp())


async def hint(request: Request) -> JSONResponse:
    practice = await _practice(request)
    told = await _practices(request).hint(practice)
    return JSONResponse({"hint": told, **_standing(house_of(request), practice)})


async def finish(request: Request) -> JSONResponse:
    """The score, which is kept under the person's name; a second time says the same."""
    house, practice = house_of(request), await _practice(request)
    now = house.now()
    grade = await _practices(request).think(lambda: practice.finish(now))
    assert practice.expert is not None, "what has no expert is not scored"
    house.store.training.keep(
        Result(
            id=practice.id,
            login=practice.login,
            name=practice.name,
            kind=practice.kind,
            source=practice.source,
            title=practice.title,
            guide=practice.expert.wanted,
            hints=practice.hints,
            finished_at=now.isoformat(timespec="seconds"),
            took_s=grade.took_s,
            total=grade.total,
            grade=grade.model_dump_json(),
        )
    )
    _practices(request).end(practice)
    return JSONResponse({"result": practice.id})


async def close(request: Request) -> JSONResponse:
    """What was not finished is gone."""
    practice = await _practice(request)
    house_of(request).training.close(practice.id, person_of(request))
    _practices(request).end(practice)
    return JSONResponse({"closed": practice.id})


ROUTES = (
    Route("/training/practice/{practice}", page("training-practice.html")),
    Route("/api/training/open", open_to_me),
    Route("/api/training/practices", begin, methods=["POST"]),
    Route("/api/training/calls/{call}/what-if", what_if, methods=["POST"]),
    Route("/api/training/practices/{practice}", show),
    Route("/api/training/practices/{practice}/commands", press, methods=["POST"]),
    Route("/api/training/practices/{practice}/say", say, methods=["POST"]),
    Route("/api/training/practices/{practice}/next", next_sentence, methods=["POST"]),
    Route("/api/training/practices/{practice}/hang-up", hang_up, methods=["POST"]),
    Route("/api/training/practices/{practice}/hint", hint, methods=["POST"]),
    Route("/api/training/practices/{practice}/finish", finish, methods=["POST"]),
    Route("/api/training/practices/{practice}/close", close, methods=["POST"]),
)


async def _did(request: Request, move: Move) -> JSONResponse:
    """The events that came of it, and how the practice stands."""
    practice = await _practice(request)
    events = await _practices(request).move(practice, move)
    return JSONResponse({"events": _events(events), **_standing(house_of(request), practice)})


async def _practice(request: Request) -> Practice:
    return await _practices(request).find(request.path_params["practice"], person_of(request))


def _practices(request: Request) -> Practices:
    return request.app.state.practices


def _shown(house: House, practice: Practice) -> dict[str, Any]:
    return {
        "practice": practice.id,
        "kind": practice.kind,
        "title": practice.title if practice.kind != "simulated" else "",
        "source": practice.source if practice.kind != "simulated" else "",
        "hints": practice.hints,
        "events": _events(practice.sandbox.events),
        **_standing(house, practice),
    }


def _standing(house: House, practice: Practice) -> dict[str, Any]:
    """`left` and `next_ms` of a recorded caller: sentences to come, and when the next one began."""
    return {
        "at_ms": practice.at_ms(house.now()),
        "over": practice.is_over,
        "scored": practice.grade is not None,
        "hints_used": practice.hints_used,
        "left": practice.caller.left,
        "next_ms": practice.caller.next_ms,
    }


def _events(events: list[ev.Event]) -> list[Any]:
    return [ev.EVENT.dump_python(event, mode="json") for event in events]


def _title_of(house: House, person: Person, call: str) -> str:
    """Raises NotAllowed for a call that is not open to those who train no one."""
    row, case = house.store.call(call), house.store.training.case(call)
    if case and not case.withdrawn_at:
        return case.title
    if not _trains(person):
        raise NotAllowed("This call is not open for practice.", "Choose one of the list.")
    if row["status"] == "live":
        raise AssistError("The call is still live.", "Wait until it has ended.")
    guide, demo = house.book.guides.get(row["guide"]), house.training.demo_of(row["source"])
    return guide.title if guide else demo.title if demo else call


def _trains(person: Person) -> bool:
    return person.is_any("trainer", "admin")
