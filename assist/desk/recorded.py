"""The desk of a rerun: answers what was answered then, asks nobody, files nothing.

What the recorded call never asked has no answer, and is DeskDown: a rerun must not make facts up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assist.desk.numbers import digits_of
from assist.errors import DeskDown
from assist.events import (
    CallStarted,
    Customer,
    CustomerFound,
    DiagnosisAsked,
    DiagnosisDone,
    EarlierCall,
    EarlierFound,
    Fact,
    LastCall,
    OpenTicket,
    OpenTicketsAsked,
    OpenTicketsFound,
    PastOffer,
    TicketFiled,
)
from assist.ports import DiagnosisResult, FiledTicket

IDENTIFIERS = ("phone", "broadband_account", "circuit_id", "power_account")


class RecordedDesk:
    """Built from a call's facts; implements `ports.Desk` and `ports.History`."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._number = ""
        self._customers: list[CustomerFound] = []
        self._earlier: dict[tuple[str, str], EarlierCall] = {}
        self._results: dict[tuple[str, tuple[tuple[str, str], ...]], DiagnosisResult] = {}
        self._tickets: dict[str, FiledTicket] = {}
        self._open: dict[str, tuple[OpenTicket, ...]] = {}
        self._noted: dict[str, FiledTicket] = {}
        asked: dict[str, DiagnosisAsked] = {}
        about: dict[str, str] = {}
        for fact in facts:
            match fact:
                case CallStarted():
                    self._number = fact.number
                case CustomerFound():
                    self._customers.append(fact)
                case EarlierFound():
                    self._earlier[fact.earlier.call, fact.guide] = fact.earlier
                case DiagnosisAsked():
                    asked[fact.key] = fact
                case DiagnosisDone() if fact.key in asked:
                    key = _question(fact.connector, asked[fact.key].args)
                    self._results[key] = DiagnosisResult(fact.result, fact.summary)
                case OpenTicketsAsked():
                    about[fact.key] = fact.customer
                case OpenTicketsFound() if fact.key in about:
                    self._open[about[fact.key]] = fact.tickets
                case TicketFiled(appended=True):
                    self._noted[fact.number] = FiledTicket(fact.number, "recorded")
                case TicketFiled():
                    self._tickets[fact.type] = FiledTicket(fact.number, "recorded")
                case _:
                    pass

    async def find_customer(self, number: str) -> Customer | None:
        """By any account they had on record, or by the number the call came from."""
        wanted = digits_of(number)
        for found in self._customers:
            known = {digits_of(getattr(found.customer, name)) for name in IDENTIFIERS}
            if found.evidence is None:
                known.add(digits_of(self._number))
            if wanted and wanted in known:
                return found.customer
        return None

    def last_call(self, customer: str, before: str) -> LastCall | None:
        """What was known then, not what has happened since."""
        known = (found.last_call for found in self._customers if found.customer.id == customer)
        return next(known, None)

    def last_calls(self, customer: str, before: str) -> tuple[LastCall, ...]:
        known = (found.last_calls for found in self._customers if found.customer.id == customer)
        return next(known, ())

    def past_offers(self, customer: str, before: str) -> tuple[PastOffer, ...]:
        known = (found.past_offers for found in self._customers if found.customer.id == customer)
        return next(known, ())

    def earlier(self, call: str, guide: str) -> EarlierCall | None:
        return self._earlier.get((call, guide))

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult:
        """Raises DeskDown for what was not answered then."""
        result = self._results.get(_question(connector, args))
        if result is None:
            raise _not_then(f"{connector} with these arguments")
        return result

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """The number filed then for this type. Raises DeskDown where there was none."""
        ticket = self._tickets.get(type)
        if ticket is None:
            raise _not_then(f"a ticket of type {type}")
        return ticket

    async def open_tickets(self, customer: str) -> tuple[OpenTicket, ...]:
        """What was open then. Raises DeskDown where nobody asked."""
        if customer not in self._open:
            raise _not_then("the customer's open tickets")
        return self._open[customer]

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """The ticket appended to then. Raises DeskDown where there was none."""
        if number not in self._noted:
            raise _not_then(f"a note to {number}")
        return self._noted[number]


def _question(connector: str, args: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return connector, tuple(sorted(args.items()))


def _not_then(what: str) -> DeskDown:
    return DeskDown(
        f"The recorded call has no answer for {what}, and a rerun asks nobody.",
        "Go on by hand, or play the call anew against the back office.",
        code="desk.rerun",
    )
