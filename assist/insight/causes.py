"""What somebody on duty must know now, out of what is known anyway. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from assist.insight.topics import Topic
from assist.tables.access import moment_of
from assist.tables.alerts import Cause
from assist.tables.backstop import Item

STUCK_FROM_TIMES = 2
"""A call stuck twice as long as it takes to be marked is worth an alert."""


def of_topics(topics: Iterable[Topic], titles: Mapping[str, str]) -> Iterator[Cause]:
    for topic in topics:
        if topic.surge and topic.guide:
            values = {"title": titles.get(topic.guide, topic.guide), "calls": str(topic.calls)}
            yield Cause(
                key=f"surge {topic.guide}",
                kind="surge",
                level="warning",
                values={**values, "usual": f"{topic.usual:g}"},
                link="/wall#topics",
            )


def of_rows(rows: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[Cause]:
    """Calls that nobody has helped yet: each by itself where the customer is angry, the others
    together, so that a bad hour does not bury what is pressing."""
    stuck = [row for row in rows if "stuck" in row["marks"] and _for_long(row, now)]
    others = [row for row in stuck if "angry" not in row["marks"]]
    for row in stuck:
        if "angry" in row["marks"]:
            yield Cause(
                key=f"stuck {row['call']} {row['guide']} {row['step']}",
                kind="stuck",
                level="urgent",
                values={name: row[name] for name in ("name", "title", "step_title")},
                link=f"/wall?call={row['call']}",
            )
    if others:
        longest = min(others, key=lambda row: row["step_since"])
        told = {name: longest[name] for name in ("name", "title")}
        yield Cause(
            key="stuck",
            kind="stuck_many",
            level="warning",
            values={"count": str(len(others)), **told},
            link=f"/wall?call={longest['call']}",
        )


def _for_long(row: Mapping[str, Any], now: datetime) -> bool:
    at_step_s = (now - moment_of(row["step_since"])).total_seconds()
    return at_step_s >= STUCK_FROM_TIMES * row["stuck_after_s"]


def of_backstop(items: Iterable[Item], now: datetime) -> Iterator[Cause]:
    """One for the whole queue: what is over its deadline, and the worst of it."""
    over = [item for item in items if moment_of(item.due_at) < now]
    if over:
        worst = min(over, key=lambda item: item.due_at)
        urgent = any(item.priority == "urgent" for item in over)
        yield Cause(
            key="backstop over",
            kind="backstop_over",
            level="urgent" if urgent else "warning",
            values={"count": str(len(over)), "due_at": worst.due_at},
            link="/backstop",
        )


def of_health(health: Mapping[str, Any]) -> Iterator[Cause]:
    if health.get("desk") == "down":
        yield Cause(key="desk down", kind="desk_down", level="urgent", values={}, link="/admin")
    if waiting := health.get("tickets_waiting"):
        yield Cause(
            key="tickets waiting",
            kind="tickets_waiting",
            level="warning",
            values={"count": str(waiting)},
            link="/tickets",
        )
