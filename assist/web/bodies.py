"""What a request carries, read no further than it may be long."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel
from starlette.requests import Request

from assist.errors import StudioRefused

MOST_BYTES = 2_000_000
M = TypeVar("M", bound=BaseModel)


async def body_of(request: Request, model: type[M]) -> M:
    """Raises pydantic's ValidationError, for what is no UTF-8, too; StudioRefused for too much."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            raise StudioRefused(
                f"More than {MOST_BYTES:,} bytes were sent.", "Send less.", code="studio.too-long"
            )
    return model.model_validate_json(bytes(found) or b"{}")
