"""The studio's pages, and the JSON API of guides in the making; questions are in `corpus_api`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.errors import GuideError, StudioRefused
from assist.guide.model import Guide
from assist.guide.rewrite import Edit, form_of, rewritten
from assist.guide.schema import json_schema
from assist.studio.folder import MOST_CHARACTERS
from assist.studio.rehearsal import Scene, rehearse
from assist.studio.sketch import names, sketch
from assist.studio.studio import Studio
from assist.studio.trials import MOST_CALLS, run_backtest, run_tests
from assist.web.bodies import body_of
from assist.web.pages import page
from assist.web.people import person_of

Text = Annotated[str, Field(max_length=MOST_CHARACTERS)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewGuide(_Body):
    id: str
    lang: Literal["zh", "en"] = "zh"
    title: str = Field(default="", max_length=100)
    owner: str = Field(default="", max_length=100)


class TextOf(_Body):
    text: Text


class SaveDraft(TextOf):
    """`revision` is what the window last saw; 0 begins a working copy."""

    revision: int = Field(ge=0)


class MoveDraft(_Body):
    move: Literal["submit", "withdraw", "return", "approve"]
    revision: int
    note: Note = ""


class PublishDraft(_Body):
    revision: int


class RollBack(_Body):
    version: int
    note: Note = ""


class Compare(_Body):
    """The live text, or that of a version, against a text, or that of a version."""

    old_version: int | None = None
    version: int | None = None
    text: Text = ""


class Preview(TextOf):
    scene: Scene = Scene()


class ChangeForm(TextOf):
    edits: list[Edit] = Field(default_factory=list, max_length=50)


class TryCalls(TextOf):
    calls: int = Field(default=50, ge=1, le=MOST_CALLS)


async def guides(request: Request) -> JSONResponse:
    return JSONResponse({"guides": await studio_of(request).workshop.list()})


async def new_guide(request: Request) -> JSONResponse:
    asked = await body_of(request, NewGuide)
    by, workshop = person_of(request).login, studio_of(request).workshop
    draft = await workshop.new(asked.id, asked.lang, asked.title, asked.owner, by)
    return JSONResponse({"draft": draft.model_dump(exclude={"text"})}, status_code=201)


async def guide(request: Request) -> JSONResponse:
    me = person_of(request).login
    return JSONResponse({**await studio_of(request).workshop.open(_id(request)), "me": me})


async def vocabulary(request: Request) -> JSONResponse:
    """What completion needs: the schema of a guide, and what a guide may name."""
    shelf = await asyncio.to_thread(studio_of(request).folder.shelf)
    return JSONResponse({"schema": json_schema(Guide), "names": names(shelf)})


async def check(request: Request) -> JSONResponse:
    """Problems, steps and ways of a text, whatever can be read of it."""
    asked, studio, name = await body_of(request, TextOf), studio_of(request), _id(request)
    folder, today = studio.folder, studio.now().date()

    def look() -> dict[str, Any]:
        return sketch(folder.with_text(name, asked.text), folder.path(name), today)

    return JSONResponse(await asyncio.to_thread(look))


async def preview(request: Request) -> JSONResponse:
    asked, studio, name = await body_of(request, Preview), studio_of(request), _id(request)
    folder, tools = studio.folder, studio.tools()
    now = studio.now().isoformat(timespec="seconds")

    def play() -> dict[str, Any]:
        shelf = folder.with_text(name, asked.text)
        try:
            return rehearse(shelf, folder.path(name), asked.scene, tools, now)
        except GuideError as error:
            raise StudioRefused(error.message, error.remedy, code="studio.errors") from error

    return JSONResponse(await asyncio.to_thread(play))


async def form(request: Request) -> JSONResponse:
    """The text with these edits, and the form that shows it."""
    asked, studio, name = await body_of(request, ChangeForm), studio_of(request), _id(request)
    path = studio.folder.path(name)

    def change() -> dict[str, Any]:
        text = rewritten(asked.text, asked.edits, path)
        return {"text": text, "form": form_of(text, path)}

    return JSONResponse(await asyncio.to_thread(change))


async def save(request: Request) -> JSONResponse:
    asked, by = await body_of(request, SaveDraft), person_of(request).login
    draft = await studio_of(request).workshop.save(_id(request), asked.text, asked.revision, by)
    return JSONResponse({"draft": draft.model_dump(exclude={"text"})})


async def discard(request: Request) -> JSONResponse:
    studio_of(request).workshop.discard(_id(request), person_of(request).login)
    return JSONResponse({"ok": True})


async def move(request: Request) -> JSONResponse:
    asked, by = await body_of(request, MoveDraft), person_of(request).login
    workshop = studio_of(request).workshop
    draft = await workshop.move(_id(request), asked.move, by, asked.revision, asked.note)
    return JSONResponse({"draft": draft.model_dump(exclude={"text"})})


async def rebase(request: Request) -> JSONResponse:
    by = person_of(request).login
    draft = await studio_of(request).workshop.rebase(_id(request), by)
    return JSONResponse({"draft": draft.model_dump(exclude={"text"})})


async def publish(request: Request) -> JSONResponse:
    asked, by = await body_of(request, PublishDraft), person_of(request).login
    version = await studio_of(request).workshop.publish(_id(request), by, asked.revision)
    return JSONResponse({"version": version.model_dump(exclude={"text"})})


async def roll_back(request: Request) -> JSONResponse:
    asked, by = await body_of(request, RollBack), person_of(request).login
    workshop = studio_of(request).workshop
    version = await workshop.roll_back(_id(request), asked.version, by, asked.note)
    return JSONResponse({"version": version.model_dump(exclude={"text"})})


async def history(request: Request) -> JSONResponse:
    return JSONResponse(await studio_of(request).workshop.history(_id(request)))


async def diff(request: Request) -> JSONResponse:
    asked, name = await body_of(request, Compare), _id(request)
    workshop = studio_of(request).workshop
    if asked.old_version is None:
        old = (await asyncio.to_thread(workshop.folder.read, name)).text
    else:
        old = workshop.text_of(name, asked.old_version)
    new = workshop.text_of(name, asked.version) if asked.version is not None else asked.text
    return JSONResponse(await workshop.compare(name, old, new))


async def tests(request: Request) -> JSONResponse:
    asked, studio, name = await body_of(request, TextOf), studio_of(request), _id(request)
    shelf = await asyncio.to_thread(studio.folder.with_text, name, asked.text)
    like, folder = studio.tools().like, studio.folder.folder
    by = person_of(request).login
    job = studio.jobs.start("tests", by, lambda job: run_tests(job, shelf, folder, name, like))
    return JSONResponse(job.as_json(), status_code=202)


async def backtest(request: Request) -> JSONResponse:
    asked, studio, name = await body_of(request, TryCalls), studio_of(request), _id(request)
    shelf = await asyncio.to_thread(studio.folder.with_text, name, asked.text)
    tools, store, by = studio.tools(), studio.store, person_of(request).login
    job = studio.jobs.start(
        "backtest", by, lambda job: run_backtest(job, shelf, name, tools, store, asked.calls)
    )
    return JSONResponse(job.as_json(), status_code=202)


async def job(request: Request) -> JSONResponse:
    jobs, name = studio_of(request).jobs, request.path_params["job"]
    found = jobs.cancel(name) if request.method == "DELETE" else jobs.get(name)
    return JSONResponse(found.as_json())


_ONE = "/api/studio/guides/{guide}"
ROUTES = (
    Route("/studio", page("studio.html")),
    Route("/studio/guides/{guide}", page("studio.html")),
    Route("/api/studio/guides", guides),
    Route("/api/studio/guides", new_guide, methods=["POST"]),
    Route("/api/studio/vocabulary", vocabulary),
    Route(_ONE, guide),
    Route(f"{_ONE}/draft", save, methods=["PUT"]),
    Route(f"{_ONE}/draft", discard, methods=["DELETE"]),
    Route(f"{_ONE}/check", check, methods=["POST"]),
    Route(f"{_ONE}/preview", preview, methods=["POST"]),
    Route(f"{_ONE}/form", form, methods=["POST"]),
    Route(f"{_ONE}/moves", move, methods=["POST"]),
    Route(f"{_ONE}/rebase", rebase, methods=["POST"]),
    Route(f"{_ONE}/publish", publish, methods=["POST"]),
    Route(f"{_ONE}/roll-back", roll_back, methods=["POST"]),
    Route(f"{_ONE}/history", history),
    Route(f"{_ONE}/diff", diff, methods=["POST"]),
    Route(f"{_ONE}/tests", tests, methods=["POST"]),
    Route(f"{_ONE}/backtest", backtest, methods=["POST"]),
    Route("/api/studio/jobs/{job}", job),
    Route("/api/studio/jobs/{job}", job, methods=["DELETE"]),
)


def studio_of(request: Request) -> Studio:
    return request.app.state.house.studio


def _id(request: Request) -> str:
    return request.path_params["guide"]
