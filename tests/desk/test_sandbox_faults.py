"""Faults switched on and off over real HTTP: seen by every diagnosis, kept over a restart."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from assist.desk.sandbox import create_app, faults
from assist.desk.sandbox.database import RECORDS, Records
from assist.desk.sandbox.rows import CustomerRow, TicketRow

from .conftest import NOW, Serve

LINE = "/broadband/lines/6001102366/diagnosis"
EFFECTS: list[tuple[str, str, str, str, Any, Any]] = [
    # fault, customer, where it shows, key, healthy, faulty
    ("broadband.los", "C2001", LINE, "fault", "none", "access_fibre_cut"),
    ("broadband.weak_light", "C2001", LINE, "fault", "none", "weak_light"),
    ("broadband.port_down", "C2001", LINE, "fault", "none", "port_down"),
    ("broadband.power_off", "C2001", LINE, "fault", "none", "onu_power_off"),
    ("broadband.offline", "C2001", LINE, "fault", "none", "onu_offline"),
    ("broadband.login_refused", "C2001", LINE, "fault", "none", "login_refused"),
    ("broadband.arrears", "C2001", LINE, "fault", "none", "suspended_arrears"),
    ("broadband.outage", "C2001", LINE, "fault", "none", "area_outage"),
    *(
        (f"speed.{cause}", "C2026", "/broadband/lines/6001466177/speed", "cause", "none", cause)
        for cause in ("line_slow", "router_port", "wifi_weak", "device_busy")
    ),
    *(
        (f"circuit.{name}", "C2013", "/circuits/7701403365/diagnosis", "fault", "none", fault)
        for name, fault in (
            ("cut", "access_fibre_cut"),
            ("power", "customer_power"),
            ("port", "customer_port_down"),
            ("loss", "packet_loss"),
        )
    ),
    *(
        (f"mobile.{name}", "C1002", "/mobiles/14255873046/account", "state", "in_service", state)
        for name, state in (
            ("arrears", "owed"),
            ("not_reopened", "posted"),
            ("risk", "other"),
            ("closed", "closed"),
        )
    ),
    *(
        (f"roaming.{name}", "C2036", "/mobiles/14303371853/roaming", "cause", "none", cause)
        for name, cause in (
            ("closed", "roaming_closed"),
            ("data_closed", "data_closed"),
            ("not_registered", "not_registered"),
            ("pack_used_up", "pack_used_up"),
        )
    ),
    *(
        (f"sim.{state}", "C1002", "/mobiles/14255873046/sim", "state", "active", state)
        for state in ("suspended", "replaced", "activating")
    ),
    *(
        (f"cloud.{fault}", "C2030", "/cloud/hosts/ecs-1122g", "fault", "none", fault)
        for fault in ("host_down", "expired", "blocked", "disk_full", "cpu_high", "rule_changed")
    ),
    ("power.outage", "C2032", "/power/3302470105/supply", "cause", "none", "fault"),
    ("power.planned", "C2032", "/power/3302470105/supply", "cause", "none", "planned"),
    ("power.arrears", "C2032", "/power/3302470105/supply", "cause", "none", "arrears"),
    ("power.relay", "C2032", "/power/3302470105/supply", "cause", "none", "relay"),
    ("power.meter_fast", "C2032", "/power/3302470105/usage", "meter_ok", True, False),
    ("wallet.stolen", "C2001", "/wallets/15410236675/payments", "pattern", "none", "new_device"),
    ("wallet.renewal", "C2001", "/wallets/15410236675/payments", "pattern", "none", "renewal"),
    ("wallet.refund_merchant", "C2001", "/wallets/15410236675/refund", "stage", "none", "merchant"),
    ("wallet.refund_in_time", "C2001", "/wallets/15410236675/refund", "stage", "none", "submitted"),
    ("wallet.refund_overdue", "C2001", "/wallets/15410236675/refund", "overdue", False, True),
]


async def switch(web: httpx.AsyncClient, customer: str, fault: str, state: str) -> Any:
    body = {"customer": customer, "fault": fault, "state": state}
    reply = await web.post("/faults", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def shown(web: httpx.AsyncClient, path: str, key: str) -> Any:
    return (await web.get(path)).json()[key]


def test_every_fault_is_tried() -> None:
    assert {effect[0] for effect in EFFECTS} == set(faults.catalogue())


@pytest.mark.parametrize(("fault", "who", "path", "key", "healthy", "faulty"), EFFECTS)
async def test_a_fault_is_switched_on_and_off(
    web: httpx.AsyncClient, fault: str, who: str, path: str, key: str, healthy: Any, faulty: Any
) -> None:
    assert await shown(web, path, key) == healthy
    await switch(web, who, fault, "on")
    assert await shown(web, path, key) == faulty
    await switch(web, who, fault, "off")
    assert await shown(web, path, key) == healthy
    await switch(web, who, fault, "on")
    await switch(web, who, fault, "seed")
    assert await shown(web, path, key) == healthy


@pytest.mark.parametrize(
    ("fault", "who", "path", "key", "at_first", "healthy"),
    [
        ("broadband.los", "C1001", "/broadband/lines/6001037266/diagnosis", "fault",
         "access_fibre_cut", "none"),
        ("power.outage", "C2012", "/power/3302336015/supply", "cause", "fault", "none"),
        ("mobile.arrears", "C2024", "/mobiles/14339608124/account", "state", "owed", "in_service"),
        ("wallet.stolen", "C1006", "/wallets/14288031956/refund", "payee_zh", "云川数码店", None),
    ],
)  # fmt: skip
async def test_off_mends_what_the_seed_says_and_seed_brings_it_back(
    web: httpx.AsyncClient, fault: str, who: str, path: str, key: str, at_first: str, healthy: Any
) -> None:
    assert await shown(web, path, key) == at_first
    await switch(web, who, fault, "off")
    reply = await web.get(path)
    assert reply.json().get(key) == healthy, "a wallet without payments is not known any more"
    await switch(web, who, fault, "seed")
    assert await shown(web, path, key) == at_first


async def test_tags_and_alarms_tell_of_it_too(web: httpx.AsyncClient) -> None:
    await switch(web, "15410236675", "broadband.los", "on")
    await switch(web, "C1002", "mobile.arrears", "on")
    assert "broadband_alarm" in (await web.get("/customers/C2001")).json()["tags"]
    assert "mobile_arrears" in (await web.get("/customers/C1002")).json()["tags"]
    alarms = (await web.get("/alarms", params={"target": "6001102366"})).json()["alarms"]
    assert [a["code"] for a in alarms] == ["LOSI"]


async def test_switches_and_tickets_stay_over_a_restart_and_a_new_seed(
    serve: Serve, database: Path, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        first = await serve(create_app(database, clock=lambda: NOW))
        body = {"customer": "c2001", "fault": "broadband.port_down", "state": "on"}
        assert (await client.post(f"{first}/faults", json=body)).json()["customer"] == "C2001"
        tickets = len(_tickets(database))
        again = await serve(create_app(database, clock=lambda: NOW))
        assert (await client.get(f"{again}{LINE}")).json()["fault"] == "port_down"

        source = Path(faults.__file__).parent / "seed"
        seed = shutil.copytree(source, tmp_path / "seed")
        (seed / "zz.yaml").write_text("cities: [{id: other, zh: 他乡, en: Elsewhere}]\n", "utf-8")
        renewed = await serve(create_app(database, clock=lambda: NOW, seed=seed))
        assert (await client.get(f"{renewed}{LINE}")).json()["fault"] == "port_down"
        listed = (await client.get(f"{renewed}/faults")).json()
        assert [(s["customer"], s["fault"], s["state"]) for s in listed["switched"]] == [
            ("C2001", "broadband.port_down", "on")
        ]
        assert len(_tickets(database)) == tickets > 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"customer": "C2001", "fault": "cloud.blocked", "state": "on"}, 409, "fault.no_service"),
        ({"customer": "C2001", "fault": "coffee", "state": "on"}, 404, "fault.unknown"),
        ({"customer": "nobody", "fault": "sim.replaced", "state": "on"}, 404, "customer.unknown"),
        ({"customer": "C2001", "fault": "sim.replaced", "state": "maybe"}, 422, "invalid"),
        ({"customer": "C2001", "fault": "sim.replaced"}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_switched_is_refused(
    web: httpx.AsyncClient, body: dict[str, str], status: int, code: str
) -> None:
    reply = await web.post("/faults", json=body)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert (await web.get("/faults")).json()["switched"] == []


def test_every_fault_leaves_rows_that_can_be_read(database: Path) -> None:
    """For every customer who has the service, and all of a customer's faults one over the other."""
    records = Records(database, lambda: NOW)
    customers = records.find(CustomerRow, "1", [])
    for fault in faults.catalogue().values():
        able = [who for who in customers if records.has_row(fault.table, who)]
        assert able, fault.id
        records.switch(able[0], fault.id, "on")
    for model, _ in RECORDS.values():
        records.find(model, "1", [])
    records.close()


def _tickets(database: Path) -> list[TicketRow]:
    records = Records(database, lambda: NOW)
    try:
        return records.find(TicketRow, "1", [])
    finally:
        records.close()
