"""The sandbox's SQLite file: its tables, its seed, and typed rows out of it.

Records come from the seed files and are written anew when these change; tickets are people's
work and are never thrown away.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args

import yaml
from pydantic import ValidationError
from sqlite_utils import Database

from assist.desk.numbers import digits_of
from assist.desk.sandbox import faults, rows, service_rows
from assist.desk.sandbox.rows import (
    Clock,
    CustomerRow,
    NoteRow,
    Row,
    SeedTicketRow,
    TicketRow,
)
from assist.errors import StoreError

R = TypeVar("R", bound=Row)

RECORDS: dict[str, tuple[type[Row], list[str]]] = {
    "cities": (rows.CityRow, ["id"]),
    "customers": (rows.CustomerRow, ["id"]),
    "lines": (rows.LineRow, ["account"]),
    "circuits": (rows.CircuitRow, ["circuit_id"]),
    "alarms": (rows.AlarmRow, ["id"]),
    "outages": (rows.OutageRow, ["id"]),
    "products": (rows.ProductRow, ["code"]),
    "bill_items": (rows.BillItemRow, ["payer", "month", "product"]),
    "plans": (rows.PlanRow, ["id"]),
    "subscribers": (rows.SubscriberRow, ["phone"]),
    "usage": (rows.UsageRow, ["phone", "month"]),
    "tariffs": (rows.TariffRow, ["id"]),
    "meters": (rows.MeterRow, ["account"]),
    "power_months": (rows.PowerMonthRow, ["account", "month"]),
    "windows": (rows.WindowRow, ["city", "start"]),
    "speeds": (service_rows.SpeedRow, ["account"]),
    "mobiles": (service_rows.MobileRow, ["phone"]),
    "payments": (service_rows.PaymentRow, ["id"]),
    "roamings": (service_rows.RoamingRow, ["phone"]),
    "sims": (service_rows.SimRow, ["phone"]),
    "hosts": (service_rows.HostRow, ["instance"]),
    "supplies": (service_rows.SupplyRow, ["account"]),
    "transactions": (service_rows.TransactionRow, ["id"]),
}
_WORK: dict[type[Row], str] = {
    TicketRow: "tickets",
    NoteRow: "notes",
    faults.SwitchRow: "switches",
}
"""People's work, never sown."""
_MODELS = {name: model for name, (model, _) in RECORDS.items()}
IDENTIFIERS = ("circuit_id", "broadband_account", "power_account", "phone", "numbers")


class Records:
    """One connection, used by one thread: the event loop's."""

    def __init__(self, path: Path, clock: Clock, seed: Traversable | None = None) -> None:
        """Opens `path`, creating and seeding it where needed. Raises StoreError."""
        self.clock = clock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = Database(sqlite3.connect(path, isolation_level=None, timeout=5))
            self._db.enable_wal()
            self._db.execute("PRAGMA synchronous = NORMAL")
            notes = self._db.table("notes")
            notes.create(_columns(NoteRow), pk="key", if_not_exists=True)
            notes.create_index(["ticket"], if_not_exists=True)
            self._sow(seed or files("assist.desk.sandbox") / "seed")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The sandbox database {path} cannot be used: {error}.",
                "Give it a writable folder, or delete the file to have it seeded anew.",
            ) from error

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else writes until the end of the block; another process waits."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def find(self, model: type[R], where: str, values: list[Any], order: str = "") -> list[R]:
        """Rows of the table of `model` that fit an SQL condition."""
        found = self._db.table(_table_of(model)).rows_where(where, values, order_by=order or None)
        return [model.model_validate(row) for row in found]

    def one(self, model: type[R], **key: Any) -> R | None:
        where = " and ".join(f"{name} = ?" for name in key)
        return next(iter(self.find(model, where, list(key.values()))), None)

    def add_ticket(self, ticket: TicketRow) -> None:
        self._db.table("tickets").insert(ticket.model_dump(mode="json"))

    def add_note(self, note: NoteRow) -> None:
        self._db.table("notes").insert(note.model_dump(mode="json"))

    def last_ticket_serial(self) -> int:
        sql = "select max(cast(substr(number, 12) as integer)) as serial from tickets"
        row = next(self._db.query(sql))
        return int(row["serial"] or 0)

    def customers_known_as(self, number: str) -> list[CustomerRow]:
        """By any phone or account, the most telling kind of number first."""
        ids = self._db.query(
            "select customer from identifiers where digits = ? group by 1 order by min(rank)",
            [digits_of(number)],
        )
        found = [self.one(CustomerRow, id=row["customer"]) for row in ids]
        return [customer for customer in found if customer]

    def has_row(self, table: str, customer: CustomerRow) -> bool:
        key = faults.owned(table, customer, _MODELS)
        return self.one(_MODELS[table], **key) is not None

    def switch(
        self, customer: CustomerRow, fault: str, state: Literal["on", "off", "seed"]
    ) -> None:
        """Switches a fault; the records are written anew with all that is switched."""
        key = (customer.id, fault)
        with self.writing():
            self._db.execute("delete from switches where customer = ? and fault = ?", key)
            if state != "seed":
                last = next(self._db.query("select max(serial) as serial from switches"))
                row = faults.SwitchRow(
                    customer=customer.id, fault=fault, state=state, serial=(last["serial"] or 0) + 1
                )
                self._db.table("switches").insert(row.model_dump())
            self._create(read_seed(self._texts))

    def _apply_switches(self) -> None:
        known = faults.catalogue()
        for row in self.find(faults.SwitchRow, "1", [], "serial"):
            customer = self.one(CustomerRow, id=row.customer)
            if customer and row.fault in known:
                faults.apply(self._db, _MODELS, known[row.fault], row.state, customer)

    def _sow(self, seed: Traversable) -> None:
        texts = {f.name: f.read_text("utf-8") for f in seed.iterdir() if f.name.endswith(".yaml")}
        self._texts = texts
        digest = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
        with self.writing():
            meta = self._db.table("meta")
            meta.create({"name": str, "value": str}, pk="name", if_not_exists=True)
            if next(meta.rows_where("name = 'seed' and value = ?", [digest]), None):
                return
            self._create(read_seed(texts))
            meta.upsert({"name": "seed", "value": digest}, pk="name")

    def _create(self, seed: dict[str, list[Any]]) -> None:
        for name, (model, key) in RECORDS.items():
            table = self._db.table(name)
            table.drop(ignore=True)
            table.create(_columns(model), pk=key if len(key) > 1 else key[0])
            table.insert_all(row.model_dump(mode="json") for row in seed[name])
        identifiers = self._db.table("identifiers")
        identifiers.drop(ignore=True)
        identifiers.create({"digits": str, "customer": str, "rank": int})
        identifiers.insert_all(_identifiers(seed["customers"]))
        identifiers.create_index(["digits"])
        switches = self._db.table("switches")
        switches.create(_columns(faults.SwitchRow), pk=("customer", "fault"), if_not_exists=True)
        self._apply_switches()
        tickets = self._db.table("tickets")
        if not tickets.exists():
            tickets.create(_columns(TicketRow), pk="number")
            tickets.create_index(["key"], unique=True)
            tickets.create_index(["customer"])
            self._sow_tickets(seed["tickets"])

    def _sow_tickets(self, tickets: list[SeedTicketRow]) -> None:
        now = self.clock()
        dated = sorted(((t.before(now), t) for t in tickets), key=lambda pair: pair[0])
        for serial, (created, ticket) in enumerate(dated, 1):
            self.add_ticket(
                TicketRow(
                    number=ticket_number(created.strftime("%Y%m%d"), serial),
                    key=f"seed:{serial}",
                    digest="",
                    created_at=created,
                    **ticket.model_dump(exclude={"ago", "at"}),
                )
            )


def ticket_number(day: str, serial: int) -> str:
    """`GD20261122-000123`: the day it was filed and a number that never comes twice."""
    return f"GD{day}-{serial:06d}"


def read_seed(texts: dict[str, str]) -> dict[str, list[Any]]:
    """Table -> rows, from the seed files' texts. Raises StoreError naming file and row."""
    seed: dict[str, list[Any]] = {name: [] for name in [*RECORDS, "tickets"]}
    for file, text in sorted(texts.items()):
        try:
            content = yaml.safe_load(text) or {}
            for name, raw in content.items():
                model = SeedTicketRow if name == "tickets" else RECORDS[name][0]
                seed[name] += [model.model_validate(row) for row in raw]
        except (yaml.YAMLError, KeyError, AttributeError, ValidationError) as error:
            raise StoreError(
                f"The seed file {file} cannot be read: {error}", "Mend that file."
            ) from error
    return seed


def _table_of(model: type[Row]) -> str:
    if model in _WORK:
        return _WORK[model]
    return next(name for name, (row, _) in RECORDS.items() if row is model)


def _columns(model: type[Row]) -> dict[str, type]:
    """SQLite column types: numbers as numbers, all else as text (lists as JSON)."""
    return {name: _column(field.annotation) for name, field in model.model_fields.items()}


def _column(annotation: Any) -> type:
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    kind = kinds[0] if len(kinds) == 1 else annotation
    if kind is float:
        return float
    return int if kind in (int, bool) else str


def _identifiers(customers: list[CustomerRow]) -> Iterator[dict[str, Any]]:
    for customer in customers:
        for rank, name in enumerate(IDENTIFIERS):
            value = getattr(customer, name)
            for number in [value] if isinstance(value, str) else value:
                if digits_of(number):
                    yield {"digits": digits_of(number), "customer": customer.id, "rank": rank}
