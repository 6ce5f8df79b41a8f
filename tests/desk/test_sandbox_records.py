"""The seed over real HTTP: everyone is found, and each diagnosis says what the record says."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from assist.desk.sandbox.database import Records, read_seed

from .conftest import NOW

SEED = read_seed(
    {f.name: f.read_text("utf-8") for f in (files("assist.desk.sandbox") / "seed").iterdir()}
)
NUMBERS = [
    (number, customer.id)
    for customer in SEED["customers"]
    for number in (
        customer.phone,
        *customer.numbers,
        customer.broadband_account,
        customer.circuit_id,
        customer.power_account,
    )
    if number
]


async def get(web: httpx.AsyncClient, path: str, status: int = 200, **query: str) -> Any:
    response = await web.get(path, params=query)
    assert response.status_code == status, response.text
    return response.json()


async def test_every_customer_is_found_by_every_number(web: httpx.AsyncClient) -> None:
    assert len(SEED["customers"]) >= 20
    assert len(NUMBERS) == len(set(NUMBERS)) > 40
    for number, customer in NUMBERS:
        found = (await get(web, "/customers", number=number))["customers"]
        assert [c["id"] for c in found] == [customer], number


@pytest.mark.parametrize(
    "written",
    [
        "154-0372-6618",
        "+86 154 0372 6618",
        "008615403726618",
        "１５４０３７２６６１８",
        "(154)03726618",
    ],
)
async def test_a_number_is_found_however_it_is_written(
    web: httpx.AsyncClient, written: str
) -> None:
    found = (await get(web, "/customers", number=written))["customers"]
    assert [c["name"] for c in found] == ["刘建国"]


async def test_a_stranger_is_nobody(web: httpx.AsyncClient) -> None:
    assert await get(web, "/customers", number="13900000000") == {"customers": []}


async def test_a_number_without_digits_is_refused(web: httpx.AsyncClient) -> None:
    problem = await get(web, "/customers", 422, number="nobody")
    assert set(problem) == {"code", "message", "remedy"}
    assert "number" in problem["message"]


async def test_a_customer_by_id_with_tags_and_open_tickets(web: httpx.AsyncClient) -> None:
    customer = await get(web, "/customers/C2004")
    assert customer["tags"] == ["repeat_caller", "broadband_customer", "broadband_alarm"]
    assert [t["type"] for t in customer["open_tickets"]] == ["broadband.repair"]
    assert (await get(web, "/customers/C2001"))["open_tickets"] == [], "a closed one is not open"
    assert "bill_above_usual" in (await get(web, "/customers/C1008"))["tags"]
    assert "data_used_up" in (await get(web, "/customers/C1005"))["tags"]
    assert "arrears" in (await get(web, "/customers/C2003"))["tags"]
    assert "power_outage" in (await get(web, "/customers/C2012"))["tags"]
    assert (await get(web, "/customers/C9999", 404))["code"] == "customer.unknown"


@pytest.mark.parametrize(
    ("number", "fault", "visit"),
    [
        ("15403726618", "access_fibre_cut", True),
        ("6003221860", "access_fibre_cut", True),
        ("6001102366", "none", False),
        ("15427790318", "area_outage", False),
        ("6001318655", "suspended_arrears", False),
        ("6002460718", "weak_light", True),
        ("6002523184", "onu_offline", False),
        ("6004639027", "port_down", False),
        ("6004781206", "onu_power_off", False),
        ("6004805573", "login_refused", False),
        ("6003155732", "area_outage", False),
        ("15438820164", "weak_light", True),
    ],
)
async def test_a_line_test_finds_the_fault(
    web: httpx.AsyncClient, number: str, fault: str, visit: bool
) -> None:
    result = await get(web, f"/broadband/lines/{number}/diagnosis")
    assert (result["fault"], result["needs_visit"]) == (fault, visit)
    assert result["outage"] is (fault == "area_outage") is bool(result["outage_until"])
    assert result["session_online"] is (fault in ("none", "weak_light"))
    assert result["conclusion_zh"].endswith("。") and result["conclusion_en"].endswith(".")


async def test_no_light_is_told_apart_from_weak_light(web: httpx.AsyncClient) -> None:
    cut = await get(web, "/broadband/lines/6001037266/diagnosis")
    assert (cut["los"], cut["optical_dbm"]) == (True, None)
    assert cut["since"] == "2026-11-04T20:47:00+08:00"
    weak = await get(web, "/broadband/lines/6002460718/diagnosis")
    assert (weak["los"], weak["optical_dbm"]) == (False, -28.4)
    assert "-28.4" in weak["conclusion_zh"]


async def test_an_unknown_line_is_refused(web: httpx.AsyncClient) -> None:
    assert (await get(web, "/broadband/lines/1/diagnosis", 404))["code"] == "broadband_line.unknown"
    await get(web, "/circuits/15403726618/diagnosis", 404)


@pytest.mark.parametrize(
    ("circuit", "fault", "end", "own_fault"),
    [
        ("7701258813", "access_fibre_cut", "总部", True),
        ("7701403365", "none", "", True),
        ("7701516207", "packet_loss", "", True),
        ("7701627941", "customer_power", "车间", False),
    ],
)
async def test_a_circuit_test_finds_fault_and_end(
    web: httpx.AsyncClient, circuit: str, fault: str, end: str, own_fault: bool
) -> None:
    result = await get(web, f"/circuits/{circuit}/diagnosis")
    assert (result["fault"], result["fault_end"]) == (fault, end)
    assert result["customer_equipment_ok"] is own_fault
    assert end in result["conclusion_zh"]


async def test_a_circuit_alarm_began_at_its_hour_today(web: httpx.AsyncClient) -> None:
    result = await get(web, "/circuits/7701258813/diagnosis")
    assert result["since"] == "2026-11-05T14:10:00+08:00"
    assert (result["arrival_h"], result["repair_h"], result["company"]) == (2, 4, "恒远物流")


async def test_alarms_and_outages_are_filtered(web: httpx.AsyncClient) -> None:
    circuits = (await get(web, "/alarms", service="circuit"))["alarms"]
    assert {a["service"] for a in circuits} == {"circuit"}
    since = [a["since"] for a in circuits]
    assert since == sorted(since, reverse=True)
    only = (await get(web, "/alarms", target="7701258813", severity="critical"))["alarms"]
    assert [a["code"] for a in only] == ["R_LOS"]
    assert (await get(web, "/alarms", 422, service="steam"))["code"] == "invalid"
    for city in ("云川", "云川市", "yunchuan", "Yunchuan"):
        found = (await get(web, "/outages", city=city))["outages"]
        assert [o["area"] for o in found] == ["文昌"]
    assert (await get(web, "/outages", city="Nanpu", area="harbour"))["outages"][0][
        "affected"
    ] == 840
    assert (await get(web, "/outages", city="shiqiao")) == {"outages": []}


async def test_an_outage_ends_later_on_a_half_hour(web: httpx.AsyncClient) -> None:
    for outage in (await get(web, "/outages"))["outages"]:
        assert outage["since"] < NOW.isoformat() < outage["until"]
        assert outage["until"][14:19] in ("00:00", "30:00")


@pytest.mark.parametrize(
    ("phone", "total", "usual", "item", "above", "refundable"),
    [
        ("14255873046", 84, 59, "视频会员包", 25, True),
        ("14366027581", 196, 128, "international data pass", 68, True),
        ("14243308612", 87.3, 39, "套餐外流量费", 48.3, False),
        ("14269915347", 203, 99, "代收游戏充值", 98, False),
        ("14318840572", 245.58, 79, "handset instalment", 166.58, False),
        ("14211674058", 59, 59, "", 0, False),
    ],
)
async def test_a_bill_check_names_what_is_new(
    web: httpx.AsyncClient,
    phone: str,
    total: float,
    usual: float,
    item: str,
    above: float,
    refundable: bool,
) -> None:
    result = await get(web, f"/bills/{phone}/unexpected")
    assert (result["amount_yuan"], result["usual_yuan"]) == (total, usual)
    assert (result["top_item"], result["top_amount_yuan"]) == (item, above)
    assert result["refundable"] is refundable
    assert result["extra_yuan"] == pytest.approx(sum(i["amount_yuan"] for i in result["items"]))
    assert str(total) in result["conclusion_zh"] and str(total) in result["conclusion_en"]


async def test_a_bill_adds_up_in_any_month(web: httpx.AsyncClient) -> None:
    bill = await get(web, "/bills/15403726618", month="2026-09")
    assert bill["month"] == "2026-09" and bill["amount_yuan"] == 109
    assert (await get(web, "/bills/6001037266"))["month"] == "2026-10", "by broadband account too"
    assert sum(i["amount_yuan"] for i in bill["items"]) == bill["amount_yuan"]
    assert (
        "2026-08 to 2026-10"
        in (await get(web, "/bills/15403726618", 404, month="2020-01"))["message"]
    )
    assert (await get(web, "/bills/15403726618", 422, month="October"))["code"] == "invalid"
    assert (await get(web, "/bills/14230865179", 404))["code"] == "bill.unknown"


async def test_power_use_is_explained_by_days_and_tiers(web: httpx.AsyncClient) -> None:
    result = await get(web, "/power/3302187594/usage")
    assert (result["usage_kwh"], result["amount_yuan"], result["tier"]) == (710, 412, 2)
    assert result["usual_yuan"] < 150 and result["extra_yuan_per_kwh"] == 0.05
    assert (result["meter_reading_kwh"], result["meter_ok"]) == (10326, True)
    assert result["jump_on"] == "2026-10-04"
    assert result["after_kwh_per_day"] > 2 * result["before_kwh_per_day"]
    assert sum(t["amount_yuan"] for t in result["tiers"]) == result["amount_yuan"]
    assert sum(d["kwh"] for d in result["daily"]) == pytest.approx(result["usage_kwh"])
    assert (result["last_year_month"], result["last_year_kwh"]) == ("2025-10", 248)


async def test_power_use_without_a_step_a_fast_meter_and_an_outage(web: httpx.AsyncClient) -> None:
    calm = await get(web, "/power/14225730916/usage")
    assert (calm["jump_on"], calm["tier"], calm["extra_yuan_per_kwh"]) == (None, 1, 0)
    fast = await get(web, "/power/3302459920/usage")
    assert fast["meter_ok"] is False and "校验" in fast["conclusion_zh"]
    dark = await get(web, "/power/3302336015/usage")
    assert dark["outage"] is True and dark["outage_until"] == "17:30"
    assert (await get(web, "/power/3302187594/usage", month="2026-07"))["usage_kwh"] == 268
    await get(web, "/power/3302187594/usage", 404, month="2024-07")
    await get(web, "/power/15403726618/usage", 404)


@pytest.mark.parametrize(
    ("phone", "plan", "change"),
    [
        ("14377058219", "79元套餐", True),
        ("14255873046", "59元套餐", False),
        ("14211674058", "39元套餐", True),
        ("14352260938", "79 yuan plan", True),
        ("14243308612", "39元套餐", False),
        ("14366027581", "128 yuan plan", False),
    ],
)
async def test_the_fitting_plan_costs_least(
    web: httpx.AsyncClient, phone: str, plan: str, change: bool
) -> None:
    result = await get(web, "/plans/fit", phone=phone)
    assert (result["recommended_plan"], result["change"]) == (plan, change)
    assert result["price_change_yuan"] == (
        result["recommended_price_yuan"] - result["current_price_yuan"]
    )
    assert result["effective_on"] == "2026-12-01"


async def test_visits_are_never_promised_at_short_notice(web: httpx.AsyncClient) -> None:
    home = await get(web, "/appointments", city="云川市")
    assert home["today_full"] is True and home["first_zh"] == "明天上午9点到11点"
    assert (await get(web, "/appointments", city="Nanpu"))["first_en"] == (
        "tomorrow between 8 am and 10 am"
    )
    open_city = await get(web, "/appointments", city="石桥")
    assert open_city["first_date"] == "2026-11-06", "14:00 today has begun"
    assert "石桥" in (await get(web, "/appointments", 404, city="Atlantis"))["remedy"]


def test_a_city_with_room_today_offers_today(database: Path) -> None:
    from assist.desk.sandbox.visits import appointments

    records = Records(database, lambda: NOW.replace(hour=8))
    result = appointments(records, "shiqiao")
    records.close()
    assert (result.today_full, result.first_zh) == (False, "今天下午2点到5点")
