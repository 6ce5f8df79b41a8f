"""Connectors: who answers a guide's diagnosis, how it is asked, what its answer is called.

One YAML file a connector, id = file name. Loading says file and line of everything that is wrong,
all at once. Nothing here goes over the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assist.errors import DeskError, GuideError

PLACEHOLDER = re.compile(r"{([^{}]*)}")
LANG = "lang"
"""An argument every connector takes: the language of the summary."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Auth(BaseModel):
    """A header whose value is `prefix` and what the environment variable holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str = Field(default="Authorization", pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    prefix: str = Field(default="", pattern=r"^[ -~]*$")


class BreakerOptions(BaseModel):
    """After `failures` in a row nobody asks for `rest_s`; then one tries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    failures: int = Field(default=3, ge=1, le=100)
    rest_s: float = Field(default=20.0, gt=0, le=3600)


class Connector(BaseModel):
    """`args` must be given and not be empty; `optional` ones may be missing.

    Both may stand as `{name}` in the path, query values and body values; the path takes only
    `args`. A `path` is below the back office's address, a `url` is a system of its own. A request
    may be repeated, so it must only read, a POST too. `fields` maps a result's key to the place in
    the answer, with dots; what it does not name keeps its name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9.-]*$")
    title: str = Field(min_length=1)
    method: Literal["GET", "POST"] = "GET"
    path: str = Field(default="", pattern=r"^/")
    url: str = Field(default="", pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/.*)?$")
    query: dict[str, str] = Field(default_factory=dict)
    body: dict[str, str] = Field(default_factory=dict)
    args: list[Name] = Field(min_length=1)
    optional: list[Name] = Field(default_factory=list)
    auth: Auth | None = None
    fields: dict[Name, Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]] = Field(
        default_factory=dict
    )
    timeout_s: float | None = Field(
        default=None, gt=0, le=60, description="less than a step waits, where less will do"
    )
    attempts: int = Field(default=3, ge=1, le=10)
    breaker: BreakerOptions = BreakerOptions()

    @model_validator(mode="after")
    def _has_one_address(self) -> Connector:
        if bool(self.path) == bool(self.url):
            raise ValueError("path or url: one of them is needed, and not both")
        return self

    @property
    def origin(self) -> str:
        """Scheme and host of a `url`; empty for the back office."""
        return "/".join(self.url.split("/", 3)[:3])

    @property
    def below(self) -> str:
        """The path, with its placeholders, below the origin or the back office."""
        return self.path or self.url[len(self.origin) :] or "/"

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
        path = PLACEHOLDER.sub(lambda m: quote(args[m[1]].strip(), safe=""), self.below)
        return path, _filled(self.query, args)

    def json_body(self, args: Mapping[str, str]) -> dict[str, str] | None:
        """What a POST sends; None for a GET. Values that come out empty are left away."""
        return _filled(self.body, args) if self.method == "POST" else None

    def headers(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Raises DeskError where the secret is not in the environment."""
        if self.auth is None:
            return {}
        secret = environ.get(self.auth.env, "").strip()
        if not secret.isascii() or not secret.isprintable() or not secret:
            raise DeskError(
                f"Connector {self.id} needs the environment variable {self.auth.env}, which is "
                f"{'no plain text' if secret else 'not set'}.",
                f"Set {self.auth.env} and start again; go on by hand meanwhile.",
                code="desk.auth",
            )
        return {self.auth.header: self.auth.prefix + secret}

    def renamed(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The result: the answer with the keys of `fields`.

        Raises KeyError with the place that the answer lacks.
        """
        taken = {place for place in self.fields.values() if "." not in place}
        result = {key: value for key, value in answer.items() if key not in taken}
        for key, place in self.fields.items():
            value: Any = answer
            for part in place.split("."):
                if not isinstance(value, Mapping) or part not in value:
                    raise KeyError(place)
                value = value[part]
            result[key] = value
        return result


def _filled(values: Mapping[str, str], args: Mapping[str, str]) -> dict[str, str]:
    filled = {
        key: PLACEHOLDER.sub(lambda m: args.get(m[1], "").strip(), value)
        for key, value in values.items()
    }
    return {key: value for key, value in filled.items() if value}


def load_connectors(folder: Path) -> dict[str, Connector]:
    """Every `*.yaml` of `folder`, by id.

    Raises GuideError with one `file:line:column: problem` a line; a folder without connectors is
    one.
    """
    found: dict[str, Connector] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        connector, faults = _load(file)
        problems += [f"{file}:{place}: {_flat(what)}" for place, what in faults]
        if connector is not None:
            found[connector.id] = connector
    if not found and not problems:
        problems.append(f"{folder}: no connector (*.yaml) here")
    if problems:
        raise GuideError(
            "\n".join(problems), "Mend these connectors; see docs/desk.md.", code="guide.connector"
        )
    return found


def _load(file: Path) -> tuple[Connector | None, list[tuple[str, str]]]:
    """The connector, and what is wrong with it by `line:column`."""
    node: yaml.Node | None = None
    raw: Any = None
    try:
        text = file.read_bytes().decode("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
        connector = Connector.model_validate(raw)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        return None, [(place, error.problem or error.context or "not YAML")]
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        problems = [
            (
                _place(node, fault["loc"]),
                f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}",
            )
            for fault in faults
        ]
        said = any(not fault["loc"] for fault in faults)
        if isinstance(raw, dict) and not said and not {"path", "url"} & set(raw):
            problems.append(("1:1", "path or url: Field required"))
        return None, problems
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        return None, [("1:1", str(error))]
    problems = [(_place(node, loc), what) for loc, what in _faults(connector)]
    if connector.id != file.stem:
        problems.append((_place(node, ("id",)), f"id must be '{file.stem}'"))
    return connector, problems


def _flat(message: str) -> str:
    return " ".join(message.split())


def _faults(connector: Connector) -> list[tuple[tuple[str, ...], str]]:
    place = "path" if connector.path else "url"
    in_path = PLACEHOLDER.findall(connector.below)
    values = {("query", key): value for key, value in connector.query.items()}
    values |= {("body", key): value for key, value in connector.body.items()}
    in_values = {loc: PLACEHOLDER.findall(value) for loc, value in values.items()}
    known = {*connector.args, *connector.optional}
    used = {*in_path, *(name for names in in_values.values() for name in names)}
    faults: list[tuple[tuple[str, ...], str]] = [
        ((place,), f"{place}: {{{name}}} is not among args")
        for name in in_path
        if name not in connector.args
    ]
    faults += [
        (loc, f"{'.'.join(loc)}: {{{name}}} is neither among args nor optional")
        for loc, names in in_values.items()
        for name in names
        if name not in known
    ]
    for key in ("args", "optional"):
        faults += [
            ((key,), f"{key}: {name} is used nowhere")
            for name in getattr(connector, key)
            if name not in used
        ]
    if connector.body and connector.method != "POST":
        faults.append((("body",), "body: only a POST sends one"))
    return faults


def _place(node: yaml.Node | None, loc: tuple[str | int, ...]) -> str:
    """`line:column` of the value at `loc`, or of the nearest thing around it that is there."""
    at = node
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                break
            at, node = pair
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            at = node = node.value[part]
    return f"{at.start_mark.line + 1}:{at.start_mark.column + 1}" if at is not None else "1:1"
