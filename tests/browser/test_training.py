"""The trainer's room in real Chromium: a trainer replays and tries another way, a trainee practises
and reads their score. With ASSIST_SCREENSHOTS=DIR two pages are kept as pictures for the docs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from people import client, sign_in
from playwright.sync_api import Browser, Page, expect
from training_house import GUIDE, TrainingHouse

pytestmark = pytest.mark.browser

CASE = {"title": "断网：一次说清，直接约上门", "goal": "三分钟内判断是否需要上门"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHouse]:
    with TrainingHouse(tmp_path_factory.mktemp("training")) as running:
        yield running


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What the browser's console complains of; nothing is allowed."""
    found: list[str] = []
    yield found
    assert found == []


def page_of(
    browser: Browser, house: TrainingHouse, login: str, problems: list[str], **options: object
) -> Page:
    shape = {"viewport": {"width": 1280, "height": 860}, "locale": "zh-CN", **options}
    context = browser.new_context(reduced_motion="reduce", **shape)  # type: ignore[arg-type]
    sign_in(context, house.url, login)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    return page


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("ASSIST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def check_axe(page: Page, *without: str) -> None:
    rules = {rule: {"enabled": False} for rule in without}
    found = Axe().run(page, options={"rules": rules})
    told = {v["id"]: [n["html"][:160] for n in v["nodes"]] for v in found.response["violations"]}
    assert told == {}


def replayed(page: Page) -> dict[str, int | str]:
    """What the replayed panel shows: how many events, and the step in front."""
    return page.evaluate(
        """() => {
          const page = document.querySelector('replay-page').shadowRoot;
          const panel = page.querySelector('.panel assist-panel');
          return { seq: panel.state.seq, step: panel.state.pages.at(-1)?.current?.step ?? '' };
        }"""
    )


def test_a_trainer_replays_a_call_and_tries_another_way(
    browser: Browser, house: TrainingHouse, problems: list[str]
) -> None:
    page = page_of(browser, house, "trainer", problems)
    page.goto(f"{house.url}/training")
    rows = page.locator("call-library tbody tr")
    expect(rows).to_have_count(2)
    check_axe(page)
    page.get_by_label("坐席", exact=True).select_option("elite")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"agent=elite"))
    page.get_by_role("link", name="宽带上不了网").click()
    expect(page.get_by_text("没有录音")).to_be_visible()

    # Scrubbed by keyboard, played, stepped from event to event, forth and back.
    place = page.get_by_role("slider", name="通话进度")
    place.fill("30000")
    expect(page.get_by_text("0:30 / 0:54")).to_be_visible()
    page.wait_for_timeout(100)
    amid = replayed(page)
    assert amid["step"] == "address_ok"
    place.press("j")
    expect(page.get_by_text("0:20 / 0:54")).to_be_visible()
    page.wait_for_timeout(100)
    assert int(replayed(page)["seq"]) < int(amid["seq"]), "going back folds fewer events"
    page.get_by_label("播放速度").select_option("4")
    place.press(" ")
    expect(page.get_by_role("button", name="暂停")).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('replay-page').at_ms > 24000", timeout=10_000
    )
    place.press("k")
    place.fill("0")
    for _ in range(2):
        page.get_by_role("button", name="下一个事件").click()
    expect(page.locator(".marks [aria-current]")).to_contain_text("检测结果")
    page.get_by_role("button", name="上一个事件").click()
    expect(page.locator(".marks [aria-current]")).to_contain_text("打开流程")

    # The address has changed: the guide asks for the new one, the replay stays as it was.
    page.get_by_role("button", name="在“核对地址”换一种答法").click()
    other = page.locator("what-if")
    expect(other.get_by_text("从 0:24 起")).to_be_visible()
    other.get_by_role("button", name="地址有变").click()
    expect(other.get_by_text("请您说一下新的详细地址").first).to_be_visible()
    assert replayed(page)["step"] == "address_ok"
    check_axe(page, "landmark-unique")  # two panels, each in a region named apart
    other.get_by_role("button", name="结束推演").click()
    expect(other).to_have_count(0)

    page.get_by_role("button", name="设为培训案例").click()
    page.get_by_label("案例名称").fill(CASE["title"])
    page.get_by_label("学习目标").fill(CASE["goal"])
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=CASE["title"])).to_be_visible()


def test_a_call_with_sound_is_heard(
    browser: Browser, house: TrainingHouse, problems: list[str]
) -> None:
    page = page_of(browser, house, "trainer", problems)
    page.goto(f"{house.url}/training#demos")
    page.get_by_role("link", name=re.compile("^回放“家里宽带断网")).click()
    strip = page.locator("waveform-strip")
    expect(strip).to_be_visible()
    page.wait_for_function(
        """() => {
          const page = document.querySelector('replay-page').shadowRoot;
          return page.querySelector('waveform-strip').peaks;
        }"""
    )
    for _ in range(6):
        page.keyboard.press(".")
    expect(page.locator(".marks [aria-current]")).to_contain_text("查看光猫指示灯")
    keep(page, "training-replay")
    page.keyboard.press(" ")
    page.wait_for_function(
        """() => {
          const { sound } = document.querySelector('replay-page').clock;
          return !sound.paused && sound.currentTime > 29;
        }""",
        timeout=15_000,
    )
    page.keyboard.press(" ")
    drawn = strip.evaluate(
        """(strip) => {
          const canvas = strip.renderRoot.querySelector('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((_, i) => i % 4 === 3 && data[i] > 0).length;
        }"""
    )
    assert drawn > 2_000, "the waveform is drawn"


def test_a_trainee_practises_and_reads_why(
    browser: Browser, house: TrainingHouse, problems: list[str]
) -> None:
    with client(house.url, "trainer") as trainer:
        trainer.post("/api/training/calls/new/case", json=CASE)
    page = page_of(browser, house, "agent", problems)
    page.goto(f"{house.url}/training")
    expect(page.get_by_role("link", name="通话库")).to_have_count(0)
    page.get_by_label("需要时").check()
    check_axe(page)
    page.get_by_role("button", name=f"练习“{CASE['title']}”").click()
    page.wait_for_url(re.compile(r"/training/practice/\w+"))
    say = page.get_by_label("你会怎么说")
    say.fill("您好，请问有什么可以帮您？")
    say.press("Enter")
    expect(page.locator(".lines .agent")).to_contain_text("有什么可以帮您")
    say.press("Enter")
    expect(page.locator(".lines .customer")).to_contain_text("我家网断了")
    page.get_by_role("button", name="提示").click()
    expect(page.get_by_text("应打开流程：宽带上不了网")).to_be_visible()
    check_axe(page)

    # By keyboard, as in a real call: search, open, answer.
    say.blur()
    page.keyboard.press("/")
    page.keyboard.type("宽带")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    panel = page.locator("assist-panel")
    expect(panel.get_by_text("大概是从什么时候开始上不了网的").first).to_be_visible()
    keep(page, "training-practice")
    say.fill("大概是从什么时候开始上不了网的？")
    say.press("Enter")
    expect(page.locator(".lines .agent")).to_have_count(2)
    say.press("Enter")
    expect(panel.get_by_text("检测出来了").first).to_be_visible()

    page.get_by_role("button", name="完成并评分").click()
    page.get_by_role("button", name="现在评分").click()
    expect(page.get_by_role("heading", name=re.compile("^评分"))).to_be_visible()
    score = page.locator("score-view")
    expect(score.get_by_text("选对了场景")).to_be_visible()
    expect(score.get_by_text("“核对地址”没有做。")).to_be_visible()
    expect(score.get_by_text("应提交《宽带故障报修》，没有提交。")).to_be_visible()
    expect(score.get_by_text("提示 1 次，扣 2 分")).to_be_visible()
    check_axe(page)
    page.reload()
    expect(score.get_by_text("选对了场景")).to_be_visible()
    page.get_by_role("link", name="我的成绩").click()
    expect(page.get_by_role("heading", name="陈晓雯")).to_be_visible()
    expect(page.get_by_text("失分最多的环节")).to_be_visible()
    check_axe(page)


def test_a_simulated_caller_in_english_dark_and_small(
    browser: Browser, house: TrainingHouse, problems: list[str]
) -> None:
    shape = {"viewport": {"width": 640, "height": 430}, "locale": "en-GB", "color_scheme": "dark"}
    page = page_of(browser, house, "agent", problems, **shape)
    page.goto(f"{house.url}/training")
    page.get_by_label("Hidden").check()
    page.get_by_label("Scenario").select_option(f"{GUIDE}.en")
    page.get_by_label("Temperament").select_option("hurried")
    page.get_by_label("Number").fill("12")
    page.get_by_role("button", name="Start", exact=True).last.click()
    page.wait_for_url(re.compile(r"/training/practice/\w+"))
    expect(page.get_by_role("heading", name="Simulated caller")).to_be_visible()
    say = page.get_by_label("What you say")
    say.fill("Hello, how can I help you?")
    say.press("Enter")
    expect(page.locator(".lines .customer")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "fits at 200 %"
    check_axe(page)
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_text("The call is over.")).to_be_visible()


def test_what_is_not_there_says_so(
    browser: Browser, house: TrainingHouse, problems: list[str]
) -> None:
    page = page_of(browser, house, "trainer", problems)
    page.goto(f"{house.url}/training/practice/gone")
    expect(page.get_by_text("这次练习已经关闭")).to_be_visible()
    page.goto(f"{house.url}/training/calls/nothing")
    expect(page.get_by_text("没有这通电话。")).to_be_visible()
    page.goto(f"{house.url}/training?outcome=escalated#library")
    expect(page.get_by_text("没有符合条件的通话")).to_be_visible()
    expected = [p for p in problems if "404" in p]
    assert len(expected) == 2, problems
    problems[:] = [p for p in problems if p not in expected]
