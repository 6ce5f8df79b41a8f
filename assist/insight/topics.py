"""Scenarios today against the usual, and how calls of each end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scipy.stats import poisson

from assist.tables.figures import DayCount, Resolution

WEEKS = 4
SURGE_AT = 0.01
"""A day as busy as this is met with by chance on fewer than one day in a hundred."""
SURGE_LEAST = 5
"""Fewer calls than this are no surge, however unusual."""


@dataclass(frozen=True)
class Topic:
    """`usual` is the mean of the same weekday of the last four weeks, up to the same time of day;
    None where the house has no calls of that time. `chance` is that of so many calls, or more.
    `first_contact` is the share of `judged` calls, None where there are none yet."""

    guide: str
    calls: int
    usual: float | None
    chance: float | None
    surge: bool
    tickets: int
    handed_off: int
    uncovered: int
    wrapped: int
    first_contact: float | None = None
    judged: int = 0


def same_weekdays(today: date) -> list[str]:
    return [(today - timedelta(weeks=week)).isoformat() for week in range(1, WEEKS + 1)]


def topics(
    counts: Iterable[DayCount], today: date, days_seen: int, resolutions: Sequence[Resolution]
) -> list[Topic]:
    """The busiest first, a surge before all. `days_seen`: on how many of the earlier days there
    were calls at all; with none nothing is usual yet."""
    now: dict[str, DayCount] = {}
    before: dict[str, int] = {}
    for count in counts:
        if count.day == today.isoformat():
            now[count.guide] = count
        else:
            before[count.guide] = before.get(count.guide, 0) + count.calls
    told = {each.guide: each for each in resolutions}
    found = [
        _topic(
            now.get(guide) or DayCount(today.isoformat(), guide, 0, 0, 0, 0, 0),
            before.get(guide, 0) / days_seen if days_seen else None,
            told.get(guide),
        )
        for guide in {*now, *before, *told}
    ]
    return sorted(found, key=lambda topic: (not topic.surge, -topic.calls, topic.guide))


def surges(calls: int, usual: float) -> tuple[float, bool]:
    """The chance of `calls` or more where `usual` are expected, and whether that is a surge.

    One-sided Poisson test. What never happened before is taken as once in all the earlier days.
    """
    expected = max(usual, 1 / WEEKS)
    chance = float(poisson.sf(calls - 1, expected))
    return chance, calls >= SURGE_LEAST and chance < SURGE_AT


def _topic(count: DayCount, usual: float | None, told: Resolution | None) -> Topic:
    chance, surge = surges(count.calls, usual) if usual is not None else (None, False)
    surge = surge and bool(count.guide)  # calls without a guide are many matters
    return Topic(
        guide=count.guide,
        calls=count.calls,
        usual=None if usual is None else round(usual, 1),
        chance=chance,
        surge=surge,
        tickets=count.tickets,
        handed_off=count.handed_off,
        uncovered=count.uncovered,
        wrapped=count.wrapped,
        first_contact=round(told.resolved / told.calls, 3) if told and told.calls else None,
        judged=told.calls if told else 0,
    )
