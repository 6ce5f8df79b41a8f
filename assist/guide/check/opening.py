"""Checks of `opens_when`: weights, what they name, and phrases that bar a guide by mistake."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from assist.guide.model import MOST_LOG_ODDS, Guide
from assist.guide.shelf import Shelf
from assist.guide.source import Document, Loc
from assist.guide.wording import fold, shortest
from assist.problems import Problem


def check_opening(shelf: Shelf, guide: Guide, document: Document) -> Iterator[Problem]:
    opens = guide.opens_when
    groups = (("tags", opens.tags), ("tickets", opens.tickets), ("last_call", opens.last_call))
    for key, weights in groups:
        for name, weight in weights.items():
            loc: Loc = ("opens_when", key, name)
            if abs(weight) > MOST_LOG_ODDS:
                values = {"weight": f"{weight:+g}", "most": f"{MOST_LOG_ODDS:g}"}
                yield document.problem(loc, "weight-size", **values)
            yield from _check_name(shelf, document, loc, key, name)
    for i, phrase in enumerate(opens.not_said):
        least = shortest(guide.lang)
        if len(fold(phrase)) < least:
            loc = ("opens_when", "not_said", i)
            yield document.problem(loc, "not-said-short", phrase=phrase, least=least)
    if opens.once_a_call and "cooldown_min" in opens.model_fields_set:
        yield document.problem(("opens_when", "cooldown_min"), "cooldown-once")


def check_lines(shelf: Shelf) -> Iterator[Problem]:
    """A line of the priors that counts for guides which do not exist."""
    if shelf.priors is None:
        return
    for at, line in enumerate(shelf.priors.item.lines):
        for number, name in enumerate(line.guides):
            if not fnmatch.filter(shelf.names, name):
                loc: Loc = ("lines", at, "guides", number)
                yield shelf.priors.document.problem(loc, "line-idle", name=name)


def _check_name(
    shelf: Shelf, document: Document, loc: Loc, key: str, name: str
) -> Iterator[Problem]:
    if key == "tags" and shelf.priors is not None and name not in shelf.priors.item.tags:
        yield document.problem(loc, "tag-unnamed", tag=name)
    elif key == "tickets" and name not in shelf.tickets:
        yield document.problem(loc, "ticket-unknown", name=name)
    elif key == "last_call" and name not in shelf.names and name not in shelf.guides:
        yield document.problem(loc, "guide-unknown", guide=name)
