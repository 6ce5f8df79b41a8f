"""Pages under a path prefix, behind a proxy that takes it away: nothing is asked for outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser.fixtures.house import serve_house
from playwright.sync_api import Browser, Page, expect
from stripping_proxy import Proxy, stripping_proxy

pytestmark = pytest.mark.browser

PREFIX = "/assist"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with serve_house(tmp_path_factory.mktemp("prefix"), root_path=PREFIX) as house:
        port = int(house.url.removesuffix(PREFIX).rpartition(":")[2])
        with house.call() as call, stripping_proxy(PREFIX, port) as running:
            call.command(kind="open_guide", guide="broadband.no-internet")
            yield running


@pytest.fixture
def page(browser: Browser, proxy: Proxy) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce"
    )
    opened = context.new_page()
    problems = list[str]()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield opened
    context.close()
    assert problems == []
    assert proxy.strays == [], "asked for outside the prefix"


def come_in(page: Page, proxy: Proxy, path: str, name: str) -> None:
    """To a page, over the sign-in page and back."""
    page.goto(proxy.url + path)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_role("button", name=name).click()
    page.wait_for_url(proxy.url + path)


def test_an_agent_comes_in_and_works(page: Page, proxy: Proxy) -> None:
    come_in(page, proxy, "/", "陈晓雯")
    page.get_by_role("link", name=re.compile("宽带上不了网")).click()
    page.wait_for_url(re.compile(re.escape(f"{proxy.url}/panel?call=")))
    step = page.locator("step-card").first
    expect(step).to_be_visible()
    before = step.inner_text()
    page.keyboard.press("Enter")
    expect(step).not_to_have_text(before)
    page.get_by_role("link", name="通话列表").first.click()
    page.wait_for_url(f"{proxy.url}/")
    page.goto(f"{proxy.url}/demo/crm")
    frame = page.frame_locator("iframe")
    expect(frame.locator("assist-panel step-card").first).to_be_visible()
    page.goto(f"{proxy.url}/training#practice")
    page.get_by_label("编号").fill("1")  # without an embedder not every case can be played
    page.get_by_role("button", name="开始练习").last.click()
    page.wait_for_url(re.compile(re.escape(f"{proxy.url}/training/practice/")))
    expect(page.get_by_text("电话接通了")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "name", "shows"),
    [
        ("/wall", "赵立诚", "陈晓雯"),
        ("/tickets", "赵立诚", "工单"),
        ("/backstop", "孙婷", "兜底"),
        ("/studio", "林知远", "宽带上不了网"),
        ("/admin", "何俊", "账号"),
    ],
)
def test_each_page_is_whole(page: Page, proxy: Proxy, path: str, name: str, shows: str) -> None:
    come_in(page, proxy, path, name)
    expect(page.locator("body")).to_contain_text(shows)
    bar = page.get_by_role("navigation", name="页面")
    expect(bar.locator("[aria-current=page]")).to_have_attribute("href", PREFIX + path)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(f"{proxy.url}/sign-in")
