"""Answers of the services beyond lines, bills and meters; `replies` says what holds for all."""

from __future__ import annotations

from datetime import date, datetime

from assist.desk.sandbox.replies import Diagnosis, Num, OutageNote


class SpeedTest(Diagnosis):
    """`speed_mbps` is up to the box; `wifi_dbm` of the device that is worst off."""

    account: str
    tested_at: datetime
    plan_mbps: int
    speed_mbps: int
    speed_ok: bool
    router_port_mbps: int
    router_age_years: int
    wifi_dbm: int
    busy_device_zh: str
    busy_device_en: str
    busy_mbps: int
    cause: str
    cause_zh: str
    cause_en: str
    needs_visit: bool


class MobileAccount(Diagnosis):
    """`state` says what matters for a stopped number; the payment is the latest of 7 days."""

    phone: str
    service: str
    reason: str
    reason_zh: str
    reason_en: str
    state: str
    state_zh: str
    state_en: str
    balance_yuan: Num
    owed_yuan: Num
    stopped_days: int
    payment_found: bool
    payment_yuan: Num
    payment_zh: str
    payment_en: str
    payment_channel_zh: str
    payment_channel_en: str
    credit_ok: bool
    reopening: bool


class RoamingState(Diagnosis):
    """`pack_left_gb` is null without a data pack; `country` is empty at home."""

    phone: str
    roaming_open: bool
    data_open: bool
    stopped: bool
    owed_yuan: Num
    country_zh: str
    country_en: str
    network: str
    registered: bool
    pack_zh: str
    pack_en: str
    pack_left_gb: Num | None
    pack_used_up: bool
    pack_days_left: int
    pack_yuan_per_day: Num
    call_yuan_per_min: Num
    cause: str
    cause_zh: str
    cause_en: str


class SimState(Diagnosis):
    phone: str
    kind: str
    state: str
    state_zh: str
    state_en: str
    card_last4: str
    changed_zh: str
    changed_en: str
    last_seen_zh: str
    last_seen_en: str


class HostState(Diagnosis):
    """`fault` is the platform's or the guest's; `since` when it began, where that is known."""

    instance: str
    company: str
    address: str
    state: str
    cpu_percent: int
    memory_percent: int
    disk_percent: int
    expires_in_days: int
    rule_changed: bool
    rule_zh: str
    rule_en: str
    fault: str
    fault_zh: str
    fault_en: str
    platform_fault: bool
    since: datetime | None
    since_zh: str
    since_en: str


class PowerSupply(OutageNote):
    """`cause`: fault, planned, arrears, relay or none. Planned times are today's or tomorrow's."""

    account: str
    feeder: str
    affected: int
    planned: bool
    planned_from_zh: str
    planned_from_en: str
    planned_until_zh: str
    planned_until_en: str
    planned_cause_zh: str
    planned_cause_en: str
    owed_yuan: Num
    relay_open: bool
    cause: str
    cause_zh: str
    cause_en: str


class WalletCheck(Diagnosis):
    """The latest payment that stands out; `pattern`: renewal, new_device or none."""

    phone: str
    pattern: str
    pattern_zh: str
    pattern_en: str
    transaction_id: str
    amount_yuan: Num
    total_yuan: Num
    count: int
    paid_zh: str
    paid_en: str
    payee_zh: str
    payee_en: str
    device_zh: str
    device_en: str
    disputed: bool


class RefundCheck(Diagnosis):
    """The refund on its way, or a payment made twice. `stage`: none, merchant, submitted, done."""

    phone: str
    found: bool
    transaction_id: str
    amount_yuan: Num
    payee_zh: str
    payee_en: str
    way: str
    way_zh: str
    way_en: str
    paid_zh: str
    paid_en: str
    stage: str
    stage_zh: str
    stage_en: str
    expected_on: date | None
    expected_zh: str
    expected_en: str
    overdue: bool
    paid_twice: bool
