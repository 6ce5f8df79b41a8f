"""What can be wrong with a ticket type by itself: fields, routes, priorities, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assist.guide.check.names import Names, check_template
from assist.guide.model import PRIORITIES, TicketType
from assist.guide.shelf import Entry, Shelf
from assist.problems import Problem


def check_ticket_type(shelf: Shelf, entry: Entry[TicketType]) -> Iterator[Problem]:
    ticket, document = entry.item, entry.document
    for name, spec in ticket.fields.items():
        loc = ("fields", name, "from")
        yield from check_template(document, loc, spec.source, Names(), condition=False)
        if (spec.type == "choice") != bool(spec.choices):
            yield document.problem(("fields", name), "field-choices")
    for i, route in enumerate(ticket.route):
        loc = ("route", i, "when")
        yield from check_template(document, loc, route.when, Names(), condition=True)
    for i, case in enumerate(ticket.priority.when):
        if shelf.priors is not None and case.tag not in shelf.priors.item.tags:
            yield document.problem(("priority", "when", i, "tag"), "tag-unnamed", tag=case.tag)
    hours = [(priority, ticket.hours(priority)) for priority in PRIORITIES]
    for (lower, longer), (higher, shorter) in pairwise(hours):
        if shorter > longer:
            loc = ("deadlines_h", higher)
            hours_of = {"shorter": f"{shorter:g}", "longer": f"{longer:g}"}
            yield document.problem(loc, "deadline-order", higher=higher, lower=lower, **hours_of)
