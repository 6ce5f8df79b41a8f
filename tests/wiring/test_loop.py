from __future__ import annotations

import asyncio
import sys

import pytest

from assist.wiring.loop import new_loop, run


async def the_loop() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__


def test_a_server_runs_on_the_faster_loop_where_there_is_one() -> None:
    pytest.importorskip("uvloop")
    assert run(the_loop()) == "uvloop"


def test_and_on_pythons_own_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = new_loop()
    try:
        assert isinstance(loop, asyncio.SelectorEventLoop)
    finally:
        loop.close()
    assert run(the_loop()).startswith("asyncio")


async def test_tests_run_on_it_too() -> None:
    pytest.importorskip("uvloop")
    assert await the_loop() == "uvloop"
