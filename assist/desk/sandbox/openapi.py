"""The OpenAPI 3.1 document, from the operations' table and its models; nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from assist.desk.sandbox.operations import Operation
from assist.desk.sandbox.replies import Problem

REF = "#/components/schemas/{model}"
DOCUMENT_PATH = "/openapi.json"
WORDS = {
    200: "OK",
    201: "Filed",
    404: "Not known",
    409: "The key already stands for other content, or there is nothing to do it to",
    413: "The body is too large",
    422: "The request does not fit",
}


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """A document for these operations and for itself."""
    operations = list(operations)
    replies = {op.reply for op in operations} | {Problem}
    bodies = {op.body for op in operations if op.body}
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "serialization") for model in _sorted(replies)),
        *((model, "validation") for model in _sorted(bodies)),
    ]
    _, definitions = models_json_schema(models, ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    paths[DOCUMENT_PATH] = {
        "get": {
            "operationId": "openapi",
            "summary": "This document",
            "responses": {"200": _content("OK", {"type": "object"})},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sandbox back office",
            "version": "1",
            "description": "Customers, lines, bills, power and tickets to try things with.",
        },
        "paths": paths,
        "components": {"schemas": definitions["$defs"]},
    }


def _describe(operation: Operation) -> dict[str, Any]:
    refusals = set(operation.refusals) | ({422} if operation.query or operation.body else set())
    done = (200, 201) if operation.method == "POST" and operation.keyed else (200,)
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {
            **{str(code): _content(WORDS[code], _ref(operation.reply)) for code in done},
            **{str(code): _content(WORDS[code], _ref(Problem)) for code in sorted(refusals)},
            "default": _content("Any other failure", _ref(Problem)),
        },
    }
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(operation.body)}},
        }
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query:
        schema = operation.query.model_json_schema()
        for name, part in schema["properties"].items():
            required = name in schema.get("required", [])
            parameters.append({"name": name, "in": "query", "required": required, "schema": part})
    if operation.method == "POST" and operation.keyed:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        )
    return parameters


def _content(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": REF.format(model=model.__name__)}


def _sorted(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)
