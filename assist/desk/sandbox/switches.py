"""Switching a customer's faults on and off; what is switched stays so over a restart."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assist.desk.sandbox import faults, rows
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.faults import SwitchRow
from assist.desk.sandbox.refusal import Refused, unknown
from assist.desk.sandbox.replies import Reply


class SwitchAsk(BaseModel):
    """`off` mends what the seed says, too; `seed` goes back to the seed."""

    model_config = ConfigDict(extra="forbid")

    customer: str = Field(min_length=1, max_length=60, description="id, or any of their numbers")
    fault: str = Field(max_length=60)
    state: Literal["on", "off", "seed"]


class Switched(Reply):
    customer: str
    name: str
    fault: str
    state: Literal["on", "off", "seed"]
    zh: str
    en: str


class Known(Reply):
    fault: str
    zh: str
    en: str


class Faults(Reply):
    """What is switched, the latest last, and all that can be."""

    switched: list[Switched]
    known: list[Known]


def switch(records: Records, ask: SwitchAsk) -> Switched:
    """Raises Refused 404 for an unknown fault or customer, 409 where it has nothing to act on."""
    fault = faults.catalogue().get(ask.fault)
    if fault is None:
        raise unknown("fault", f"Use one of {', '.join(faults.catalogue())}.")
    customer = _customer(records, ask.customer)
    if not records.has_row(fault.table, customer):
        raise Refused(
            409,
            "fault.no_service",
            f"{customer.id} has nothing that {fault.id} could happen to.",
            f"Choose a customer with a row in {fault.table}.",
        )
    records.switch(customer, fault.id, ask.state)
    return _view(customer, fault, ask.state)


def overview(records: Records) -> Faults:
    known = faults.catalogue()
    found = records.find(SwitchRow, "1", [], "serial")
    return Faults(
        switched=[
            _view(customer, known[row.fault], row.state)
            for row in found
            if row.fault in known
            for customer in [records.one(rows.CustomerRow, id=row.customer)]
            if customer
        ],
        known=[Known(fault=f.id, zh=f.zh, en=f.en) for f in known.values()],
    )


def _customer(records: Records, named: str) -> rows.CustomerRow:
    customer = records.one(rows.CustomerRow, id=named.strip().upper())
    found = [customer] if customer else records.customers_known_as(named)
    if not found:
        raise unknown("customer", "Name an id such as C2004, or any number of theirs.")
    return found[0]


def _view(
    customer: rows.CustomerRow, fault: faults.Fault, state: Literal["on", "off", "seed"]
) -> Switched:
    return Switched(
        customer=customer.id,
        name=customer.name,
        fault=fault.id,
        state=state,
        zh=fault.zh,
        en=fault.en,
    )
