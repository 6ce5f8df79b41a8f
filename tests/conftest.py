"""Long tests first: two workers that meet them last would wait for one another."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from assist.wiring.loop import new_loop

# Houses that tests open are demos: their people sign in without a password (tests/people.py).
os.environ.setdefault("ASSIST_DEMO", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def is_short(item: pytest.Item) -> bool:
        return not (item.get_closest_marker("model") or item.get_closest_marker("browser"))

    with_long = {item.path for item in items if not is_short(item)}
    # Stable, and by whole file, so that fixtures of a module are made once.
    items.sort(key=lambda item: item.path not in with_long)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that the server runs on."""
    return {"new_loop": new_loop}
