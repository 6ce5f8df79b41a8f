"""An editor's day in real Chromium over the whole house without models: a text changed, mended,
tried, submitted, published by two people, found on disk, and rolled back.

With ASSIST_SCREENSHOTS=DIR the pages are kept as pictures; those of docs/studio.md come from there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser.fixtures.axe import is_accessible
from people import client, sign_in
from playwright.sync_api import Browser, Page, expect
from running import until
from small_house import SmallHouse, small_house, small_root

from assist.search.corpus import Row
from assist.wiring.parts import local_now

pytestmark = pytest.mark.browser
GUIDE = "sim.lost"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    root = tmp_path_factory.mktemp("studio")
    rows = [Row(id=f"sl-{n:03}", text=f"手机丢了第{n}回", guide=GUIDE, lang="zh") for n in range(3)]
    small_root(root, rows)
    with small_house(root / "data", root=root) as opened:
        yield opened


@contextmanager
def page_of(browser: Browser, house: SmallHouse, login: str, **more: Any) -> Iterator[Page]:
    """A window of this person's; an error in its console fails the test."""
    settings = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **more}
    context = browser.new_context(reduced_motion="reduce", **settings)
    sign_in(context, house.url, login)
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert [p for p in problems if "409" not in p] == []  # a refusal is an answer


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("ASSIST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def file_of(house: SmallHouse, guide: str = GUIDE) -> Path:
    return house.settings.guides_dir / f"{guide}.yaml"


def test_from_a_changed_word_to_the_file_and_back(browser: Browser, house: SmallHouse) -> None:
    path = file_of(house)
    old = path.read_text("utf-8")
    with page_of(browser, house, "editor") as page:
        page.goto(f"{house.url}/studio")
        expect(page.get_by_role("link", name="丢手机")).to_be_visible()
        is_accessible(page)
        page.keyboard.press("/")
        page.keyboard.type("sim.lost")
        expect(page.locator("tbody tr")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/studio/guides/sim\.lost"))
        expect(page.get_by_text("没有问题")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("您别着急").first).to_be_visible(timeout=20_000)
        is_accessible(page)

        code = page.locator(".cm-content")
        code.click()
        page.keyboard.press("Control+Home")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        page.keyboard.type("（新）")
        page.keyboard.press("Home")
        page.keyboard.press("Delete")
        problem = page.get_by_role("button", name=re.compile("没有“itle”这个字段"))
        expect(problem).to_be_visible()
        expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
        expect(page.get_by_text("文本有错误")).to_be_visible()
        expect(page.get_by_role("button", name="提交审核")).to_be_disabled()
        is_accessible(page)
        page.keyboard.press("Control+End")
        problem.click()
        page.keyboard.type("t")
        expect(page.get_by_text("没有问题")).to_be_visible()
        expect(page.get_by_text("已保存")).to_be_visible()
        title = page.locator("assist-panel h2, assist-panel h1")
        expect(title.filter(has_text="（新）")).to_be_visible()
        page.keyboard.press("Escape")
        keep(page, "studio")

        page.reload()
        expect(page.get_by_text("（新）").first).to_be_visible()
        page.get_by_role("button", name="提交审核").click()
        page.get_by_label("改了什么").fill("标题加了新字")
        page.get_by_role("dialog").get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("等待其他人审核", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="通过")).to_have_count(0)
    assert path.read_text("utf-8") == old

    with page_of(browser, house, "admin") as page:
        page.goto(f"{house.url}/studio/guides/{GUIDE}")
        expect(page.get_by_text("标题加了新字").first).to_be_visible()
        page.get_by_role("button", name="通过").click()
        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_text("下一通来电即用新版")).to_be_visible(timeout=20_000)
        new = path.read_text("utf-8")
        assert new.replace("（新）", "", 1) == old and new != old
        with client(house.url, "admin") as asked:
            guides = asked.get("/api/guides").json()["guides"]
        assert next(g for g in guides if g["id"] == GUIDE)["title"].endswith("（新）")

        tab(page, "版本")
        page.get_by_role("button", name="与前一版比较").click()
        expect(page.get_by_text("逐行差异")).to_be_visible()
        is_accessible(page)
        page.get_by_role("button", name="回退到此版").click()
        page.get_by_label("为什么回退").fill("先不改")
        page.get_by_role("dialog").get_by_role("button", name="回退").click()
        until(lambda: path.read_text("utf-8") == old, 10)
        expect(page.locator(".cm-content")).not_to_contain_text("（新）")


def test_graph_form_completion_and_two_windows(browser: Browser, house: SmallHouse) -> None:
    with page_of(browser, house, "editor", color_scheme="dark") as page:
        page.goto(f"{house.url}/studio/guides/plan.change")
        tab(page, "流程图")
        node = page.locator("guide-graph g[role=button]").nth(3)
        name = node.get_attribute("aria-label") or ""
        node.click()
        step = re.search(r"\((\w+)\)", name)
        assert step
        expect(page.locator(".cm-activeLine")).to_contain_text(f"id: {step[1]}")
        expect(node).to_have_attribute("aria-current", "step")
        is_accessible(page)
        keep(page, "studio-graph")

        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.type("ne")
        expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("next")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Space")
        expect(page.locator(".cm-tooltip-autocomplete li").first).to_be_visible()
        page.keyboard.press("Escape")
        for _ in range(15):
            page.keyboard.press("Control+z")
        expect(page.get_by_text("没有问题")).to_be_visible()

        tab(page, "表单")
        title = page.get_by_label("标题", exact=True)
        title.fill("换套餐二")
        title.press("Tab")
        expect(page.get_by_text("已保存")).to_be_visible()
        is_accessible(page)
        with client(house.url, "editor") as asked:
            told = asked.get("/api/studio/guides/plan.change").json()
        old, new = told["live_text"].split("\n"), told["text"].split("\n")
        changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        assert [new for _, new in changed] == ["title: 换套餐二"]

        with page_of(browser, house, "admin") as other:
            other.goto(f"{house.url}/studio/guides/plan.change")
            other.locator(".cm-content").click()
            other.keyboard.press("Control+End")
            other.keyboard.type("# theirs")
            expect(other.get_by_text("已保存")).to_be_visible()
            until(lambda: "# theirs" in _draft(house, "plan.change"), 10)
        title.fill("换套餐三")
        title.press("Tab")
        expect(page.get_by_role("button", name="用我的覆盖")).to_be_visible()
        page.get_by_role("button", name="用我的覆盖").click()
        until(lambda: "换套餐三" in _draft(house, "plan.change"), 10)
        page.get_by_role("button", name="放弃草稿").click()
        page.get_by_role("button", name="再点一次确认放弃").click()
        expect(page.get_by_text("与线上一致")).to_be_visible()


def _draft(house: SmallHouse, guide: str) -> str:
    with client(house.url, "editor") as asked:
        return asked.get(f"/api/studio/guides/{guide}").json()["text"]


def test_questions_and_inbox(browser: Browser, house: SmallHouse) -> None:
    corpus = house.settings.corpus_dir / "rows.jsonl"
    row = Row(id="gap-1", text="卡槽坏了怎么弄", guide="none", lang="zh", status="draft")
    with house.store() as store:
        store.inbox.put([(row, ["c1"])], "gap", local_now())
    with page_of(browser, house, "editor", locale="en-GB") as page:
        page.goto(f"{house.url}/studio/inbox")
        expect(page.get_by_text("卡槽坏了怎么弄")).to_be_visible()
        is_accessible(page)
        page.get_by_label(re.compile("Guide for")).select_option(GUIDE)
        page.get_by_role("button", name="Take as a draft").click()
        expect(page.get_by_text("Nothing waits")).to_be_visible()

        page.get_by_role("link", name="Questions").click()
        page.get_by_role("button", name="New question").click()
        page.get_by_label("What callers say").fill("手机掉海里了要停机")
        page.get_by_role("dialog").get_by_label("Guide").select_option(GUIDE)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("td.text", has_text="手机掉海里了")).to_be_visible()
        is_accessible(page)
        page.get_by_label(re.compile("^Choose: 手机掉海里")).check()
        page.get_by_role("button", name="Publish").click()
        until(lambda: '"live"' in corpus.read_text("utf-8").split("\n")[-2], 10)
        page.get_by_role("button", name="Import a table").click()
        table = "问题\n卡找不着了\n手机丢了第1回\n"
        sent = {"name": "a.csv", "mimeType": "text/csv", "buffer": table.encode()}
        page.locator("input[type=file]").set_input_files(sent)  # pyright: ignore
        page.get_by_role("dialog").get_by_label("Of which guide").select_option(GUIDE)
        page.get_by_role("button", name="Check it first").click()
        expect(page.get_by_text("Nothing comes in")).to_be_visible()
        expect(page.get_by_role("cell", name=re.compile("is there already"))).to_be_visible()
        is_accessible(page)
    text = corpus.read_text("utf-8")
    assert "卡槽坏了" in text and "卡找不着" not in text
    with client(house.url, "agent") as asked:
        assert asked.get("/studio").status_code == 403
        assert asked.get("/api/studio/guides").status_code == 403
