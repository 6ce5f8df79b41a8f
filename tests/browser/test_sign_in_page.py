"""Coming in and the administration in real Chromium, by keyboard, clean for axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from people import sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect
from small_house import SmallHouse, small_house

pytestmark = pytest.mark.browser
EXPECTED = re.compile("401|403|409|422|429")
"""A refusal is an answer, but the browser logs it as an error."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    with small_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce"
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield opened
    assert [text for text in problems if not EXPECTED.search(text)] == []


def axe(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


def test_wrong_then_right_by_keyboard_and_back_to_where_one_wanted(
    house: SmallHouse, page: Page
) -> None:
    page.goto(f"{house.url}/panel?call=none")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("登录名").fill("agent")
    page.keyboard.press("Tab")
    page.keyboard.type("not this one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
    axe(page)
    page.keyboard.type("demo-demo-demo")  # the wrong one is selected
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/panel\?call=none$"))


def test_the_bar_shows_who_one_is_and_leads_out(house: SmallHouse, page: Page) -> None:
    page.goto(f"{house.url}/")
    page.get_by_role("button", name="林知远").click()
    page.wait_for_url(f"{house.url}/")
    bar = page.get_by_role("navigation", name="页面")
    expect(bar.get_by_role("link", name="管理")).to_have_count(0)
    expect(page.get_by_role("heading", name="林知远，您好")).to_be_visible()
    axe(page)
    page.goto(f"{house.url}/admin")
    expect(page.get_by_role("heading", name="您的角色不能打开这个页面")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("/sign-in$"))
    page.goto(f"{house.url}/")
    page.wait_for_url(re.compile(r"/sign-in\?next=%2F$"))


def test_too_many_failures_say_how_long_to_wait(house: SmallHouse, page: Page) -> None:
    for _ in range(6):
        wrong = {"login": "nobody", "password": "wrong wrong"}
        httpx.post(f"{house.url}/api/sign-in", json=wrong)
    page.goto(f"{house.url}/sign-in")
    page.get_by_label("登录名").fill("nobody")
    page.get_by_label("密码", exact=True).fill("wrong wrong")
    page.get_by_label("密码", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("秒后可以再试"))
    expect(page.get_by_text("现在可以再试一次。")).to_be_visible(timeout=10_000)


def test_an_administrator_makes_an_account_a_token_and_finds_both_in_the_log(
    house: SmallHouse, page: Page
) -> None:
    sign_in(page.context, house.url, "admin")
    page.goto(f"{house.url}/admin")
    page.get_by_role("button", name="新建账号").click()
    axe(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("登录名").fill("wang")
    dialog.get_by_label("姓名").fill("王强")
    dialog.get_by_label("坐席", exact=True).check()
    dialog.get_by_label("密码").fill("short")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("密码不符合要求")
    dialog.get_by_label("密码").fill("long enough for it")
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_role("row", name=re.compile("wang.*王强.*坐席"))).to_be_visible()

    page.get_by_role("link", name="接口令牌").click()
    expect(page.get_by_text("还没有令牌")).to_be_visible()
    page.get_by_role("button", name="新建令牌").click()
    dialog.get_by_label("用在哪里").fill("交换机")
    dialog.get_by_label("读取指标").check()
    dialog.get_by_role("button", name="保存").click()
    shown = dialog.get_by_role("textbox")
    expect(shown).to_have_value(re.compile("^assist_"))
    text = shown.input_value()
    metrics = httpx.get(f"{house.url}/metrics", headers={"Authorization": f"Bearer {text}"})
    assert metrics.is_success
    dialog.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("row", name=re.compile("交换机"))).to_be_visible()

    page.get_by_role("link", name="审计").click()
    page.get_by_label("谁", exact=True).fill("admin")
    page.get_by_label("谁", exact=True).press("Enter")
    page.get_by_label("事项").select_option("token")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("交换机: metrics")


def test_a_connection_is_tried_and_what_is_old_can_be_let_go(house: SmallHouse, page: Page) -> None:
    sign_in(page.context, house.url, "admin")
    page.goto(f"{house.url}/admin#connections")
    page.get_by_role("button", name=re.compile("宽带线路检测")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("account").fill("nobody-has-this")
    dialog.get_by_role("button", name="试一下").click()
    expect(dialog.get_by_role("alert")).to_contain_text("没有成功")
    dialog.get_by_label("account").fill("15403726618")
    dialog.get_by_role("button", name="试一下").click()
    expect(dialog.get_by_text(re.compile("有回答，用时"))).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")

    page.get_by_role("link", name="保留期").click()
    page.get_by_label(re.compile("^通话")).fill("3")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("填写的内容不对")
    page.get_by_label(re.compile("^通话")).fill("90")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").get_by_text("已保存")).to_be_visible()
    expect(page.get_by_text("没有到期的内容")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("view", ["accounts", "tokens", "connections", "audit", "health"])
def test_every_view_is_clean_in_the_dark_in_english_and_narrow(
    house: SmallHouse, browser: Browser, view: str
) -> None:
    context = browser.new_context(
        reduced_motion="reduce",
        viewport={"width": 640, "height": 720},
        locale="en-US",
        color_scheme="dark",
    )
    sign_in(context, house.url, "admin")
    page = context.new_page()
    page.goto(f"{house.url}/admin#{view}")
    expect(page.locator(f"{view}-view .card").first).to_be_visible()
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page itself does not scroll sideways"
    context.close()


def test_the_first_administrator_is_made_on_the_page(page: Page, tmp_path: Path) -> None:
    with small_house(tmp_path, demo=False) as house:
        page.goto(house.url)
        expect(page.get_by_role("heading", name="创建第一个管理员")).to_be_visible()
        axe(page)
        page.get_by_label("设置码").fill("AAAA-AAAA-AAAA")
        page.get_by_label("登录名").fill("lin")
        page.get_by_label("密码", exact=True).fill("a long enough one")
        page.get_by_role("button", name="创建并进入").click()
        expect(page.get_by_role("alert")).to_contain_text("设置码不对")
        page.get_by_label("设置码").fill(house.keys.set_up_code)
        page.get_by_role("button", name="创建并进入").click()
        page.wait_for_url(f"{house.url}/")
        expect(page.get_by_role("link", name="管理", exact=True)).to_be_visible()

        page.get_by_role("button", name="lin：修改密码").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("现在的密码").fill("another one")
        dialog.get_by_label(re.compile("^新密码")).fill("a longer one than that")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog.get_by_role("alert")).to_contain_text("现在的密码不对")
        axe(page)
        dialog.get_by_label("现在的密码").fill("a long enough one")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog.get_by_role("status")).to_contain_text("密码已修改")
        dialog.get_by_role("button", name="关闭").click()
        page.get_by_role("button", name="退出").click()
        page.wait_for_url(re.compile("/sign-in$"))
