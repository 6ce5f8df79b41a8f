"""Why a home has no power: the feeder, planned work, an unpaid bill, or the switch in the meter."""

from __future__ import annotations

from datetime import datetime, timedelta

from assist.desk.sandbox import network, replies, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import PowerSupply
from assist.desk.sandbox.service_rows import SupplyRow

CAUSES = {
    "fault": ("片区线路故障", "a fault on the feeder"),
    "planned": ("计划停电", "planned work"),
    "arrears": ("欠费停电", "switched off for an unpaid bill"),
    "relay": ("电表内开关未合闸", "the switch in the meter is off"),
    "none": ("没有停电信息", "no outage known"),
}


def state(records: Records, number: str) -> PowerSupply:
    """`number`: the power account, or any number of its owner. Raises Refused 404."""
    owner, account = network.owner_of(records, number, "power_account")
    supply = records.one(SupplyRow, account=account)
    if owner is None or supply is None:
        raise unknown("power account", "Read the account number again from the bill.")
    now = records.clock()
    outage = network.outage_of(records, owner, "power")
    start, end = planned(supply, now)
    cause = _cause(supply, outage)
    zh, en = _conclusions(supply, cause, outage, (start, end), now)
    shown = cause == "planned"
    return PowerSupply(
        **supply.model_dump(include={"account", "feeder", "owed_yuan", "relay_open"}),
        affected=outage.affected if outage else 0,
        planned=shown,
        planned_from_zh=spoken.moment_zh(start, now) if shown else "",
        planned_from_en=spoken.moment_en(start, now) if shown else "",
        planned_until_zh=spoken.moment_zh(end, now) if shown else "",
        planned_until_en=spoken.moment_en(end, now) if shown else "",
        planned_cause_zh=supply.planned_zh,
        planned_cause_en=supply.planned_en,
        cause=cause,
        cause_zh=CAUSES[cause][0],
        cause_en=CAUSES[cause][1],
        conclusion_zh=zh,
        conclusion_en=en,
        **network.outage_note(outage, now),
    )


def planned(supply: SupplyRow, now: datetime) -> tuple[datetime, datetime]:
    """Today's work, or tomorrow's where today's is over; without any, no time at all."""
    if supply.planned_from is None:
        return now, now
    start = datetime.combine(now.date(), supply.planned_from, tzinfo=now.tzinfo)
    length = timedelta(hours=supply.planned_hours)
    if start + length <= now:
        start += timedelta(days=1)
    return start, start + length


def _cause(supply: SupplyRow, outage: replies.OutageView | None) -> str:
    """The wider cause comes first."""
    if outage:
        return "fault"
    if supply.planned_from is not None:
        return "planned"
    if supply.owed_yuan > 0 and supply.relay_open:
        return "arrears"
    return "relay" if supply.relay_open else "none"


def _conclusions(
    supply: SupplyRow,
    cause: str,
    outage: replies.OutageView | None,
    work: tuple[datetime, datetime],
    now: datetime,
) -> tuple[str, str]:
    if cause == "fault" and outage:
        until_zh, until_en = (
            spoken.moment_zh(outage.until, now),
            spoken.moment_en(outage.until, now),
        )
        return (
            f"{outage.area}片区{outage.cause_zh}，约{outage.affected}户停电，预计{until_zh}恢复。",
            f"{outage.area_en}: {outage.cause_en}; about {outage.affected} homes are without "
            f"power, expected back {until_en}.",
        )
    if cause == "planned":
        zh = [spoken.moment_zh(moment, now) for moment in work]
        en = [spoken.moment_en(moment, now) for moment in work]
        return (
            f"{supply.feeder}计划停电，{supply.planned_zh}，{zh[0]}到{zh[1]}。",
            f"Planned work, {supply.planned_en}: from {en[0]} to {en[1]}.",
        )
    if cause == "arrears":
        owed = spoken.plain(supply.owed_yuan)
        return (
            f"欠电费{owed}元，电表已断开，缴清后自动送电。",
            f"Switched off for {owed} yuan unpaid; power comes back once it is paid.",
        )
    if cause == "relay":
        return (
            "电费已缴清，电表里的开关还断着，要合闸。",
            "Nothing is owed, but the switch in the meter is still off.",
        )
    return (
        f"{supply.feeder}供电正常，没有停电公告和抢修，不欠费，电表是合着的。",
        "The feeder is in order: no outage is known, nothing is owed, the meter is on.",
    )
