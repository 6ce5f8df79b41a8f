"""The pages and the JSON API of the similar questions, and of the inbox that calls fill."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.errors import CorpusError
from assist.search.text import language_of
from assist.studio.jobs import Job
from assist.web.bodies import body_of
from assist.web.pages import page
from assist.web.people import person_of
from assist.web.studio_api import studio_of

MOST_TABLE_BYTES = 5_000_000

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Ids = Annotated[list[str], Field(min_length=1, max_length=1_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRow(_Body):
    text: Annotated[Line, Field(min_length=1)]
    guide: str
    note: Line = ""


class EditRow(_Body):
    text: Annotated[Line, Field(min_length=1)] | None = None
    guide: str | None = None
    note: Line | None = None


class SetStatus(_Body):
    ids: Ids
    status: Literal["draft", "live", "retired"]


class Question(_Body):
    text: Annotated[Line, Field(min_length=1)]


class Take(_Body):
    """`guide` is given where it is not the one that the question came with."""

    ids: Ids
    guide: str = ""


class Dismiss(_Body):
    ids: Ids
    reason: Line


class Attach(_Body):
    ids: Ids
    guide: str


async def corpus(request: Request) -> JSONResponse:
    studio = studio_of(request)
    embedder = studio.embedder.name if studio.embedder else ""
    return JSONResponse(await asyncio.to_thread(studio.questions.table, embedder))


async def add(request: Request) -> JSONResponse:
    asked, studio = await body_of(request, NewRow), studio_of(request)
    today = studio.now().date()
    row = await asyncio.to_thread(studio.questions.add, asked.text, asked.guide, asked.note, today)
    return JSONResponse({"row": row.model_dump(mode="json")}, status_code=201)


async def edit(request: Request) -> JSONResponse:
    asked, studio = await body_of(request, EditRow), studio_of(request)
    values = asked.model_dump(exclude_none=True)
    row = await asyncio.to_thread(studio.questions.edit, request.path_params["row"], values)
    return JSONResponse({"row": row.model_dump(mode="json")})


async def status(request: Request) -> JSONResponse:
    asked, studio = await body_of(request, SetStatus), studio_of(request)
    changed = await asyncio.to_thread(studio.questions.set_status, asked.ids, asked.status)
    return JSONResponse({"changed": changed})


async def bring_in(request: Request) -> JSONResponse:
    """A .csv or .xlsx as a form's `file`; with `dry_run` nothing is written."""
    studio = studio_of(request)
    async with request.form(max_files=1, max_part_size=MOST_TABLE_BYTES) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile):
            raise CorpusError("There is no file.", "Choose a .csv or .xlsx.", code="corpus.file")
        raw = await file.read(MOST_TABLE_BYTES + 1)
        name, guide = Path(file.filename or "table.csv").name, str(sent.get("guide", ""))
        dry_run = sent.get("dry_run") == "true"
    if len(raw) > MOST_TABLE_BYTES:
        raise CorpusError(
            f"The table has more than {MOST_TABLE_BYTES:,} bytes.", "Split it.", code="corpus.file"
        )
    today = studio.now().date()

    def work() -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="assist-import-") as folder:
            path = Path(folder) / f"table{Path(name).suffix.lower()}"
            path.write_bytes(raw)
            return studio.questions.bring_in(path, guide, today, dry_run=dry_run)

    return JSONResponse(await asyncio.to_thread(work))


async def nearest(request: Request) -> JSONResponse:
    asked, studio = await body_of(request, Question), studio_of(request)
    embedder, lang = studio.meaning(), "zh" if language_of(asked.text) == "zh" else "en"

    async def work(job: Job) -> Any:
        find = studio.questions.nearest
        return await asyncio.to_thread(find, asked.text, lang, embedder, job.tell)

    return _started(request, "nearest", work)


async def check(request: Request) -> JSONResponse:
    studio = studio_of(request)
    embedder = studio.embedder

    async def work(job: Job) -> Any:
        return await asyncio.to_thread(studio.questions.check, embedder, job.tell)

    return _started(request, "corpus-check", work)


async def overlap(request: Request) -> JSONResponse:
    studio = studio_of(request)
    embedder = studio.meaning()

    async def work(job: Job) -> Any:
        return await asyncio.to_thread(studio.questions.overlap, embedder, job.tell)

    return _started(request, "overlap", work)


async def inbox(request: Request) -> JSONResponse:
    studio = studio_of(request)
    asked = request.query_params.get("state", "new")
    state = asked if asked in ("taken", "dismissed") else "new"
    items = [item.model_dump(mode="json") for item in studio.store.inbox.list(state)]
    guides = await asyncio.to_thread(studio.folder.shelf)
    titles = {name: entry.item.title for name, entry in guides.guides.items()}
    return JSONResponse({"items": items, "titles": titles})


async def fill(request: Request) -> JSONResponse:
    return _started(request, "inbox", studio_of(request).fill_inbox)


async def take(request: Request) -> JSONResponse:
    asked, by = await body_of(request, Take), person_of(request).login
    rows = await studio_of(request).take(asked.ids, asked.guide, by)
    return JSONResponse({"rows": [row.model_dump(mode="json") for row in rows]})


async def dismiss(request: Request) -> JSONResponse:
    asked, by = await body_of(request, Dismiss), person_of(request).login
    studio_of(request).dismiss(asked.ids, by, asked.reason)
    return JSONResponse({"ok": True})


async def attach(request: Request) -> JSONResponse:
    asked = await body_of(request, Attach)
    studio = studio_of(request)
    studio.folder.path(asked.guide)
    studio.store.inbox.attach(asked.ids, asked.guide)
    return JSONResponse({"ok": True})


def _started(request: Request, kind: str, work: Any) -> JSONResponse:
    studio = studio_of(request)

    async def whole(job: Job) -> Any:
        result = await work(job)
        await asyncio.to_thread(studio.remember)
        return result

    job = studio.jobs.start(kind, person_of(request).login, whole)
    return JSONResponse(job.as_json(), status_code=202)


ROUTES = (
    Route("/studio/corpus", page("corpus.html")),
    Route("/studio/inbox", page("inbox.html")),
    Route("/api/studio/corpus", corpus),
    Route("/api/studio/corpus/rows", add, methods=["POST"]),
    Route("/api/studio/corpus/rows/{row}", edit, methods=["PATCH"]),
    Route("/api/studio/corpus/status", status, methods=["POST"]),
    Route("/api/studio/corpus/import", bring_in, methods=["POST"]),
    Route("/api/studio/corpus/nearest", nearest, methods=["POST"]),
    Route("/api/studio/corpus/check", check, methods=["POST"]),
    Route("/api/studio/corpus/overlap", overlap, methods=["POST"]),
    Route("/api/studio/inbox", inbox),
    Route("/api/studio/inbox/fill", fill, methods=["POST"]),
    Route("/api/studio/inbox/take", take, methods=["POST"]),
    Route("/api/studio/inbox/dismiss", dismiss, methods=["POST"]),
    Route("/api/studio/inbox/attach", attach, methods=["POST"]),
)
