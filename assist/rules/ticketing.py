"""The ticket of a step: which type, its form, what is wrong with it, and what filing asks for."""

from __future__ import annotations

import re

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.fields import wrong
from assist.guide.model import Guide, Step, TicketType
from assist.guide.render import test
from assist.rules.tools import Tools, context_of, rendered
from assist.state import CallState, page_of, ticket_key

_SLOT_NAME = re.compile(r"\bslots\.(\w+)")
_CLOSED = frozenset({"closed"})
"""States of the back office in which a ticket takes no more notes."""


def type_of(state: CallState, tools: Tools, step: Step) -> TicketType:
    """The first case that holds, else the step's own. Raises GuideError."""
    name = step.ticket
    if step.types:
        context = context_of(state, tools)
        name = next((case.type for case in step.types if test(case.when, context)), name)
    return tools.book.tickets[name]


def draft_ticket(state: CallState, tools: Tools, guide: Guide, step: Step) -> ev.TicketDrafted:
    """The form, each field with where its value comes from; unknown stays blank.

    The customer's open tickets of the type stand beside it, and the newest of them is proposed to
    be appended to: one fault, one ticket.
    """
    kind = type_of(state, tools, step)
    fields = []
    for name, spec in kind.fields.items():
        source = step.fill.get(name) or spec.source
        slot = state.slots.get(_only_slot(source, name))
        value = rendered(source, state, tools) if source else ""
        if not source and slot:
            value = slot.label
        fields.append(
            ev.TicketField(
                name=name,
                label=spec.label,
                value=value,
                required=spec.required,
                type=spec.type,
                choices=tuple(spec.choices),
                by=(slot.by if slot else "system") if value else None,
                evidence=slot.evidence if slot and value else None,
            )
        )
    alike = _open_alike(state, kind)
    return ev.TicketDrafted(
        guide=guide.id,
        step=step.id,
        type=kind.id,
        title=kind.title,
        fields=tuple(fields),
        open=alike,
        append_to=alike[0].number if alike else "",
    )


def ask_open_tickets(state: CallState, guide: Guide, step: Step) -> list[ev.Fact]:
    """What is open for the customer by now, where one is known."""
    if state.customer is None:
        return []
    key = f"{state.call}/{guide.id}/{step.id}/open/{state.seq}"
    customer = state.customer.id
    return [ev.OpenTicketsAsked(key=key, guide=guide.id, step=step.id, customer=customer)]


def ask_ticket(state: CallState, tools: Tools, command: ev.FileTicket) -> ev.TicketAsked:
    """Raises GuideError when a route's condition cannot be judged."""
    kind = _drafted_type(state, tools, command)
    priority = _priority(state, kind)
    return ev.TicketAsked(
        key=ticket_key(state.call, command.guide, command.step),
        guide=command.guide,
        step=command.step,
        type=kind.id,
        title=kind.title,
        fields=command.fields,
        append_to=command.append_to,
        labels={name: spec.label for name, spec in kind.fields.items()},
        customer=state.customer.id if state.customer else "",
        group=_group(state, tools, kind),
        priority=priority,
        deadline_h=kind.hours(priority),
    )


def check_ticket(state: CallState, tools: Tools, step: Step, command: ev.FileTicket) -> None:
    """Raises CommandRefused for a form that cannot be filed as it is."""
    if step.kind != "ticket":
        raise CommandRefused(f"Step {step.id!r} files no ticket.", "Go on from it.")
    known = state.ticket_at(command.guide, command.step)
    if known and known.status == "waiting":
        raise CommandRefused(
            "This ticket is saved and will be sent as soon as the ticket system answers.",
            "Nothing more is to be done.",
            code="ticket.waiting",
        )
    if known and known.status in ("asked", "filed"):
        raise CommandRefused(
            f"This ticket is filed already{f': {known.number}' if known.number else ''}.",
            "Look it up in the ticket system.",
            code="ticket.filed",
        )
    kind = _drafted_type(state, tools, command)
    unknown = sorted(set(command.fields) - set(kind.fields))
    if unknown:
        raise CommandRefused(
            f"The ticket {kind.id!r} has no field {', '.join(unknown)}.",
            f"Its fields are {', '.join(kind.fields)}.",
        )
    if command.append_to:
        _check_note(state, kind, command)
    else:
        _check_required(kind, command)
    _check_values(state, kind, command)


def _check_required(kind: TicketType, command: ev.FileTicket) -> None:
    missing = [
        spec.label
        for name, spec in kind.fields.items()
        if spec.required and not command.fields.get(name, "").strip()
    ]
    if missing:
        raise CommandRefused(f"Still missing: {', '.join(missing)}.", "Ask and fill them in.")


def _check_note(state: CallState, kind: TicketType, command: ev.FileTicket) -> None:
    alike = [ticket.number for ticket in _open_alike(state, kind)]
    if command.append_to not in alike:
        raise CommandRefused(
            f"{command.append_to} is no open ticket of this customer and type.",
            f"Append to {' or '.join(alike)}, or file a new one." if alike else "File a new one.",
            code="ticket.not_open",
            values={"ticket": command.append_to},
        )
    if not any(value.strip() for value in command.fields.values()):
        raise CommandRefused("There is nothing to append.", "Fill in at least one field.")


def _check_values(state: CallState, kind: TicketType, command: ev.FileTicket) -> None:
    for name, value in command.fields.items():
        spec = kind.fields[name]
        if wanted := wrong(spec, value, state.lang):
            raise CommandRefused(
                f"{spec.label}: “{value.strip()}” does not fit.",
                f"Wanted: {wanted}.",
                code="ticket.value",
                values={"field": name, "label": spec.label, "wanted": wanted},
            )


def _drafted_type(state: CallState, tools: Tools, command: ev.FileTicket) -> TicketType:
    """As the agent saw it, whatever has been heard since."""
    page = page_of(state, command.guide)
    if page and page.draft and page.draft.step == command.step:
        return tools.book.tickets[page.draft.type]
    return type_of(state, tools, tools.guide(command.guide).step(command.step))


def _open_alike(state: CallState, kind: TicketType) -> tuple[ev.OpenTicket, ...]:
    """The customer's open tickets of this type, as last heard of."""
    known = state.open_tickets
    if known is None:
        known = state.customer.open_tickets if state.customer else ()
    return tuple(t for t in known if t.type == kind.id and t.status not in _CLOSED)


def _priority(state: CallState, kind: TicketType) -> ev.Priority:
    tags = state.customer.tags if state.customer else ()
    for case in kind.priority.when:
        if case.tag in tags:
            return case.priority
    return kind.priority.default


def _group(state: CallState, tools: Tools, kind: TicketType) -> str:
    context = context_of(state, tools) if kind.route else {}
    return next((r.group for r in kind.route if test(r.when, context)), kind.group)


def _only_slot(source: str, field: str) -> str:
    """The one slot a field is filled from, so that its evidence can be shown beside it."""
    if not source:
        return field
    named = set(_SLOT_NAME.findall(source))
    return named.pop() if len(named) == 1 else ""
