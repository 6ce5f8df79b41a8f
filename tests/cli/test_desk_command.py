"""`assist desk`: what it prints and how it ends, over a sandbox of its own."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assist.cli.desk import app
from assist.errors import AssistError, DeskDown


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data of this test's own; a back office that may run on this machine is not asked."""
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path))
    monkeypatch.delenv("ASSIST_DESK_URL", raising=False)
    monkeypatch.setattr("assist.cli.desk._answers", _nobody)


async def _nobody(url: str) -> bool:
    return False


def run(*args: str) -> Result:
    return CliRunner().invoke(app, args, env={"COLUMNS": "200"})


def test_a_connector_is_tried_and_a_fault_switched() -> None:
    before = run("try", "broadband.line", "--with", "account=6001102366")
    assert before.exit_code == 0, before.output
    assert "plan_mbps" in before.output and "线路测试正常" in before.output
    switched = run("fault", "15410236675", "broadband.los", "on")
    assert switched.output == "C2001 陈秀兰: broadband.los on\n"
    after = run("try", "broadband.line", "--with", "account=6001102366", "--json")
    assert json.loads(after.output)["fault"] == "access_fibre_cut"
    listed = run("faults")
    assert "C2001 陈秀兰 on" in listed.output and "cloud.blocked" in listed.output
    assert len(json.loads(run("faults", "--json").output)["switched"]) == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("try", "broadband.line"), "needs account"),
        (("try", "broadband.lime"), "no connector"),
        (("try", "broadband.line", "--with", "account=1"), "HTTP 404"),
        (("fault", "C2001", "coffee", "on"), "No such fault"),
        (("fault", "C2001", "cloud.blocked", "on"), "nothing that cloud.blocked"),
    ],
)
def test_what_goes_wrong_is_said(args: tuple[str, ...], says: str) -> None:
    result = run(*args)
    assert isinstance(result.exception, AssistError)
    assert says in result.exception.message and result.exception.remedy


def test_a_dead_back_office_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("ASSIST_DESK_URL", address)
    for args in (("faults",), ("try", "mobile.sim", "--with", "phone=1")):
        result = run(*args)
        assert isinstance(result.exception, DeskDown) and address in result.exception.message


def test_wrong_usage_is_told() -> None:
    assert run("try", "mobile.sim", "--with", "phone").exit_code == 2
    assert run("fault", "C2001", "sim.replaced", "maybe").exit_code == 2
