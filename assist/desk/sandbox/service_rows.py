"""What the sandbox keeps of services beyond lines, bills and meters: one frozen model a table.

Every row names its customer, so that a fault can be switched on for it. Nothing here decides.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal

from assist.desk.sandbox.rows import Moment, Row

PayWay = Literal["wallet", "debit", "credit"]
RefundStage = Literal["none", "merchant", "submitted", "done"]


class SpeedRow(Row):
    """A fibre line at home: the speed up to the box, and the router and devices behind it."""

    account: str
    customer: str
    speed_mbps: int
    router_port_mbps: int = 1000
    router_age_years: int = 2
    wifi_dbm: int
    """Received by the device that is worst off; the nearer to zero, the better."""
    busy_device_zh: str = ""
    busy_device_en: str = ""
    busy_mbps: int = 0


class MobileRow(Row):
    """`service` is the state of the number, `reason` why it is not in service."""

    phone: str
    customer: str
    balance_yuan: float
    service: Literal["in_service", "one_way", "stopped", "closed"] = "in_service"
    reason: Literal["", "arrears", "lost", "risk", "real_name", "owner"] = ""
    stopped_days: int = 0
    credit_ok: bool = True
    reopening: bool = False
    """The order to reopen is on its way."""


class PaymentRow(Moment):
    id: str
    phone: str
    customer: str
    amount_yuan: float
    channel_zh: str
    channel_en: str


class RoamingRow(Row):
    """`network` is where the phone is registered just now, empty when nowhere abroad."""

    phone: str
    customer: str
    roaming_open: bool = True
    data_open: bool = True
    country_zh: str = ""
    country_en: str = ""
    network: str = ""
    pack_zh: str = ""
    pack_en: str = ""
    pack_left_gb: float | None = None
    pack_days_left: int = 0
    pack_yuan_per_day: float = 30
    call_yuan_per_min: float = 2.99


class SimRow(Row):
    phone: str
    customer: str
    kind: Literal["card", "esim"] = "card"
    state: Literal["active", "suspended", "replaced", "activating"] = "active"
    changed_ago: timedelta = timedelta(days=400)
    last_seen_ago: timedelta = timedelta(minutes=3)
    card_last4: str


class HostRow(Row):
    """A cloud host. `state` is the platform's; the guest's own trouble shows in its figures."""

    instance: str
    customer: str
    address: str
    state: Literal["running", "host_down", "expired", "blocked"] = "running"
    state_ago: timedelta = timedelta(minutes=25)
    cpu_percent: int = 18
    memory_percent: int = 41
    disk_percent: int = 47
    expires_in_days: int = 200
    rule_changed_ago: timedelta | None = None
    """Since the security group was last changed; None: not lately."""
    rule_zh: str = ""
    rule_en: str = ""


class SupplyRow(Row):
    """The supply of a power account. Unplanned outages of its area stand in `outages`."""

    account: str
    customer: str
    feeder: str
    owed_yuan: float = 0
    relay_open: bool = False
    """The switch in the meter is off; with nothing owed it should not be."""
    planned_from: time | None = None
    planned_hours: float = 0
    planned_zh: str = ""
    planned_en: str = ""


class TransactionRow(Moment):
    """A payment out of a wallet. `refund` is how far its money is on its way back."""

    id: str
    phone: str
    customer: str
    amount_yuan: float
    payee_zh: str
    payee_en: str
    kind: Literal["purchase", "transfer", "renewal", "topup"] = "purchase"
    way: PayWay = "wallet"
    own_device: bool = True
    device_zh: str = ""
    device_en: str = ""
    disputed: bool = False
    refund: RefundStage = "none"
    refund_ago: timedelta = timedelta(0)
    """Since the merchant was asked, or the refund was submitted or done."""
