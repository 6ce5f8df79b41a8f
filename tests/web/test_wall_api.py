"""The wall over HTTP and its socket, at the whole server without models: rows that come as changes,
advice into a live call, figures, alerts, and who may do what with tickets and the queue."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import wall_story as story
from people import client, socket_headers
from small_house import SmallHouse, small_house

from assist import events as ev
from assist.store import Store
from assist.web.wall import Wall
from assist.wiring.parts import local_now


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    data = tmp_path_factory.mktemp("wall")
    store = Store(data / "assist.db", data / "seal.key")
    story.tell(store, local_now(), edition="e2")
    store.close()
    with small_house(data) as opened:
        yield opened


def on(house: SmallHouse, work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, house.loop).result(20)


def wall_of(house: SmallHouse) -> Wall:
    return house.app.state.wall


def of(asker: httpx.Client, path: str) -> Any:
    answer = asker.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_come_whole_once_and_then_as_changes(house: SmallHouse) -> None:
    lin = client(house.url, "supervisor")
    start = {"type": "start", "agent": "agent", "customer": "15403726618", "rate_hz": 8000}
    with house.connect("/v1/wall", socket_headers(lin)) as wall:
        assert json.loads(wall.recv(timeout=10))["first"]
        with house.connect("/v1/audio") as phone:
            phone.send(json.dumps(start))
            call = json.loads(phone.recv(timeout=10))["call"]

            def told(*names: str) -> dict[str, Any]:
                """The next change of the call that has these fields."""
                while True:
                    for row in json.loads(wall.recv(timeout=10)).get("changed", []):
                        if row["call"] == call and set(names) <= set(row):
                            return row

            whole = told("agent", "marks", "number")
            assert whole["number"] == "154****6618" and "15403726618" not in json.dumps(whole)
            live = house.app.state.house.calls.get(call)
            on(house, live.obey(ev.OpenGuide(guide=story.NET), by="agent"))
            assert "agent" not in told("guide", "step"), "only what has changed"

            wall_of(house).now = lambda: local_now() + timedelta(minutes=5)
            try:
                assert told("marks")["marks"] == ["stuck"]
                (row,) = of(lin, "/api/wall")["calls"]
                assert row["marks"] == ["stuck"] and row["name"] == "陈晓雯"
                on(house, wall_of(house).look())
                kinds = {alert["kind"] for alert in of(lin, "/api/alerts")["alerts"]}
                assert {"stuck_many", "surge", "backstop_over"} <= kinds
            finally:
                wall_of(house).now = local_now
            phone.send('{"type": "stop"}')
            assert told("status")["status"] == "after_call"


def test_a_supervisor_advises_and_only_the_agent_moves_the_card(house: SmallHouse) -> None:
    start = {"type": "start", "agent": "agent", "rate_hz": 8000}
    with house.connect("/v1/audio") as phone:
        phone.send(json.dumps(start))
        call = json.loads(phone.recv(timeout=10))["call"]
        at = f"/v1/calls/{call}/events?after=0"
        lin, agent = client(house.url, "supervisor"), client(house.url, "agent")

        def press(asker: httpx.Client, **command: Any) -> dict[str, Any]:
            with house.connect(at, socket_headers(asker)) as panel:
                panel.send(json.dumps({"ref": "1", "command": command}))
                while "ref" not in (answer := json.loads(panel.recv(timeout=10))):
                    pass
            return answer

        assert press(lin, kind="supervisor_message", text="先核对号码 13800001234")["ok"]
        assert press(lin, kind="propose_step", guide=story.NET, reason="上次也是")["ok"]
        refused = press(agent, kind="supervisor_message", text="x")["refused"]
        assert refused["code"] == "not_allowed"
        assert press(lin, kind="open_guide", guide=story.NET)["refused"]["code"] == "not_allowed"

        live = house.app.state.house.calls.get(call)
        said, proposed = live.state.advice
        assert (said.fact.by, said.fact.name) == ("supervisor", "赵立诚")
        assert live.state.page is None
        assert press(agent, kind="answer_advice", id=proposed.fact.id, answer="taken")["ok"]
        assert live.state.page and live.state.page.guide == story.NET
        with house.store() as store:
            (kept,) = store.events(call, kinds=("supervisor_said",))
        assert isinstance(kept.fact, ev.SupervisorSaid) and "13800001234" not in kept.fact.text
        phone.send('{"type": "stop"}')


def test_topics_funnel_and_uncovered_needs(house: SmallHouse) -> None:
    lin = client(house.url, "supervisor")
    topics = {topic["guide"]: topic for topic in of(lin, "/api/wall/topics")["topics"]}
    net = topics[story.NET]
    assert net["surge"] and net["usual"] == 3.0 and net["tickets"] == 4
    assert (net["judged"], net["first_contact"]) == (13, round(12 / 13, 3))
    editions = of(lin, f"/api/wall/funnels/{story.NET}")["editions"]
    assert "e2" in {each["hash"] for each in editions}
    (now,) = (each for each in editions if each["hash"] == "e2")
    stopped = {step["step"]: step["stopped"] for step in now["steps"] if step["stopped"]}
    assert stopped["light"] == 4
    asked = [need["questions"][0] for need in of(lin, "/api/wall/uncovered")["needs"]]
    assert "你们能不能给宠物上保险啊" in asked
    assert lin.get("/api/wall/funnels/nothing").status_code == 404


def test_an_alert_is_taken_by_one(house: SmallHouse) -> None:
    on(house, wall_of(house).look())
    lin, boss = client(house.url, "supervisor"), client(house.url, "admin")
    alert = next(a for a in of(lin, "/api/alerts")["alerts"] if a["kind"] == "backstop_over")
    path = f"/api/alerts/{alert['id']}/acknowledge"
    assert lin.post(path).json()["alert"]["acked_by"] == "supervisor"
    assert boss.post(path).json()["code"] == "alert.taken"
    assert lin.post("/api/alerts/x/acknowledge").json()["code"] == "alert.gone"
    assert client(house.url, "agent").post(path).status_code == 403


def test_agents_see_tickets_of_their_own_calls_and_may_only_add_and_confirm(
    house: SmallHouse,
) -> None:
    with house.store() as store:
        ours = story.filed("mine", "BR-mine", local_now(), 8, "high")
        store.files_tickets()
        story.keep(store, "mine", local_now(), ours, "somebody else")
    agent, lin = client(house.url, "agent"), client(house.url, "supervisor")
    numbers = {t["number"] for t in of(agent, "/api/tickets?limit=100")["tickets"]}
    assert "BR20261101" in numbers and "BR-mine" not in numbers
    assert agent.get("/api/tickets/BR-mine").json()["code"] == "not_allowed.ticket"
    assert of(agent, "/api/tickets/BR20261102")["allowed"] == ["append", "confirm"]
    moves = "/api/tickets/BR20261102/moves"
    away = {"move": {"kind": "dispatch", "level": "province", "unit": "云川省"}}
    assert agent.post(moves, json=away).json()["code"] == "not_allowed.move"
    assert agent.post(moves, json={"move": {"kind": "append", "text": "晚上在家"}}).is_success
    told = lin.post(moves, json=away).json()
    assert [entry["by"] for entry in told["history"]] == ["agent", "agent", "supervisor"]
    assert told["labels"]["fault"] and of(lin, "/api/ticket-choices")["units"]


def test_the_queue_counts_and_knows_who_claims(house: SmallHouse) -> None:
    elite = client(house.url, "elite")
    queue = of(elite, "/api/backstop")
    assert queue["counts"] == {"open": 3, "claimed": 0, "over": 1}
    assert [item["call"] for item in queue["calls"]] == ["q1", "q2", "q3"]
    claimed = elite.post("/api/backstop/calls/q3/moves", json={"move": "claim"}).json()
    assert claimed["call"]["by"] == "elite"
    forged = {"move": "claim", "by": "somebody"}
    assert elite.post("/api/backstop/calls/q2/moves", json=forged).status_code == 422
    elite.post("/api/backstop/calls/q3/moves", json={"move": "return", "text": "不是我的专业"})
