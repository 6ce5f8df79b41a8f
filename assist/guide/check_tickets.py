"""What can be wrong with a ticket type by itself: fields, routes, priorities, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assist.guide.check_names import Names, check_template
from assist.guide.model import PRIORITIES, TicketType
from assist.guide.shelf import Entry, Shelf
from assist.problems import Problem


def check_ticket_type(shelf: Shelf, entry: Entry[TicketType]) -> Iterator[Problem]:
    ticket, document = entry.item, entry.document
    for name, spec in ticket.fields.items():
        loc = ("fields", name, "from")
        yield from check_template(document, loc, spec.source, Names(), condition=False)
        if (spec.type == "choice") != bool(spec.choices):
            message = "a field of type choice needs choices, and only such a field has them"
            yield document.problem(("fields", name), "field-choices", message)
    for i, route in enumerate(ticket.route):
        loc = ("route", i, "when")
        yield from check_template(document, loc, route.when, Names(), condition=True)
    for i, case in enumerate(ticket.priority.when):
        if shelf.priors is not None and case.tag not in shelf.priors.item.tags:
            message = f"tag '{case.tag}' has no name in priors.yaml"
            loc = ("priority", "when", i, "tag")
            yield document.problem(loc, "tag-unnamed", message, "warning")
    hours = [(priority, ticket.hours(priority)) for priority in PRIORITIES]
    for (lower, longer), (higher, shorter) in pairwise(hours):
        if shorter > longer:
            message = f"'{higher}' has {shorter:g} h, more than '{lower}' with {longer:g} h"
            yield document.problem(("deadlines_h", higher), "deadline-order", message, "warning")
