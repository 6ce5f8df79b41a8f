"""All live calls of this process as rows, and what has changed between two looks at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assist import events as ev
from assist.insight.live import LiveCall, Phrases, follow
from assist.insight.row import LiveRow, Usual, gone, row_of

Rows = dict[str, dict[str, Any]]


class Board:
    """`take` is told every event of the journal, `rows` is asked a few times a second.

    `upset` and `usual` may be replaced: they are of the guides as they are now. `name_of` gives
    what people call an agent, by login.
    """

    def __init__(self, upset: Phrases, name_of: Callable[[str], str] = str) -> None:
        self.upset = upset
        self._name_of = name_of
        self._calls: dict[str, LiveCall] = {}
        self._told: dict[str, tuple[LiveRow, dict[str, Any]]] = {}
        self.usual: Usual = {}

    def take(self, event: ev.Event, at: datetime) -> None:
        """A call counts from its start; what is done to one that is long over does not."""
        known = self._calls.get(event.call)
        if known is None:
            if not isinstance(event.fact, ev.CallStarted):
                return
            known = LiveCall(event.call)
        self._calls[event.call] = follow(known, event, at, self.upset)

    def rows(self, now: datetime) -> Rows:
        """By call; calls that are over are forgotten here."""
        for call in [each.call for each in self._calls.values() if gone(each, now)]:
            del self._calls[call]
            self._told.pop(call, None)
        return {
            call: self._row(row_of(each, now, self.usual)) for call, each in self._calls.items()
        }

    def _row(self, row: LiveRow) -> dict[str, Any]:
        """The same object until something changes: most rows do not, twice a second."""
        known = self._told.get(row.call)
        if known is None or known[0] != row:
            known = row, asdict(row) | {"name": self._name_of(row.agent)}
            self._told[row.call] = known
        return known[1]


def changes(before: Rows, after: Rows) -> dict[str, Any]:
    """What a page that has `before` must be told: of each call the fields that differ, a new one
    whole, and which are gone. Empty when nothing is new."""
    changed = []
    for call, row in after.items():
        old = before.get(call)
        if old is None:
            changed.append(row)
        elif old is not row and (
            fields := {name: value for name, value in row.items() if old[name] != value}
        ):
            changed.append({"call": call, **fields})
    away = [call for call in before if call not in after]
    return ({"changed": changed} if changed else {}) | ({"gone": away} if away else {})
