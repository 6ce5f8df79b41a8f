"""Figures over many calls, read from what the store keeps; nothing here is written.

The guide of a call is the one that was opened last. Reruns are no calls. Days and times of day are
those of the call's own clock, as `started_at` has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assist import events as ev
from assist.tables.access import Access

REPEAT_DAYS = 7
MOST_CALLS = 500
"""Latest calls of a guide that its steps are counted over."""
_STEPS = ("guide_opened", "step_shown", "step_ticked", "step_undone")
_REAL = "source NOT LIKE 'replay of %'"


@dataclass(frozen=True)
class DayCount:
    """Calls with this guide on this day ("" for none), and what became of them."""

    day: str
    guide: str
    calls: int
    tickets: int
    handed_off: int
    uncovered: int
    wrapped: int


@dataclass(frozen=True)
class Resolution:
    """`resolved` of `calls` of a guide needed no second look; the base is in `first_contact`."""

    guide: str
    calls: int
    resolved: int


class Figures:
    def __init__(self, access: Access) -> None:
        self._access = access

    def days(self, days: Sequence[str], until: str) -> list[DayCount]:
        """Counts of these days (ISO dates), each up to the time of day `until` (HH:MM:SS)."""
        marks = ", ".join("?" for _ in days)
        rows = self._rows(
            "SELECT substr(started_at, 1, 10) AS day, guide, count(*), sum(ticket <> ''),"
            " sum(outcome = 'escalated'), sum(outcome = 'uncovered'), sum(outcome <> '')"
            f" FROM calls WHERE started_at >= ? AND {_REAL}"
            f" AND day IN ({marks}) AND substr(started_at, 12, 8) <= ? GROUP BY day, guide",
            [min(days), *days, until],
        )
        return [DayCount(*row) for row in rows]

    def days_with_calls(self, days: Sequence[str]) -> int:
        """On how many of these days there was any call: a house that is new has no usual."""
        return len({row.day for row in self.days(days, "23:59:59")}) if days else 0

    def first_contact(self, now: datetime, days: int = 28) -> list[Resolution]:
        """Of wrapped-up calls of known customers whose 7 days are over: how many were not handed
        over, are in no backstop queue, and were followed within 7 days by no call of the same
        customer with the same guide."""
        last = now - timedelta(days=REPEAT_DAYS)
        first = last - timedelta(days=days)
        rows = self._rows(
            "SELECT c.guide, count(*), sum(c.outcome <> 'escalated'"
            " AND NOT EXISTS (SELECT 1 FROM backstop b WHERE b.call = c.id)"
            " AND NOT EXISTS (SELECT 1 FROM calls n WHERE n.customer = c.customer"
            f"  AND n.guide = c.guide AND n.id <> c.id AND n.{_REAL}"
            "  AND julianday(n.started_at) > julianday(c.started_at)"
            f"  AND julianday(n.started_at) <= julianday(c.started_at) + {REPEAT_DAYS}))"
            f" FROM calls c WHERE c.customer <> '' AND c.guide <> '' AND c.outcome <> ''"
            f" AND c.{_REAL} AND c.started_at >= ? AND c.started_at < ? GROUP BY c.guide",
            [first.isoformat(timespec="seconds"), last.isoformat(timespec="seconds")],
        )
        return [Resolution(*row) for row in rows]

    def walks(self, guide: str = "") -> Iterator[list[ev.Event]]:
        """Of the latest calls (with this guide), each one's events on the way through guides."""
        wanted, values = ("AND guide = ?", [guide]) if guide else ("AND guide <> ''", [])
        calls = self._rows(
            f"SELECT id FROM calls WHERE status <> 'live' AND {_REAL} {wanted}"
            " ORDER BY started_at DESC LIMIT ?",
            [*values, MOST_CALLS],
        )
        return (self._events(call, _STEPS) for (call,) in calls)

    def uncovered(self, since: str) -> Iterator[list[ev.Event]]:
        """The events of calls since then that ended uncovered, the newest first; masked."""
        calls = self._rows(
            f"SELECT id FROM calls WHERE outcome = 'uncovered' AND {_REAL} AND started_at >= ?"
            " ORDER BY started_at DESC LIMIT ?",
            [since, MOST_CALLS],
        )
        return (self._events(call) for (call,) in calls)

    def _events(self, call: str, kinds: Sequence[str] = ()) -> list[ev.Event]:
        among = f" AND kind IN ({', '.join('?' for _ in kinds)})" if kinds else ""
        rows = self._rows(
            f"SELECT seq, at_ms, fact FROM events WHERE call = ?{among} ORDER BY seq",
            [call, *kinds],
        )
        return [
            ev.Event(call=call, seq=seq, at_ms=at_ms, fact=ev.FACT.validate_json(fact))
            for seq, at_ms, fact in rows
        ]

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        with self._access.guard():
            return self._access.connection.execute(sql, values).fetchall()
