"""A practice outlives the server's process: its person comes back to the same point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from people import client
from training_house import GUIDE, TrainingHouse

from assist.store import Store

SIMULATED = {"guide": GUIDE, "hints": "on_request", "temperament": "upset", "seed": 7}
OPEN = {"kind": "open_guide", "guide": GUIDE}
SECRET = "请问是 15403726618 吗？"


def facts(practice: dict[str, Any]) -> list[Any]:
    return [event["fact"] for event in practice["events"]]


def begin(http: httpx.Client, asked: dict[str, Any]) -> str:
    """Three moves, one of them refused, and a hint; the practice's path."""
    path = "/api/training/practices"
    path = f"{path}/{http.post(path, json=asked).json()['practice']}"
    assert http.post(f"{path}/commands", json={"command": OPEN}).status_code == 200
    wrong = {"kind": "tick_step", "guide": GUIDE, "step": "nothing"}
    assert http.post(f"{path}/commands", json={"command": wrong}).status_code == 409
    assert http.post(f"{path}/say", json={"text": SECRET}).status_code == 200
    assert http.post(f"{path}/hint").status_code == 200
    return path


def test_a_restart_leads_back_to_the_same_point(tmp_path: Path) -> None:
    with TrainingHouse(tmp_path) as house, client(house.url, "trainer") as http:
        recorded = {"call": "new", "hints": "on_request"}
        paths = [begin(http, asked) for asked in (SIMULATED, recorded)]
        before = [http.get(path).json() for path in paths]
        assert http.post(f"{paths[1]}/next").status_code == 200
        before[1] = http.get(paths[1]).json()
    with TrainingHouse(tmp_path) as house, client(house.url, "trainer") as http:
        begun = http.get("/api/training/open").json()["unfinished"]
        assert [each["practice"] for each in begun] == [
            p.rpartition("/")[2] for p in reversed(paths)
        ]
        for path, was in zip(paths, before, strict=True):
            now = http.get(path).json()
            assert facts(now) == facts(was)
            same = ("hints_used", "left", "next_ms", "over", "title", "kind")
            assert [now[name] for name in same] == [was[name] for name in same]
            assert now["at_ms"] - was["at_ms"] < 5_000, "the clock stood still meanwhile"
        with client(house.url, "agent") as other:
            assert other.get(paths[0]).status_code == 404, "a practice is its own person's"
        said = {"text": "您好，请问有什么可以帮您？"}
        assert http.post(f"{paths[0]}/say", json=said).json()["events"]
        assert http.post(f"{paths[1]}/finish").status_code == 200
        assert http.post(f"{paths[0]}/close").status_code == 200
        assert http.get("/api/training/open").json()["unfinished"] == []
        assert http.get(paths[0]).status_code == 404


def test_what_was_said_is_sealed_and_other_guides_are_told(tmp_path: Path) -> None:
    with TrainingHouse(tmp_path) as house, client(house.url, "trainer") as http:
        path = begin(http, SIMULATED)
    store = Store(tmp_path / "assist.db", tmp_path / "seal.key")
    rows = store._connection.execute("SELECT move FROM open_practice_moves").fetchall()
    assert len(rows) == 3 and not any(b"15403726618" in move for (move,) in rows)
    # As if the guide led on by one fact more than it did.
    store._connection.execute("UPDATE open_practice_moves SET events = events + 1")
    store.close()
    with TrainingHouse(tmp_path) as house, client(house.url, "trainer") as http:
        changed = http.get(path)
        assert (changed.status_code, changed.json()["code"]) == (409, "training.changed")
        assert http.get(path).status_code == 404
