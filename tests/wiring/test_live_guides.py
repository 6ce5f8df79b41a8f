"""Changed guides lead the next call of a running house; live calls keep theirs, bad ones wait."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from people import client
from running import ROOT, until
from small_house import SmallHouse, small_house

from assist import events as ev
from assist.call import Call
from assist.config import Settings
from assist.wiring.live_words import LiveWords

GUIDE = "sim.lost"


def on(house: SmallHouse, work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, house.loop).result(30)


def begin(house: SmallHouse) -> Call:
    async def opened() -> Call:
        calls = house.app.state.house.calls
        call = await calls.begin(ev.CallStarted(agent="anna", lang="zh"), ("customer",))
        await call.obey(ev.OpenGuide(guide=GUIDE), "agent")
        return call

    return on(house, opened())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "guides", tmp_path / "guides")
    (tmp_path / "ui").symlink_to(ROOT / "ui")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "calls").symlink_to(ROOT / "corpus" / "calls")
    return tmp_path


def test_the_next_call_is_led_by_the_changed_guide(root: Path) -> None:
    path = root / "guides" / f"{GUIDE}.yaml"
    old = path.read_text("utf-8")
    with small_house(root / "data", root=root) as house:
        app_house = house.app.state.house
        first = app_house.book.hash
        early = begin(house)

        path.write_text(old.replace("title: ", "tilte: ", 1), "utf-8")
        until(lambda: any("refused" in line for line in house.said), 20)
        assert app_house.book.hash == first

        path.write_text(old.replace("title: ", "title: 新的", 1), "utf-8")
        until(lambda: app_house.book.hash != first, 20)
        late = begin(house)
        hashes = [call.state.started.guides_hash for call in (early, late) if call.state.started]
        assert hashes == [first, app_house.book.hash]
        titles = [page.title for call in (early, late) for page in call.state.pages]
        assert not titles[0].startswith("新的") and titles[1] == f"新的{titles[0]}"
        (hit, *_) = on(house, app_house.searches.type_in("新的丢手机", "zh"))
        assert hit.guide == GUIDE

        step = early.state.pages[-1].shown
        assert step is not None
        answer = ev.AnswerStep(guide=GUIDE, step=step.step, choice="lost")
        on(house, early.obey(answer, "agent"))
        assert early.state.status == "live", "it goes on by the edition it began with"
        for call in (early, late):
            on(house, call.hang_up())


def test_a_changed_connector_is_asked_and_a_broken_one_is_told(root: Path) -> None:
    path = root / "guides" / "connectors" / "broadband.line.yaml"
    old = path.read_text("utf-8")
    with small_house(root / "data", root=root) as house, client(house.url, "admin") as http:
        listed = "/api/admin/connections"

        def title() -> str:
            known = http.get(listed).json()["connections"]
            return next(each["title"] for each in known if each["id"] == "broadband.line")

        first = title()
        path.write_text(old.replace(first, "新的线路检测"), "utf-8")
        until(lambda: title() == "新的线路检测", 20)
        tried = http.post(f"{listed}/broadband.line/try", json={"args": {"account": "x"}}).json()
        assert tried["ok"] or tried["trouble"]["code"].startswith("desk"), tried

        path.write_text(old.replace("path:", "pfad:"), "utf-8")
        refused = until(lambda: http.get("/health").json().get("refused"), 20)
        assert "broadband.line.yaml" in refused["guides"]
        assert title() == "新的线路检测", "the old ones stay"
        path.write_text(old, "utf-8")
        until(lambda: "refused" not in http.get("/health").json(), 20)
        assert title() == first


async def test_changed_words_correct_the_next_call(root: Path) -> None:
    (root / "corpus" / "sim.jsonl").symlink_to(ROOT / "corpus" / "sim.jsonl")
    lexicon, said = root / "corpus" / "lexicon.yaml", list[str]()
    lexicon.write_text("zh: [{term: 光猫}]\n", "utf-8")
    words = LiveWords(Settings(root=root), said.append)
    await asyncio.to_thread(words.open)
    assert said == []
    first = words.scribe
    watching = asyncio.create_task(words.watch())
    async with asyncio.timeout(30):
        lexicon.write_text("zh: [{term: 光猫}\n", "utf-8")
        while not words.refusal:
            await asyncio.sleep(0.05)
        assert words.scribe is first and "lexicon.yaml" in said[-1]
        lexicon.write_text("zh: [{term: 光猫}, {term: 分光器}]\n", "utf-8")
        while words.scribe is first:
            await asyncio.sleep(0.05)
    assert words.refusal == ""
    watching.cancel()
