"""Connectors to systems of their own: address, secret, body, names of fields, waits, breaker."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assist import events as ev
from assist.call.effects import carry_out
from assist.desk import HttpDesk, load_connectors
from assist.desk.breaker import Breaker
from assist.errors import AssistError, DeskDown, DeskError, GuideError

from .conftest import NOW, Serve

CLOUD = """\
id: cloud.host
title: Cloud host
url: "{origin}/api/hosts/{{instance}}"
method: POST
body: {{zone: "{{zone}}", depth: full}}
args: [instance]
optional: [zone]
auth: {{env: CLOUD_TOKEN, prefix: "Bearer "}}
fields: {{fault: data.alarm.code, cpu_percent: cpu, conclusion_zh: text}}
timeout_s: 0.5
attempts: 2
breaker: {{failures: 2, rest_s: 10}}
"""
ARGS = {"instance": "ecs-1"}
SECRET = {"CLOUD_TOKEN": "s3cret"}


class System:
    """A system with a counter of what it was asked; `answer` may be changed."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Mapping[str, str], Any]] = []
        self.answer: Response = JSONResponse(
            {"data": {"alarm": {"code": "disk_full"}}, "cpu": 12, "text": "磁盘满。", "zone": "a"}
        )

    async def handle(self, request: Request) -> Response:
        body = await request.body()
        self.asked.append(
            (request.method, request.url.path, request.headers, json.loads(body) if body else None)
        )
        return self.answer

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{rest:path}", self.handle, methods=["GET", "POST"])])


class Clock:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def folder_of(tmp_path: Path, text: str) -> Path:
    (tmp_path / "cloud.host.yaml").write_text(text, "utf-8")
    return tmp_path


def desk_for(
    tmp_path: Path, origin: str, environ: Mapping[str, str] = SECRET, clock: Clock | None = None
) -> HttpDesk:
    connectors = load_connectors(folder_of(tmp_path, CLOUD.format(origin=origin)))
    nowhere = "http://127.0.0.1:9"
    return HttpDesk(nowhere, connectors, 1, environ=environ, clock=clock or Clock())


async def test_url_secret_body_and_names_of_fields(tmp_path: Path, serve: Serve) -> None:
    system = System()
    desk = desk_for(tmp_path, await serve(system.app))
    done = await desk.diagnose("cloud.host", ARGS, 3)
    assert done.result == {
        **{"fault": "disk_full", "cpu_percent": 12, "conclusion_zh": "磁盘满。"},
        **{"data": {"alarm": {"code": "disk_full"}}, "zone": "a"},
    }
    assert done.summary == "磁盘满。"
    await desk.diagnose("cloud.host", {**ARGS, "zone": "b"}, 3)
    (method, path, headers, body), (*_, second) = system.asked
    assert (method, path, body) == ("POST", "/api/hosts/ecs-1", {"depth": "full"})
    assert headers["authorization"] == "Bearer s3cret"
    assert second == {"zone": "b", "depth": "full"}
    await desk.aclose()


@pytest.mark.parametrize(
    ("environ", "says"),
    [({}, "not set"), ({"CLOUD_TOKEN": " "}, "not set"), ({"CLOUD_TOKEN": "a\nb"}, "no plain")],
)
async def test_a_missing_secret_is_named_and_nobody_is_asked(
    tmp_path: Path, serve: Serve, environ: dict[str, str], says: str
) -> None:
    system = System()
    desk = desk_for(tmp_path, await serve(system.app), environ)
    with pytest.raises(DeskError, match=f"CLOUD_TOKEN, which is {says}") as caught:
        await desk.diagnose("cloud.host", ARGS, 3)
    assert caught.value.code == "desk.auth" and "CLOUD_TOKEN" in caught.value.remedy
    assert "a\nb" not in str(caught.value) and system.asked == []
    await desk.aclose()


async def test_a_field_that_is_not_there_is_named(tmp_path: Path, serve: Serve) -> None:
    system = System()
    system.answer = JSONResponse({"data": {"alarm": None}, "cpu": 1, "text": ""})
    origin = await serve(system.app)
    desk = desk_for(tmp_path, origin)
    with pytest.raises(DeskError, match=r"data\.alarm\.code is not in the answer") as caught:
        await desk.diagnose("cloud.host", ARGS, 3)
    assert caught.value.code == "desk.nonsense" and origin in caught.value.message
    assert "url of connector cloud.host" in caught.value.remedy
    await desk.aclose()


async def test_attempts_and_breaker_spare_a_dead_system(tmp_path: Path, serve: Serve) -> None:
    system, clock = System(), Clock()
    good, system.answer = system.answer, Response(status_code=503)
    desk = desk_for(tmp_path, await serve(system.app), clock=clock)
    for asked in (2, 4):  # two attempts each
        with pytest.raises(DeskDown, match="HTTP 503"):
            await desk.diagnose("cloud.host", ARGS, 3)
        assert len(system.asked) == asked
    system.answer = good
    with pytest.raises(DeskDown, match="2 times in a row; it is tried again in 10 s") as caught:
        await desk.diagnose("cloud.host", ARGS, 3)
    assert caught.value.code == "desk.resting" and len(system.asked) == 4, "not asked"
    clock.s += 10
    assert (await desk.diagnose("cloud.host", ARGS, 3)).summary == "磁盘满。"
    assert (await desk.diagnose("cloud.host", ARGS, 3)).summary == "磁盘满。"
    assert len(system.asked) == 6
    await desk.aclose()


async def test_an_open_breaker_gives_the_manual_branch_at_once(tmp_path: Path) -> None:
    desk = desk_for(tmp_path, "http://127.0.0.1:9", clock=Clock())
    ask = ev.DiagnosisAsked(
        key="k", guide="g", step="s", connector="cloud.host", args=ARGS, timeout_s=5
    )
    for _ in range(2):
        failed = await carry_out(ask, desk, now=lambda: NOW)
        assert isinstance(failed, ev.Trouble) and failed.code == "desk.down"
    began = time.perf_counter()
    failed = await carry_out(ask, desk, now=lambda: NOW)
    assert time.perf_counter() - began < 0.1
    assert isinstance(failed, ev.Trouble) and failed.code == "desk.resting"
    assert (failed.guide, failed.step, failed.key) == ("g", "s", "k"), "the manual branch's step"
    await desk.aclose()


async def test_a_connector_may_wait_less_than_its_step(tmp_path: Path, serve: Serve) -> None:
    async def slow(request: Request) -> Response:
        await asyncio.sleep(5)
        return Response()

    app = Starlette(routes=[Route("/{rest:path}", slow, methods=["POST"])])
    desk = desk_for(tmp_path, await serve(app))
    with pytest.raises(DeskDown, match=r"within 0\.5 s"):
        await desk.diagnose("cloud.host", ARGS, 30)
    await desk.aclose()


def test_one_tries_while_the_others_wait_and_a_refusal_is_an_answer() -> None:
    clock = Clock()
    breaker = Breaker("x", failures=1, rest_s=5, clock=clock)

    def once(error: AssistError | None = None) -> None:
        with breaker.guard():
            if error:
                raise error

    with pytest.raises(DeskDown, match="silent"):
        once(DeskDown("silent"))
    with pytest.raises(DeskDown, match="in 5 s"):
        once()
    clock.s += 5
    with breaker.guard(), pytest.raises(DeskDown, match="just now"):
        once()
    once()
    with pytest.raises(DeskDown, match="silent"):
        once(DeskDown("silent"))
    clock.s += 5
    with pytest.raises(KeyboardInterrupt), breaker.guard():
        raise KeyboardInterrupt  # given up: neither health nor failure, and another may try
    with pytest.raises(DeskError, match="no such line"):
        once(DeskError("no such line"))
    once()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("url: ", "path: /x/{{instance}}\nurl: ", 1, "one of them"),
        ('url: "{origin}/api', 'url: "ftp://x/api', 3, "url"),
        ('url: "{origin}/api/hosts/{{instance}}"', 'url: "http://{{instance}}/"', 3, "url"),
        ("hosts/{{instance}}", "hosts/{{zone}}", 3, "url: {zone} is not among args"),
        ('zone: "{{zone}}"', 'zone: "{{zoom}}"', 5, "body.zone: {zoom}"),
        ("method: POST", "method: GET", 5, "body: only a POST"),
        ("method: POST", "method: PUT", 4, "method"),
        ("env: CLOUD_TOKEN", "env: cloud token", 8, "auth.env"),
        ("env: CLOUD_TOKEN", "header: a b, env: X", 8, "auth.header"),
        ("cpu_percent: cpu", "CPU: cpu", 9, "fields"),
        ("cpu_percent: cpu", "cpu_percent: a..b", 9, "fields"),
        ("timeout_s: 0.5", "timeout_s: 0", 10, "timeout_s"),
        ("attempts: 2", "attempts: 0", 11, "attempts"),
        ("failures: 2", "failures: none", 12, "breaker.failures"),
        ("rest_s: 10", "rest: 10", 12, "breaker.rest"),
    ],
)
def test_a_bad_entry_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in CLOUD
    text = CLOUD.replace(old, new).format(origin="http://cloud.example")
    with pytest.raises(GuideError) as caught:
        load_connectors(folder_of(tmp_path, text))
    assert f"cloud.host.yaml:{line}:" in caught.value.message, caught.value.message
    assert says in caught.value.message
