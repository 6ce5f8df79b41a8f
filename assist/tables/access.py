"""What a table needs of the store it stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

Context = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Access:
    """`guard` turns what SQLite says into StoreError; `transaction` is all or nothing and keeps
    other processes from writing meanwhile."""

    connection: sqlite3.Connection
    guard: Context
    transaction: Context


def moment_of(text: str) -> datetime:
    """A stored moment; without an offset it is in UTC, an empty one the beginning of time."""
    moment = datetime.fromisoformat(text) if text else datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_text(at: datetime) -> str:
    """As tables keep it: in UTC, so that moments sort as texts."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
