"""The form of a guide in real Chromium: phrases, choices, ways, what opens it; by keyboard, with
undo, and every other byte of the text kept. And a backtest of a call that is in the store."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from browser.fixtures.axe import is_accessible
from browser.test_studio_pages import GUIDE, keep, page_of, tab
from people import client
from playwright.sync_api import Browser, Page, expect
from running import ROOT, until
from small_house import SmallHouse, small_house

from assist import events as ev
from assist.journal import Journal

AT = "2026-11-05T15:42:00+08:00"
pytestmark = pytest.mark.browser

FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.getAttribute('aria-label');
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    root = tmp_path_factory.mktemp("form")
    shutil.copytree(ROOT / "guides", root / "guides")
    for name in ("ui", "corpus"):
        (root / name).symlink_to(ROOT / name)
    with small_house(root / "data", root=root) as opened:
        yield opened


def texts(house: SmallHouse, guide: str = GUIDE) -> tuple[str, str]:
    """What is live, and what the draft has."""
    with client(house.url, "editor") as asked:
        told = asked.get(f"/api/studio/guides/{guide}").json()
    return told["live_text"], told["text"]


def changed(house: SmallHouse) -> tuple[list[str], list[str]]:
    """Lines that the draft has no more, and those that it has anew."""
    old, new = (text.split("\n") for text in texts(house))
    return [x for x in old if x not in new], [x for x in new if x not in old]


def saved(page: Page, house: SmallHouse, words: str) -> None:
    until(lambda: words in texts(house)[1], 10)
    expect(page.get_by_text("没有问题").or_(page.get_by_text("个提醒"))).to_be_visible()


def test_a_form_changes_phrases_choices_and_ways_and_takes_them_back(
    browser: Browser, house: SmallHouse
) -> None:
    with page_of(browser, house, "editor") as page:
        page.goto(f"{house.url}/studio/guides/{GUIDE}")
        tab(page, "表单")
        slot = page.locator("form-slot", has_text="什么情况")
        summary = slot.locator("summary")
        summary.focus()
        page.keyboard.press("Enter")
        phrases = slot.locator("form-lines textarea").first
        before = phrases.input_value().split("\n")
        phrases.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("\n手机被水冲走了")
        page.keyboard.press("Alt+ArrowUp")
        page.keyboard.press("Tab")
        saved(page, house, "手机被水冲走了")
        _, new = changed(house)
        assert len(new) == 1 and "手机被水冲走了" in new[0]
        now = phrases.input_value().split("\n")
        assert now[-2:] == ["手机被水冲走了", before[-1]] and now[:-2] == before[:-1]
        is_accessible(page)
        keep(page, "studio-form")

        page.locator("form-opening h2").click()
        page.get_by_role("button", name="撤销").click()
        until(lambda: texts(house)[0] == texts(house)[1], 10)
        page.get_by_role("button", name="重做").click()
        saved(page, house, "手机被水冲走了")
        page.get_by_label("标题", exact=True).focus()
        page.keyboard.press("Control+z")
        until(lambda: texts(house)[0] == texts(house)[1], 10)

        row = slot.locator(".row").nth(1)
        code = row.locator("code").inner_text()
        up = row.get_by_role("button", name=f"上移 {code}")
        up.focus()
        page.keyboard.press("Enter")
        expect(slot.locator(".row code").first).to_have_text(code)
        assert page.evaluate(FOCUSED) in (f"上移 {code}", f"下移 {code}"), (
            "the keyboard goes with it"
        )
        slot.get_by_label("新选项的编号").fill("found_again")
        page.keyboard.press("Enter")
        expect(slot.get_by_label("选项 found_again 的名称")).to_be_visible()
        slot.get_by_label("选项 found_again 的名称").fill("又找到了")
        page.keyboard.press("Tab")
        saved(page, house, "found_again: 又找到了")
        slot.get_by_role("button", name="删除 found_again").click()
        until(lambda: "found_again" not in texts(house)[1], 10)
        for _ in range(4):
            page.get_by_role("button", name="撤销").click()
        until(lambda: texts(house)[0] == texts(house)[1], 10)


def test_a_step_is_added_renamed_moved_and_removed(browser: Browser, house: SmallHouse) -> None:
    with page_of(browser, house, "editor", locale="en-GB", color_scheme="dark") as page:
        page.goto(f"{house.url}/studio/guides/{GUIDE}")
        tab(page, "Form")
        *_, last, _ = re.findall(r"^  - id: (\w+)", texts(house)[0], re.M)
        page.get_by_label("Kind of a new step").select_option("say")
        page.get_by_role("button", name="Add a step").click()
        made = page.get_by_label("Id of the step step_1")
        expect(made).to_be_visible()
        made.fill("farewell")
        made.press("Tab")
        expect(page.get_by_label("Id of the step farewell")).to_be_visible()
        page.get_by_role("button", name="Move farewell up").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        text = "  - id: farewell\n    say: Write here what to say.\n"
        until(lambda: f"{text}\n  - id: {last}" in texts(house)[1], 10)
        live, draft = texts(house)
        assert draft.replace(f"{text}\n", "") == live, "nothing else has moved"
        is_accessible(page)
        first = page.locator("form-step").first
        old = first.locator("header input").input_value()
        first.locator("header input").fill("begin")
        first.locator("header input").press("Tab")
        until(lambda: "- id: begin" in texts(house)[1], 10)
        assert not re.search(rf"(next|otherwise|manual): {old}\b", texts(house)[1])
        page.get_by_role("button", name="Remove farewell").click()
        until(lambda: "farewell" not in texts(house)[1], 10)
        page.get_by_role("button", name="Discard draft").click()
        page.get_by_role("button", name="Press again to discard").click()


def test_a_backtest_says_what_a_stored_call_would_have_been(
    browser: Browser, house: SmallHouse
) -> None:
    answer = ev.AnswerStep(guide=GUIDE, step="kind", choice="broken")
    done = ev.AnswerStep(guide=GUIDE, step="slot_test", choice="yes")
    with house.store() as store:
        journal = Journal(store)
        for at_ms, fact in (
            (0, ev.CallStarted(agent="anna", number="1", lang="zh", started_at=AT)),
            (5_000, ev.Commanded(command=ev.OpenGuide(guide=GUIDE), by="agent")),
            (9_000, ev.Commanded(command=answer, by="agent")),
            (20_000, ev.Commanded(command=done, by="agent")),
            (60_000, ev.CallEnded(reason="hangup")),
        ):
            journal.append("c-back", at_ms, fact)
    with page_of(browser, house, "editor") as page:
        page.goto(f"{house.url}/studio/guides/{GUIDE}")
        tab(page, "测试与回测")
        page.get_by_role("button", name="回测").click()
        expect(page.get_by_text("1 通通话中有 0 通会不同")).to_be_visible(timeout=20_000)
        tab(page, "表单")
        page.get_by_label("卡坏或不识别", exact=True).first.select_option("esim")
        expect(page.get_by_text("结果针对之前的文本")).to_be_visible()
        until(lambda: "{broken: esim, esim: esim" in texts(house)[1], 10)
        page.get_by_role("button", name="回测").click()
        expect(page.get_by_text("1 通通话中有 1 通会不同")).to_be_visible(timeout=20_000)
        expect(page.locator("guide-trials dt")).to_have_text(["走向", "信息 works"])
        expect(page.locator("guide-trials dd").first).to_contain_text(f"{GUIDE}/kind → slot_test")
        expect(page.locator("guide-trials dd").last).to_contain_text("空")
        expect(page.get_by_text("有 1 次点击不再适用")).to_be_visible()
        is_accessible(page)


def test_a_trial_goes_on_while_its_page_is_left_and_is_found_again(
    browser: Browser, house: SmallHouse
) -> None:
    with page_of(browser, house, "editor") as page:
        page.goto(f"{house.url}/studio/guides/{GUIDE}")
        tab(page, "测试与回测")
        page.route("**/api/studio/jobs/*", lambda route: None)  # no word of how it goes on
        page.get_by_role("button", name="运行测试").click()
        expect(page.get_by_role("button", name="运行测试")).to_be_disabled()
        page.reload()
        page.unroute("**/api/studio/jobs/*")
        tab(page, "测试与回测")
        passed = page.locator("guide-trials").get_by_text(re.compile(r"通过"))
        expect(passed.first).to_be_visible(timeout=20_000)
        page.reload()
        tab(page, "测试与回测")
        expect(page.get_by_text("发布前先试")).to_be_visible()  # it was seen, and is over
        page.route("**/api/studio/jobs/*", lambda route: None)
        page.get_by_role("button", name="运行测试").click()
        expect(page.get_by_role("button", name="运行测试")).to_be_disabled()
        tab(page, "版本")
        page.unroute("**/api/studio/jobs/*")
        tab(page, "测试与回测")
        expect(passed.first).to_be_visible(timeout=20_000)
