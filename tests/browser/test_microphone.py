"""The microphone page in real Chromium, over the real server: a made-up microphone is heard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser.fixtures.axe import is_accessible
from people import client, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from running import until
from small_house import SmallHouse, small_house

from assist.config import DoorsSettings, MicrophoneDoor

pytestmark = pytest.mark.browser
FAKE = ["--use-fake-device-for-media-stream"]
PICTURES = os.environ.get("ASSIST_PICTURES", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Its microphone beeps once a second; whether it may be used is each context's permission."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", *FAKE]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    doors = DoorsSettings(microphone=MicrophoneDoor(enabled=True))
    with small_house(tmp_path_factory.mktemp("mic"), doors=doors) as opened:
        yield opened


def opened(browser: Browser, house: SmallHouse, **more: Any) -> tuple[BrowserContext, Page]:
    context = browser.new_context(
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 800},
        **{"locale": "en-GB", **more},
    )
    sign_in(context, house.url, "agent")
    page = context.new_page()
    page.goto(f"{house.url}/mic")
    return context, page


def is_in_order(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/mic-{name}.png")
    is_accessible(page)


def facts(house: SmallHouse, call: str) -> list[dict[str, Any]]:
    with client(house.url, "agent") as me:
        found = me.get(f"/api/calls/{call}/events")
        return [event["fact"] for event in found.json().get("events", [])]


def sound_s(house: SmallHouse) -> float:
    with client(house.url) as admin:
        rows = admin.get("/metrics").text.splitlines()
    found = [row for row in rows if row.startswith("assist_speech_sound_seconds_total ")]
    return float(found[0].split()[1]) if found else 0.0


def test_a_call_by_microphone(browser: Browser, house: SmallHouse) -> None:
    context, page = opened(browser, house, permissions=["microphone"])
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    is_in_order(page, "idle")
    before = sound_s(house)
    page.get_by_label("Customer’s number").fill("15403726618")
    page.get_by_role("button", name="Start the call").click()
    expect(page.get_by_text("On the call")).to_be_visible()
    link = page.get_by_role("link", name="Open the panel")
    call = str(link.get_attribute("href")).partition("call=")[2]
    until(lambda: sound_s(house) > before + 1, 20)
    level = page.locator(".level")
    until(lambda: "scaleX(0)" not in str(level.get_attribute("style")), 10)
    is_in_order(page, "live")
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_text("Muted: nothing is heard")).to_be_visible()
    until(lambda: "call_held" in [fact["kind"] for fact in facts(house, call)], 10)
    page.get_by_role("button", name="Unmute").click()
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_text("The call has ended")).to_be_visible()
    kinds = until(
        lambda: (
            (found := [f["kind"] for f in facts(house, call)]) and "call_ended" in found and found
        ),
        20,
    )
    assert kinds.index("call_held") < kinds.index("call_resumed") < kinds.index("call_ended")
    started = facts(house, call)[0]
    assert (started["agent"], started["source"]) == ("agent", "microphone")
    is_in_order(page, "ended")
    context.close()
    assert problems == []


def test_it_comes_back_when_the_connection_breaks(browser: Browser, house: SmallHouse) -> None:
    context, page = opened(browser, house, permissions=["microphone"])
    page.evaluate(
        "() => { window.sockets = []; const Real = WebSocket; window.WebSocket = class extends Real"
        " { constructor(...given) { super(...given); sockets.push(this); } }; }"
    )
    page.get_by_role("button", name="Start the call").click()
    expect(page.get_by_text("On the call")).to_be_visible()
    link = page.get_by_role("link", name="Open the panel")
    call = str(link.get_attribute("href")).partition("call=")[2]
    page.evaluate("sockets.at(-1).close(4000)")
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect(page.get_by_text("On the call")).to_be_visible()
    page.get_by_role("button", name="Hang up").click()
    until(lambda: "call_ended" in [fact["kind"] for fact in facts(house, call)], 20)
    ended = next(fact for fact in facts(house, call) if fact["kind"] == "call_ended")
    assert ended["reason"] == "hangup"
    assert [fact["kind"] for fact in facts(house, call)].count("call_started") == 1
    context.close()


def test_a_microphone_that_may_not_be_used_is_said_with_what_to_do(
    browser: Browser, house: SmallHouse
) -> None:
    context, page = opened(browser, house, locale="zh-CN", color_scheme="dark")
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => "
        "Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="开始通话").click()
    expect(page.get_by_role("alert")).to_contain_text("浏览器不允许使用麦克风")
    expect(page.get_by_role("alert")).to_contain_text("允许")
    is_in_order(page, "denied")
    page.get_by_label("麦克风里是谁在说话").select_option("mixed")
    expect(page.get_by_text("不会自动勾选步骤")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_be_disabled()
    context.close()


def test_a_closed_door_says_so(browser: Browser, tmp_path: Path) -> None:
    with small_house(tmp_path) as house:
        context, page = opened(browser, house)
        expect(page.get_by_text("The microphone door is closed")).to_be_visible()
        is_in_order(page, "closed")
        context.close()
        answer = httpx.get(f"{house.url}/mic", follow_redirects=False, trust_env=False)
        assert answer.status_code in (303, 401)
