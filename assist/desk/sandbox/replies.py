"""What the sandbox answers and is asked, as models: the OpenAPI document is made from these.

Diagnosis replies are flat, with units in their names, and end with one sentence an agent can read
out, in Chinese and in English. `None` means not measured or not applicable, never zero.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from assist.desk.sandbox.rows import Lang, Service


def _whole(number: float) -> int | float:
    """84.0 goes out as 84, so that a guide's text reads 84 元 and not 84.0 元."""
    return int(number) if number == int(number) else number


Num = Annotated[
    float, PlainSerializer(_whole), WithJsonSchema({"type": "number"}, mode="serialization")
]


class Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Reply):
    code: str
    message: str
    remedy: str


class Health(Reply):
    status: Literal["ok"] = "ok"


class OpenTicketView(Reply):
    number: str
    type: str
    title: str
    status: str
    opened_on: str


class CustomerView(Reply):
    """`tags` say what the customer has and what is going on with it just now."""

    id: str
    lang: Lang
    name: str
    surname: str
    title: str
    phone: str
    address: str
    city: str
    area: str
    company: str
    level: str
    plan: str
    broadband_account: str
    circuit_id: str
    power_account: str
    tags: list[str]
    open_tickets: list[OpenTicketView]


class Customers(Reply):
    """Most telling first: own account before contact phone."""

    customers: list[CustomerView]


class AlarmView(Reply):
    id: str
    service: Service
    target: str
    code: str
    severity: Literal["critical", "major", "minor"]
    text_zh: str
    text_en: str
    since: datetime


class Alarms(Reply):
    alarms: list[AlarmView]


class OutageView(Reply):
    id: str
    service: Service
    city: str
    city_en: str
    area: str
    area_en: str
    cause_zh: str
    cause_en: str
    affected: int
    since: datetime
    until: datetime = Field(description="expected end")


class Outages(Reply):
    outages: list[OutageView]


class Diagnosis(Reply):
    conclusion_zh: str
    conclusion_en: str


class OutageNote(Diagnosis):
    """Whether an area outage explains it; the texts are empty where there is none."""

    outage: bool
    outage_until: str = Field(description="expected end, HH:MM")
    outage_until_zh: str
    outage_until_en: str
    outage_cause_zh: str
    outage_cause_en: str


class LineDiagnosis(OutageNote):
    """`optical_dbm` is None and `los` true when no light arrives at all."""

    account: str
    tested_at: datetime
    plan_mbps: int
    onu_state: str
    los: bool
    optical_dbm: Num | None
    session_online: bool
    port_up: bool
    suspended: bool
    arrears_yuan: Num
    fault: str
    fault_zh: str
    fault_en: str
    needs_visit: bool
    since: datetime | None
    since_zh: str
    since_en: str
    alarms: list[AlarmView]


class CircuitDiagnosis(OutageNote):
    """`fault_side`: a, z or empty; `fault_end` is that end's name."""

    circuit_id: str
    company: str
    tested_at: datetime
    a_end: str
    z_end: str
    bandwidth_mbps: int
    a_rx_dbm: Num | None
    z_rx_dbm: Num | None
    a_port_up: bool
    z_port_up: bool
    a_power_ok: bool
    z_power_ok: bool
    los: bool
    loss_percent: Num
    latency_ms: Num
    fault: str
    fault_zh: str
    fault_en: str
    fault_side: Literal["a", "z", ""]
    fault_end: str
    customer_equipment_ok: bool
    needs_visit: bool
    arrival_h: int
    repair_h: int
    since: datetime | None
    since_zh: str
    since_en: str
    alarms: list[AlarmView]


class BillItem(Reply):
    """`amount_yuan` is the whole charge in a bill, the part above the usual in an analysis."""

    name: str
    amount_yuan: Num
    kind: str
    since: date | None
    ordered_on: date | None
    free_until: date | None
    used: bool
    refundable: bool


class Bill(Reply):
    phone: str
    month: str
    amount_yuan: Num
    items: list[BillItem]


class BillCheck(Diagnosis):
    """What differs from the three months before."""

    phone: str
    month: str
    month_zh: str
    month_en: str
    amount_yuan: Num
    usual_yuan: Num
    extra_yuan: Num
    items: list[BillItem]
    top_item: str
    top_amount_yuan: Num
    top_kind: str
    top_since: date | None
    top_since_zh: str
    top_since_en: str
    top_used: bool
    refundable: bool
    refund_yuan: Num
    refund_days: int


class Tier(Reply):
    tier: int
    kwh: Num
    yuan_per_kwh: Num
    amount_yuan: Num


class DayUse(Reply):
    day: date
    kwh: Num


class PowerUsage(OutageNote):
    """`tier` is the highest reached, `extra_yuan_per_kwh` what it costs above tier 1.

    `jump_on` is the day from which daily use stepped up, None where it did not.
    """

    account: str
    month: str
    month_zh: str
    month_en: str
    usage_kwh: Num
    usual_kwh: Num
    amount_yuan: Num
    usual_yuan: Num
    last_year_month: str
    last_year_kwh: Num | None
    last_year_yuan: Num | None
    tier: int
    tier1_limit_kwh: Num
    extra_yuan_per_kwh: Num
    tiers: list[Tier]
    meter_no: str
    meter_reading_kwh: Num
    period_end_reading_kwh: Num | None
    meter_ok: bool
    meter_error_percent: Num
    jump_on: date | None
    jump_zh: str
    jump_en: str
    before_kwh_per_day: Num | None
    after_kwh_per_day: Num | None
    daily: list[DayUse]


class MonthUse(Reply):
    month: str
    data_gb: Num
    minutes: int
    used_up_on: int | None
    extra_yuan: Num


class PlanFit(Diagnosis):
    """`data_gb`, `minutes` and the price are the recommended plan's; `change` false: stay."""

    phone: str
    current_plan: str
    current_price_yuan: Num
    current_data_gb: Num
    current_minutes: int
    average_data_gb: Num
    average_minutes: int
    average_extra_yuan: Num
    used_up_on: int | None
    change: bool
    recommended_plan: str
    recommended_price_yuan: Num
    data_gb: Num
    minutes: int
    price_change_yuan: Num
    effective_on: date
    months: list[MonthUse]


class Slot(Reply):
    date: date
    start: str
    end: str
    places: int
    label_zh: str
    label_en: str


class Appointments(Diagnosis):
    city: str
    today_full: bool
    first_date: date | None
    first_zh: str
    first_en: str
    slots: list[Slot]


Text = Annotated[str, StringConstraints(max_length=4000)]


class TicketAsk(BaseModel):
    """`customer` may stay empty: it is then found by the numbers among the fields."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(pattern=r"^[a-z][a-z0-9.-]{0,79}$")
    title: str = Field(min_length=1, max_length=200)
    fields: dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], Text] = Field(
        max_length=100
    )
    customer: str = ""


class Ticket(Reply):
    number: str
    status: str
    type: str
    title: str
    fields: dict[str, str]
    customer: str
    created_at: datetime


class Tickets(Reply):
    tickets: list[Ticket]


class NoteAsk(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=8000)
    fields: dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], Text] = Field(
        default_factory=dict, max_length=100
    )


class Note(Reply):
    """`number` and `status` are the ticket's."""

    number: str
    status: str
    text: str
    fields: dict[str, str]
    created_at: datetime


class Notes(Reply):
    notes: list[Note]
