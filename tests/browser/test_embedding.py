"""The panel beside a CRM: the frame that follows its agent's calls, its messages, and two panels in
one window. The real house; no speech models."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.fixtures.axe import is_accessible
from browser.fixtures.house import RunningHouse, serve_house
from people import sign_in
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

pytestmark = pytest.mark.browser

GUIDE = "broadband.no-internet"
SECOND = "15422186093"
"""Daniel Wong of the sandbox."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    with serve_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport={"width": 1280, "height": 860}, locale="zh-CN", reduced_motion="reduce"
    )
    yield opened
    opened.close()


@pytest.fixture
def crm(context: BrowserContext, house: RunningHouse) -> Page:
    sign_in(context, house.url, "agent")
    page = context.new_page()
    page.goto(f"{house.url}/demo/crm")
    expect(frame_of(page).get_by_text("等待来电")).to_be_visible()
    return page


@contextmanager
def page_server(folder: Path) -> Iterator[str]:
    """A site of its own with the pages in `folder`."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def frame_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_a_frame_without_a_session_says_so_and_comes_back_by_itself(
    context: BrowserContext, house: RunningHouse
):
    page = context.new_page()
    page.goto(f"{house.url}/embed")
    expect(page.get_by_role("link", name="去登录")).to_have_attribute("target", "_blank")
    is_accessible(page)
    sign_in(context, house.url, "agent")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("等待来电")).to_be_visible()
    is_accessible(page)
    with house.call() as call:
        call.command(kind="open_guide", guide=GUIDE)
        expect(page.locator("step-card").first).to_be_visible()
        is_accessible(page)


def test_the_crm_hears_of_the_call_and_its_form_is_filled_on_a_click(
    crm: Page, house: RunningHouse
):
    frame = frame_of(crm)
    with house.call() as call:
        expect(crm.locator("[name=name]")).to_have_value("刘建国")
        draft = call.walk_to_ticket(GUIDE)
        values = {field["name"]: field["value"] for field in draft["fields"]}
        expect(crm.locator("[name=contact]")).to_have_value("")
        frame.get_by_role("button", name="填入业务系统").click()
        expect(crm.locator("[name=contact]")).to_have_value(values["phone"])
        expect(crm.locator("[name=kind]")).to_have_value(draft["title"])
        expect(crm.get_by_text("请核对后保存")).to_be_visible()
        fields = {name: value or "客户未提供" for name, value in values.items()}
        at = {"guide": draft["guide"], "step": draft["step"]}
        call.command(kind="file_ticket", fields=fields, **at)
        number = call.facts_until("ticket_filed")[-1]["number"]
        expect(crm.locator("[name=number]")).to_have_value(number)
        assert [v["id"] for v in Axe().run(crm).response["violations"]] == []


def test_the_crm_finds_a_guide_and_names_a_caller_whom_the_call_does_not_know(
    crm: Page, house: RunningHouse
):
    frame = frame_of(crm)
    with house.call(number="") as call:
        expect(frame.get_by_text("尚未识别客户")).to_be_visible()
        crm.locator("[name=phone]").fill(SECOND)
        crm.get_by_role("button", name="把号码交给助手").click()
        assert call.facts_until("customer_found")[-1]["by"] == "agent"
        expect(frame.get_by_text("Daniel Wong")).to_be_visible()
        crm.get_by_role("button", name="在助手里查流程").click()
        expect(frame.get_by_role("combobox")).to_be_focused()


def test_it_goes_on_to_the_next_call_and_two_calls_do_not_mix(crm: Page, house: RunningHouse):
    frame = frame_of(crm)
    with house.call() as first:
        first.command(kind="open_guide", guide=GUIDE)
        expect(frame.get_by_role("heading", name="宽带上不了网")).to_be_visible()
        with house.call(number=SECOND) as second:
            other = frame.get_by_role("button", name="6093")
            expect(other).to_have_attribute("aria-pressed", "false")
            other.click()
            expect(frame.get_by_text("Daniel Wong")).to_be_visible()
            expect(frame.get_by_role("heading", name="宽带上不了网")).to_have_count(0)
            first.command(kind="hand_off", reason="第一通的事")
            expect(frame.get_by_text("第一通的事")).to_have_count(0)
            second.hang_up()
            expect(frame.get_by_text("刘建国")).to_be_visible()
            expect(frame.get_by_text("还没保存小结")).to_be_visible()
            frame.get_by_role("button", name="去补上").click()
            expect(frame.get_by_text("话后处理")).to_be_visible()
            first.hang_up()


def test_a_page_of_an_address_that_is_not_named_may_not_frame_it(
    context: BrowserContext, house: RunningHouse
):
    page = context.new_page()
    page.route("http://crm.test/", lambda route: route.fulfill(body="<iframe></iframe>"))
    page.goto("http://crm.test/")
    page.locator("iframe").evaluate("(frame, url) => { frame.src = url; }", f"{house.url}/embed")
    page.wait_for_function(
        "frames[0].length === 0 && !document.querySelector('iframe').contentDocument"
    )
    assert page.frames[1].url.startswith("chrome-error:")


def test_the_element_works_on_a_page_of_another_address_that_is_named(
    context: BrowserContext, tmp_path: Path
):
    with page_server(tmp_path) as crm, serve_house(tmp_path, frame_ancestors=(crm,)) as house:
        sign_in(context, house.url, "agent")
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        with house.call() as call:
            (tmp_path / "index.html").write_text(
                f"""<!doctype html><meta charset="utf-8"><input id="own">
                <script type="module" src="{house.url}/static/embed/panel.js"></script>
                <assist-panel call="{call.id}" language="zh"></assist-panel>
                <script>
                  window.told = [];
                  addEventListener('assist', (event) => told.push(event.detail.type));
                </script>"""
            )
            page.goto(crm)
            panel = page.locator("assist-panel")
            expect(panel.get_by_text("刘建国")).to_be_visible()
            page.locator("#own").focus()
            page.keyboard.press("/")
            expect(panel.get_by_role("combobox")).to_have_count(0)
            page.evaluate("document.querySelector('assist-panel').search('宽带')")
            panel.get_by_role("option").first.click()
            expect(panel.locator("guide-card h2")).to_be_visible()
            ground = "getComputedStyle(document.querySelector('assist-panel')).backgroundColor"
            assert page.evaluate(ground) == "rgb(245, 245, 243)", "it brings its colours along"
            assert page.evaluate("told") == ["call_started", "customer_known", "guide_opened"]
        assert problems == []


def test_two_panels_in_one_window_keep_their_calls_and_keys_apart(
    context: BrowserContext, house: RunningHouse
):
    sign_in(context, house.url, "agent")
    page = context.new_page()
    page.goto(f"{house.url}/sign-in")
    with house.call() as first, house.call(number=SECOND) as second:
        first.command(kind="open_guide", guide=GUIDE)
        page.evaluate(
            """async ([a, b]) => {
              document.body.replaceChildren();
              await import('/static/embed/panel.js');
              for (const call of [a, b]) {
                const panel = document.createElement('assist-panel');
                panel.setAttribute('call', call);
                panel.style.height = '400px';
                document.body.append(panel);
              }
            }""",
            [first.id, second.id],
        )
        left, right = page.locator("assist-panel").all()
        expect(left.get_by_role("heading", name="宽带上不了网")).to_be_visible()
        expect(right.get_by_text("Daniel Wong")).to_be_visible()
        right.get_by_role("button", name="展开客户资料").focus()
        page.keyboard.press("/")
        expect(right.get_by_role("combobox")).to_be_visible()
        expect(left.get_by_role("combobox")).to_have_count(0)
        page.keyboard.press("Escape")
        right.evaluate("(panel, call) => { panel.call = call; }", first.id)
        expect(right.get_by_role("heading", name="宽带上不了网")).to_be_visible()
        expect(right.get_by_text("Daniel Wong")).to_have_count(0)
