"""What the sandbox keeps: one frozen model a table, for the seed files and for reading back.

A fault's beginning is kept relative to now, so that the seed looks the same on any day. Bills and
meter months are fixed facts. Nothing here decides anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Clock = Callable[[], datetime]
Lang = Literal["zh", "en"]
Service = Literal["broadband", "circuit", "power"]


def _from_json(value: Any) -> Any:
    """SQLite gives a list back as JSON text."""
    return json.loads(value) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_from_json)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(_from_json)]
Days = Annotated[tuple[int, ...], BeforeValidator(_from_json)]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(Row):
    """`ago` before now; `at` then sets the time of day, one day earlier if not yet reached."""

    ago: timedelta = timedelta(0)
    at: time | None = None

    def before(self, now: datetime) -> datetime:
        moment = now - self.ago
        if self.at is None:
            return moment.replace(second=0, microsecond=0)
        moment = datetime.combine(moment.date(), self.at, tzinfo=now.tzinfo)
        return moment if moment <= now else moment - timedelta(days=1)


class CityRow(Row):
    id: str
    zh: str
    en: str


class CustomerRow(Row):
    """`numbers` are other phones under which this customer is known."""

    id: str
    lang: Lang = "zh"
    name: str
    surname: str
    title: str
    phone: str
    numbers: Texts = ()
    address: str = ""
    city: str
    area: str
    company: str = ""
    level: str = ""
    plan: str = ""
    broadband_account: str = ""
    circuit_id: str = ""
    power_account: str = ""
    tags: Texts = ()


class LineRow(Row):
    """A fibre line. `optical_dbm` is the power the customer's box receives; None: no light."""

    account: str
    customer: str
    mbps: int
    port: str
    onu_state: Literal["online", "los", "dying_gasp", "offline"] = "online"
    optical_dbm: float | None = None
    port_up: bool = True
    session_online: bool = True
    login_refused: bool = False
    arrears_yuan: float = 0
    suspended: bool = False


class CircuitRow(Row):
    """A leased line between end A and end Z, each with the light received there."""

    circuit_id: str
    customer: str
    a_end: str
    z_end: str
    mbps: int
    a_rx_dbm: float | None = None
    z_rx_dbm: float | None = None
    a_port_up: bool = True
    z_port_up: bool = True
    a_power_ok: bool = True
    z_power_ok: bool = True
    loss_percent: float = 0
    latency_ms: float = 0
    arrival_h: int = 2
    repair_h: int = 4


class AlarmRow(Moment):
    id: str
    service: Service
    target: str
    code: str
    severity: Literal["critical", "major", "minor"]
    zh: str
    en: str


class OutageRow(Moment):
    """Goes on for ever; its expected end is always `lasts` from now, on the full half hour."""

    id: str
    service: Service
    city: str
    area: str
    area_en: str
    cause_zh: str
    cause_en: str
    affected: int
    lasts: timedelta


class ProductRow(Row):
    """Something a bill may carry. `refund_days`: until the money is back, 0 the same day."""

    code: str
    kind: Literal["plan", "subscription", "one_off", "overage", "device", "third_party"]
    zh: str
    en: str
    refundable_unused: bool = False
    refund_days: int = 0


class BillItemRow(Row):
    payer: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    product: str
    amount_yuan: float
    since: date | None = None
    ordered_on: date | None = None
    free_until: date | None = None
    used: bool = True


class PlanRow(Row):
    id: str
    zh: str
    en: str
    price_yuan: float
    data_gb: float
    minutes: int


class SubscriberRow(Row):
    """`roaming_in` is the country or region the phone is in just now, empty at home."""

    phone: str
    plan: str
    arrears_yuan: float = 0
    roaming_in: str = ""


class UsageRow(Row):
    phone: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    data_gb: float
    minutes: int
    used_up_on: int | None = Field(default=None, description="day of month; None: lasted")


class TariffRow(Row):
    """Monthly tiers of a home: tier 1 up to `tier1_kwh`, tier 2 up to `tier2_kwh`, then tier 3."""

    id: str
    tier1_kwh: float
    tier2_kwh: float
    tier1_yuan: float
    tier2_yuan: float
    tier3_yuan: float


class MeterRow(Row):
    account: str
    customer: str
    tariff: str
    meter: str
    reading_kwh: float
    error_percent: float = 0


class PowerMonthRow(Row):
    account: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    kwh: float
    reading_end_kwh: float | None = None
    daily_kwh: Numbers = ()


class WindowRow(Row):
    """A visit window of a city; `full_days` are days from today that are booked out."""

    city: str
    start: time
    end: time
    places: int = 2
    full_days: Days = ()


class TicketRow(Row):
    number: str
    key: str
    digest: str
    customer: str = ""
    type: str
    title: str
    fields: Annotated[dict[str, str], BeforeValidator(_from_json)]
    status: str
    created_at: datetime


class NoteRow(Row):
    key: str
    digest: str
    ticket: str
    text: str
    fields: Annotated[dict[str, str], BeforeValidator(_from_json)]
    created_at: datetime


class SeedTicketRow(Moment):
    customer: str
    type: str
    title: str
    fields: dict[str, str]
    status: str
