"""Guides from a draft to a file and back over HTTP, with a real store and real files."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from studio.conftest import AT, GUIDE, World
from studio.jobs import ended

from assist import events as ev
from assist.journal import Journal

PATH = f"/api/studio/guides/{GUIDE}"


async def save(client: httpx.AsyncClient, text: str, revision: int = 0) -> int:
    answer = await client.put(f"{PATH}/draft", json={"text": text, "revision": revision})
    assert answer.status_code == 200, answer.text
    return answer.json()["draft"]["revision"]


async def moved(client: httpx.AsyncClient, move: str, revision: int, note: str = "") -> Any:
    body = {"move": move, "revision": revision, "note": note}
    return await client.post(f"{PATH}/moves", json=body)


async def test_a_text_goes_live_by_two_people_and_back_again(world: World) -> None:
    old = world.file.read_text("utf-8")
    new = old.replace("title: ", "title: 新", 1)
    async with world.as_("ann") as ann, world.as_("bo") as bo:
        revision = await save(ann, new)
        assert world.file.read_text("utf-8") == old
        assert (await moved(ann, "submit", revision)).json()["code"] == "studio.note"
        assert (await moved(ann, "submit", revision, "新标题")).status_code == 200
        own = await moved(ann, "approve", revision)
        assert (own.status_code, own.json()["code"]) == (409, "studio.author")
        early = await bo.post(f"{PATH}/publish", json={"revision": revision})
        assert early.json()["code"] == "studio.state"
        assert (await moved(bo, "approve", revision)).status_code == 200
        done = (await ann.post(f"{PATH}/publish", json={"revision": revision})).json()["version"]
        assert world.file.read_text("utf-8") == new and world.reread == 1
        assert (done["authors"], done["approver"], done["by"]) == (["ann"], "bo", "ann")
        assert world.book.guides[GUIDE].title.startswith("新")
        history = (await bo.get(f"{PATH}/history")).json()
        assert [v["how"] for v in history["versions"]] == ["published", "found"]
        diff = await bo.post(f"{PATH}/diff", json={"old_version": history["versions"][1]["id"]})
        assert diff.status_code == 200
        first = history["versions"][1]["id"]
        compared = {"old_version": first, "version": done["id"]}
        told = (await bo.post(f"{PATH}/diff", json=compared)).json()
        assert [c["kind"] for c in told["walk"]] == ["guide"]
        assert [x["tag"] for x in told["lines"] if x["tag"] in ("gone", "new")] == ["gone", "new"]
        back = {"version": first, "note": "客户听不懂"}
        assert (await bo.post(f"{PATH}/roll-back", json=back)).status_code == 200
        assert world.file.read_text("utf-8") == old and world.reread == 2
        entries = (await bo.get(f"{PATH}/history")).json()["entries"]
        assert [e["move"] for e in entries] == [
            *("roll_back", "publish", "approve", "submit", "begin")
        ]


async def test_a_change_on_disk_is_never_lost(world: World) -> None:
    old = world.file.read_text("utf-8")
    by_hand = old + "# by hand\n"
    async with world.as_("ann") as ann, world.as_("bo") as bo:
        revision = await save(ann, old.replace("title: ", "title: 新", 1))
        await moved(ann, "submit", revision, "x")
        await moved(bo, "approve", revision)
        world.file.write_text(by_hand, "utf-8")
        refused = await ann.post(f"{PATH}/publish", json={"revision": revision})
        assert (refused.status_code, refused.json()["code"]) == (409, "studio.conflict")
        assert world.file.read_text("utf-8") == by_hand
        assert (await ann.get(PATH)).json()["conflict"] is True
        draft = (await ann.post(f"{PATH}/rebase")).json()["draft"]
        assert draft["state"] == "draft", "it must be looked at once more"
        assert (await ann.get(PATH)).json()["conflict"] is False
        await moved(ann, "submit", draft["revision"], "x")
        await moved(bo, "approve", draft["revision"])
        sent = await ann.post(f"{PATH}/publish", json={"revision": draft["revision"]})
        assert sent.status_code == 200
        versions = (await ann.get(f"{PATH}/history")).json()["versions"]
        assert world.studio.workshop.text_of(GUIDE, versions[1]["id"]) == by_hand


async def test_two_windows_are_told_of_each_other_and_an_edit_needs_a_new_look(
    world: World,
) -> None:
    text = world.file.read_text("utf-8")
    async with world.as_("ann") as ann, world.as_("bo") as bo:
        first = await save(ann, text + "# one\n")
        late = await bo.put(f"{PATH}/draft", json={"text": text + "# two\n", "revision": 0})
        assert (late.status_code, late.json()["values"]["by"]) == (409, "ann")
        await moved(ann, "submit", first, "x")
        second = await save(bo, text + "# two\n", first)
        draft = (await ann.get(PATH)).json()["draft"]
        assert (draft["state"], draft["authors"]) == ("draft", ["ann", "bo"])
        assert (await moved(ann, "submit", first, "x")).json()["code"] == "studio.stale"
        await moved(ann, "submit", second, "x")
        assert (await moved(bo, "approve", second)).json()["code"] == "studio.author"
        assert (await bo.delete(f"{PATH}/draft")).status_code == 200
        assert (await ann.get(PATH)).json()["draft"] is None


async def test_line_ends_and_byte_order_mark_of_a_file_stay(world: World) -> None:
    text = world.file.read_text("utf-8")
    world.file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    async with world.as_("ann") as ann, world.as_("bo") as bo:
        assert (await ann.get(PATH)).json()["text"] == text
        revision = await save(ann, text.replace("title: ", "title: 新", 1))
        await moved(ann, "submit", revision, "x")
        await moved(bo, "approve", revision)
        await ann.post(f"{PATH}/publish", json={"revision": revision})
    wanted = text.replace("title: ", "title: 新", 1).replace("\n", "\r\n")
    assert world.file.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()


async def test_a_text_with_errors_is_checked_at_its_lines_and_goes_nowhere(world: World) -> None:
    text = world.file.read_text("utf-8").replace("title:", "tilte:", 1)
    async with world.as_("ann") as ann:
        told = (await ann.post(f"{PATH}/check", json={"text": text})).json()
        (unknown,) = [p for p in told["problems"] if "tilte" in p["message"]["en"]]
        lines = text.split("\n")
        assert lines[unknown["line"] - 1].startswith("tilte") and unknown["level"] == "error"
        assert told["steps"] and told["edges"], "the rest is still shown"
        revision = await save(ann, text)
        refused = await moved(ann, "submit", revision, "x")
        assert refused.json()["code"] == "studio.errors"
        assert "没有“tilte”这个字段" in refused.json()["values"]["zh"]


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[", "a: &a [*a]", BOMB, "!!python/object:os.system {}", "\u0007", "x" * 150_000),
        *("[" * 20_000, "- " * 3_000),
    ],
    ids=["empty", "cut", "circle", "bomb", "object", "bell", "long", "deep", "dashes"],
)  # fmt: skip
async def test_hostile_text_is_judged_and_nothing_falls(world: World, text: str) -> None:
    async with world.as_("ann") as ann:
        told = await ann.post(f"{PATH}/check", json={"text": text})
        assert told.status_code == 200 and told.json()["problems"]
        preview = await ann.post(f"{PATH}/preview", json={"text": text})
        assert (preview.status_code, preview.json()["code"]) == (409, "studio.errors")
        form = await ann.post(f"{PATH}/form", json={"text": text})
        assert form.status_code == 200 and form.json()["form"] is None


async def test_what_is_no_request_is_refused(world: World) -> None:
    raw = world.file.read_bytes()
    async with world.as_("ann") as ann:
        for name in ("..%2F..%2Fetc", "offers", "a%00b", "A.B", "tickets%2Fx", "a" * 90):
            found = await ann.get(f"/api/studio/guides/{name}")
            assert found.status_code in (404, 409), name
            saved = await ann.put(
                f"/api/studio/guides/{name}/draft", json={"text": "x", "revision": 0}
            )
            assert saved.status_code in (404, 409), name
        for body in (b'{"text": "\xff"}', b"[", b'{"text": 1}'):
            assert (await ann.post(f"{PATH}/check", content=body)).status_code == 422
        long = await ann.post(f"{PATH}/check", json={"text": "x" * 200_001})
        assert long.status_code == 422
        huge = await ann.post(f"{PATH}/check", content=b"x" * 2_100_000)
        assert huge.json()["code"] == "studio.too-long"
        world.file.write_bytes(b"id: \xff\xfe")
        broken = await ann.get(PATH)
        assert (broken.status_code, broken.json()["code"]) == (409, "studio.encoding")
        listed = {g["id"]: g for g in (await ann.get("/api/studio/guides")).json()["guides"]}
        assert (listed[GUIDE]["live"], listed[GUIDE]["error"]) == ("broken", 1)
    world.file.write_bytes(raw)


async def test_the_list_tells_state_and_use(world: World) -> None:
    journal = Journal(world.store)
    for number, outcome in enumerate(("solved", "solved", "ticket", "escalated", "")):
        call = f"c{number}"
        began = ev.CallStarted(agent="anna", number="1", lang="zh", started_at=AT)
        opened = ev.GuideOpened(guide=GUIDE, title="x", hash="h", by="agent")
        facts: list[ev.Fact] = [began, opened]
        if outcome:
            facts.append(ev.CallWrapped(outcome=outcome, disposition="", by="agent"))  # pyright: ignore
        else:
            facts.append(ev.GuideClosed(guide=GUIDE, reason="dismissed"))
        for fact in facts:
            journal.append(call, 0, fact)
    text = world.file.read_text("utf-8")
    async with world.as_("ann") as ann:
        made = await ann.post("/api/studio/guides", json={"id": "wifi.slow", "title": "慢: #1"})
        assert made.status_code == 201
        again = await ann.post("/api/studio/guides", json={"id": "wifi.slow"})
        assert again.json()["code"] == "studio.taken"
        fresh = (await ann.get("/api/studio/guides/wifi.slow")).json()
        told = await ann.post("/api/studio/guides/wifi.slow/check", json={"text": fresh["text"]})
        assert [p for p in told.json()["problems"] if p["level"] == "error"] == []
        listed = {g["id"]: g for g in (await ann.get("/api/studio/guides")).json()["guides"]}
        one = listed[GUIDE]
        assert (one["led"], one["solved"], one["ticket"], one["escalated"]) == (4, 2, 1, 1)
        assert (one["live"], listed["wifi.slow"]["live"]) == ("live", "none")
        assert listed["wifi.slow"]["work"] == "draft"
        window = {"at": ["effective"], "op": "set", "value": {"from": "2027-01-01"}}
        later = (await ann.post(f"{PATH}/form", json={"text": text, "edits": [window]})).json()
        world.file.write_text(later["text"], "utf-8")
        listed = {g["id"]: g for g in (await ann.get("/api/studio/guides")).json()["guides"]}
        assert listed[GUIDE]["live"] == "scheduled"


async def test_a_preview_is_played_again_with_the_new_text(world: World) -> None:
    text = world.file.read_text("utf-8")

    def shown(told: Any) -> list[str]:
        facts = [event["fact"] for event in told["events"]]
        return [fact["step"] for fact in facts if fact["kind"] == "step_shown"]

    async with world.as_("ann") as ann:
        told = (await ann.post(f"{PATH}/preview", json={"text": text})).json()
        assert told["refused"] == [] and told["cast"]["customers"]
        step = shown(told)[-1]
        answer = {"kind": "answer_step", "guide": GUIDE, "step": step, "choice": "lost"}
        deeds = [{"command": answer}, {"command": {**answer, "step": "nowhere"}}]
        scene = {"deeds": deeds}
        body = {"text": text, "scene": scene}
        again = (await ann.post(f"{PATH}/preview", json=body)).json()
        assert [each["deed"] for each in again["refused"]] == [1]
        assert again["events"][: len(told["events"])] == told["events"]
        assert len(again["events"]) > len(told["events"])


async def test_tests_and_backtest_run_beside_and_can_be_ended(world: World) -> None:
    text = world.file.read_text("utf-8")
    async with world.as_("ann") as ann:
        job = await ended(ann, await ann.post(f"{PATH}/tests", json={"text": text}))
        assert job["state"] == "done" and job["result"]["exam"]["cases"], job
        job = await ended(ann, await ann.post(f"{PATH}/backtest", json={"text": text}))
        assert job["result"] == {"calls": 0, "changed": []}
        broken = await ended(ann, await ann.post(f"{PATH}/tests", json={"text": "x"}))
        assert broken["state"] == "failed" and broken["error"]["code"] == "guide"
        running = (await ann.post(f"{PATH}/tests", json={"text": text})).json()
        await ann.delete(f"/api/studio/jobs/{running['id']}")
        for _ in range(300):
            job = (await ann.get(f"/api/studio/jobs/{running['id']}")).json()
            if job["state"] != "running":
                break
            await asyncio.sleep(0.02)
        assert job["state"] == "cancelled"
