"""Connectors: which address of the back office answers a guide's diagnosis.

One YAML file a connector, id = file name. Loading says file and line of everything that is wrong,
all at once. Nothing here goes over the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assist.errors import DeskError, GuideError

PLACEHOLDER = re.compile(r"{([^{}]*)}")
LANG = "lang"
"""An argument every connector takes: the language of the summary."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Connector(BaseModel):
    """`args` must be given and not be empty; `optional` ones may be missing.

    Both may stand as `{name}` in the path and in query values; the path takes only `args`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9.-]*$")
    title: str = Field(min_length=1)
    method: Literal["GET"] = "GET"
    path: str = Field(pattern=r"^/")
    query: dict[str, str] = Field(default_factory=dict)
    args: list[Name] = Field(min_length=1)
    optional: list[Name] = Field(default_factory=list)

    def request(self, args: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Path and query for these arguments; query values that come out empty are left away.

        Raises DeskError for an argument that is missing, empty or not known.
        """
        unknown = set(args) - {*self.args, *self.optional, LANG}
        if unknown:
            raise DeskError(
                f"Connector {self.id} has no argument {', '.join(sorted(unknown))}.",
                f"It takes {', '.join([*self.args, *self.optional])}.",
                code="desk.args",
            )
        missing = [name for name in self.args if not args.get(name, "").strip()]
        if missing:
            raise DeskError(
                f"Connector {self.id} needs {', '.join(missing)}, which is not known yet.",
                "Ask the caller for it, or go on by hand.",
                code="desk.args",
            )
        path = PLACEHOLDER.sub(lambda m: quote(args[m[1]].strip(), safe=""), self.path)
        query = {
            key: PLACEHOLDER.sub(lambda m: args.get(m[1], "").strip(), value)
            for key, value in self.query.items()
        }
        return path, {key: value for key, value in query.items() if value}


def load_connectors(folder: Path) -> dict[str, Connector]:
    """Every `*.yaml` of `folder`, by id.

    Raises GuideError with one `file:line: problem` a line; a folder without connectors is one.
    """
    found: dict[str, Connector] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        node: yaml.Node | None = None
        try:
            text = file.read_text("utf-8")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            connector = Connector.model_validate(yaml.safe_load(text))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problems.append(f"{file}:{mark.line + 1 if mark else 1}: {error.problem}")
        except ValidationError as error:
            problems += [
                f"{file}:{_line(node, fault['loc'])}: "
                f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
                for fault in error.errors(include_url=False, include_input=False)
            ]
        except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
            problems.append(f"{file}:1: {' '.join(str(error).split())}")
        else:
            problems += [f"{file}:{_line(node, loc)}: {what}" for loc, what in _faults(connector)]
            if connector.id != file.stem:
                problems.append(f"{file}:{_line(node, ('id',))}: id must be '{file.stem}'")
            found[connector.id] = connector
    if not found and not problems:
        problems.append(f"{folder}: no connector (*.yaml) here")
    if problems:
        raise GuideError(
            "\n".join(problems), "Mend these connectors; see docs/desk.md.", code="guide.connector"
        )
    return found


def _faults(connector: Connector) -> list[tuple[tuple[str, ...], str]]:
    in_path = PLACEHOLDER.findall(connector.path)
    in_query = {key: PLACEHOLDER.findall(value) for key, value in connector.query.items()}
    known = {*connector.args, *connector.optional}
    used = {*in_path, *(name for names in in_query.values() for name in names)}
    faults: list[tuple[tuple[str, ...], str]] = [
        (("path",), f"path: {{{name}}} is not among args")
        for name in in_path
        if name not in connector.args
    ]
    faults += [
        (("query", key), f"query.{key}: {{{name}}} is neither among args nor optional")
        for key, names in in_query.items()
        for name in names
        if name not in known
    ]
    for key in ("args", "optional"):
        faults += [
            ((key,), f"{key}: {name} is used nowhere")
            for name in getattr(connector, key)
            if name not in used
        ]
    return faults


def _line(node: yaml.Node | None, loc: tuple[str | int, ...]) -> int:
    """Line of the value at `loc`, or of the nearest thing around it that is there."""
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            item: yaml.Node = node.value[part]
            line, node = item.start_mark.line + 1, item
    return line
