"""Each role's main path as people meet it: by keyboard alone, on a slow network, over a reload, in
two windows, and at 200 %. The agent's is in the panel's own tests.

One house without models; a live call is on the wall all the while.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import wall_story
from people import sign_in
from playwright.sync_api import Browser, Locator, Page, Route, WebSocketRoute, expect
from small_house import SmallHouse, small_house, small_root

from assist.search.corpus import Row
from assist.store import Store
from assist.wiring.parts import local_now

pytestmark = pytest.mark.browser

SLOW = {"offline": False, "latency": 250, "downloadThroughput": 250_000, "uploadThroughput": 60_000}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    root = tmp_path_factory.mktemp("roles")
    small_root(root, [Row(id="a", text="手机丢了", guide="sim.lost", lang="zh")])
    data = root / "data"
    data.mkdir()
    store = Store(data / "assist.db", data / "seal.key")
    wall_story.tell(store, local_now())
    store.close()
    begun = {"type": "start", "agent": "agent", "customer": "15403726618", "rate_hz": 8000}
    with small_house(data, root=root) as opened, opened.connect("/v1/audio") as phone:
        phone.send(json.dumps(begun))
        assert json.loads(phone.recv(timeout=20))["type"] == "started"
        yield opened


@contextmanager
def window(
    browser: Browser, house: SmallHouse, login: str, scale: int = 1, slow: bool = False
) -> Iterator[Page]:
    """At `scale` 2 the same window holds half as much; an error in its console fails the test."""
    context = browser.new_context(
        viewport={"width": 1280 // scale, "height": 800 // scale},
        device_scale_factor=scale,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    sign_in(context, house.url, login)
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    if slow:
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", SLOW)
    yield page
    context.close()
    assert [p for p in problems if "409" not in p] == []  # a refusal is an answer


@contextmanager
def answers_wait(page: Page) -> Iterator[None]:
    """What the page asks of API and sockets is answered afterwards only."""
    held = list[Route | WebSocketRoute]()
    over = False

    def take(asked: Route | WebSocketRoute) -> None:
        if over:
            answer(asked)
        else:
            held.append(asked)

    page.route("**/api/**", lambda route: take(route))
    page.route_web_socket("**/v1/**", lambda socket: take(socket))
    yield
    over = True
    for asked in held:
        answer(asked)
    page.unroute("**/api/**")


def answer(asked: Route | WebSocketRoute) -> None:
    if isinstance(asked, Route):
        asked.continue_()
    else:
        asked.connect_to_server()


def reach(page: Page, target: Locator) -> None:
    """By Tab alone."""
    expect(target).to_be_visible()
    for _ in range(80):
        if target.evaluate("(e) => e.matches(':focus')"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


# ---------------------------------------------------------------- main paths, by keyboard


def edit(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("sim.lost")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/studio/guides/sim\.lost"))
    change(page, "（新）")


def change(page: Page, words: str) -> None:
    """At the end of the guide's title."""
    reach(page, page.locator(".cm-content"))
    for key in ("Control+Home", "ArrowDown", "End"):
        page.keyboard.press(key)
    page.keyboard.type(words)
    expect(page.get_by_text("已保存")).to_be_visible()


def practise(page: Page) -> None:
    """By number: which caller the page would draw is chance, and without an embedder not every
    case can be played."""
    reach(page, page.get_by_label("编号"))
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    reach(page, page.get_by_role("button", name="开始练习").last)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/training/practice/\w+"))
    say(page, "您好，请问有什么可以帮您？")
    expect(page.locator(".lines .customer")).to_have_count(1)


def say(page: Page, words: str) -> None:
    reach(page, page.get_by_label("你会怎么说"))
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".lines .agent").last).to_contain_text(words)


def advise(page: Page) -> None:
    reach(page, page.get_by_role("row", name=re.compile("陈晓雯")))
    page.keyboard.press("Enter")
    expect(page.get_by_text("实时", exact=True)).to_be_visible()
    reach(page, page.get_by_label("给坐席的话"))
    page.keyboard.type("先安抚，再核对号码")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已送达坐席界面")).to_be_visible()


def claim(page: Page) -> None:
    reach(page, page.get_by_role("link", name=re.compile("账单多扣了三十块")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="认领")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="解决")).to_be_visible()


def make_token(page: Page, name: str = "录音系统") -> None:
    reach(page, page.get_by_role("button", name="新建令牌"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("用在哪里"))
    page.keyboard.type(name)
    reach(page, page.get_by_label("接入通话"))
    page.keyboard.press("Space")
    reach(page, page.get_by_role("button", name="保存"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="令牌已生成")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()


@dataclass(frozen=True)
class Way:
    """`waits` stands while the page's data is on its way; `left` is there after `act`, and after
    the page is loaded anew."""

    login: str
    page: str
    waits: str
    act: Callable[[Page], None]
    left: str

    def __str__(self) -> str:
        return self.login


PATHS = [
    Way("editor", "/studio", "正在读取…", edit, "（新）"),
    Way("trainer", "/training#practice", "加载中…", practise, "有什么可以帮您"),
    Way("supervisor", "/wall", "正在载入…", advise, "先安抚，再核对号码"),
    Way("elite", "/backstop", "正在载入…", claim, "都说了好几遍了"),
    Way("admin", "/admin#tokens", "加载中…", make_token, "录音系统"),
]


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_by_keyboard_on_a_slow_network_and_over_a_reload(
    browser: Browser, house: SmallHouse, path: Way
) -> None:
    with window(browser, house, path.login, slow=True) as page:
        with answers_wait(page):
            page.goto(house.url + path.page, wait_until="commit")
            expect(page.get_by_text(path.waits).first).to_be_visible(timeout=15_000)
        path.act(page)
        page.reload()
        expect(page.get_by_text(path.left).first).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_at_double_size_nothing_is_wider_than_the_window(
    browser: Browser, house: SmallHouse, path: Way
) -> None:
    with window(browser, house, path.login, scale=2) as page:
        page.goto(house.url + path.page)
        expect(page.get_by_role("heading").first).to_be_visible()
        expect(page.get_by_text(path.waits)).to_have_count(0)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} px too wide"


# ---------------------------------------------------------------- two windows


def test_two_windows_of_an_editor(browser: Browser, house: SmallHouse) -> None:
    with window(browser, house, "editor") as one, window(browser, house, "editor") as other:
        for page in (one, other):
            page.goto(f"{house.url}/studio/guides/plan.change")
            expect(page.get_by_text("没有问题")).to_be_visible(timeout=20_000)
        change(one, "（一）")
        reach(other, other.locator(".cm-content"))
        for key in ("Control+Home", "ArrowDown", "End"):
            other.keyboard.press(key)
        other.keyboard.type("（二）")
        expect(other.get_by_role("alert")).to_contain_text("editor")
        expect(other.locator(".cm-content")).to_contain_text("（二）")


def test_two_windows_of_a_practice(browser: Browser, house: SmallHouse) -> None:
    with window(browser, house, "trainer") as one, window(browser, house, "trainer") as other:
        one.goto(f"{house.url}/training#practice")
        practise(one)
        other.goto(one.url)
        expect(other.locator(".lines .customer")).to_have_count(1)
        say(one, "是在家里吗？")
        say(other, "什么时候开始的？")
        expect(other.locator(".lines .agent")).to_have_count(3)
        expect(other.locator(".lines")).to_contain_text("是在家里吗？")


def test_two_windows_of_the_wall(browser: Browser, house: SmallHouse) -> None:
    look = asyncio.run_coroutine_threadsafe(house.app.state.wall.look(), house.loop)
    look.result(20)
    with window(browser, house, "supervisor") as one, window(browser, house, "admin") as other:
        for page in (one, other):
            page.goto(f"{house.url}/wall")
            expect(page.get_by_text("来电突增").first).to_be_visible()
        alert = one.get_by_role("listitem").filter(has_text="来电突增")
        alert.get_by_role("button", name="我来处理").click()
        expect(other.get_by_text("条已知悉")).to_be_visible()


def test_two_windows_of_the_queue(browser: Browser, house: SmallHouse) -> None:
    with window(browser, house, "elite") as one, window(browser, house, "supervisor") as other:
        for page in (one, other):
            page.goto(f"{house.url}/backstop?call=q3")
            expect(page.get_by_role("button", name="认领")).to_be_visible()
        one.keyboard.press("c")
        expect(one.get_by_role("button", name="解决")).to_be_visible()
        other.keyboard.press("c")
        expect(other.get_by_text(re.compile("不能这样做|由 elite 认领"))).to_be_visible()


def test_two_windows_of_the_administration(browser: Browser, house: SmallHouse) -> None:
    with window(browser, house, "admin") as one, window(browser, house, "admin") as other:
        one.goto(f"{house.url}/admin#tokens")
        make_token(one, "监控")
        other.goto(f"{house.url}/admin#tokens")
        for page in (one, other):
            row = page.get_by_role("row", name=re.compile("监控"))
            row.get_by_role("button").click()
            page.get_by_role("dialog").get_by_role("button", name="作废").click()
            expect(row).to_contain_text("已作废")
        for page in (one, other):
            page.goto(f"{house.url}/admin#retention")
            expect(page.get_by_label("通话")).to_have_value("0")
        for page, days in ((one, "90"), (other, "30")):
            page.get_by_label("通话").fill(days)
            page.get_by_role("button", name="保存").click()
        expect(other.get_by_role("alert")).to_contain_text("您的改动没有保存")
        expect(other.get_by_label("通话")).to_have_value("90")
