"""Corrected words in the conversation: marked, explained, taken back by mouse and by keyboard.

The panel is real Chromium's; what a pressed button leads to is decided by the real rules. With
ASSIST_SCREENSHOTS=DIR the panel is kept as a picture at each stop.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from bench import BOOK, unlike
from browser.fixtures.panel_server import EVENTS, Server
from browser.fixtures.script import push, sent, show, then, upto
from playwright.sync_api import Page, expect

from assist import events as ev
from assist import rules
from assist import state as calls
from assist.errors import CommandRefused
from assist.rules.tools import Tools

pytestmark = pytest.mark.browser

WAS = "听到的是“国猫”，已改为“光猫”"
CUSTOMER = {"kind": "segment_heard", "speaker": "customer", "confidence": 0.9}


def said(utterance: str, at_s: int, text: str, display: str, *fixed: tuple[int, str, str]) -> Any:
    corrections = [{"at": a, "heard": h, "meant": m, "confidence": 0.93} for a, h, m in fixed]
    return {
        **CUSTOMER,
        "utterance": utterance,
        "start_ms": at_s * 1000,
        "end_ms": at_s * 1000 + 900,
        "text": text,
        "display": display,
        "corrections": corrections,
    }


ROUTER = said(
    "x1",
    20,
    "嗯我看一下啊，路由器边上那个光猫，对，光猫是三年前装的，二百兆的套餐",
    "我看一下啊，路由器边上那个光猫，对，光猫是3年前装的，200兆的套餐",
    (19, "国猫", "光猫"),
)
SIGNAL = said("x2", 24, "光衰大不大我也不懂", "光衰大不大我也不懂", (0, "光刷", "光衰"))
CALL = then(upto("step_shown"), ROUTER, SIGNAL)


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("ASSIST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def obeyed(page: Page, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules' answer to the command that the panel sent last, pushed back to the panel."""
    command = ev.RevertCorrection.model_validate(sent(page)[-1])
    state = calls.fold(ev.EVENT.validate_python(event) for event in events)
    tools = Tools(BOOK, unlike)
    rules.check(state, tools, command)
    commanded = ev.Commanded(command=command, by="agent")
    facts = [commanded, *rules.follow(state, commanded, tools)]
    after = then(events, *(fact.model_dump() for fact in facts))
    for event in after[len(events) :]:
        push(page, event)
    return after


def focused(page: Page) -> str:
    """Accessible name, text or class of what has the focus, inside all shadow trees."""
    return page.evaluate(
        """() => {
          let at = document.activeElement;
          while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return at.getAttribute('aria-label') || at.textContent;
        }"""
    )


def test_a_correction_is_shown_explained_and_taken_back(page: Page, server: Server):
    show(page, server, CALL)
    line = page.locator("transcript-view li[data-id=x1] .text")
    expect(line).to_have_text(ROUTER["display"])
    words = line.locator(".meant")
    expect(words).to_have_count(1)
    expect(words).to_have_attribute("title", WAS)
    before = words.evaluate(
        """(word) => {
          const range = document.createRange();
          range.setStart(word.parentElement, 0);
          range.setEndBefore(word);
          return range.toString();
        }"""
    )
    assert before.endswith("对，"), "the second of two like words was the one misheard"
    keep(page, "corrected")

    words.click()
    expect(words).to_have_attribute("aria-expanded", "true")
    expect(page.locator("transcript-view .was")).to_be_in_viewport(ratio=1)
    expect(page.locator("transcript-view .was")).to_contain_text(WAS)
    expect(page.get_by_role("button", name="回到最新")).to_have_count(0)
    keep(page, "corrected-open")
    page.get_by_role("button", name="恢复原话").click()
    assert sent(page) == [{"kind": "revert_correction", "utterance": "x1", "at": 19}]
    obeyed(page, CALL)
    expect(line).to_have_text("我看一下啊，路由器边上那个光猫，对，国猫是3年前装的，200兆的套餐")
    expect(line.locator(".meant")).to_have_count(0)
    expect(page.locator("transcript-view .was")).to_have_count(0)
    expect(page.locator("transcript-view [role=status]")).to_have_text("已恢复为“国猫”")
    expect(page.locator("transcript-view li[data-id=x2] .meant")).to_have_count(1)
    keep(page, "corrected-restored")


def test_the_keyboard_alone_opens_leaves_and_takes_back(page: Page, server: Server):
    show(page, server, CALL)
    word = page.get_by_role("button", name=WAS)
    word.focus()
    page.keyboard.press("Enter")
    expect(page.locator("transcript-view .was")).to_be_visible()
    page.keyboard.press("Tab")
    assert "恢复原话" in focused(page)
    page.keyboard.press("Escape")
    expect(page.locator("transcript-view .was")).to_have_count(0)
    assert focused(page) == WAS
    assert sent(page) == [], "Enter on the word never ticks the step"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert [command["kind"] for command in sent(page)] == ["revert_correction"]
    obeyed(page, CALL)
    assert focused(page) == "对话", "the focus is not lost with the button"


def test_a_refusal_is_shown_and_a_reader_has_no_button(page: Page, server: Server):
    show(page, server, CALL)
    refused = {"code": "refused", "message": "这句话已经变了。", "remedy": "看看现在的内容。"}
    page.evaluate("refused => { panel.source.onCommand = () => ({ refused }); }", refused)
    page.get_by_role("button", name=WAS).click()
    page.get_by_role("button", name="恢复原话").click()
    expect(page.get_by_role("alert")).to_contain_text("这句话已经变了。看看现在的内容。")
    expect(page.locator("transcript-view .was")).to_be_visible()

    page.evaluate("panel.readonly = true")
    expect(page.locator("transcript-view .was")).to_contain_text(WAS)
    expect(page.get_by_role("button", name="恢复原话")).to_have_count(0)


def gone(page: Page, events: list[dict[str, Any]]) -> CommandRefused:
    """The rules' refusal of the command that the panel sent last."""
    with pytest.raises(CommandRefused) as refused:
        obeyed(page, events)
    return refused.value


def test_what_was_taken_back_elsewhere_is_refused_in_the_reader_s_language(
    page: Page, server: Server
):
    show(page, server, CALL)
    page.get_by_role("button", name=WAS).click()
    page.get_by_role("button", name="恢复原话").click()
    refusal = gone(page, then(upto("step_shown"), {**ROUTER, "corrections": []}))
    page.evaluate("refused => { panel.source.onCommand = () => ({ refused }); }", refusal.as_json())
    page.get_by_role("button", name="恢复原话").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("这处更正已经恢复过，或这句话已经更新。")
    expect(alert).to_contain_text("以现在显示的文字为准。")
    back = page.get_by_role("button", name="恢复原话")
    expect(back).to_have_attribute("aria-disabled", "true")
    keep(page, "corrected-gone")
    page.get_by_role("button", name="switch to English").click()
    expect(alert).to_contain_text("Nothing to restore")


@pytest.mark.parametrize(
    "line",
    [
        {**said("x4", 30, "换过的光猫", "", (2, "国猫", "光猫"))},  # the word stands at 3
        {**said("x4", 30, "姓**的光猫", "", (1, "**", "**"))},  # private, as it is read from disk
    ],
    ids=["elsewhere", "masked"],
)
def test_no_way_back_is_offered_where_there_is_none(
    page: Page, server: Server, line: dict[str, Any]
):
    show(page, server, then(upto("step_shown"), line))
    page.locator("transcript-view li[data-id=x4] .meant").click()
    expect(page.locator("transcript-view .was")).to_contain_text("听到的是")
    expect(page.get_by_role("button", name="恢复原话")).to_have_count(0)
    expect(page.locator("transcript-view .was")).not_to_contain_text("文字确定后")


# ---------------------------------------------------------------- while it is spoken

STABLE = {
    "kind": "speech_stable",
    "utterance": "x1",
    "speaker": "customer",
    "start_ms": 20_000,
    "text": "嗯我看一下啊，那个光猫",
    "corrections": [{"at": 9, "heard": "国猫", "meant": "光猫", "confidence": 0.9}],
}
GUESS = {k: v for k, v in STABLE.items() if k != "corrections"} | {"kind": "speech_guessed"}
GROWING = then(upto("step_shown"), {**STABLE}, {**GUESS, "text": STABLE["text"] + "上红灯"})
LONGER = {**STABLE, "text": STABLE["text"] + "上红灯亮"}
FINAL = said(
    "x1", 20, "嗯我看一下，那个光猫上红灯亮", "我看一下，那个光猫上红灯亮", (8, "国猫", "光猫")
)


def test_a_line_still_spoken_marks_its_corrections_and_offers_no_way_back(
    page: Page, server: Server
):
    show(page, server, GROWING)
    line = page.locator("transcript-view li[data-id=x1]")
    expect(line).to_have_attribute("data-tier", "stable")
    expect(line.locator(".text")).to_have_text("嗯我看一下啊，那个光猫上红灯")
    expect(line.locator(".guess")).to_have_text("上红灯")
    word = line.get_by_role("button", name=WAS)
    expect(word).to_have_text("光猫")
    expect(word).to_have_attribute("title", WAS)
    keep(page, "growing-corrected")
    word.click()
    expect(page.locator("transcript-view .was")).to_have_text(
        re.compile(rf"{WAS}\s*文字确定后可恢复原话")
    )
    expect(page.get_by_role("button", name="恢复原话")).to_have_count(0)
    keep(page, "growing-corrected-open")

    # The rules would refuse it, so nothing to press is right.
    state = calls.fold(ev.EVENT.validate_python(event) for event in GROWING)
    with pytest.raises(CommandRefused, match="still being spoken"):
        rules.check(state, Tools(BOOK, unlike), ev.RevertCorrection(utterance="x1", at=9))


def test_what_is_read_stays_open_with_its_focus_until_the_line_is_final_and_then_goes_back(
    page: Page, server: Server
):
    show(page, server, GROWING)
    page.get_by_role("button", name=WAS).focus()
    page.keyboard.press("Enter")
    assert sent(page) == [], "Enter on the word never ticks the step"
    was = page.locator("transcript-view .was")
    events = GROWING
    for fact in (LONGER, FINAL):
        events = then(events, fact)
        push(page, events[-1])
        expect(was).to_contain_text(WAS)
        assert focused(page) == WAS
    page.keyboard.press("Tab")
    assert "恢复原话" in focused(page), "the final line can be taken back, at its own place"
    page.keyboard.press("Enter")
    assert sent(page) == [{"kind": "revert_correction", "utterance": "x1", "at": 8}]
    obeyed(page, events)
    expect(page.locator("transcript-view li[data-id=x1] .text")).to_have_text(
        "我看一下，那个国猫上红灯亮"
    )
    assert focused(page) == "对话"


def test_a_correction_that_the_final_text_does_not_have_closes_and_says_why(
    page: Page, server: Server
):
    show(page, server, GROWING)
    page.get_by_role("button", name=WAS).press("Enter")
    push(page, then(GROWING, said("x1", 20, "我看一下那个罐", "我看一下那个罐"))[-1])
    expect(page.locator("transcript-view .was")).to_have_count(0)
    expect(page.locator("transcript-view .meant")).to_have_count(0)
    expect(page.locator("transcript-view [role=status]")).to_have_text("这句话的文字已更新")
    assert focused(page) == "对话", "the focus is not lost with the word"


def test_verbatim_text_is_one_press_away_and_offered_only_where_it_differs(
    page: Page, server: Server
):
    show(page, server, then(upto("step_shown"), SIGNAL))
    expect(page.get_by_role("radio", name="原话")).to_have_count(0)
    push(page, then(then(upto("step_shown"), SIGNAL), ROUTER)[-1])
    line = page.locator("transcript-view li[data-id=x1] .text")
    page.get_by_text("原话", exact=True).click()
    expect(line).to_have_text(ROUTER["text"])
    expect(line.locator(".meant")).to_have_text("光猫")
    keep(page, "verbatim")
    page.get_by_role("radio", name="整理").check(force=True)
    expect(line).to_have_text(ROUTER["display"])


def test_a_word_that_the_written_form_has_changed_is_marked_at_the_end(page: Page, server: Server):
    gone = said("x3", 30, "装了百兆了", "装了100兆了", (2, "白罩", "百兆"))
    show(page, server, then(upto("step_shown"), gone))
    line = page.locator("transcript-view li[data-id=x3] .text")
    expect(line).to_have_text("装了100兆了")
    mark = line.locator(".meant")
    expect(mark).to_have_attribute("aria-label", "听到的是“白罩”，已改为“百兆”")
    assert mark.inner_text() == ""
    mark.click()
    page.get_by_role("button", name="恢复原话").click()
    assert sent(page) == [{"kind": "revert_correction", "utterance": "x3", "at": 2}]


def test_what_is_being_read_stays_until_it_is_put_away(page: Page, server: Server):
    many = [said(f"m{n}", 30 + n, f"第{n}句", f"第{n}句") for n in range(30)]
    last = said("x9", 70, "光猫也换过了", "光猫也换过了", (0, "国猫", "光猫"))
    events = then(upto("step_shown"), *many, last)
    show(page, server, events)
    page.get_by_role("button", name=WAS).click()
    was = page.locator("transcript-view .was")
    expect(was).to_be_in_viewport(ratio=1)
    top = page.locator("transcript-view .scroll").evaluate("box => box.scrollTop")
    more = then(events, *(said(f"n{n}", 80 + n, f"新的{n}", f"新的{n}") for n in range(9)))
    for event in more[len(events) :]:
        push(page, event)
    assert page.locator("transcript-view .scroll").evaluate("box => box.scrollTop") == top
    expect(page.get_by_role("button", name="回到最新")).to_be_visible()
    keep(page, "corrected-held")
    page.get_by_role("button", name="恢复原话").click(trial=True)  # nothing lies over it
    page.get_by_role("button", name=WAS).press("Escape")
    expect(page.get_by_text("新的8")).to_be_in_viewport()
    expect(page.get_by_role("button", name="回到最新")).to_have_count(0)


def test_english_calls_say_it_in_english(page: Page, server: Server):
    english = [{**EVENTS[0], "fact": {**EVENTS[0]["fact"], "lang": "en"}}]
    fixed = (7, "fibre cut", "FTTR kit")
    line = said("e1", 5, "um the FTTR kit has two lights", "The FTTR kit has 2 lights", fixed)
    show(page, server, then(english, line))
    word = page.get_by_role("button", name="Heard “fibre cut”, corrected to “FTTR kit”")
    expect(word).to_have_text("FTTR kit")
    word.click()
    page.get_by_role("button", name="Restore as heard").click()
    assert sent(page) == [{"kind": "revert_correction", "utterance": "e1", "at": 7}]
    page.get_by_text("Verbatim", exact=True).click()
    expect(page.locator("transcript-view li .text")).to_have_text(line["text"])


@pytest.mark.parametrize(
    ("line", "verbatim", "parts", "lost"),
    [
        # Offsets are counted in code points: 𠮷 is one character, two UTF-16 units.
        (
            {"text": "𠮷家光猫", "display": "", "corrections": [(2, "国猫", "光猫")]},
            True,
            ["𠮷家", "*光猫"],
            0,
        ),
        # Repeats were left out: the next one will do.
        (
            {
                "text": "光猫光猫坏了",
                "display": "光猫坏了",
                "corrections": [(2, "国猫", "光猫")],
            },
            False,
            ["*光猫", "坏了"],
            0,
        ),
        # A capital at the beginning of the written sentence is the same word.
        (
            {
                "text": "uh router is off",
                "display": "Router is off.",
                "corrections": [(3, "rooter", "router")],
            },
            False,
            ["*Router", " is off."],
            0,
        ),
        # Nothing to stand on: no text of its own is invented, nothing is marked wrongly.
        ({"text": "坏了", "display": "", "corrections": [(0, "国", "光猫")]}, False, ["坏了"], 1),
        ({"text": "", "display": "", "corrections": [(0, "国", "")]}, False, [], 1),
    ],
)
def test_parts_of_a_line(
    page: Page,
    server: Server,
    line: dict[str, Any],
    verbatim: bool,
    parts: list[str],
    lost: int,
):
    page.goto(f"{server.url}/blank")
    fixed = [{"at": a, "heard": h, "meant": m} for a, h, m in line["corrections"]]
    found = page.evaluate(
        """([line, verbatim]) => {
          const { partsOf } = modules.corrections;
          const { parts, lost } = partsOf(line, verbatim);
          return [parts.map((p) => (p.correction ? '*' : '') + p.text), lost.length];
        }""",
        [{**line, "corrections": fixed}, verbatim],
    )
    assert found == [parts, lost]
