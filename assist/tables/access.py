"""What a table needs of the store it stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

Context = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Access:
    """`guard` turns what SQLite says into StoreError; `transaction` is all or nothing and keeps
    other processes from writing meanwhile."""

    connection: sqlite3.Connection
    guard: Context
    transaction: Context
