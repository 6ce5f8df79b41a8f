"""What long work about the questions came to, kept in a file: the overlap of guides as long as the
corpus stays as it is, and how long each kind of work took the last time.
"""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from typing import Any

from assist.files import ChangedMeanwhile, replace_file

USUAL_S_A_ROW = {"check": 0.005, "overlap": 0.015}
"""Seconds a row on two cores, until it was seen here how long it takes."""


class Known:
    """A file that cannot be read counts as empty, one that cannot be written as forgotten."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()

    def result(self, kind: str, key: str) -> Any:
        """What was kept under this key; None where it is another one's, or nothing."""
        kept = self._read().get(kind, {})
        return kept.get("result") if kept.get("key") == key else None

    def seconds(self, kind: str, rows: int) -> float:
        """How long it takes, by how long it took."""
        took = self._read().get(kind, {})
        a_row = took.get("seconds", 0) / took["rows"] if took.get("rows") else USUAL_S_A_ROW[kind]
        return round(a_row * rows, 1)

    def keep(self, kind: str, rows: int, seconds: float, key: str = "", result: Any = None) -> None:
        one = {"key": key, "result": result, "rows": rows, "seconds": seconds}
        with self._lock:
            text = json.dumps(self._read() | {kind: one}, ensure_ascii=False)
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(self._path, lambda old: text.encode())
            except (OSError, ChangedMeanwhile):
                return

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
