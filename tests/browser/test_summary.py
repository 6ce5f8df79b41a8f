"""The summary stands at the end of the call, is corrected there, and kept."""

from __future__ import annotations

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import push, sent, show, then, upto
from playwright.sync_api import Page, expect

DRAFT = {
    "kind": "summary_drafted",
    "of": "wrap_up",
    "lang": "zh",
    "summary": {"need": "断网", "done": ["指示灯：红灯"], "result": "已建单", "follow_up": "无"},
    "text": "诉求：断网",
}


@pytest.mark.browser
def test_the_agent_corrects_and_keeps_it(page: Page, server: Server) -> None:
    events = then(upto("guide_opened"), {"kind": "call_ended", "reason": "hangup"}, DRAFT)
    show(page, server, events)
    card = page.get_by_role("region", name="通话小结")
    card.get_by_label("诉求").fill("宽带断网")
    card.get_by_role("button", name="确认并保存").click()
    summary = {**DRAFT["summary"], "need": "宽带断网"}
    assert sent(page) == [{"kind": "keep_summary", "of": "wrap_up", "summary": summary}]
    kept = {**DRAFT, "kind": "summary_kept", "text": "诉求：宽带断网", "by": "agent"}
    push(page, then(events, kept)[-1])
    expect(card).to_contain_text("诉求：宽带断网")
    expect(card.get_by_role("textbox")).to_have_count(0)
