"""The trainer's room over HTTP, at the real app over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from people import client
from training_house import GUIDE, TrainingHouse

OPEN = {"kind": "open_guide", "guide": GUIDE}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHouse]:
    with TrainingHouse(tmp_path_factory.mktemp("training")) as running:
        yield running


@pytest.fixture(scope="module")
def trainer(house: TrainingHouse) -> Iterator[httpx.Client]:
    with client(house.url, "trainer") as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def agent(house: TrainingHouse) -> Iterator[httpx.Client]:
    with client(house.url, "agent") as signed_in:
        yield signed_in


def found(http: httpx.Client, **asked: object) -> list[str]:
    answer = http.get("/api/training/library", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["count"] == len(body["calls"])
    return [call["call"] for call in body["calls"]]


def test_the_library_is_filtered_and_sorted(trainer: httpx.Client) -> None:
    assert found(trainer) == ["new", "old"], "the newest first"
    assert found(trainer, sort="length") == ["old", "new"]
    assert found(trainer, sort="length", descending=False) == ["new", "old"]
    assert found(trainer, agent="elite") == ["new"]
    assert found(trainer, outcome="ticket", lang="zh", guide=GUIDE, ticket="yes") == ["new", "old"]
    assert found(trainer, most_s=58) == ["new"]
    assert found(trainer, from_date="2026-08-01") == ["new"]
    assert found(trainer, mood="angry") == found(trainer, troubles="yes") == []
    assert found(trainer, cases=True) == []
    refused = trainer.get("/api/training/library", params={"sort": "luck"})
    assert refused.status_code == 422


def test_a_call_is_marked_and_withdrawn(trainer: httpx.Client, agent: httpx.Client) -> None:
    mark = {"title": "断网报修", "note": "注意核对地址", "goal": "两分钟内派单"}
    kept = trainer.post("/api/training/calls/new/case", json=mark)
    assert kept.json()["case"]["by"] == "trainer"
    assert found(trainer, cases=True) == ["new"]
    (open_case,) = agent.get("/api/training/open").json()["cases"]
    assert (open_case["call"], open_case["goal"]) == ("new", "两分钟内派单")
    assert agent.get("/api/training/library").status_code == 403
    assert agent.post("/api/training/calls/new/case", json=mark).status_code == 403
    trainer.post("/api/training/calls/new/case/withdraw")
    assert agent.get("/api/training/open").json()["cases"] == []
    again = agent.post("/api/training/practices", json={"call": "new"})
    assert (again.status_code, again.json()["code"]) == (403, "not_allowed")


def test_sound_comes_in_ranges_and_as_a_waveform(trainer: httpx.Client) -> None:
    part = trainer.get("/api/training/calls/old/sound", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"fLaC")
    wave = trainer.get("/api/training/calls/old/waveform").json()
    assert wave["duration_ms"] == pytest.approx(89_880, abs=50)
    assert set(wave["peaks"]) == {"customer", "agent"}
    assert 20 < max(wave["peaks"]["customer"]) <= 100
    assert trainer.get("/api/training/calls/new/sound").status_code == 404
    demos = {d["name"]: d["call"] for d in trainer.get("/api/training/demos").json()["demos"]}
    assert demos["o01"] == "old" and demos["o02"] == ""


def test_what_if_goes_on_from_a_moment_and_keeps_nothing(trainer: httpx.Client) -> None:
    events = trainer.get("/api/training/calls/new").json()["events"]
    shown = next(e["seq"] for e in events if e["fact"].get("step") == "address_ok")
    begun = trainer.post("/api/training/calls/new/what-if", json={"seq": shown}).json()
    assert begun["events"] == events[:shown]
    answer = {"kind": "answer_step", "guide": GUIDE, "step": "address_ok", "choice": "changed"}
    path = f"/api/training/practices/{begun['practice']}"
    assert begun["left"] == 2, "the customer says what is still to come"
    after = trainer.post(f"{path}/commands", json={"command": answer}).json()
    assert steps(after) == ["new_address"], "the original went on to the times"
    wrong = trainer.post(f"{path}/commands", json={"command": {**answer, "step": "visit"}})
    assert wrong.status_code == 409
    assert trainer.get("/api/training/calls/new").json()["events"] == events
    assert trainer.post(f"{path}/finish").json()["code"] == "training.no_expert"
    trainer.post(f"{path}/close")
    asked = next(e["seq"] for e in events if e["fact"]["kind"] == "diagnosis_asked")
    amid = trainer.post("/api/training/calls/new/what-if", json={"seq": asked}).json()
    assert steps(amid)[-1] == "since", "what was under way is answered as it was then"
    assert trainer.get(path).status_code == 404


def test_a_call_of_another_edition_is_only_replayed(trainer: httpx.Client) -> None:
    answer = trainer.post("/api/training/calls/old/what-if", json={"seq": 40})
    assert (answer.status_code, answer.json()["code"]) == (409, "training.edition")
    assert trainer.post("/api/training/calls/old/what-if", json={"seq": 8}).status_code == 201


def test_a_recorded_caller_is_practised_and_scored(
    house: TrainingHouse, trainer: httpx.Client, agent: httpx.Client
) -> None:
    trainer.post("/api/training/calls/new/case", json={"title": "断网报修"})
    begun = agent.post("/api/training/practices", json={"call": "new", "hints": "on_request"})
    body = begun.json()
    path = f"/api/training/practices/{body['practice']}"
    assert body["left"] == 4 and steps(body) == []
    first = agent.post(f"{path}/next").json()
    assert [text(e) for e in first["events"]][:1] == [
        "喂你好，我家网断了，手机电脑都上不去，急着开会呢。"
    ]
    told = agent.post(f"{path}/hint").json()
    assert told["hint"]["guide"] == GUIDE and told["hints_used"] == 1
    with client(house.url, "elite") as other:
        assert other.get(path).status_code == 404, "a practice is its own person's"
    agent.post(f"{path}/commands", json={"command": OPEN})
    drafted = until_ticket(agent, path)
    fields = {field["name"]: field["value"] for field in drafted["fields"]}
    assert fields["phone"] == "154****6618", "a stored call is masked"
    file = {"kind": "file_ticket", "guide": GUIDE, "step": drafted["step"], "fields": fields}
    filed = agent.post(f"{path}/commands", json={"command": file}).json()["events"]
    (number,) = [e["fact"]["number"] for e in filed if e["fact"]["kind"] == "ticket_filed"]
    assert number == "TRAINING", "and still its form can be filed, in the sandbox"
    result = agent.post(f"{path}/finish").json()["result"]
    scored = agent.get(f"/api/training/results/{result}").json()
    grade = scored["grade"]
    assert grade["hints_cost"] == 2 and 80 < grade["total"] < 98
    why = {m["criterion"]: [f["why"] for f in m["findings"]] for m in grade["marks"]}
    assert why["scenario"][0].startswith("客户说清诉求后")
    assert why["steps"] == ["“close”没有做。"] or "没有做" in why["steps"][0], why["steps"]
    assert agent.post(f"{path}/say", json={"text": "喂"}).json()["code"] == "training.scored"


def test_results_are_their_persons_and_the_trainers(
    house: TrainingHouse, trainer: httpx.Client, agent: httpx.Client
) -> None:
    mine = agent.get("/api/training/results").json()["results"]
    assert {r["login"] for r in mine} == {"agent"}
    one = f"/api/training/results/{mine[0]['id']}"
    with client(house.url, "elite") as other:
        assert other.get(one).status_code == 403
        assert other.get("/api/training/results", params={"login": "agent"}).status_code == 403
        assert other.get("/api/training/results").json()["results"] == []
    with client(house.url, "supervisor") as sees:
        (person,) = sees.get("/api/training/progress").json()["people"]
        assert person["count"] == len(mine) and person["criteria"]["ticket"] == 100
        assert sees.post("/api/training/practices", json={"guide": GUIDE}).status_code == 403
    table = trainer.get("/api/training/progress.csv", params={"login": "agent", "lang": "en"})
    head, row = table.text.removeprefix("\ufeff").splitlines()[:2]
    assert head.startswith("finished,login,name") and ",agent," in row
    page = trainer.get(f"/training/report/{mine[0]['id']}", params={"lang": "zh"})
    assert page.status_code == 200 and "断网报修" in page.text and "没有做" in page.text


def test_a_simulated_caller_answers_what_is_asked(agent: httpx.Client) -> None:
    asked = {"guide": GUIDE, "hints": "hidden", "temperament": "hurried", "seed": 7}
    body = agent.post("/api/training/practices", json=asked).json()
    path = f"/api/training/practices/{body['practice']}"
    assert body["title"] == "" and body["left"] is None, "the trainee finds out"
    spoken = agent.post(f"{path}/say", json={"text": "您好，请问有什么可以帮您？"}).json()
    assert [e["fact"]["speaker"] for e in spoken["events"]][:2] == ["agent", "customer"]
    same = agent.post("/api/training/practices", json=asked).json()
    again = agent.post(
        f"/api/training/practices/{same['practice']}/say",
        json={"text": "您好，请问有什么可以帮您？"},
    ).json()
    assert text(again["events"][1]) == text(spoken["events"][1]), "the seed makes the caller"
    case = agent.post("/api/training/practices", json={**asked, "case": 0})
    assert case.status_code == 403


def until_ticket(http: httpx.Client, path: str) -> dict[str, Any]:
    """Reads every script aloud and lets the caller answer, as far as the form; its draft."""
    for _ in range(20):
        facts = [event["fact"] for event in http.get(path).json()["events"]]
        shown = next(fact for fact in reversed(facts) if fact["kind"] == "step_shown")
        if shown["step_kind"] == "ticket":
            return next(fact for fact in reversed(facts) if fact["kind"] == "ticket_drafted")
        http.post(f"{path}/say", json={"text": shown["text"]})
        if shown["step_kind"] == "ask":
            heard = http.post(f"{path}/next").json()["events"]
            proposed = [e["fact"] for e in heard if e["fact"]["kind"] == "answer_proposed"]
            for fact in proposed:
                answer = {name: fact[name] for name in ("guide", "step", "choice")}
                command = {"kind": "answer_step", **answer}
                http.post(f"{path}/commands", json={"command": command})
    raise AssertionError("no form is shown")


def steps(body: dict[str, Any]) -> list[str]:
    return [e["fact"]["step"] for e in body["events"] if e["fact"]["kind"] == "step_shown"]


def text(event: dict[str, Any]) -> str:
    return event["fact"].get("text", "")


def test_pages_are_there(trainer: httpx.Client) -> None:
    for path in ("/training", "/training/calls/new", "/training/practice/x", "/training/progress"):
        assert trainer.get(path).status_code == 200, path
