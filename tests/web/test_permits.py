"""Every route and command has its row, and every role meets exactly what its row says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from people import client, socket_headers
from running import ROOT
from small_house import SmallHouse, small_house
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import InvalidStatus

from assist import events as ev
from assist.accounts.model import ROLES, USES, Person
from assist.errors import NotAllowed
from assist.web.permits import COMMANDS, Permit
from assist.web.permits import ROUTES as PERMITS
from assist.web.sight import check_handles

KINDS = [member.model_fields["kind"].default for member in get_args(get_args(ev.Command)[0])]
OWN_LOCK = {("POST", "/api/cti/events")}
"""Open to the guard; it knows its phone system itself, and refuses in the same words."""

DOOR_SHUT = {"sign_in.needed", "not_allowed"}
"""Codes with which the guard refuses; a route has its own for what it refuses itself."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    with small_house(tmp_path_factory.mktemp("permits")) as opened:
        yield opened


def places(house: SmallHouse) -> Iterator[tuple[str, str]]:
    for route in house.app.routes:
        if isinstance(route, WebSocketRoute):
            yield "WS", route.path
        elif isinstance(route, Mount):
            yield "GET", route.path
        elif isinstance(route, Route):
            yield from ((m, route.path) for m in sorted((route.methods or set()) - {"HEAD"}))


def test_every_route_has_a_row(house: SmallHouse) -> None:
    assert sorted(set(places(house)) - set(PERMITS)) == []


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert set(KINDS) == set(COMMANDS)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_meets_what_its_row_says(house: SmallHouse, role: str) -> None:
    """`""` is nobody: not signed in."""
    person = Person(login=role, name=role, roles=frozenset({role})) if role else None  # type: ignore[arg-type]
    asker = client(house.url, role) if role else None
    wrong = {}
    for method, path in places(house):
        if path == "/api/sign-out" or (method, path) in OWN_LOCK:
            continue  # all that follows the first would be nobody's
        permit = PERMITS[method, path]
        asked = "/static/design/icon.svg" if path == "/static" else re.sub(r"\{[^}]*\}", "1", path)
        shut = _is_shut(house, asker, method, asked)
        if shut == permit.allows(person):
            wrong[method, path] = f"shut: {shut}"
    assert wrong == {}


def _is_shut(house: SmallHouse, asker: Any, method: str, path: str) -> bool:
    if method == "WS":
        headers = socket_headers(asker) if asker else {"Origin": house.url}
        try:
            with house.connect(path, headers):
                pass
        except InvalidStatus as error:
            return _code(error.response.body) in DOOR_SHUT
        return False
    if asker is None:
        return _code(httpx.request(method, house.url + path).content) in DOOR_SHUT
    return _code(asker.request(method, path, follow_redirects=False).content) in DOOR_SHUT


def _code(body: bytes | bytearray | None) -> str:
    try:
        said = json.loads(body or b"")
    except ValueError:
        return ""
    return said.get("code", "") if isinstance(said, dict) else ""


def test_who_handles_a_call_is_whose_it_is() -> None:
    agent = Person(login="a", name="", roles=frozenset({"agent"}))
    check_handles(agent, "a")
    with pytest.raises(NotAllowed, match="handled by another"):
        check_handles(agent, "b")


def test_the_documented_table_is_the_one_that_holds() -> None:
    page = (ROOT / "docs" / "sign-in.md").read_text("utf-8")
    rows = [f"| `{m} {p}` | {_who(permit)} |" for (m, p), permit in PERMITS.items()]
    rows += [f"| `{kind}` | {_who(permit)} |" for kind, permit in COMMANDS.items()]
    missing = [row for row in rows if row not in page]
    assert not missing, "docs/sign-in.md lacks these rows:\n" + "\n".join(missing)
    shown = re.findall(r"^\| `(?:(?:GET|POST|PUT|PATCH|DELETE|WS) )?[^` ]+` \|.*$", page, re.M)
    assert [row for row in shown if row not in rows] == []


def _who(permit: Permit) -> str:
    if permit.open:
        return "everybody"
    if permit.roles == frozenset(ROLES):
        return "whoever is signed in"
    named = [
        f"{role} (own calls)" if permit.own and role == "agent" else role
        for role in ROLES
        if role in permit.roles
    ]
    named += [f"machines for {use}" for use in USES if use in permit.uses]
    return ", ".join(named)


def test_the_bar_and_the_table_agree() -> None:
    source = (Path(ROOT) / "ui" / "static" / "shell" / "pages.js").read_text("utf-8")
    shown = re.findall(r"\['(/[\w-]*)', '", source)
    assert all(("GET", path) in PERMITS for path in shown)
