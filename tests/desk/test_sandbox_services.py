"""Speed, mobile, roaming, SIM, cloud, supply and wallet over real HTTP: what the record says."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from assist.desk.sandbox import mobile, rows, speed, supply, wallet
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.service_rows import MobileRow, SpeedRow, SupplyRow

from .conftest import NOW


async def get(web: httpx.AsyncClient, path: str) -> Any:
    reply = await web.get(path)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("broadband/lines/15446071893/speed", {"cause": "line_slow", "needs_visit": True}),
        ("broadband/lines/6003916048/speed", {"cause": "router_port", "speed_ok": True}),
        ("broadband/lines/6001102366/speed", {"cause": "wifi_weak", "wifi_dbm": -79}),
        ("broadband/lines/6001466092/speed", {"cause": "device_busy", "busy_mbps": 262}),
        ("broadband/lines/6001466177/speed", {"cause": "none", "needs_visit": False}),
        ("mobiles/14339608124/account", {"state": "owed", "owed_yuan": 86.4, "stopped_days": 5}),
        ("mobiles/14211674058/account", {"state": "posted", "payment_yuan": 100}),
        ("mobiles/14303371962/account", {"state": "posted", "reopening": True}),
        ("mobiles/14269915347/account", {"state": "other", "reason_zh": "风险关停"}),
        ("mobiles/14243308612/account", {"state": "closed", "credit_ok": False}),
        ("mobiles/14320457716/account", {"state": "in_service", "payment_found": True}),
        ("mobiles/14320457716/roaming", {"cause": "pack_used_up", "registered": True}),
        ("mobiles/14303371520/roaming", {"cause": "not_registered", "registered": False}),
        ("mobiles/14303371647/roaming", {"cause": "data_closed", "roaming_open": True}),
        ("mobiles/14303371788/roaming", {"cause": "roaming_closed"}),
        ("mobiles/14339608124/roaming", {"cause": "stopped", "owed_yuan": 86.4}),
        ("mobiles/14303371853/roaming", {"cause": "none", "pack_left_gb": 2.5}),
        ("mobiles/14366027581/sim", {"state": "active", "kind": "esim"}),
        ("mobiles/14318840572/sim", {"state": "suspended", "changed_en": "yesterday at 15:42"}),
        ("mobiles/14339608124/sim", {"state": "replaced"}),
        ("mobiles/14377058219/sim", {"state": "activating"}),
        ("cloud/hosts/ECS-8813A", {"fault": "host_down", "platform_fault": True}),
        ("cloud/hosts/15419937042", {"fault": "blocked", "company": "瑞康医药"}),
        ("cloud/hosts/15419937043", {"fault": "blocked"}),
        ("cloud/hosts/203.0.113.135", {"fault": "expired", "expires_in_days": -2}),
        ("cloud/hosts/ecs-1120d", {"fault": "cpu_high", "since": None}),
        ("cloud/hosts/ecs-1121e", {"fault": "rule_changed", "since_zh": "今天14:32"}),
        ("power/3302336015/supply", {"cause": "fault", "outage": True, "affected": 420}),
        ("power/3302104478/supply", {"cause": "planned", "planned_until_zh": "今天16:30"}),
        ("power/3302459920/supply", {"cause": "arrears", "owed_yuan": 212.6}),
        ("power/3302470016/supply", {"cause": "relay", "owed_yuan": 0}),
        ("power/3302470105/supply", {"cause": "none", "relay_open": False}),
        ("wallets/14288031956/payments", {"pattern": "new_device", "total_yuan": 3887}),
        ("wallets/14255873046/payments", {"pattern": "renewal", "amount_yuan": 68}),
        ("wallets/15410236675/payments", {"pattern": "none", "payee_zh": "青禾超市"}),
        ("wallets/14377058219/refund", {"overdue": True, "way": "credit"}),
        ("wallets/14211674058/refund", {"overdue": False, "stage": "submitted"}),
        ("wallets/14320457716/refund", {"stage": "merchant", "expected_on": None}),
        ("wallets/14339608124/refund", {"stage": "done", "found": True}),
        ("wallets/14269915347/refund", {"paid_twice": True, "found": False}),
        ("wallets/14288031956/refund", {"paid_twice": False, "found": False}),
    ],
)
async def test_a_service_says_what_the_record_says(
    web: httpx.AsyncClient, path: str, expected: dict[str, Any]
) -> None:
    found = await get(web, f"/{path}")
    assert expected.items() <= found.items()
    zh, en = found["conclusion_zh"], found["conclusion_en"]
    assert zh.endswith("。") and en.endswith(".") and "None" not in zh + en
    assert re.match(r"[A-Z0-9]|ecs-", en), en


def test_the_mobile_records_agree_with_the_tags(database: Any) -> None:
    """Two tables tell of arrears and of being abroad; they must tell the same."""
    records = Records(database, lambda: NOW)
    subscribers = {s.phone: s for s in records.find(rows.SubscriberRow, "1", [])}
    for row in records.find(MobileRow, "1", []):
        known = subscribers.get(row.phone)
        if known:
            assert known.arrears_yuan == mobile.owed_yuan(row), row.phone
    records.close()


@pytest.mark.parametrize(
    ("begun", "days", "end"),
    [
        (date(2026, 11, 5), 3, date(2026, 11, 10)),  # Thursday: over a weekend
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 11, 2), 7, date(2026, 11, 11)),
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_working_days(begun: date, days: int, end: date) -> None:
    assert wallet.working_days_after(begun, days) == end


@pytest.mark.parametrize(
    ("hour", "starts", "ends"),
    [
        (6, datetime(2026, 11, 5, 8, 30), datetime(2026, 11, 5, 16, 30)),
        (12, datetime(2026, 11, 5, 8, 30), datetime(2026, 11, 5, 16, 30)),
        (17, datetime(2026, 11, 6, 8, 30), datetime(2026, 11, 6, 16, 30)),
    ],
)
def test_planned_work_is_never_over(hour: int, starts: datetime, ends: datetime) -> None:
    row = SupplyRow.model_validate(
        {"account": "1", "customer": "C", "feeder": "f", "planned_from": "08:30"}
        | {"planned_hours": 8}
    )
    now = NOW.replace(hour=hour, minute=0, second=0)
    start, end = supply.planned(row, now)
    assert (start.replace(tzinfo=None), end.replace(tzinfo=None)) == (starts, ends)
    assert end - start == timedelta(hours=8)


def test_the_line_is_judged_before_the_router() -> None:
    slow = SpeedRow(account="1", customer="C", speed_mbps=79, wifi_dbm=-90, router_port_mbps=10)
    assert speed.judge(slow, 100).cause == "line_slow"
    assert speed.judge(slow.model_copy(update={"speed_mbps": 80}), 100).cause == "router_port"
