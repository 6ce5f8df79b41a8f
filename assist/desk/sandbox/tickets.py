"""Tickets: filed once a key, kept as given, found by customer or number."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel

from assist.desk.numbers import digits_of
from assist.desk.sandbox import replies, rows
from assist.desk.sandbox.database import IDENTIFIERS, Records, ticket_number
from assist.desk.sandbox.refusal import Refused, unknown

FIRST_STATUS = "dispatched"
SHORTEST_ACCOUNT = 7
"""Shorter numbers among a ticket's fields are readings or counts, not accounts."""


def file(records: Records, key: str, ask: replies.TicketAsk) -> tuple[replies.Ticket, bool]:
    """The ticket of `key` and whether it is new.

    Raises Refused 422 without a usable key or with an unknown customer, 409 when the key already
    stands for something else.
    """
    digest = _digest(key, ask)
    with records.writing():
        known = records.one(rows.TicketRow, key=key)
        if known and known.digest != digest:
            raise Refused(
                409,
                "ticket.key_reused",
                f"This Idempotency-Key already filed {known.number} with other content.",
                "Use a new key for a new ticket.",
            )
        if known:
            return view(known), False
        now = records.clock()
        ticket = rows.TicketRow(
            number=ticket_number(now.strftime("%Y%m%d"), records.last_ticket_serial() + 1),
            key=key,
            digest=digest,
            customer=_customer(records, ask),
            type=ask.type,
            title=ask.title,
            fields=ask.fields,
            status=FIRST_STATUS,
            created_at=now,
        )
        records.add_ticket(ticket)
    return view(ticket), True


def append(
    records: Records, key: str, number: str, ask: replies.NoteAsk
) -> tuple[replies.Note, bool]:
    """The note of `key` and whether it is new.

    Raises Refused 404 for an unknown ticket, 409 for a closed one or when the key already stands
    for something else, 422 without a usable key.
    """
    digest = _digest(key, ask)
    with records.writing():
        ticket = get(records, number)
        known = records.one(rows.NoteRow, key=key)
        if known and (known.digest, known.ticket) != (digest, number):
            raise Refused(
                409,
                "ticket.key_reused",
                f"This Idempotency-Key already appended something else to {known.ticket}.",
                "Use a new key for a new note.",
            )
        if known:
            return _note(ticket, known), False
        if ticket.status == "closed":
            raise Refused(
                409, "ticket.closed", f"{number} is closed already.", "File a new ticket."
            )
        note = rows.NoteRow(
            key=key,
            digest=digest,
            ticket=number,
            text=ask.text,
            fields=ask.fields,
            created_at=records.clock(),
        )
        records.add_note(note)
    return _note(ticket, note), True


def notes(records: Records, number: str) -> list[replies.Note]:
    """Oldest first. Raises Refused 404."""
    ticket = get(records, number)
    found = records.find(rows.NoteRow, "ticket = ?", [number], "created_at, rowid")
    return [_note(ticket, note) for note in found]


def _note(ticket: replies.Ticket, note: rows.NoteRow) -> replies.Note:
    return replies.Note(
        number=ticket.number,
        status=ticket.status,
        text=note.text,
        fields=note.fields,
        created_at=note.created_at,
    )


def _digest(key: str, ask: BaseModel) -> str:
    """What the key stands for. Raises Refused 422 without a usable key."""
    if not 1 <= len(key) <= 200:
        raise Refused(
            422,
            "ticket.key_missing",
            "Filing needs an Idempotency-Key header of 1 to 200 characters.",
            "Send one key per ticket and the same key again when you retry.",
        )
    content = json.dumps(ask.model_dump(), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def of_customer(records: Records, customer_id: str) -> list[replies.Ticket]:
    """Newest first. Raises Refused 404 for an unknown customer."""
    if records.one(rows.CustomerRow, id=customer_id) is None:
        raise unknown("customer", "Search by number with /customers?number=.")
    found = records.find(rows.TicketRow, "customer = ?", [customer_id], "created_at desc")
    return [view(ticket) for ticket in found]


def get(records: Records, number: str) -> replies.Ticket:
    """Raises Refused 404."""
    ticket = records.one(rows.TicketRow, number=number)
    if ticket is None:
        raise unknown("ticket", "Check the number; it looks like GD20260105-000123.")
    return view(ticket)


def view(ticket: rows.TicketRow) -> replies.Ticket:
    return replies.Ticket(**ticket.model_dump(exclude={"key", "digest"}))


def _customer(records: Records, ask: replies.TicketAsk) -> str:
    """As named, else whose account or phone stands in the fields; accounts tell more."""
    if ask.customer:
        if records.one(rows.CustomerRow, id=ask.customer) is None:
            raise Refused(422, "customer.unknown", "No such customer.", "Leave customer out.")
        return ask.customer
    found: list[tuple[int, str]] = []
    for value in ask.fields.values():
        number = digits_of(value)
        if len(number) < SHORTEST_ACCOUNT:
            continue
        for customer in records.customers_known_as(number):
            ranks = [i for i, name in enumerate(IDENTIFIERS) if _holds(customer, name, number)]
            found += [(rank, customer.id) for rank in ranks]
    return min(found)[1] if found else ""


def _holds(customer: rows.CustomerRow, name: str, number: str) -> bool:
    value = getattr(customer, name)
    numbers = [value] if isinstance(value, str) else value
    return any(digits_of(known) == number for known in numbers)
