"""The panel's own behaviour in real Chromium, fed by scripted events and a small real server.

What the pages do with the real application is another file's matter; here no speech, no guide and
no back office takes part. Every page is served under a strict Content-Security-Policy, and any
error in the browser's console fails the test that caused it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from browser.fixtures.panel_server import EVENTS, GUIDE, Server
from browser.fixtures.script import (
    KEY,
    LIGHT,
    OTHER,
    SPOKEN,
    STEP,
    TROUBLE,
    push,
    sent,
    show,
    then,
    upto,
)
from playwright.sync_api import Page, expect

from assist import state as calls
from assist.events import EVENT

# ---------------------------------------------------------------- fold


def seen_by_server(events: list[dict[str, Any]]) -> dict[str, Any]:
    state = calls.fold(EVENT.validate_python(event) for event in events)
    return {
        "status": state.status if state.started else "waiting",
        "seq": state.seq,
        "at_ms": state.at_ms,
        "customer": state.customer.id if state.customer else None,
        "lines": [
            [x.utterance, x.speaker, x.text, x.tier, x.end_ms, x.display]
            + [[c.at, c.heard, c.meant] for c in x.corrections]
            for x in state.lines
        ],
        "suggested": [m.guide for m in state.suggested],
        "pages": [_page_seen(p) for p in state.pages],
        "closed": [_page_seen(p) for p in state.closed],
        "slots": {k: v.label for k, v in state.slots.items()},
        "diagnoses": {k: v.status for k, v in state.diagnoses.items()},
        "offers": [o.decision for o in state.offers.values()],
        "tickets": [[t.status, t.number] for t in state.tickets],
        "wrapped": state.wrapped.outcome if state.wrapped else None,
        "handed_off": state.handed_off.to if state.handed_off else None,
        "advice": [[a.fact.kind, a.fact.id, a.seq, a.at_ms, a.answer] for a in state.advice],
    }


def _page_seen(page: calls.Page) -> dict[str, Any]:
    done = page.shown is None or page.tick(page.shown.step) is not None
    return {
        "guide": page.guide,
        "ticks": [[t.step, t.by, t.choice, t.skipped] for t in page.ticks],
        "current": None if done or page.shown is None else page.shown.step,
        "proposed": page.proposed.choice if page.proposed else None,
    }


SEEN_BY_PANEL = """(events) => {
  const state = modules.fold.foldAll(events);
  const page = (p) => ({
    guide: p.guide,
    ticks: p.ticks.map((t) => [t.step, t.by, t.choice, t.skipped]),
    current: p.current?.step ?? null,
    proposed: p.proposed?.choice ?? null,
  });
  const each = (things, pick) =>
    Object.fromEntries(Object.entries(things).map(([k, v]) => [k, pick(v)]));
  return {
    status: state.status, seq: state.seq, at_ms: state.at_ms,
    customer: state.customer?.id ?? null,
    lines: state.lines.map((l) => [l.utterance, l.speaker, l.text, l.tier, l.end_ms, l.display,
      ...l.corrections.map((c) => [c.at, c.heard, c.meant])]),
    suggested: state.suggested.map((m) => m.guide),
    pages: state.pages.map(page), closed: state.closed.map(page),
    slots: each(state.slots, (s) => s.label),
    diagnoses: each(state.diagnoses, (d) => d.status),
    offers: Object.values(state.offers).map((o) => o.decision),
    tickets: Object.values(state.tickets).map((t) => [t.status, t.number]),
    wrapped: state.wrapped?.outcome ?? null,
    handed_off: state.handed_off?.to ?? null,
    advice: state.advice.map((a) => [a.kind, a.id, a.seq, a.at_ms, a.answer]),
  };
}"""

FIXED = {"at": 1, "heard": "国猫", "meant": "光猫", "confidence": 0.9}
HEARD = {"kind": "segment_heard", **SPOKEN, "text": "这光猫用三年", "display": "这光猫用3年"}
HEARD |= {"end_ms": 92_000, "confidence": 0.9, "corrections": [FIXED]}
REVERTED = {"kind": "correction_reverted", "utterance": "x1", "reverted": FIXED}
REVERTED |= {"text": "这国猫用三年", "display": "这国猫用3年", "corrections": []}

SAID = {"kind": "supervisor_said", "id": "s1", "by": "lin", "name": "林", "text": "先核对号码"}
PROPOSED = {"kind": "step_proposed", "id": "s2", "by": "lin", **STEP, "title": "查看光猫指示灯"}

TURNS = [
    then(upto("step_shown", 4), {"kind": "step_undone", **STEP}, LIGHT),
    then(upto("diagnosis_asked"), {**TROUBLE, **KEY}),
    then(upto("diagnosis_asked"), {**TROUBLE, **KEY, "key": "another"}),
    then(upto("guide_opened"), {"kind": "guide_opened", **OTHER}),
    then(
        upto("step_shown", 3),
        {"kind": "guide_opened", **OTHER},
        {"kind": "guide_opened", "guide": GUIDE, "title": "", "hash": "", "by": "agent"},
        {"kind": "guide_closed", "guide": OTHER["guide"], "reason": "dismissed"},
    ),
    then(EVENTS, {"kind": "guide_opened", "guide": GUIDE, "title": "", "hash": "", "by": "agent"}),
    then(EVENTS, {"kind": "guide_opened", "guide": GUIDE, "title": "", "hash": "", "by": "heard"}),
    then(
        upto("guides_suggested"),
        {"kind": "guide_closed", "guide": GUIDE, "reason": "dismissed"},
    ),
    then(
        EVENTS,
        {"kind": "speech_guessed", "text": "喂喂", **SPOKEN},
        {"kind": "speech_stable", "text": "喂", **SPOKEN},
        {"kind": "speech_dropped", "utterance": "x1", "speaker": "customer", "reason": "phantom"},
    ),
    then(
        upto("segment_heard"),
        {"kind": "speech_guessed", "text": "迟到的猜测", **SPOKEN, "utterance": "a1"},
        {"kind": "speech_stable", "text": "迟到的", **SPOKEN, "utterance": "a1"},
    ),
    then(EVENTS, {"kind": "speech_stable", "text": "这光猫", **SPOKEN, "corrections": [FIXED]}),
    then(EVENTS, HEARD),
    then(EVENTS, HEARD, REVERTED),
    then(EVENTS, {**REVERTED, "utterance": "nobody"}),
    then(
        upto("slot_filled"),
        {"kind": "slot_filled", "slot": "light", "value": "", "label": ""} | {"by": "agent"},
    ),
    then(
        upto("ticket_asked"),
        {**TROUBLE, "key": f"demo-1/{GUIDE}/dispatch", "guide": GUIDE} | {"step": "dispatch"},
    ),
    then(upto("step_shown", 3), {"kind": "handed_off", "to": "elite", "reason": ""}),
    then(upto("step_shown", 3), {"kind": "call_ended", "reason": "broken_off"}),
    then(upto("step_shown", 3), SAID, PROPOSED),
    then(upto("step_shown", 3), SAID, {"kind": "advice_answered", "id": "s1", "answer": "seen"}),
]


@pytest.mark.browser
def test_panel_folds_every_moment_of_the_call_as_the_server_does(page: Page, server: Server):
    page.goto(f"{server.url}/blank")
    for length in range(1, len(EVENTS) + 1):
        events = EVENTS[:length]
        assert page.evaluate(SEEN_BY_PANEL, events) == seen_by_server(events), events[-1]


@pytest.mark.browser
@pytest.mark.parametrize("events", TURNS, ids=lambda e: f"{e[-1]['fact']['kind']}-{len(e)}")
def test_panel_folds_a_turn_of_events_as_the_server_does(
    page: Page, server: Server, events: list[dict[str, Any]]
):
    page.goto(f"{server.url}/blank")
    assert page.evaluate(SEEN_BY_PANEL, events) == seen_by_server(events)


@pytest.mark.browser
def test_fold_never_alters_an_older_state_and_takes_each_event_once(page: Page, server: Server):
    page.goto(f"{server.url}/blank")
    same = page.evaluate(
        """(events) => {
          const { EMPTY, fold } = modules.fold;
          const freeze = (thing) => {
            if (thing && typeof thing === 'object' && !Object.isFrozen(thing)) {
              Object.freeze(thing);
              Object.values(thing).forEach(freeze);
            }
            return thing;
          };
          let state = freeze(EMPTY);
          for (const event of events) state = freeze(fold(state, event));
          return events.every((event) => fold(state, event) === state);
        }""",
        EVENTS,
    )
    assert same


# ---------------------------------------------------------------- keyboard


@pytest.mark.browser
@pytest.mark.parametrize(
    ("until", "key", "command"),
    [
        (upto("step_shown"), "Enter", {"kind": "tick_step", "guide": GUIDE, "step": "verify"}),
        (upto("step_shown"), "Space", {"kind": "tick_step", "guide": GUIDE, "step": "verify"}),
        (upto("answer_proposed"), "Enter", {"kind": "answer_step", **STEP, "choice": "los_red"}),
        (upto("answer_proposed"), "2", {"kind": "answer_step", **STEP, "choice": "all_green"}),
        (upto("answer_proposed"), "0", {"kind": "answer_step", **STEP, "choice": ""}),
        (upto("answer_proposed"), "u", {"kind": "undo_step", "guide": GUIDE, "step": "line"}),
        (
            upto("guides_suggested"),
            "Shift+Digit2",
            {"kind": "open_guide", "guide": "broadband.slow"},
        ),
        (
            upto("offer_made"),
            "y",
            {"kind": "decide_offer", "offer": "fttr"} | {"decision": "accepted", "reason": ""},
        ),
    ],
)
def test_a_key_does_what_is_plainly_next(
    page: Page, server: Server, until: list[dict[str, Any]], key: str, command: dict[str, Any]
):
    show(page, server, until)
    page.keyboard.press(key)
    assert sent(page) == [command]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("until", "key"),
    [
        (upto("step_shown", 3), "Enter"),  # a question is not done by Enter unless one was heard
        (upto("step_shown", 3), "9"),  # there is no ninth option
        (upto("diagnosis_asked"), "Enter"),
        (upto("ticket_drafted"), "Enter"),  # a ticket is never filed by a stray Enter
        (upto("offer_made"), "Enter"),
    ],
)
def test_a_key_that_is_not_plainly_next_does_nothing(
    page: Page, server: Server, until: list[dict[str, Any]], key: str
):
    show(page, server, until)
    page.keyboard.press(key)
    assert sent(page) == []


@pytest.mark.browser
def test_typing_is_not_taken_for_shortcuts_and_keys_can_be_switched_off(page: Page, server: Server):
    show(page, server, upto("step_shown", 3))
    page.keyboard.press("/")
    page.keyboard.type("u12")
    expect(page.get_by_role("combobox")).to_have_value("u12")
    page.keyboard.press("Escape")
    assert sent(page) == []

    page.keyboard.press("?")
    page.get_by_label("启用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert sent(page) == []


@pytest.mark.browser
def test_search_by_hand_opens_a_guide_without_the_mouse(page: Page, server: Server):
    show(page, server, upto("segment_heard"))
    page.keyboard.press("/")
    expect(page.get_by_role("option")).to_have_text([re.compile("宽带上不了网")])
    page.keyboard.press("Enter")
    assert sent(page) == [{"kind": "open_guide", "guide": GUIDE}]


@pytest.mark.browser
def test_every_part_of_a_step_is_reached_by_tab(page: Page, server: Server):
    show(page, server, upto("answer_proposed"))
    reached = []
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                  let at = document.activeElement;
                  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                  return at.getAttribute('aria-label') || at.textContent;
                }"""
            )
        )
    wanted = [
        "查找流程",
        "展开客户资料",
        "为什么是它",
        "撤销“检测线路”",
        "复制话术",
        "红灯亮或闪",
        "说不上来",
    ]
    assert [w for w in wanted if not any(w in label for label in reached)] == []


# ---------------------------------------------------------------- ticket


@pytest.mark.browser
def test_edits_survive_a_redraft_and_untouched_fields_follow_it(page: Page, server: Server):
    drafted, redrafted = upto("ticket_drafted"), upto("ticket_drafted", 2)
    draft = redrafted[-1]["fact"]
    fields = [
        {**f, "value": "今天 15:00 以后"} if f["name"] in ("appointment", "since") else f
        for f in draft["fields"]
    ]
    show(page, server, drafted)
    page.get_by_label("预约上门").focus()
    page.keyboard.type("u1/? ")  # every one of these is a shortcut outside a field
    expect(page.get_by_label("预约上门")).to_have_value("u1/? ")
    assert sent(page) == []
    page.get_by_label("预约上门").fill("明天上午")
    for event in then(redrafted[:-1], {**draft, "fields": fields})[len(drafted) :]:
        push(page, event)
    expect(page.get_by_label("预约上门")).to_have_value("明天上午")
    expect(page.get_by_label("故障时间")).to_have_value("今天 15:00 以后")

    page.keyboard.press("Control+Enter")
    [command] = sent(page)
    assert command["kind"] == "file_ticket"
    assert command["fields"]["appointment"] == "明天上午"
    assert command["fields"]["since"] == "今天 15:00 以后"
    assert set(command["fields"]) == {f["name"] for f in fields}

    page.get_by_text("恢复为“今天 15:00 以后”").click()
    expect(page.get_by_label("预约上门")).to_have_value("今天 15:00 以后")


@pytest.mark.browser
def test_a_ticket_with_a_missing_field_is_not_filed_but_pointed_out(page: Page, server: Server):
    show(page, server, upto("ticket_drafted"))
    page.get_by_role("button", name="提交工单").click()
    assert sent(page) == []
    expect(page.get_by_label("预约上门")).to_be_focused()
    expect(page.get_by_text("还缺 1 项必填")).to_be_visible()


@pytest.mark.browser
def test_a_ticket_that_could_not_be_filed_says_why_and_can_be_filed_again(
    page: Page, server: Server
):
    key = {"key": f"demo-1/{GUIDE}/dispatch", "guide": GUIDE, "step": "dispatch"}
    show(page, server, then(upto("ticket_asked"), {**TROUBLE, **key}))
    expect(page.get_by_role("alert")).to_contain_text("没有答复。")
    expect(page.get_by_role("alert")).to_contain_text("稍后再试。")
    page.get_by_role("button", name="重新提交").click()
    assert [c["kind"] for c in sent(page)] == ["file_ticket"]


@pytest.mark.browser
def test_blank_fields_nobody_needs_are_out_of_the_way_until_asked_for(page: Page, server: Server):
    drafted = upto("ticket_drafted")
    spare = {"name": "spare", "label": "备注", "value": "", "required": False}
    fields = [*drafted[-1]["fact"]["fields"], spare]
    show(page, server, then(drafted[:-1], {**drafted[-1]["fact"], "fields": fields}))
    expect(page.get_by_label("备注")).to_have_count(0)
    page.get_by_text("选填 1 项").click()
    page.get_by_label("备注").fill("有狗，请先打电话")
    page.get_by_label("预约上门").fill("明天上午")
    page.keyboard.press("Control+Enter")
    assert sent(page)[0]["fields"]["spare"] == "有狗，请先打电话"


@pytest.mark.browser
def test_done_steps_say_what_ticked_them_and_skipped_ones_are_not_shown(page: Page, server: Server):
    show(page, server, upto("step_shown", 6))
    page.get_by_role("button", name=re.compile("步已完成")).click()
    expect(page.locator(".step.done")).to_have_count(5)
    done = ["".join(text.split()) for text in page.locator(".step.done").all_text_contents()]
    assert done == [
        "核对身份坐席“要报修的是尾号零三三四这条宽带吗”",
        "检测线路光猫已离线，接收光功率-31.4dBm，明显低于正常值；所在片区没有群体故障。",
        "查看光猫指示灯红灯亮或闪你确认的",
        "故障起始时间今天早上8点多客户“早上八点多”",
        "安排上门工单已提交BR20260720017",
    ]
