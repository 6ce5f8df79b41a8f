"""Every operation of the sandbox in one table; routes and OpenAPI document are both made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assist.desk.sandbox import (
    billing,
    customers,
    network,
    plans,
    power,
    replies,
    tickets,
    visits,
)
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.rows import Service

MONTH = r"^(\d{4}-(0[1-9]|1[0-2]))?$"


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ByNumber(Query):
    number: str = Field(pattern=r"\d", max_length=60, description="any phone or account")


class ByMonth(Query):
    month: str = Field(default="", pattern=MONTH, description="YYYY-MM; empty: the latest")


class ByAlarm(Query):
    service: Service | Literal[""] = ""
    target: str = Field(default="", description="broadband account, circuit id or power account")
    severity: Literal["critical", "major", "minor", ""] = ""


class ByPlace(Query):
    city: str = Field(default="", description="in Chinese or English")
    area: str = Field(default="", description="in Chinese or English")
    service: Service | Literal[""] = ""


class ByPhone(Query):
    phone: str = Field(pattern=r"\d", max_length=60, description="any number of the customer")


class ByCity(Query):
    city: str = Field(min_length=1, description="in Chinese or English")


class ByCustomer(Query):
    customer: str = Field(min_length=1, description="customer id")


@dataclass(frozen=True)
class Asked:
    """One request, already validated; `query` and `body` are of the operation's own models."""

    path: Mapping[str, str]
    query: Any
    body: Any
    key: str


Answer = tuple[BaseModel, int]


@dataclass(frozen=True)
class Operation:
    """`handle` returns the reply and its HTTP status, or raises Refused."""

    id: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    reply: type[BaseModel]
    handle: Callable[[Records, Asked], Answer]
    query: type[Query] | None = None
    body: type[BaseModel] | None = None
    refusals: tuple[int, ...] = ()
    keyed: bool = True
    """A POST takes an Idempotency-Key; not where doing it again changes nothing."""


def _file_ticket(records: Records, asked: Asked) -> Answer:
    ticket, new = tickets.file(records, asked.key, asked.body)
    return ticket, 201 if new else 200


def _append_note(records: Records, asked: Asked) -> Answer:
    note, new = tickets.append(records, asked.key, asked.path["number"], asked.body)
    return note, 201 if new else 200


def _find_customers(records: Records, asked: Asked) -> Answer:
    return replies.Customers(customers=customers.find(records, asked.query.number)), 200


def _alarms(records: Records, asked: Asked) -> Answer:
    return replies.Alarms(alarms=network.alarms(records, **asked.query.model_dump())), 200


def _outages(records: Records, asked: Asked) -> Answer:
    return replies.Outages(outages=network.outages(records, **asked.query.model_dump())), 200


def _tickets(records: Records, asked: Asked) -> Answer:
    found = tickets.of_customer(records, asked.query.customer)
    return replies.Tickets(tickets=found), 200


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "health",
        "GET",
        "/health",
        "Whether the back office answers",
        replies.Health,
        lambda records, asked: (replies.Health(), 200),
    ),
    Operation(
        "findCustomers",
        "GET",
        "/customers",
        "Customers known by a phone or account number",
        replies.Customers,
        _find_customers,
        query=ByNumber,
    ),
    Operation(
        "getCustomer",
        "GET",
        "/customers/{id}",
        "One customer",
        replies.CustomerView,
        lambda records, asked: (customers.get(records, asked.path["id"]), 200),
        refusals=(404,),
    ),
    Operation(
        "diagnoseLine",
        "GET",
        "/broadband/lines/{account}/diagnosis",
        "Test of a broadband line, by account or any number of its owner",
        replies.LineDiagnosis,
        lambda records, asked: (network.line_diagnosis(records, asked.path["account"]), 200),
        refusals=(404,),
    ),
    Operation(
        "diagnoseCircuit",
        "GET",
        "/circuits/{circuit_id}/diagnosis",
        "Test of a leased line, by circuit id or any number of its owner",
        replies.CircuitDiagnosis,
        lambda records, asked: (
            network.circuit_diagnosis(records, asked.path["circuit_id"]),
            200,
        ),
        refusals=(404,),
    ),
    Operation(
        "listAlarms", "GET", "/alarms", "Standing alarms", replies.Alarms, _alarms, query=ByAlarm
    ),
    Operation(
        "listOutages",
        "GET",
        "/outages",
        "Standing area outages",
        replies.Outages,
        _outages,
        query=ByPlace,
    ),
    Operation(
        "getBill",
        "GET",
        "/bills/{number}",
        "The bill of a month, by phone or account",
        replies.Bill,
        lambda records, asked: (
            billing.bill(records, asked.path["number"], asked.query.month),
            200,
        ),
        query=ByMonth,
        refusals=(404,),
    ),
    Operation(
        "checkBill",
        "GET",
        "/bills/{number}/unexpected",
        "Charges above the usual in a bill, by phone or account",
        replies.BillCheck,
        lambda records, asked: (
            billing.check(records, asked.path["number"], asked.query.month),
            200,
        ),
        query=ByMonth,
        refusals=(404,),
    ),
    Operation(
        "getPowerUsage",
        "GET",
        "/power/{account}/usage",
        "Electricity of a month against earlier ones",
        replies.PowerUsage,
        lambda records, asked: (
            power.usage(records, asked.path["account"], asked.query.month),
            200,
        ),
        query=ByMonth,
        refusals=(404,),
    ),
    Operation(
        "fitPlan",
        "GET",
        "/plans/fit",
        "The plan that fits the last three months",
        replies.PlanFit,
        lambda records, asked: (plans.fit(records, asked.query.phone), 200),
        query=ByPhone,
        refusals=(404,),
    ),
    Operation(
        "listAppointments",
        "GET",
        "/appointments",
        "Free windows for a visit",
        replies.Appointments,
        lambda records, asked: (visits.appointments(records, asked.query.city), 200),
        query=ByCity,
        refusals=(404,),
    ),
    Operation(
        "fileTicket",
        "POST",
        "/tickets",
        "File a ticket; the same Idempotency-Key gives the same ticket",
        replies.Ticket,
        _file_ticket,
        body=replies.TicketAsk,
        refusals=(409, 413),
    ),
    Operation(
        "listTickets",
        "GET",
        "/tickets",
        "A customer's tickets, newest first",
        replies.Tickets,
        _tickets,
        query=ByCustomer,
        refusals=(404,),
    ),
    Operation(
        "getTicket",
        "GET",
        "/tickets/{number}",
        "One ticket",
        replies.Ticket,
        lambda records, asked: (tickets.get(records, asked.path["number"]), 200),
        refusals=(404,),
    ),
    Operation(
        "appendNote",
        "POST",
        "/tickets/{number}/notes",
        "Append to an open ticket; the same Idempotency-Key appends once",
        replies.Note,
        _append_note,
        body=replies.NoteAsk,
        refusals=(404, 409, 413),
    ),
    Operation(
        "listNotes",
        "GET",
        "/tickets/{number}/notes",
        "What was appended to a ticket, oldest first",
        replies.Notes,
        lambda records, asked: (
            replies.Notes(notes=tickets.notes(records, asked.path["number"])),
            200,
        ),
        refusals=(404,),
    ),
)
