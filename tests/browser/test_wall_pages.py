"""A supervisor's evening in real Chromium over the whole house without models: a live call that is
stuck, read along, advised and answered; a call of the queue resolved; a ticket through its life."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import wall_story as story
from browser.fixtures.axe import is_accessible
from people import sign_in
from playwright.sync_api import Browser, Page, expect
from small_house import SmallHouse, small_house

from assist import events as ev
from assist.store import Store
from assist.wiring.parts import local_now

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    data = tmp_path_factory.mktemp("wall")
    store = Store(data / "assist.db", data / "seal.key")
    story.tell(store, local_now())
    store.close()
    with small_house(data) as opened:
        yield opened


@contextmanager
def page_of(browser: Browser, house: SmallHouse, login: str, **more: Any) -> Iterator[Page]:
    """A window of this person's; an error in its console fails the test."""
    settings = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
    settings |= {"reduced_motion": "reduce", **more}
    context = browser.new_context(**settings)
    sign_in(context, house.url, login)
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert [p for p in problems if "409" not in p] == []  # a refusal is an answer


def on(house: SmallHouse, work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, house.loop).result(20)


def picture(page: Page, name: str) -> None:
    """For people who want to look: the folder is named by ASSIST_PICTURES."""
    if folder := os.environ.get("ASSIST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def test_a_stuck_call_is_seen_read_along_and_advised(browser: Browser, house: SmallHouse) -> None:
    begun = {"type": "start", "agent": "agent", "customer": "15403726618", "rate_hz": 8000}
    wall = house.app.state.wall
    with house.connect("/v1/audio") as phone, page_of(browser, house, "supervisor") as page:
        page.goto(f"{house.url}/wall")
        expect(page.get_by_text("现在没有在线通话")).to_be_visible()
        phone.send(json.dumps(begun))
        call = house.app.state.house.calls.get(json.loads(phone.recv(timeout=20))["call"])
        on(house, call.obey(ev.OpenGuide(guide=story.NET), by="agent"))
        row = page.get_by_role("row", name=re.compile("陈晓雯"))
        expect(row).to_contain_text("宽带上不了网")
        expect(row).not_to_contain_text("停留过久")
        wall.now = lambda: local_now() + timedelta(minutes=2)
        expect(row).to_contain_text("停留过久")
        is_accessible(page)

        row.focus()
        page.keyboard.press("Enter")
        panel = page.locator("call-view assist-panel")
        expect(panel.locator("step-card").first).to_be_visible()
        assert panel.evaluate("(panel) => panel.readonly")
        is_accessible(page)
        said = ev.SegmentHeard(
            utterance="u1",
            speaker="customer",
            start_ms=0,
            end_ms=900,
            text="打了好几次了",
            confidence=1,
        )
        on(house, call.rehear(said, 900))
        expect(panel).to_contain_text("打了好几次了")
        expect(row).to_contain_text("不满")

        page.get_by_label("给坐席的话").fill("先安抚，再核对号码")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已送达坐席界面")).to_be_visible()
        page.get_by_role("button", name="建议一步").click()
        page.get_by_label("哪一步").select_option(label="看光猫的灯")
        page.get_by_label("理由（可不填）").fill("上次就是它")
        page.get_by_role("button", name="发送").click()
        log = page.get_by_role("list", name="已发送")
        expect(log).to_contain_text("等待回应")
        picture(page, "wall")

        with page_of(browser, house, "agent", viewport={"width": 380, "height": 800}) as agent:
            agent.goto(f"{house.url}/panel?call={call.id}")
            expect(agent.get_by_text("先安抚，再核对号码").first).to_be_visible()
            agent.get_by_role("button", name=re.compile("知道了")).first.click()
            agent.get_by_role("button", name=re.compile("采用|就这样|好")).first.click()
            expect(agent.locator("step-card").first).to_contain_text("光猫")
        expect(log).to_contain_text("已读")
        expect(log).to_contain_text("已采用")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="关闭，回到列表").click()
        wall.now = local_now
        phone.send('{"type": "stop"}')
        expect(row).to_contain_text("话后处理")


def test_topics_show_the_surge_and_where_calls_stop(browser: Browser, house: SmallHouse) -> None:
    with page_of(browser, house, "supervisor") as page:
        page.goto(f"{house.url}/wall#topics")
        row = page.get_by_role("row", name=re.compile("宽带上不了网"))
        expect(row).to_contain_text("突增")
        expect(row).to_contain_text("92 %")
        page.get_by_role("button", name="宽带上不了网").click()
        page.get_by_label("版本").select_option(label="e2f1a7c0")
        expect(page.get_by_role("row", name=re.compile("查看光猫指示灯"))).to_contain_text("4")
        expect(page.get_by_text("你们能不能给宠物上保险啊")).to_be_visible()
        on(house, house.app.state.wall.look())
        alert = page.get_by_role("listitem").filter(has_text="来电突增")
        alert.get_by_role("button", name="我来处理").click()
        expect(page.get_by_text("还有 1 条已知悉")).to_be_visible()
        is_accessible(page)
        picture(page, "topics")


def test_a_call_of_the_queue_is_claimed_and_resolved_by_keyboard(
    browser: Browser, house: SmallHouse
) -> None:
    with page_of(browser, house, "elite") as page:
        page.goto(f"{house.url}/backstop")
        first = page.get_by_role("link", name=re.compile("宽带报修三次都没人上门"))
        expect(first).to_contain_text("超时")
        expect(first).to_contain_text("转出时客户情绪激动")
        is_accessible(page)
        first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="认领")).to_be_visible()
        expect(page.locator("item-view assist-panel")).to_contain_text("到底什么时候能解决")
        is_accessible(page)
        page.keyboard.press("c")
        expect(page.get_by_role("button", name="解决")).to_be_visible()
        page.keyboard.press("s")
        page.get_by_label("怎么解决的").fill("派装维当天上门，换了光猫")
        page.get_by_label("本该由哪个流程带").select_option(label="宽带网速慢")
        picture(page, "backstop")
        page.get_by_role("button", name="确认").click()
        expect(page.get_by_text("elite 已解决").first).to_be_visible()
        expect(page.get_by_text("派装维当天上门，换了光猫").first).to_be_visible()
        page.get_by_label("显示").select_option("resolved")
        expect(
            page.get_by_role("list", name="队列，时限最近的在前").get_by_role("link")
        ).to_have_count(1)


def test_a_ticket_is_dispatched_suspended_reviewed_and_closed(
    browser: Browser, house: SmallHouse
) -> None:
    with page_of(browser, house, "supervisor") as page:
        page.goto(f"{house.url}/tickets")
        page.get_by_label("只看超时").check()
        expect(page.get_by_role("row")).to_have_count(2)
        is_accessible(page)
        page.get_by_role("link", name="BR20261101").click()
        expect(page).to_have_url(re.compile("/tickets/BR20261101$"))

        def do(name: str, **fields: str) -> None:
            page.get_by_role("button", name=name, exact=True).click()
            for label, value in fields.items():
                field = page.get_by_label(label)
                if field.evaluate("(e) => e.localName") == "select":
                    field.select_option(label=value)
                else:
                    field.fill(value)
            page.get_by_role("button", name="确认", exact=True).click()

        do("派发", 派到哪一级="省", 单位="云川省公司")
        expect(page.get_by_text("派发到 省 云川省公司")).to_be_visible()
        do("派发", 派到哪一级="市", 单位="东区装维班")
        do("申请挂起", 为什么不能继续="小区停电")
        expect(page.get_by_text("挂起待审").first).to_be_visible()
        do("挂起通过")
        expect(page.get_by_text("挂起中，不计时")).to_be_visible()
        do("恢复处理")
        is_accessible(page)
        do("确认恢复")
        do("关闭", 结果="已解决")
        expect(page.get_by_text("没有可做的操作。")).to_be_visible()
        expect(page.get_by_text("关闭：已解决")).to_be_visible()
        picture(page, "ticket")
        page.get_by_role("link", name="全部工单").click()
        expect(page.get_by_role("row")).not_to_have_count(0)


def test_the_pages_speak_english_in_the_dark_and_hold_at_double_size(
    browser: Browser, house: SmallHouse
) -> None:
    more = {"locale": "en-GB", "color_scheme": "dark", "viewport": {"width": 640, "height": 400}}
    with page_of(browser, house, "supervisor", **more) as page:
        for path, words in (
            ("/wall", "Topics today"),
            ("/wall#topics", "Calls by guide today against the usual"),
            ("/backstop?call=q2", "Why here"),
            ("/tickets", "Over age only"),
            ("/tickets/BR20261102", "What can be done now"),
        ):
            page.goto(house.url + path)
            expect(page.get_by_text(words).first).to_be_visible()
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} px too wide"
            is_accessible(page)
