"""The sandbox as an ASGI app: requests in, validated; replies and problems out, as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assist.desk.sandbox.database import Records
from assist.desk.sandbox.every_operation import OPERATIONS
from assist.desk.sandbox.openapi import DOCUMENT_PATH, document
from assist.desk.sandbox.operations import Asked, Operation
from assist.desk.sandbox.refusal import Refused, checked
from assist.desk.sandbox.replies import Problem
from assist.desk.sandbox.rows import Clock

LARGEST_BODY_BYTES = 256 * 1024


def local_time() -> datetime:
    return datetime.now().astimezone()


def create_app(
    database: Path, *, clock: Clock = local_time, seed: Traversable | None = None
) -> Starlette:
    """The back office over the SQLite file `database`, seeded when new or when the seed changed.

    `clock` gives the present with its UTC offset; `seed` is a folder of seed files instead of the
    built-in one. Raises StoreError when the file or the seed cannot be used.
    """
    records = Records(database, clock, seed)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        records.close()

    described = document(OPERATIONS)

    async def openapi(request: Request) -> Response:
        return JSONResponse(described)

    routes = [
        Route(op.path, _endpoint(op, records), methods=[op.method], name=op.id) for op in OPERATIONS
    ]
    return Starlette(
        routes=[*routes, Route(DOCUMENT_PATH, openapi, name="openapi")],
        exception_handlers={
            Refused: _refused,
            HTTPException: _no_route,
            sqlite3.Error: _no_database,
            Exception: _bug,
        },
        lifespan=lifespan,
    )


def _endpoint(
    operation: Operation, records: Records
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        asked = Asked(
            path=request.path_params,
            query=checked(operation.query, dict(request.query_params), "query")
            if operation.query
            else None,
            body=checked(operation.body, await _json(request), "body") if operation.body else None,
            key=request.headers.get("Idempotency-Key", ""),
        )
        reply, status = operation.handle(records, asked)
        return _respond(reply, status)

    return endpoint


async def _json(request: Request) -> Any:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY_BYTES:
            raise Refused(
                413,
                "too_large",
                f"The body is over {LARGEST_BODY_BYTES} bytes.",
                "Shorten the ticket's texts.",
            )
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(
            422, "invalid", f"The body is not JSON: {error}.", "Send application/json."
        ) from error


def _respond(reply: BaseModel, status: int) -> Response:
    return Response(reply.model_dump_json(), status, media_type="application/json")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _respond(
        Problem(code=error.code, message=error.message, remedy=error.remedy), error.status
    )


def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = Problem(code="no_route", message=f"{error.detail}.", remedy=f"See {DOCUMENT_PATH}.")
    return _respond(problem, error.status_code)


def _no_database(request: Request, error: Exception) -> Response:
    problem = Problem(
        code="database", message=f"The database did not answer: {error}.", remedy="Try again."
    )
    return _respond(problem, 503)


def _bug(request: Request, error: Exception) -> Response:
    problem = Problem(code="bug", message="The back office failed.", remedy="See its log.")
    return _respond(problem, 500)
