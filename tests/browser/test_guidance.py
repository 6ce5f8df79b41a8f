"""Guidance beside the steps: a supervisor's advice, mood, what must still be said, why a guide was
opened, the way back through open guides, and what a screen reader is told."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.fixtures.panel_server import EVENTS, GUIDE, Server
from browser.fixtures.script import KEY, LIGHT, OTHER, STEP, TROUBLE, push, sent, show, then, upto
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

BY = {"by": "lin", "name": "林"}
SAID = {"kind": "supervisor_said", "id": "s1", **BY, "text": "先核对号码"}
PROPOSED = {"kind": "step_proposed", "id": "s2", **BY, **STEP, "title": "查看光猫指示灯"}
WORDS = {"utterance": "a1", "speaker": "customer", "words": "我要投诉", "confidence": 0.9}
THIRD = {"kind": "guide_opened", "guide": "plan", "title": "套餐变更", "hash": "c", "by": "agent"}


def shown(guide: str, **more: Any) -> dict[str, Any]:
    return {**LIGHT, "guide": guide, "step": "first", **more}


def test_advice_stays_in_view_and_is_answered_by_keys(page: Page, server: Server):
    show(page, server, then(upto("answer_proposed"), SAID, PROPOSED))
    expect(page.get_by_text("先核对号码", exact=True)).to_be_in_viewport()
    expect(page.get_by_text("转到这一步：查看光猫指示灯", exact=True)).to_be_in_viewport()
    page.keyboard.press("h")  # a message is not declined
    page.keyboard.press("g")
    answered = {"kind": "advice_answered", "id": "s1", "answer": "seen"}
    push(page, then(upto("answer_proposed"), SAID, PROPOSED, answered)[-1])
    expect(page.get_by_text("先核对号码", exact=True)).to_have_count(0)
    page.keyboard.press("g")
    assert sent(page) == [
        {"kind": "answer_advice", "id": "s1", "answer": "seen"},
        {"kind": "answer_advice", "id": "s2", "answer": "taken"},
    ]
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []


def test_advice_cards_suggestions_and_tickets_are_announced_and_speech_is_not(
    page: Page, server: Server
):
    show(page, server, upto("guides_suggested"))
    spoken = page.locator(".sr[aria-live=polite]")
    expect(spoken).to_contain_text("可能的场景：宽带上不了网")
    before = then(upto("step_shown", 2))
    for event in before[len(upto("guides_suggested")) :]:
        push(page, event)
    now = spoken.text_content()
    speech = {"utterance": "x9", "speaker": "customer", "start_ms": 90_000}
    push(page, then(before, {"kind": "speech_guessed", "text": "喂喂", **speech})[-1])
    assert spoken.text_content() == now
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    show(page, server, then(EVENTS[:-3], SAID))
    expect(spoken).to_contain_text("班长 林：先核对号码")


def test_the_callers_mood_is_said_calmly_and_put_away(page: Page, server: Server):
    mood = {"kind": "mood_heard", "mood": "angry", "evidence": WORDS}
    show(page, server, then(upto("step_shown", 3), mood))
    expect(page.locator(".upset")).to_contain_text("客户有情绪")
    expect(page.locator(".upset")).to_contain_text("我要投诉")
    page.locator(".upset").get_by_role("button", name="知道了").click()
    expect(page.locator(".upset")).to_have_count(0)


def test_what_must_be_said_is_not_lost_under_another_guide(page: Page, server: Server):
    must = shown(GUIDE, step_kind="say", must_say=True, text="本次通话会录音", options=[])
    begun = then(upto("guide_opened"), must)
    show(page, server, begun)
    expect(page.get_by_text("还没说")).to_have_count(0)
    push(page, then(begun, {"kind": "guide_opened", **OTHER})[-1])
    expect(page.get_by_text("还没说：本次通话会录音")).to_be_visible()
    page.get_by_role("button", name="去说").click()
    assert sent(page) == [{"kind": "open_guide", "guide": GUIDE}]


def test_why_shows_each_signals_share_the_strongest_first(page: Page, server: Server):
    shares = {"meaning": 0.2, "wording": 0.7, "sound": 0.1, "kind": 0.0}
    events = [
        {**e, "fact": {**e["fact"], "shares": shares}} if e["fact"]["kind"] == "guide_opened" else e
        for e in upto("step_shown")
    ]
    show(page, server, then(events))
    page.get_by_role("button", name="为什么是它").click()
    expect(page.locator(".why")).to_contain_text("无线连得上")
    told = "".join("".join(page.locator(".shares").all_text_contents()).split())
    assert told == "用词70%意思20%读音10%"


def test_the_way_back_names_every_guide_left_open(page: Page, server: Server):
    opened = [{"kind": "guide_opened", **OTHER}, shown(OTHER["guide"], title="核对账单"), THIRD]
    show(page, server, then(upto("step_shown", 3), *opened, shown("plan")))
    trail = page.get_by_role("navigation", name="流程路径").get_by_role("button")
    expect(trail).to_have_text([r"宽带上不了网", "话费异常B"], use_inner_text=False)
    expect(trail.last).to_have_attribute("title", "返回：话费异常 · 核对账单")
    trail.first.click()
    page.keyboard.press("b")
    assert [c["guide"] for c in sent(page)] == [GUIDE, OTHER["guide"]]


def test_a_caller_nobody_knows_is_looked_up_by_hand(page: Page, server: Server):
    show(page, server, then(EVENTS[:1], {"kind": "customer_unknown", "number": "13655501234"}))
    page.get_by_label("客户号码或账号").fill(" 15403726618 ")
    page.keyboard.press("Enter")
    assert sent(page) == [{"kind": "seek_customer", "number": "15403726618"}]


def test_a_failed_diagnosis_is_told_in_the_readers_language(page: Page, server: Server):
    show(page, server, then(upto("diagnosis_asked"), {**TROUBLE, **KEY, "code": "desk.down"}))
    expect(page.get_by_role("alert")).to_contain_text("业务系统没有响应。")
    page.get_by_role("button", name="switch to English").click()
    expect(page.get_by_role("alert")).to_contain_text("The back office does not answer.")


def test_a_field_reached_by_keyboard_marks_the_words_it_comes_from(page: Page, server: Server):
    show(page, server, upto("ticket_drafted"))
    page.locator(".evidence").first.focus()
    expect(page.locator(".tip").first).to_be_visible()
    expect(page.locator("transcript-view li.marked")).to_have_count(1)


def test_who_looks_in_can_press_nothing(page: Page, server: Server):
    show(page, server, then(upto("answer_proposed"), SAID, PROPOSED))
    page.evaluate("panel.readonly = true")
    expect(page.get_by_role("button", name="采用")).to_have_count(0)
    expect(page.locator("step-answer li.proposed")).to_be_visible()
    for key in ("1", "Enter", "u", "g", "/", "Shift+Digit1"):
        page.keyboard.press(key)
    expect(page.get_by_role("combobox")).to_have_count(0)
    assert sent(page) == []


@pytest.mark.parametrize(
    "events",
    [upto("guides_suggested"), upto("answer_proposed"), upto("ticket_drafted"), EVENTS],
    ids=lambda e: e[-1]["fact"]["kind"],
)
def test_who_looks_in_reads_text_and_no_dead_fields(
    page: Page, server: Server, events: list[dict[str, Any]]
):
    """What is there for the agent to press or fill is text, and nothing stands there dead."""
    show(page, server, events)
    page.evaluate("panel.readonly = true")
    expect(page.locator("customer-card")).to_be_visible()
    page.keyboard.press("t")
    for dead in (":disabled", "input", "textarea", "select"):
        expect(page.locator(f"{dead}:visible")).to_have_count(0)


def test_a_call_on_hold_says_so_and_goes_on(page: Page, server: Server):
    held = then(upto("customer_found"), {"kind": "call_held"}, {"kind": "call_resumed"})
    show(page, server, held[:-2])
    page.evaluate("panel.connection = 'live'")
    push(page, held[-2])
    expect(page.get_by_text("保持中", exact=True).first).to_be_visible()
    expect(page.locator("[aria-live=polite]")).to_contain_text("保持或静音期间不转写")
    push(page, held[-1])
    expect(page.get_by_text("实时", exact=True)).to_be_visible()
    expect(page.locator("[aria-live=polite]")).to_contain_text("通话已恢复")
