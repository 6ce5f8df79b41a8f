"""The OpenAPI document is true: valid, complete, and every answer fits it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from assist.desk.sandbox import create_app, replies, service_replies
from assist.desk.sandbox.every_operation import OPERATIONS

from .conftest import CONNECTORS

DOCS = Path(__file__).parents[2] / "docs" / "desk.md"

REQUESTS: list[tuple[str, str, int]] = [
    ("/health", "/health", 200),
    ("/customers", "/customers?number=15403726618", 200),
    ("/customers", "/customers?number=x", 422),
    ("/customers/{id}", "/customers/C2004", 200),
    ("/customers/{id}", "/customers/C9", 404),
    ("/broadband/lines/{account}/diagnosis", "/broadband/lines/6001037266/diagnosis", 200),
    ("/broadband/lines/{account}/diagnosis", "/broadband/lines/6001277903/diagnosis", 200),
    ("/broadband/lines/{account}/diagnosis", "/broadband/lines/0/diagnosis", 404),
    ("/circuits/{circuit_id}/diagnosis", "/circuits/7701258813/diagnosis", 200),
    ("/alarms", "/alarms", 200),
    ("/alarms", "/alarms?severity=mild", 422),
    ("/outages", "/outages", 200),
    ("/bills/{number}", "/bills/14255873046", 200),
    ("/bills/{number}/unexpected", "/bills/14255873046/unexpected", 200),
    ("/bills/{number}/unexpected", "/bills/14211674058/unexpected", 200),
    ("/bills/{number}/unexpected", "/bills/1/unexpected", 404),
    ("/power/{account}/usage", "/power/3302187594/usage", 200),
    ("/power/{account}/usage", "/power/3302187594/usage?month=2026-07", 200),
    ("/power/{account}/usage", "/power/3302187594/usage?month=07", 422),
    ("/plans/fit", "/plans/fit?phone=14377058219", 200),
    ("/plans/fit", "/plans/fit?phone=15403726618", 404),
    ("/broadband/lines/{account}/speed", "/broadband/lines/6001102366/speed", 200),
    ("/broadband/lines/{account}/speed", "/broadband/lines/0/speed", 404),
    ("/mobiles/{phone}/account", "/mobiles/14211674058/account", 200),
    ("/mobiles/{phone}/account", "/mobiles/15403726618/account", 404),
    ("/mobiles/{phone}/roaming", "/mobiles/14320457716/roaming", 200),
    ("/mobiles/{phone}/roaming", "/mobiles/14352260938/roaming", 404),
    ("/mobiles/{phone}/sim", "/mobiles/14377058219/sim", 200),
    ("/mobiles/{phone}/sim", "/mobiles/1/sim", 404),
    ("/cloud/hosts/{instance}", "/cloud/hosts/ecs-8813a", 200),
    ("/cloud/hosts/{instance}", "/cloud/hosts/nobody", 404),
    ("/power/{account}/supply", "/power/3302336015/supply", 200),
    ("/power/{account}/supply", "/power/3302104478/supply", 200),
    ("/power/{account}/supply", "/power/1/supply", 404),
    ("/wallets/{phone}/payments", "/wallets/14255873046/payments", 200),
    ("/wallets/{phone}/payments", "/wallets/1/payments", 404),
    ("/wallets/{phone}/refund", "/wallets/14269915347/refund", 200),
    ("/wallets/{phone}/refund", "/wallets/1/refund", 404),
    ("/faults", "/faults", 200),
    ("/appointments", "/appointments?city=云川", 200),
    ("/appointments", "/appointments", 422),
    ("/tickets", "/tickets?customer=C2004", 200),
    ("/tickets/{number}", "/tickets/GD20260101-000001", 404),
    ("/tickets/{number}/notes", "/tickets/GD20260101-000001/notes", 404),
    ("/openapi.json", "/openapi.json", 200),
]


@pytest.fixture
async def described(web: httpx.AsyncClient) -> dict[str, Any]:
    return (await web.get("/openapi.json")).json()


def assert_fits(described: dict[str, Any], method: str, path: str, reply: httpx.Response) -> None:
    responses = described["paths"][path][method]["responses"]
    assert str(reply.status_code) in responses, (path, reply.status_code)
    schema = responses[str(reply.status_code)]["content"]["application/json"]["schema"]
    Draft202012Validator(
        {**schema, "components": described["components"]}, format_checker=FormatChecker()
    ).validate(reply.json())


async def test_the_document_is_valid(described: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


async def test_every_route_is_described_and_every_description_is_a_route(
    described: dict[str, Any], tmp_path: Path
) -> None:
    routes = {
        (route.path, method.lower())
        for route in create_app(tmp_path / "x.db").routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert routes == {(p, m) for p, item in described["paths"].items() for m in item}


async def test_every_answer_fits_its_description(
    web: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    asked = {path for path, _, _ in REQUESTS}
    assert asked == {p for p, item in described["paths"].items() if "get" in item}
    for path, address, status in REQUESTS:
        reply = await web.get(address)
        assert reply.status_code == status, (address, reply.text)
        assert_fits(described, "get", path, reply)


async def test_filing_fits_its_description(
    web: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    ask = {"type": "power.meter-test", "title": "校验电表", "fields": {"phone": "14230865179"}}
    other = {**ask, "title": "x"}
    head = {"Idempotency-Key": "k"}
    for body, headers, status in (
        (ask, head, 201),
        (ask, head, 200),
        (other, head, 409),
        (ask, {}, 422),
        ({}, head, 422),
    ):
        reply = await web.post("/tickets", json=body, headers=headers)
        assert reply.status_code == status
        assert_fits(described, "post", "/tickets", reply)


async def test_whole_numbers_go_out_without_a_fraction(web: httpx.AsyncClient) -> None:
    text = (await web.get("/bills/14255873046/unexpected")).text
    assert '"amount_yuan":84,' in text


def test_every_result_key_and_operation_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    told = set(re.findall(r"`([^`\s]+)`", text))
    for model in (
        replies.LineDiagnosis,
        replies.CircuitDiagnosis,
        replies.BillCheck,
        replies.BillItem,
        replies.PowerUsage,
        replies.Tier,
        replies.DayUse,
        replies.PlanFit,
        replies.MonthUse,
        replies.Appointments,
        replies.Slot,
        service_replies.SpeedTest,
        service_replies.MobileAccount,
        service_replies.RoamingState,
        service_replies.SimState,
        service_replies.HostState,
        service_replies.PowerSupply,
        service_replies.WalletCheck,
        service_replies.RefundCheck,
    ):
        assert set(model.model_fields) - told == set(), model.__name__
    assert {op.path for op in OPERATIONS} - told == set()
    assert {file.stem for file in CONNECTORS.glob("*.yaml")} - told == set()
