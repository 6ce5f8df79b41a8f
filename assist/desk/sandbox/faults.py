"""Faults that can be switched on for a customer: their catalogue, and how they are made true.

Nothing is decided when a record is read: a switch rewrites the customer's rows once, so tags, tests
and diagnoses all see the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import Field
from sqlite_utils import Database

from assist.desk.sandbox.rows import CustomerRow, Row

ACCOUNTS = {
    "broadband": "broadband_account",
    "circuit": "circuit_id",
    "power": "power_account",
}
Values = dict[str, Any]
Models = Mapping[str, type[Row]]
"""The row model of each table."""


class Fault(Row):
    id: str
    zh: str
    en: str
    sets: dict[str, Values] = Field(default_factory=dict)
    mends: dict[str, Values] = Field(default_factory=dict)
    adds: dict[str, Values] = Field(default_factory=dict)
    drops: dict[str, Values] = Field(default_factory=dict)

    @property
    def table(self) -> str:
        """The customer must have a row here."""
        return next(iter(self.sets), "customers")


class SwitchRow(Row):
    """As it was switched last; without a row the seed holds."""

    customer: str
    fault: str
    state: Literal["on", "off"]
    serial: int
    """Of the switching: a later one is written over an earlier one."""


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Fault]:
    text = (files("assist.desk.sandbox") / "faults.yaml").read_text("utf-8")
    found = [Fault.model_validate(raw) for raw in yaml.safe_load(text)]
    return {fault.id: fault for fault in found}


def owned(table: str, customer: CustomerRow, models: Models) -> dict[str, str]:
    """Column and value by which the customer's rows of a table are found."""
    if table == "customers":
        return {"id": customer.id}
    if "customer" in models[table].model_fields:
        return {"customer": customer.id}
    return {"phone": customer.phone}


def apply(db: Database, models: Models, fault: Fault, state: str, customer: CustomerRow) -> None:
    on = state == "on"
    for table, values in (fault.sets if on else fault.mends).items():
        if values:
            sets = ", ".join(f"{name} = ?" for name in values)
            where, key = _where(owned(table, customer, models))
            db.execute(f"update {table} set {sets} where {where}", [*values.values(), *key])
    for table, values in (fault.adds if on else fault.drops).items():
        whose = values | _whose(table, values, customer)
        if on:
            english = {"area_en": customer.area} if table == "outages" else {}
            row = models[table].model_validate(
                {"id": f"F-{customer.id}-{fault.id}", **english, **whose}
            )
            db.table(table).upsert(row.model_dump(mode="json"), pk="id")
        else:
            where, key = _where(whose)
            db.execute(f"delete from {table} where {where}", key)


def _whose(table: str, values: Values, customer: CustomerRow) -> Values:
    """What makes a row this customer's: their account, their area, or their id and phone."""
    if table == "outages":
        return {"city": customer.city, "area": customer.area}
    if table == "alarms":
        return {"target": getattr(customer, ACCOUNTS[values["service"]])}
    return {"customer": customer.id, "phone": customer.phone}


def _where(values: Values) -> tuple[str, list[Any]]:
    return " and ".join(f"{name} = ?" for name in values), list(values.values())
