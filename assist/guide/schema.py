"""JSON Schema of what editors write: by it a text editor completes and checks while typing."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_SET_BY_LOADER = {"hash"}


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Of what an editor writes: without what the loader adds."""
    found = model.model_json_schema(by_alias=True)
    for name in _SET_BY_LOADER:
        found.get("properties", {}).pop(name, None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
