"""Questions and inbox over HTTP, with a real store and real files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from studio.conftest import AT, GUIDE, World
from studio.jobs import ended

from assist.search.corpus import Row, write_rows


async def test_questions_are_added_edited_and_published(world: World) -> None:
    async with world.as_("ann") as ann:
        add = {"text": "卡不见了想补办", "guide": GUIDE, "note": "补卡"}
        row = (await ann.post("/api/studio/corpus/rows", json=add)).json()["row"]
        assert (row["id"], row["status"]) == ("sl-003", "draft")
        twice = await ann.post("/api/studio/corpus/rows", json=add)
        assert twice.json()["code"] == "corpus.row"
        edited = await ann.patch("/api/studio/corpus/rows/sl-001", json={"text": "卡丢了怎么办"})
        assert edited.json()["row"]["status"] == "draft", "nobody has seen the new text"
        unknown = await ann.patch("/api/studio/corpus/rows/sl-001", json={"guide": "no.such"})
        assert unknown.status_code == 409
        published = {"ids": ["sl-001", "sl-003"], "status": "live"}
        assert (await ann.post("/api/studio/corpus/status", json=published)).json() == {
            "changed": 2
        }
        table = (await ann.get("/api/studio/corpus")).json()
        assert {r["id"]: r["status"] for r in table["rows"]} == {
            **{"sl-001": "live", "sl-002": "draft", "sl-003": "live"}
        }
        near = await ended(
            ann, await ann.post("/api/studio/corpus/nearest", json={"text": "卡丢了怎么办呀"})
        )
        assert near["result"]["near"] and near["result"]["rows"][0]["id"] == "sl-001"
        found = await ended(ann, await ann.post("/api/studio/corpus/check"))
        assert "few-rows" in {p["rule"] for p in found["result"]["problems"]}


async def test_a_table_comes_in_whole_or_not_at_all(world: World) -> None:
    def sent(text: str, dry: bool) -> dict[str, Any]:
        data = {"guide": GUIDE, "dry_run": str(dry).lower()}
        return {"files": {"file": ("a.csv", text.encode("gb18030"))}, "data": data}

    path, address = world.root / "corpus" / "sim.jsonl", "/api/studio/corpus/import"
    before = path.read_bytes()
    async with world.as_("ann") as ann:
        bad = (await ann.post(address, **sent("问题\n卡没了\n手机丢了卡怎么办\n", False))).json()
        assert [(p["row"], p["rule"]) for p in bad["problems"]] == [(3, "duplicate-text")]
        tried = (await ann.post(address, **sent("问题\n卡没了\n", True))).json()
        assert (tried["added"], len(tried["rows"])) == (0, 1) and path.read_bytes() == before
        done = (await ann.post(address, **sent("问题\n卡没了\n", False))).json()
        assert done["added"] == 1 and path.read_bytes().startswith(before)
        other = await ann.post(address, files={"file": ("a.exe", b"MZ")})
        assert other.json()["code"] == "corpus"
        assert (await ann.post(address, data={"guide": ""})).json()["code"] == "corpus.file"


async def test_the_inbox_asks_each_question_once(world: World) -> None:
    at = datetime.fromisoformat(AT)
    rows = [
        Row(id=f"gap-{n}", text=text, guide="none", lang="zh", status="draft")
        for n, text in enumerate(("卡槽坏了怎么弄", "想换个靓号"))
    ]
    assert world.store.inbox.put([(row, ["c1"]) for row in rows], "gap", at) == 2
    assert world.store.inbox.put([(row, ["c1"]) for row in rows], "gap", at) == 0
    async with world.as_("ann") as ann:
        listed = (await ann.get("/api/studio/inbox")).json()["items"]
        assert {item["id"] for item in listed} == {"gap-0", "gap-1"}
        wrong = await ann.post("/api/studio/inbox/take", json={"ids": ["gap-0"], "guide": "x.y"})
        assert wrong.json()["code"] == "corpus.row"
        taken = await ann.post("/api/studio/inbox/take", json={"ids": ["gap-0"], "guide": GUIDE})
        assert taken.json()["rows"][0]["guide"] == GUIDE
        twice = await ann.post("/api/studio/inbox/take", json={"ids": ["gap-0"], "guide": GUIDE})
        assert twice.json()["code"] == "studio.gone"
        blank = {"ids": ["gap-1"], "reason": " "}
        assert (await ann.post("/api/studio/inbox/dismiss", json=blank)).status_code == 409
        gone = {"ids": ["gap-1"], "reason": "不归我们管"}
        assert (await ann.post("/api/studio/inbox/dismiss", json=gone)).status_code == 200
        assert (await ann.get("/api/studio/inbox")).json()["items"] == []
        job = await ended(ann, await ann.post("/api/studio/inbox/fill"))
        assert job["result"] == {"new": 0, "calls": 0}
    corpus = (world.root / "corpus" / "sim.jsonl").read_text("utf-8")
    assert "卡槽坏了怎么弄" in corpus and "靓号" not in corpus


async def test_an_overlap_is_worked_out_once_for_the_same_rows(world: World) -> None:
    say = ("手机丢了怎么办", "卡被偷了停机", "补一张卡", "手机找不到了", "卡掉了", "挂失手机卡")
    ask = ("几点关门", "有没有招人", "营业厅在哪", "停车要钱吗", "能打印发票吗", "天气怎么样")
    rows = [
        Row(id=f"{guide}-{n}", text=text, guide=guide, lang="zh")
        for guide, texts in ((GUIDE, say), ("none", ask))
        for n, text in enumerate(texts)
    ]
    write_rows(world.root / "corpus" / "sim.jsonl", rows)
    async with world.as_("ann") as ann:
        before = (await ann.get("/api/studio/corpus")).json()["takes_s"]
        assert before["overlap"] > 0 and before["check"] > 0
        first = await ended(ann, await ann.post("/api/studio/corpus/overlap"))
        assert first["state"] == "done", first["error"]
        assert [one["lang"] for one in first["result"]["languages"]] == ["zh"]
        assert first["what"] == "cross-fit zh" and first["done"] == first["total"] == 5
        assert (await ann.get("/api/studio/corpus")).json()["takes_s"]["overlap"] == 0
        again = await ended(ann, await ann.post("/api/studio/corpus/overlap"))
        assert again["result"] == first["result"] and again["what"] == "", "nothing was done"
        await ann.patch(f"/api/studio/corpus/rows/{GUIDE}-0", json={"text": "手机又丢了"})
        assert (await ann.get("/api/studio/corpus")).json()["takes_s"]["overlap"] > 0


async def test_long_work_ends_at_its_next_step_when_it_is_stopped(world: World) -> None:
    slow = threading.Event()
    embedder = world.studio.embedder
    assert embedder is not None
    encode = embedder.encode

    def waiting(texts: Sequence[str]) -> Any:
        slow.wait(10)
        return encode(texts)

    embedder.encode = waiting
    async with world.as_("ann") as ann:
        started = await ann.post("/api/studio/corpus/check")
        path = f"/api/studio/jobs/{started.json()['id']}"
        assert (await ann.delete(path)).json()["state"] == "running"
        assert (await ann.get("/api/studio/corpus")).status_code == 200, "the page goes on"
        slow.set()
        assert (await ended(ann, started))["state"] == "cancelled"
