"""What tests of a fibre line and of a leased line say, from records, alarms and outages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assist.desk.sandbox import replies, rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.judge import Finding, judge_circuit, judge_line
from assist.desk.sandbox.refusal import unknown


def alarms(records: Records, **filters: str) -> list[replies.AlarmView]:
    """Standing alarms, newest first. `filters` are columns; empty ones do not filter."""
    given = {name: value for name, value in filters.items() if value}
    where = " and ".join(f"{name} = ?" for name in given) or "1"
    now = records.clock()
    found = [
        replies.AlarmView(
            **alarm.model_dump(exclude={"ago", "at", "zh", "en"}),
            text_zh=alarm.zh,
            text_en=alarm.en,
            since=alarm.before(now),
        )
        for alarm in records.find(rows.AlarmRow, where, list(given.values()))
    ]
    return sorted(found, key=lambda alarm: alarm.since, reverse=True)


def outages(
    records: Records, city: str = "", area: str = "", service: str = ""
) -> list[replies.OutageView]:
    """Standing outages; city and area in either language, with or without 市."""
    now = records.clock()
    found = []
    for outage in records.find(rows.OutageRow, "service = ? or ? = ''", [service, service]):
        home = records.one(rows.CityRow, id=outage.city)
        if home is None or (city and not is_city(home, city)):
            continue
        if area and area.strip().casefold() not in (outage.area, outage.area_en.casefold()):
            continue
        found.append(
            replies.OutageView(
                **outage.model_dump(exclude={"city", "ago", "at", "lasts"}),
                city=home.zh,
                city_en=home.en,
                since=outage.before(now),
                until=_half_hour(now + outage.lasts),
            )
        )
    return found


def is_city(city: rows.CityRow, name: str) -> bool:
    return name.strip().removesuffix("市").casefold() in (city.id, city.zh, city.en.casefold())


def line_diagnosis(records: Records, number: str) -> replies.LineDiagnosis:
    """`number`: the broadband account, or any number of its owner. Raises Refused 404."""
    owner, account = owner_of(records, number, "broadband_account")
    line = records.one(rows.LineRow, account=account)
    if owner is None or line is None:
        raise unknown("broadband line", "Check the account, or ask for the registered phone.")
    outage = outage_of(records, owner, "broadband")
    now = records.clock()
    finding = judge_line(line, outage, now)
    return replies.LineDiagnosis(
        account=line.account,
        plan_mbps=line.mbps,
        los=line.onu_state == "los",
        **line.model_dump(
            include={
                "onu_state",
                "optical_dbm",
                "session_online",
                "port_up",
                "suspended",
                "arrears_yuan",
            }
        ),
        **_common(records, "broadband", account, finding, outage, now),
    )


def circuit_diagnosis(records: Records, number: str) -> replies.CircuitDiagnosis:
    """`number`: the circuit id, or any number of its owner. Raises Refused 404."""
    owner, circuit_id = owner_of(records, number, "circuit_id")
    circuit = records.one(rows.CircuitRow, circuit_id=circuit_id)
    if owner is None or circuit is None:
        raise unknown("circuit", "Read the circuit number again from the label on the equipment.")
    outage = outage_of(records, owner, "circuit")
    now = records.clock()
    finding = judge_circuit(circuit, outage, now)
    return replies.CircuitDiagnosis(
        company=owner.company,
        bandwidth_mbps=circuit.mbps,
        los=circuit.a_rx_dbm is None or circuit.z_rx_dbm is None,
        fault_side=finding.side,
        fault_end={"a": circuit.a_end, "z": circuit.z_end, "": ""}[finding.side],
        customer_equipment_ok=finding.fault not in ("customer_power", "customer_port_down"),
        **circuit.model_dump(exclude={"customer", "mbps"}),
        **_common(records, "circuit", circuit_id, finding, outage, now),
    )


def owner_of(records: Records, number: str, account: str) -> tuple[rows.CustomerRow | None, str]:
    """The first customer known by `number` who has such an account, and that account."""
    for customer in records.customers_known_as(number):
        if getattr(customer, account):
            return customer, getattr(customer, account)
    return None, ""


def outage_of(
    records: Records, customer: rows.CustomerRow, service: rows.Service
) -> replies.OutageView | None:
    found = outages(records, customer.city, customer.area, service)
    return found[0] if found else None


def outage_note(outage: replies.OutageView | None, now: datetime) -> dict[str, Any]:
    return {
        "outage": outage is not None,
        "outage_until": f"{outage.until:%H:%M}" if outage else "",
        "outage_until_zh": spoken.moment_zh(outage.until, now) if outage else "",
        "outage_until_en": spoken.moment_en(outage.until, now) if outage else "",
        "outage_cause_zh": outage.cause_zh if outage else "",
        "outage_cause_en": outage.cause_en if outage else "",
    }


def _common(
    records: Records,
    service: rows.Service,
    target: str,
    finding: Finding,
    outage: replies.OutageView | None,
    now: datetime,
) -> dict[str, Any]:
    standing = alarms(records, service=service, target=target)
    since = outage.since if outage else standing[-1].since if standing else None
    return {
        "tested_at": now,
        "fault": finding.fault,
        "fault_zh": finding.zh,
        "fault_en": finding.en,
        "needs_visit": finding.needs_visit,
        "conclusion_zh": finding.conclusion_zh,
        "conclusion_en": finding.conclusion_en,
        "since": since,
        "since_zh": spoken.moment_zh(since, now) if since else "",
        "since_en": spoken.moment_en(since, now) if since else "",
        "alarms": standing,
        **outage_note(outage, now),
    }


def _half_hour(moment: datetime) -> datetime:
    """The next full half hour: nobody promises 17:43."""
    start = moment.replace(minute=0, second=0, microsecond=0)
    steps = -(-(moment - start) // timedelta(minutes=30))
    return start + steps * timedelta(minutes=30)
