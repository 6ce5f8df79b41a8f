"""What happened on the way to a ticket; part of `events.facts`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assist.events.parts import Frozen, OpenTicket, Priority, TicketField


class OpenTicketsAsked(Frozen):
    """Which tickets of the customer are open now; what the record said may be an hour old."""

    kind: Literal["open_tickets_asked"] = "open_tickets_asked"
    key: str
    guide: str
    step: str
    customer: str


class OpenTicketsFound(Frozen):
    kind: Literal["open_tickets_found"] = "open_tickets_found"
    key: str
    guide: str
    step: str
    tickets: tuple[OpenTicket, ...]


class TicketDrafted(Frozen):
    """The form as it stands; a later draft of the same step replaces it.

    `open` are the customer's open tickets of this type; `append_to` is the one proposed to be
    appended to instead of filing a new one.
    """

    kind: Literal["ticket_drafted"] = "ticket_drafted"
    guide: str
    step: str
    type: str
    title: str
    fields: tuple[TicketField, ...]
    open: tuple[OpenTicket, ...] = ()
    append_to: str = ""


class TicketAsked(Frozen):
    """`key` makes filing idempotent: the same key never makes a second ticket.

    With `append_to` the fields become a note to that ticket; `labels` name them there. `group`,
    `priority` and `deadline_h` (hours from filing) are what the ticket type made of the call.
    """

    kind: Literal["ticket_asked"] = "ticket_asked"
    key: str
    guide: str
    step: str
    type: str
    title: str
    fields: dict[str, str]
    append_to: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    customer: str = ""
    group: str = ""
    priority: Priority = "normal"
    deadline_h: float = 0

    @property
    def note(self) -> str:
        """The filled fields as people read them, one a line."""
        return "\n".join(
            f"{self.labels.get(name, name)}: {value.strip()}"
            for name, value in self.fields.items()
            if value.strip()
        )


class TicketWaiting(Frozen):
    """The back office does not answer: the ask is kept and sent until it is filed."""

    kind: Literal["ticket_waiting"] = "ticket_waiting"
    key: str
    guide: str
    step: str
    message: str = Field(default="", description="why it could not be sent at once")


class TicketFiled(Frozen):
    """`appended`: the fields became a note to a ticket that was there."""

    kind: Literal["ticket_filed"] = "ticket_filed"
    key: str
    guide: str
    step: str
    type: str
    number: str
    fields: dict[str, str]
    appended: bool = False
    filed_at: str = Field(default="", description="ISO 8601 with offset, from the injected clock")
