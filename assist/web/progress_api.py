"""How practices went: results with their reasons, progress by person, the report as CSV and print.

Everybody sees their own; trainers, supervisors and administrators see all.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assist.accounts.model import Person
from assist.errors import NotAllowed
from assist.tables.training import Result
from assist.train.grade import Grade
from assist.train.grade_texts import Lang, criterion_name, grade_in_words
from assist.train.progress import as_csv, progress_of
from assist.web.house import house_of
from assist.web.pages import page, show
from assist.web.people import person_of


async def results(request: Request) -> JSONResponse:
    """Newest first, without their reasons."""
    found = _results(request)
    return JSONResponse(
        {"results": [each.model_dump(mode="json", exclude={"grade"}) for each in found]}
    )


async def result(request: Request) -> JSONResponse:
    return JSONResponse(_with_grade(_one(request), _lang(request)))


async def progress(request: Request) -> JSONResponse:
    house, lang = house_of(request), _lang(request)
    titles = {guide.id: guide.title for guide in house.book.guides.values()}
    people = [asdict(each) for each in progress_of(_results(request))]
    names = {c: criterion_name(c, lang) for each in people for c in each["criteria"]}
    return JSONResponse({"people": people, "criteria": names, "guides": titles})


async def table(request: Request) -> Response:
    text = as_csv(_results(request), _lang(request))
    return Response(
        "\ufeff" + text,  # a spreadsheet takes it for its own code page without the mark
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="training.csv"'},
    )


async def report(request: Request) -> Response:
    """A page to print: of one practice, or of all of a person."""
    house, lang = house_of(request), _lang(request)
    found = [_one(request)] if "result" in request.path_params else _results(request)
    return show(
        request,
        "training-report.html",
        lang=lang,
        results=[_with_grade(each, lang) for each in found],
        people=progress_of(found) if "result" not in request.path_params else [],
        titles={guide.id: guide.title for guide in house.book.guides.values()},
        criterion_name=lambda criterion: criterion_name(criterion, lang),
    )


ROUTES = (
    Route("/training/progress", page("training-progress.html")),
    Route("/training/report", report),
    Route("/training/report/{result}", report),
    Route("/api/training/results", results),
    Route("/api/training/results/{result}", result),
    Route("/api/training/progress", progress),
    Route("/api/training/progress.csv", table),
)


def sees_all(person: Person) -> bool:
    return person.is_any("trainer", "supervisor", "admin")


def _results(request: Request) -> list[Result]:
    """Of `login`, of everybody for those who may, else the person's own."""
    person = person_of(request)
    login = request.query_params.get("login", "")
    if not sees_all(person):
        if login not in ("", person.login):
            raise _others()
        login = person.login
    return house_of(request).store.training.results(login)


def _one(request: Request) -> Result:
    found = house_of(request).store.training.result(request.path_params["result"])
    person = person_of(request)
    if found.login != person.login and not sees_all(person):
        raise _others()
    return found


def _others() -> NotAllowed:
    return NotAllowed(
        "These are another person's results.", "Your own are under /training/progress."
    )


def _with_grade(result: Result, lang: Lang) -> dict[str, Any]:
    grade = Grade.model_validate_json(result.grade)
    return result.model_dump(mode="json") | {"grade": grade_in_words(grade, lang)}


def _lang(request: Request) -> Lang:
    return "en" if request.query_params.get("lang") == "en" else "zh"
