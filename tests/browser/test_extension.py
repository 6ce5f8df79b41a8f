"""The browser extension, loaded unpacked into real Chromium, beside a CRM page and the real house.

Permission prompts cannot be answered in a headless browser: the copy that is loaded has the two
sites among its host permissions from the start. Everything else is as it ships.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser.fixtures.axe import is_accessible
from browser.fixtures.house import RunningHouse, serve_house
from browser.fixtures.tls import write_certificate
from people import sign_in
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

pytestmark = pytest.mark.browser

EXTENSION = Path(__file__).parents[2] / "ui" / "extension"
ORIGIN = "chrome-extension://elofegpcnjeicogcngmklpifcpbbhmpf"
"""By the key in the manifest; docs/embedding.md names it."""
CRM = """<!doctype html><meta charset="utf-8"><title>CRM</title>
<input id="contact"><textarea name="problem"></textarea>
<select id="when"><option>今天</option><option value="am">明天上午</option></select>"""
MAP = "phone = #contact\nfault = [name=problem]\nappointment = #when\nlight = #nowhere"
FIELDS = {
    "phone": {"label": "联系电话", "value": "15403726618"},
    "fault": {"label": "故障现象", "value": "光信号中断"},
    "appointment": {"label": "预约", "value": "明天上午"},
    "light": {"label": "指示灯", "value": "红灯"},
}


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """Over TLS: to sockets inside an extension's page browsers give such cookies only as may cross
    sites, and those over https alone."""
    data = tmp_path_factory.mktemp("house")
    safe = {"frame_ancestors": (ORIGIN,), "cross_site_cookies": True, **write_certificate(data)}
    with serve_house(data, **safe) as running:
        yield running


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("crm")
    (folder / "index.html").write_text(CRM, encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("extension")
    shutil.copytree(EXTENSION, folder, dirs_exist_ok=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["host_permissions"] = ["*://127.0.0.1/*", "http://localhost/*"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    context = play.chromium.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")),
        executable_path="/usr/bin/chromium",
        headless=False,  # --headless=new below: the old headless loads no extension
        env={**os.environ, "LANGUAGE": "en"},  # of the extension; pages follow `locale`
        locale="zh-CN",
        ignore_https_errors=True,
        args=[
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--ignore-certificate-errors",
            f"--disable-extensions-except={folder}",
            f"--load-extension={folder}",
        ],
    )
    yield context
    context.close()


def panel(browser: BrowserContext) -> Page:
    page = browser.new_page()
    page.goto(f"{ORIGIN}/panel.html")
    return page


def set_options(browser: BrowserContext, server: str, crm: str = "", fields: str = "") -> None:
    page = browser.new_page()
    page.goto(f"{ORIGIN}/options.html")
    page.locator("[name=server]").fill(server)
    page.locator("[name=crm]").fill(crm)
    page.locator("[name=map]").fill(fields)
    page.locator("button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.close()


def test_its_id_and_permissions_are_the_ones_written_down(browser: BrowserContext):
    manifest = json.loads((EXTENSION / "manifest.json").read_text())
    assert manifest["permissions"] == ["sidePanel", "storage", "scripting"]
    assert "host_permissions" not in manifest and "content_scripts" not in manifest
    page = panel(browser)
    assert page.evaluate("chrome.runtime.id") == ORIGIN.removeprefix("chrome-extension://")
    page.close()


def test_without_a_server_and_with_one_that_is_away_it_says_so(browser: BrowserContext):
    page = panel(browser)
    expect(page.get_by_role("button", name="Open options")).to_be_visible()
    set_options(browser, "http://127.0.0.1:9")
    expect(page.locator(".state h1")).to_have_text("The server cannot be reached")
    is_accessible(page)
    page.close()


def test_options_name_the_line_that_does_not_fit(browser: BrowserContext):
    page = browser.new_page()
    page.goto(f"{ORIGIN}/options.html")
    page.locator("[name=server]").fill("assist")
    page.locator("[name=map]").fill("phone = #ok\nfault #missing\nsince = [[")
    page.locator("button").click()
    alert = page.locator("[role=alert]")
    for words in ("Server address", "Line 2", "Line 3"):
        expect(alert).to_contain_text(words)
    is_accessible(page)
    page.close()


def test_it_follows_the_agents_calls_and_fills_the_crm_on_a_click(
    browser: BrowserContext, house: RunningHouse, crm: str
):
    set_options(browser, house.url, crm, MAP)
    page = panel(browser)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("请先登录坐席助手")).to_be_visible(timeout=15_000)
    sign_in(browser, house.url, "agent")
    with house.call() as call:
        call.command(kind="open_guide", guide="broadband.no-internet")
        expect(frame.get_by_role("heading", name="宽带上不了网")).to_be_visible(timeout=20_000)
        expect(page.locator(".state")).to_be_hidden()
    work = browser.new_page()
    work.goto(crm)
    send = "fields => window.parent.postMessage({assist: 1, type: 'fill_form', fields}, '*')"
    page.frames[1].evaluate(send, FIELDS)
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Filled in: 3. Not found on the page: 指示灯")
    is_accessible(page)
    values = work.evaluate(
        "['#contact', '[name=problem]', '#when'].map((s) => document.querySelector(s).value)"
    )
    assert values == ["15403726618", "光信号中断", "am"]

    other = browser.new_page()
    other.goto(f"{house.url}/sign-in")
    page.frames[1].evaluate(send, FIELDS)
    expect(notice).to_contain_text("not the CRM")
