"""Coming in: sessions, tokens, forged requests, guessing, and whose calls one sees."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from people import client, socket_headers
from small_house import SmallHouse, small_house
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from assist.accounts.demo import DEMO_PASSWORD
from assist.accounts.model import Person
from assist.tables.audit import Wanted
from assist.web.guard import LOOK_AGAIN_S, MOST_BYTES_OF_STRANGERS
from assist.wiring.parts import local_now

START = {"type": "start", "rate_hz": 8000, "lockstep": True}
FORGED = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    with small_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@contextmanager
def calling(house: SmallHouse, agent: str) -> Iterator[str]:
    with house.connect("/v1/audio") as phone:
        phone.send(json.dumps({**START, "agent": agent}))
        yield json.loads(phone.recv(timeout=20))["call"]


def press(panel: ClientConnection, **command: str) -> dict[str, Any]:
    panel.send(json.dumps({"ref": "1", "command": command}))
    while "ref" not in (answer := json.loads(panel.recv(timeout=20))):
        pass
    return answer


def audited(house: SmallHouse, **wanted: str) -> list[tuple[str, str, str]]:
    with house.store() as store:
        found, _ = store.audit.list(Wanted.model_validate(wanted), 100)
    return [(entry.who, entry.what, entry.outcome) for entry in found]


def test_nobody_is_led_to_the_door_and_comes_back(house: SmallHouse) -> None:
    page = {"Accept": "text/html"}
    asked = httpx.get(f"{house.url}/panel?call=x", headers=page)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Fpanel%3Fcall%3Dx"
    refused = httpx.get(f"{house.url}/api/calls")
    assert refused.status_code == 401 and "/sign-in" in refused.json()["remedy"]
    assert httpx.get(f"{house.url}/nothing").status_code == 401
    assert httpx.get(f"{house.url}/health").json() == {"ok": True}
    here = {"Origin": house.url}
    with pytest.raises(InvalidStatus) as error, house.connect("/v1/calls", here):
        pass
    assert error.value.response.status_code == 401


def test_a_session_begins_with_a_new_id_and_ends_on_the_server(house: SmallHouse) -> None:
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as browser:
        given = {"login": "agent", "password": DEMO_PASSWORD}
        first = browser.post("/api/sign-in", json=given)
        cookie = first.headers["set-cookie"]
        assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower() and "Secure" not in cookie
        (old,) = browser.cookies.values()
        assert browser.post("/api/sign-in", json=given).is_success
        (new,) = browser.cookies.values()
        assert new != old
        name = next(iter(browser.cookies))
        for session, status in ((old, 401), (new, 200)):
            asked = httpx.get(f"{house.url}/api/me", headers={"Cookie": f"{name}={session}"})
            assert asked.status_code == status
        csrf = browser.get("/api/me").json()["csrf"]
        assert browser.post("/api/sign-out", headers={"X-CSRF-Token": csrf}).is_success
        asked = httpx.get(f"{house.url}/api/me", headers={"Cookie": f"{name}={new}"})
        assert asked.status_code == 401
        raw = (house.settings.data / "assist.db").read_bytes()
        wal = (house.settings.data / "assist.db-wal").read_bytes()
        assert new.encode() not in raw + wal, "only a hash of the session id is kept"


def test_forged_requests_change_nothing(house: SmallHouse) -> None:
    with client(house.url, "agent") as agent:
        for headers, code in (
            ({"X-CSRF-Token": ""}, "not_allowed.csrf"),
            (FORGED, "not_allowed.origin"),
            ({"Origin": "null"}, "not_allowed.origin"),
        ):
            answer = agent.post("/api/sign-out", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, code)
        del agent.headers["Origin"]
        assert agent.post("/api/sign-out").status_code == 403, "no browser leaves both away"
        stolen = {**socket_headers(client(house.url, "agent")), "Origin": "https://evil.example"}
        with pytest.raises(InvalidStatus) as error, house.connect("/v1/calls", stolen):
            pass
        assert error.value.response.status_code == 403
    login = {"login": "agent", "demo": True}
    foreign = httpx.post(f"{house.url}/api/sign-in", json=login, headers=FORGED)
    assert foreign.json()["code"] == "not_allowed.origin"


def test_headers_keep_strangers_out_of_the_page(house: SmallHouse) -> None:
    headers = httpx.get(f"{house.url}/sign-in").headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin" and headers["cache-control"] == "no-store"


def test_an_agent_sees_and_handles_calls_of_their_own_only(house: SmallHouse) -> None:
    with calling(house, "agent") as mine, calling(house, "somebody") as other:
        _sees_and_handles(house, mine, other)


def _sees_and_handles(house: SmallHouse, mine: str, other: str) -> None:
    agent, boss = client(house.url, "agent"), client(house.url, "supervisor")
    listed = {call["id"] for call in agent.get("/api/calls").json()["calls"]}
    assert mine in listed and other not in listed
    assert {mine, other} <= {call["id"] for call in boss.get("/api/calls").json()["calls"]}
    assert agent.get(f"/api/calls/{mine}/events").is_success
    for path in (f"/api/calls/{other}/events", f"/api/calls/{other}/summary"):
        assert agent.get(path).json()["code"] == "not_allowed.call"
    assert agent.get("/api/customers/c9/calls").json()["code"] == "not_allowed.customer"
    with house.connect(f"/v1/calls/{other}/events", socket_headers(agent)) as panel:
        with pytest.raises(ConnectionClosed):
            panel.recv(timeout=10)
        assert panel.close_code == 4403
    with house.connect("/v1/calls", socket_headers(agent)) as panel:
        shown = {call["id"] for call in json.loads(panel.recv(timeout=10))["calls"]}
        assert mine in shown and other not in shown

    guide = boss.get("/api/guides").json()["guides"][0]["id"]
    with house.connect(f"/v1/calls/{mine}/events", socket_headers(boss)) as panel:
        refused = press(panel, kind="open_guide", guide=guide)
        assert refused["refused"]["code"] == "not_allowed"
    with house.connect(f"/v1/calls/{mine}/events", socket_headers(agent)) as panel:
        assert press(panel, kind="open_guide", guide=guide)["ok"]
    facts = [e["fact"] for e in boss.get(f"/api/calls/{mine}/events").json()["events"]]
    assert [f["by"] for f in facts if f["kind"] == "commanded"] == ["agent"]
    assert ("supervisor", f"call {mine}", "done") in audited(house, action="call.opened")


def test_machines_come_by_tokens_and_leave_when_revoked(house: SmallHouse) -> None:
    with house.store() as store:
        token, text = store.tokens.create("exchange", (), ("phone",), local_now())
    headers = {"Authorization": f"Bearer {text}"}
    with house.connect("/v1/audio", headers):
        pass
    assert httpx.get(f"{house.url}/api/calls", headers=headers).status_code == 403
    assert httpx.get(f"{house.url}/metrics", headers=headers).status_code == 403
    with house.store() as store:
        store.tokens.revoke(token.id, local_now())
    with pytest.raises(InvalidStatus), house.connect("/v1/audio", headers):
        pass


def test_a_token_ends_and_says_so(house: SmallHouse) -> None:
    with client(house.url, "admin") as admin:
        asked = {"name": "script", "roles": ["supervisor"], "days": 30}
        made = admin.post("/api/admin/tokens", json=asked).json()
        assert admin.post("/api/admin/tokens", json={**asked, "days": 0}).status_code == 422
    lasts = datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts == timedelta(days=30)
    headers = {"Authorization": f"Bearer {made['text']}"}
    assert httpx.get(f"{house.url}/api/calls", headers=headers).is_success
    entrance = house.app.state.house.entrance
    clock = entrance.now
    entrance.now = lambda: clock() + timedelta(days=30)
    try:
        ended = httpx.get(f"{house.url}/api/calls", headers=headers)
        assert (ended.status_code, ended.json()["code"]) == (401, "sign_in.token_ended")
        assert "assist token create" in ended.json()["remedy"]
        with pytest.raises(InvalidStatus), house.connect("/v1/calls", headers):
            pass
    finally:
        entrance.now = clock


def test_a_socket_is_let_go_once_its_session_is_over(house: SmallHouse) -> None:
    agent = client(house.url, "agent")
    entrance = house.app.state.house.entrance
    clock = entrance.monotonic_s
    with house.connect("/v1/calls", socket_headers(agent)) as panel:
        panel.recv(timeout=10)
        assert agent.post("/api/sign-out").is_success
        entrance.monotonic_s = lambda: clock() + LOOK_AGAIN_S + 1
        try:
            panel.send("{}")
            with pytest.raises(ConnectionClosed):
                panel.recv(timeout=10)
        finally:
            entrance.monotonic_s = clock
        assert panel.close_code == 4401


def test_strangers_send_little_and_nobody_asks_without_end(house: SmallHouse) -> None:
    long = httpx.post(f"{house.url}/api/sign-in", content=b"x" * (MOST_BYTES_OF_STRANGERS + 1))
    assert (long.status_code, long.json()["code"]) == (413, "request.too_large")
    entrance = house.app.state.house.entrance
    clock, entrance.monotonic_s = entrance.monotonic_s, lambda: 1e6
    with client(house.url, "trainer") as eager:
        answers = [eager.get("/api/me") for _ in range(302)]
    entrance.monotonic_s = clock
    late = next(answer for answer in answers if answer.status_code == 429)
    assert late.json()["code"] == "too_many" and int(late.headers["retry-after"]) >= 1
    with client(house.url, "agent") as other:
        assert other.get("/api/me").is_success


def test_guesses_sent_at_once_wait_like_guesses_one_after_another(house: SmallHouse) -> None:
    def guess(n: int) -> int:
        typed = {"login": "nobody-there", "password": f"a wrong password {n}"}
        return httpx.post(f"{house.url}/api/sign-in", json=typed, timeout=60).status_code

    with ThreadPoolExecutor(16) as many:
        answers = Counter(many.map(guess, range(40)))
    assert answers[429] >= 30 and answers[401] <= 10 and answers.total() == 40


def test_a_link_signs_in_once_and_leads_nowhere_else(house: SmallHouse) -> None:
    link = house.keys.link(house.url, "agent", "/panel?call=x")
    assert httpx.get(link).headers["location"] == "/panel?call=x"
    assert "trouble=sign_in.link" in httpx.get(link).headers["location"]
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "/a b"):
        assert httpx.get(house.keys.link(house.url, "agent", to)).headers["location"] == "/"


def test_the_first_administrator_needs_the_code_of_the_start(tmp_path: Path) -> None:
    with small_house(tmp_path, demo=False) as house:
        assert house.keys.set_up_code in "".join(house.said)
        new = {"login": "lin", "name": "林", "password": "a long enough one"}
        with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as browser:
            assert browser.get("/api/sign-in").json()["set_up"] is True
            demo = browser.post("/api/sign-in", json={"login": "agent", "demo": True})
            assert demo.status_code == 401
            wrong = browser.post("/api/set-up", json={**new, "code": "AAAA-AAAA-AAAA"})
            assert wrong.json()["code"] == "sign_in.code"
            code = house.keys.set_up_code.lower().replace("-", " ")
            short = browser.post("/api/set-up", json={**new, "code": code, "password": "short"})
            assert short.json()["code"] == "account.password"
            made = browser.post("/api/set-up", json={**new, "code": code})
            assert made.json()["roles"] == ["admin"]
            again = browser.post("/api/set-up", json={**new, "login": "li", "code": code})
            assert again.json()["code"] == "sign_in.set_up"
        wrong = [_try(house, "lin", "wrong wrong wrong") for _ in range(6)]
        assert wrong[:6] == [(401, "sign_in.wrong")] * 6
        assert _try(house, "lin", new["password"]) == (429, "sign_in.wait")
        assert ("lin", "from 127.0.0.1", "failed") in audited(house, action="sign_in")
        with house.store() as store:
            assert store.accounts.hash_of("LIN").startswith("$argon2id$")
            store.accounts.add(Person(login="a", name="", roles=frozenset()), "", local_now())
        assert _try(house, "a", "") == (401, "sign_in.wrong"), "no password is no way in"


def _try(house: SmallHouse, login: str, password: str) -> tuple[int, str]:
    answer = httpx.post(f"{house.url}/api/sign-in", json={"login": login, "password": password})
    return answer.status_code, answer.json()["code"]
