"""docs/asyncapi.yaml says of the native socket what its models say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from assist.gateway import native

DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
MODELS = {
    "start": native.Start,
    "pause": native.Pause,
    "resume": native.Resume,
    "stop": native.Stop,
    "started": native.Started,
    "heard": native.Heard,
    "ended": native.Ended,
    "reconnect": native.Reconnect,
    "error": native.Refused,
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


def follow(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            reference = part.get("$ref")
            if isinstance(reference, str):
                assert reference.startswith("#/") and follow(document, reference) is not None
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(document)


def test_every_message_is_as_its_model_has_it(document: dict[str, Any]) -> None:
    messages = document["components"]["messages"]
    assert set(messages) == {*MODELS, "sound"} == set(document["channels"]["audio"]["messages"])
    for name, model in MODELS.items():
        schema = follow(document, messages[name]["payload"]["$ref"])
        assert schema == model.model_json_schema(), name
        jsonschema.Draft202012Validator.check_schema(schema)


def test_who_sends_what(document: dict[str, Any]) -> None:
    said = {
        name: [ref["$ref"].rpartition("/")[2] for ref in operation["messages"]]
        for name, operation in document["operations"].items()
    }
    assert said["phone"] == ["start", "sound", "pause", "resume", "stop"]
    assert said["server"] == ["started", "heard", "ended", "reconnect", "error"]
