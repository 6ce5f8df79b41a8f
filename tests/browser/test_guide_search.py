"""The search box in real Chromium: typed by hand at once, meaning behind it, by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import sent, show, upto
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TITLE = {"guide": "broadband.no-internet", "title": "宽带上不了网", "question": "宽带上不了网"}
TITLE |= {"spans": [[0, 5]], "by": "hand", "score": None}
LONG = {"guide": "broadband.slow", "title": "宽带网速慢", "by": "hand", "score": None}
LONG |= {"question": "晚上一到八点😀看片就转圈，白天又没事，WiFi满格也慢"}
LONG |= {"spans": [[19, 23], [26, 27]]}
MEANT = {"guide": "pay.refund", "title": "退款与付错钱", "question": "钱付错了", "spans": []}
MEANT |= {"by": "meaning", "score": 0.8}


def answers(page: Page, hand: list[Any], both: list[Any], meaning: str = "ok", wait_ms: int = 0):
    """What the panel's source answers from now on; `window.asked` has what it was asked."""
    page.evaluate(
        """([hand, both, meaning, wait]) => {
          window.asked = [];
          panel.source.find = async (text, lang, by) => {
            asked.push([text, lang, by]);
            await new Promise((done) => setTimeout(done, text.length === 1 ? wait : 0));
            const matches = by === 'hand' ? hand : both;
            return { decision: 'silent', meaning, matches: text === 'zzz' ? [] : matches };
          };
        }""",
        [hand, both, meaning, wait_ms],
    )


def titles(page: Page) -> list[str]:
    return page.locator("guide-search .title").all_text_contents()


def test_what_was_typed_comes_at_once_and_meaning_behind_it(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    answers(page, [TITLE, LONG], [TITLE, MEANT, LONG])
    page.keyboard.press("/")
    page.keyboard.type("kdsbl")
    expect(page.get_by_role("option")).to_have_count(3)
    assert titles(page) == ["宽带上不了网", "退款与付错钱", "宽带网速慢"]
    asked = page.evaluate("asked")
    assert [each[2] for each in asked].count("both") == 1 and asked[-1] == ["kdsbl", "zh", "both"]
    assert ["kdsbl", "zh", "hand"] in asked


def test_hits_are_marked_and_a_long_text_begins_near_its_first_hit(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    answers(page, [TITLE, LONG], [TITLE, LONG])
    page.keyboard.press("/")
    page.keyboard.type("wifi慢")
    expect(page.locator("guide-search mark")).to_have_text(["宽带上不了", "WiFi", "慢"])
    expect(page.locator("guide-search .like")).to_have_text("…看片就转圈，白天又没事，WiFi满格也慢")
    # The title is the matched text itself: it is not said twice, and has no percentage.
    expect(page.locator("guide-search .like")).to_have_count(1)
    expect(page.locator("guide-search .score")).to_have_count(0)


def test_the_marked_line_stays_under_the_finger_when_meaning_arrives(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    answers(page, [LONG], [MEANT, LONG])
    page.keyboard.press("/")
    page.keyboard.type("wifi")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.locator("guide-search [aria-selected=true] .title")).to_have_text("宽带网速慢")
    page.keyboard.press("Enter")
    assert sent(page) == [{"kind": "open_guide", "guide": "broadband.slow"}]


def test_an_older_answer_that_comes_late_does_not_win(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    answers(page, [TITLE], [TITLE], wait_ms=700)
    page.keyboard.press("/")
    page.keyboard.type("k")
    page.keyboard.type("zz", delay=0)
    page.get_by_role("combobox").fill("zzz")
    expect(page.get_by_text("没有找到合适的流程")).to_be_visible()
    page.wait_for_timeout(900)
    expect(page.get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize("meaning", ["missing", "down"])
def test_the_box_says_when_only_search_by_hand_works(page: Page, server: Server, meaning: str):
    show(page, server, upto("segment_heard"))
    answers(page, [TITLE], [MEANT], meaning=meaning)
    page.keyboard.press("/")
    page.keyboard.type("kdsbl")
    expect(page.get_by_text("正按字词、拼音和首字母查找")).to_be_visible()
    page.wait_for_timeout(400)
    assert titles(page) == ["宽带上不了网"]
    assert {each[2] for each in page.evaluate("asked")} == {"hand"}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="切换到英文").or_(
        page.get_by_role("button", name="EN, switch to English")
    ).click()
    page.keyboard.press("/")
    page.keyboard.type("kdsbl")
    expect(page.get_by_text("finding by words, pinyin and initials")).to_be_visible()


def test_a_failing_meaning_leaves_what_was_found_by_hand(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    answers(page, [TITLE], [])
    page.evaluate(
        """() => {
          const find = panel.source.find;
          panel.source.find = (text, lang, by) =>
            by === 'both' ? Promise.reject(new Error('503')) : find(text, lang, by);
        }"""
    )
    page.keyboard.press("/")
    page.keyboard.type("kdsbl")
    page.wait_for_timeout(500)
    assert titles(page) == ["宽带上不了网"]
    expect(page.get_by_text("检索服务没有响应")).to_have_count(0)


def test_when_the_server_does_not_answer_titles_are_filtered(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    page.evaluate("() => { panel.source.find = () => Promise.reject(new Error('502')); }")
    page.keyboard.press("/")
    page.keyboard.type("上不了")
    expect(page.get_by_text("检索服务没有响应，先按标题筛选。")).to_be_visible()
    expect(page.get_by_role("option")).to_have_text(["宽带上不了网"])
