"""How the sandbox says no: an HTTP status with a code, a message and what to do."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assist.errors import DeskError

T = TypeVar("T", bound=BaseModel)


class Refused(DeskError):
    """Becomes a `Problem` reply with this HTTP status."""

    def __init__(self, status: int, code: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy, code=code)
        self.status = status


def unknown(what: str, remedy: str) -> Refused:
    code = f"{what.replace(' ', '_')}.unknown"
    return Refused(404, code, f"No such {what}.", remedy)


def checked(model: type[T], values: Any, place: str) -> T:
    """`values` as `model`. Raises Refused 422 naming every field of `place` that does not fit."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or place}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise Refused(
            422, "invalid", f"The {place} does not fit: {faults}.", "See /openapi.json."
        ) from error
