"""Every page of a house with real calls in it, seen by the people it is for: pictures and checks.

A demo house plays recorded calls through the real engine; then each page is opened light and dark,
in Chinese and English. Of each it is kept what it looks like, and told what axe-core, the browser's
console, its requests and its headers say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from assist import events as ev
from assist.bench.served import RunningServer
from assist.train.newcomer import Newcomer

Scheme = Literal["light", "dark"]

FULL_SPEED_S = 300
"""Longest wait for a demo call at full speed."""
SETTLED_MS = 600
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOCALES = {"zh": "zh-CN", "en": "en-US"}
PLAYED, LIVE = "o01", "o02"


@dataclass(frozen=True)
class View:
    """A page as `login` sees it; "" is whoever has not signed in."""

    name: str
    login: str
    path: str
    width: int = 1280
    height: int = 860


VIEWS = (
    View("sign-in", "", "/sign-in"),
    View("start", "agent", "/"),
    View("panel", "agent", "/panel?call={call}", 380, 820),
    View("panel-wide", "agent", "/panel?call={call}"),
    View("embed", "agent", "/embed", 380, 820),
    View("crm", "agent", "/demo/crm"),
    View("mic", "agent", "/mic"),
    View("studio", "editor", "/studio"),
    View("studio-guide", "editor", "/studio/guides/broadband.no-internet"),
    View("corpus", "editor", "/studio/corpus"),
    View("inbox", "editor", "/studio/inbox"),
    View("training", "trainer", "/training"),
    View("training-call", "trainer", "/training/calls/{call}"),
    View("training-progress", "trainer", "/training/progress"),
    View("wall", "supervisor", "/wall"),
    View("backstop", "elite", "/backstop"),
    View("tickets", "supervisor", "/tickets"),
    View("admin", "admin", "/admin"),
)


@dataclass
class Seen:
    """What is wrong with a page, by what says so; nothing is the wish."""

    view: View
    scheme: Scheme
    lang: str
    axe: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    policy: str = ""

    @property
    def problems(self) -> list[str]:
        loose = re.search("unsafe|\\*", self.policy) or not self.policy
        return [
            *(f"axe: {rule}" for rule in self.axe),
            *(f"console: {text}" for text in self.console),
            *(f"request to {url}" for url in self.foreign),
            *([f"policy: {self.policy or 'none'}"] if loose else []),
        ]


def look(data: Path, out: Path, chromium: str, only: Collection[str] = ()) -> Iterator[Seen]:
    """Serves a demo house over `data` and goes through all its pages; pictures go to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play, RunningServer(data) as server:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        call = _played(browser, server)
        for scheme in SCHEMES:
            for lang in LOCALES:
                yield from _all(browser, server, call, out, scheme, lang, only)
        browser.close()


def _played(browser: Browser, server: RunningServer) -> str:
    """A call of the agent's that ended with a ticket; another one goes on meanwhile."""
    context = _context(browser, server, "agent", "light", "zh")
    page = context.new_page()
    call = _begin(page, server, PLAYED, "max")
    _pressed_by_newcomer(server, call)
    _begin(page, server, LIVE, "1")
    context.close()
    return call


def _pressed_by_newcomer(server: RunningServer, call: str) -> None:
    newcomer, sent = Newcomer(), 0
    with server.connect(f"/v1/calls/{call}/events?after=0") as panel:
        while not newcomer.finished:
            message = json.loads(panel.recv(timeout=FULL_SPEED_S))
            if "seq" not in message:
                continue  # the answer to a command; what came of it arrives as events
            newcomer.see(ev.EVENT.validate_python(message))
            if command := newcomer.next_command():
                sent += 1
                pressed = command.model_dump(mode="json")
                panel.send(json.dumps({"ref": str(sent), "command": pressed}))


def _begin(page: Page, server: RunningServer, name: str, speed: str) -> str:
    who = page.request.get(f"{server.url}/api/me").json()
    answer = page.request.post(
        f"{server.url}/api/demo-calls/{name}",
        data={"speed": speed},
        headers={"Origin": server.url, "X-CSRF-Token": who["csrf"]},
    )
    return answer.json()["call"]


def _context(
    browser: Browser, server: RunningServer, login: str, scheme: Scheme, lang: str
) -> BrowserContext:
    context = browser.new_context(
        locale=LOCALES[lang], color_scheme=scheme, reduced_motion="reduce", device_scale_factor=1.5
    )
    context.add_init_script(f"localStorage.setItem('assist.lang', '{lang}')")
    if login:
        context.request.post(f"{server.url}/api/sign-in", data={"login": login, "demo": True})
    return context


def _all(
    browser: Browser,
    server: RunningServer,
    call: str,
    out: Path,
    scheme: Scheme,
    lang: str,
    only: Collection[str],
) -> Iterator[Seen]:
    views = [view for view in VIEWS if not only or view.name in only]
    for login in dict.fromkeys(view.login for view in views):
        context = _context(browser, server, login, scheme, lang)
        for view in (view for view in views if view.login == login):
            yield _seen(context, server, view, call, out, Seen(view, scheme, lang))
        context.close()


def _seen(
    context: BrowserContext, server: RunningServer, view: View, call: str, out: Path, seen: Seen
) -> Seen:
    page = context.new_page()
    page.set_viewport_size({"width": view.width, "height": view.height})
    page.on("console", lambda m: seen.console.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.on("request", lambda request: _note_foreign(server, request.url, seen))
    page.on("response", lambda answer: _note_policy(answer, page, seen))
    page.goto(server.url + view.path.format(call=call))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=out / f"{view.name}-{seen.lang}-{seen.scheme}.png", animations="disabled")
    found: Any = Axe().run(page)
    seen.axe += [f"{each['id']} ({len(each['nodes'])})" for each in found.response["violations"]]
    page.close()
    return seen


def _note_foreign(server: RunningServer, url: str, seen: Seen) -> None:
    if not url.startswith((server.url, server.socket_url, "data:", "blob:")):
        seen.foreign.append(url)


def _note_policy(answer: Response, page: Page, seen: Seen) -> None:
    if answer.frame == page.main_frame and answer.request.is_navigation_request():
        seen.policy = answer.headers.get("content-security-policy", "")
