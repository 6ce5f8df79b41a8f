"""Electricity: use against earlier months, tiers, and whether the meter is right."""

from __future__ import annotations

from datetime import date
from statistics import fmean

from assist.desk.sandbox import network, replies, rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import Refused, unknown

METER_LIMIT_PERCENT = 2.0
"""A class B domestic meter may be off by this much in service (GB/T 17215)."""
STEP_KWH = 3.0
"""A smaller change of daily use explains no bill."""


def usage(records: Records, number: str, month: str) -> replies.PowerUsage:
    """`number`: the power account, or any number of its owner; `month` YYYY-MM or the latest.

    Raises Refused 404.
    """
    owner, account = network.owner_of(records, number, "power_account")
    meter = records.one(rows.MeterRow, account=account)
    if owner is None or meter is None:
        raise unknown("power account", "Read the account number again from the bill.")
    months = {m.month: m for m in records.find(rows.PowerMonthRow, "account = ?", [account])}
    month = month or max(months)
    if month not in months:
        raise Refused(404, "power.month_unknown", f"No reading for {month}.", "Leave month out.")
    tariff = records.one(rows.TariffRow, id=meter.tariff)
    if tariff is None:
        raise Refused(500, "tariff.unknown", "The meter's tariff is unknown.", "Mend the seed.")
    used = months[month]
    tiers = split(used.kwh, tariff)
    before = [months[m] for m in sorted(months) if _last_year(month) < m < month]
    last_year = months.get(_last_year(month))
    jump = step(used.daily_kwh)
    jump_on = date(int(month[:4]), int(month[5:]), jump[0]) if jump else None
    now = records.clock()
    outage = network.outage_of(records, owner, "power")
    usual_kwh = spoken.usual([m.kwh for m in before])
    view = {
        "usage_kwh": used.kwh,
        "usual_kwh": usual_kwh,
        "amount_yuan": _amount(tiers),
        "usual_yuan": spoken.usual([_amount(split(m.kwh, tariff)) for m in before]),
        "tier": tiers[-1].tier,
        "tier1_limit_kwh": tariff.tier1_kwh,
        "extra_yuan_per_kwh": round(tiers[-1].yuan_per_kwh - tariff.tier1_yuan, 4),
    }
    zh, en = _conclusions(month, view, jump_on, abs(meter.error_percent) <= METER_LIMIT_PERCENT)
    return replies.PowerUsage(
        account=account,
        month=month,
        month_zh=spoken.month_zh(month),
        month_en=spoken.month_en(month),
        last_year_month=_last_year(month),
        last_year_kwh=last_year.kwh if last_year else None,
        last_year_yuan=_amount(split(last_year.kwh, tariff)) if last_year else None,
        tiers=tiers,
        meter_no=meter.meter,
        meter_reading_kwh=meter.reading_kwh,
        period_end_reading_kwh=used.reading_end_kwh,
        meter_ok=abs(meter.error_percent) <= METER_LIMIT_PERCENT,
        meter_error_percent=meter.error_percent,
        jump_on=jump_on,
        jump_zh=f"{jump_on.month}月{jump_on.day}日" if jump_on else "",
        jump_en=f"{jump_on.day} {spoken.MONTHS[jump_on.month - 1]}" if jump_on else "",
        before_kwh_per_day=jump[1] if jump else None,
        after_kwh_per_day=jump[2] if jump else None,
        daily=[
            replies.DayUse(day=date(int(month[:4]), int(month[5:]), day), kwh=kwh)
            for day, kwh in enumerate(used.daily_kwh, 1)
        ],
        conclusion_zh=zh,
        conclusion_en=en,
        **view,
        **network.outage_note(outage, now),
    )


def split(kwh: float, tariff: rows.TariffRow) -> list[replies.Tier]:
    """`kwh` of one month over the tariff's tiers; only tiers that are reached."""
    bounds = (0.0, tariff.tier1_kwh, tariff.tier2_kwh, float("inf"))
    prices = (tariff.tier1_yuan, tariff.tier2_yuan, tariff.tier3_yuan)
    tiers = []
    for number, price in enumerate(prices, 1):
        part = round(min(kwh, bounds[number]) - bounds[number - 1], 2)
        if part > 0 or number == 1:
            tiers.append(
                replies.Tier(
                    tier=number,
                    kwh=part,
                    yuan_per_kwh=price,
                    amount_yuan=round(part * price, 2),
                )
            )
    return tiers


def step(daily_kwh: tuple[float, ...]) -> tuple[int, float, float] | None:
    """Day of month at which daily use stepped up, with the means before and after.

    The split into two level stretches with the least squared error (one change point, as in
    Bai & Perron); None when the step is small.
    """
    best: tuple[float, int] | None = None
    for day in range(2, len(daily_kwh)):
        parts = (daily_kwh[: day - 1], daily_kwh[day - 1 :])
        error = sum((kwh - fmean(part)) ** 2 for part in parts for kwh in part)
        if best is None or error < best[0]:
            best = error, day
    if best is None:
        return None
    before, after = fmean(daily_kwh[: best[1] - 1]), fmean(daily_kwh[best[1] - 1 :])
    if after - before < STEP_KWH:
        return None
    return best[1], round(before, 1), round(after, 1)


def _amount(tiers: list[replies.Tier]) -> float:
    return round(sum(tier.amount_yuan for tier in tiers), 2)


def _last_year(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def _conclusions(
    month: str, view: dict[str, float], jump_on: date | None, meter_ok: bool
) -> tuple[str, str]:
    kwh, usual = spoken.plain(view["usage_kwh"]), spoken.plain(view["usual_kwh"])
    amount = spoken.plain(view["amount_yuan"])
    zh = f"{spoken.month_zh(month)}用电{kwh}度，电费{amount}元，平时约{usual}度"
    en = f"{spoken.month_en(month)}: {kwh} kWh and {amount} yuan, against about {usual} kWh usually"
    if jump_on:
        zh += f"；从{jump_on.month}月{jump_on.day}日起日用电量明显升高"
        en += f"; daily use stepped up on {jump_on.day} {spoken.MONTHS[jump_on.month - 1]}"
    if view["tier"] > 1:
        extra = f"{view['extra_yuan_per_kwh']:.2f}"
        limit = f"{view['tier1_limit_kwh']:.0f}"
        zh += f"，超过{limit}度的部分进入第{view['tier']:.0f}档，每度多{extra}元"
        en += f", and use above {limit} kWh costs {extra} yuan more per kWh"
    if meter_ok:
        return f"{zh}；电表计量正常。", f"{en}; the meter measures correctly."
    return (
        f"{zh}；电表误差超标，需要现场校验。",
        f"{en}; the meter is out of limits and must be tested.",
    )
