"""The sandbox's arithmetic, over far more cases than the seed has."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.desk.numbers import digits_of
from assist.desk.sandbox import plans, spoken
from assist.desk.sandbox.judge import judge_circuit, judge_line
from assist.desk.sandbox.power import split, step
from assist.desk.sandbox.rows import CircuitRow, LineRow, Moment, PlanRow, TariffRow, UsageRow

from .conftest import NOW

TARIFF = TariffRow(
    id="t", tier1_kwh=280, tier2_kwh=800, tier1_yuan=0.55, tier2_yuan=0.6, tier3_yuan=0.85
)
LINE = LineRow(account="1", customer="C", mbps=100, port="p", optical_dbm=-20)
CIRCUIT = CircuitRow(
    circuit_id="1", customer="C", a_end="甲", z_end="乙", mbps=10, a_rx_dbm=-8, z_rx_dbm=-8
)


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_tiers_add_up_and_more_costs_more(less: float, more: float) -> None:
    less, more = sorted((round(less, 2), round(more, 2)))
    costs = []
    for kwh in (less, more):
        tiers = split(kwh, TARIFF)
        assert sum(t.kwh for t in tiers) == pytest.approx(kwh)
        assert [t.tier for t in tiers] == list(range(1, len(tiers) + 1))
        costs.append(sum(t.amount_yuan for t in tiers))
    assert costs[0] <= costs[1] + 0.01


@settings(deadline=None)
@given(st.integers(3, 27), st.floats(1, 10), st.floats(5, 40))
def test_a_clean_step_is_found_on_its_day(day: int, low: float, rise: float) -> None:
    daily = tuple([low] * (day - 1) + [low + rise] * (31 - day + 1))
    found = step(daily)
    assert found is not None and found[0] == day
    assert found[2] - found[1] == pytest.approx(rise, abs=0.11)


@pytest.mark.parametrize(
    "daily", [(), (5.0,), (5.0, 30.0), (8.0,) * 31, (30.0,) * 10 + (5.0,) * 21]
)
def test_no_step_up_is_none(daily: tuple[float, ...]) -> None:
    assert step(daily) is None


@given(st.lists(st.tuples(st.floats(0, 300), st.integers(0, 2000)), min_size=1, max_size=3))
def test_a_bigger_plan_never_costs_more_on_top(months: list[tuple[float, int]]) -> None:
    used = [
        UsageRow(phone="1", month=f"2026-0{i}", data_gb=gb, minutes=m)
        for i, (gb, m) in enumerate(months, 1)
    ]
    small = PlanRow(id="a", zh="a", en="a", price_yuan=10, data_gb=10, minutes=50)
    large = PlanRow(id="b", zh="b", en="b", price_yuan=10, data_gb=60, minutes=100)
    assert plans.cost(large, used) <= plans.cost(small, used)
    if plans.holds(small, used):
        assert plans.holds(large, used) and plans.cost(small, used) == small.price_yuan


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, "none"),
        ({"optical_dbm": -27.0}, "none"),
        ({"optical_dbm": -27.1}, "weak_light"),
        ({"onu_state": "los", "optical_dbm": None}, "access_fibre_cut"),
        ({"onu_state": "los", "suspended": True}, "suspended_arrears"),
        ({"port_up": False, "optical_dbm": -30.0}, "port_down"),
        ({"login_refused": True}, "login_refused"),
    ],
)
def test_the_widest_cause_of_a_line_wins(changes: dict[str, object], fault: str) -> None:
    assert judge_line(LINE.model_copy(update=changes), None, NOW).fault == fault


@pytest.mark.parametrize(
    ("changes", "fault", "side"),
    [
        ({}, "none", ""),
        ({"z_rx_dbm": None}, "access_fibre_cut", "z"),
        ({"z_rx_dbm": None, "z_power_ok": False}, "customer_power", "z"),
        ({"a_port_up": False}, "customer_port_down", "a"),
        ({"loss_percent": 1.0}, "none", ""),
        ({"loss_percent": 1.1}, "packet_loss", ""),
    ],
)
def test_a_circuit_is_judged_end_by_end(changes: dict[str, object], fault: str, side: str) -> None:
    finding = judge_circuit(CIRCUIT.model_copy(update=changes), None, NOW)
    assert (finding.fault, finding.side) == (fault, side)


@given(st.timedeltas(timedelta(0), timedelta(days=40)), st.one_of(st.none(), st.times()))
def test_a_fault_never_begins_in_the_future(ago: timedelta, at: time | None) -> None:
    begin = Moment(ago=ago, at=at).before(NOW)
    assert begin <= NOW and begin.tzinfo is not None
    if at:
        assert (begin.hour, begin.minute) == (at.hour, at.minute)


@given(st.text(max_size=40))
def test_digits_are_plain_and_stay_as_they_are(text: str) -> None:
    digits = digits_of(text)
    assert digits == "" or (digits.isascii() and digits.isdigit())
    assert digits_of(digits) in (digits, digits.removeprefix("00").removeprefix("86"))


def test_how_times_and_sums_are_said() -> None:
    today = NOW.date()
    assert spoken.day_zh(date(2026, 11, 4), today) == "昨天"
    assert spoken.day_en(date(2026, 11, 7), today) == "7 November"
    assert spoken.window_zh(time(9), time(11)) == "上午9点到11点"
    assert spoken.window_zh(time(11), time(13)) == "上午11点到下午1点"
    assert spoken.window_zh(time(13, 30), time(15, 30)) == "下午1点30分到3点30分"
    assert spoken.window_en(time(10), time(12)) == "between 10 am and noon"
    assert [spoken.plain(x) for x in (84.0, 128.6, 12345.67, 0)] == ["84", "128.6", "12345.67", "0"]
