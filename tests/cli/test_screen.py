"""A call in the terminal: the written form, and corrections beside it."""

from __future__ import annotations

import io

from rich.console import Console

from assist import events as ev
from assist.cli.screen import Screen


def printed(*facts: ev.Fact) -> list[str]:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=100), live=False)
    for seq, fact in enumerate(facts, 1):
        screen.on_event(ev.Event(call="c", seq=seq, at_ms=seq * 1000, fact=fact))
    screen.close()
    return out.getvalue().splitlines()


def test_a_suggestion_says_how_likely_it_is_or_what_on_record_speaks_for_it() -> None:
    why = ev.Reason(kind="tag", key="outage", zh="区域停电", en="Power cut", log_odds=2.0)
    heard = ev.Match(guide="g", title="停电", score=0.71, question="没电了", why=(why,))
    known = heard.model_copy(update={"question": ""})
    facts = [ev.GuidesSuggested(matches=(match,)) for match in (heard, known)]
    assert printed(ev.CallStarted(agent="a", lang="zh"), *facts)[-2:] == [
        "0:02.0   ? suggested: 停电 0.71",
        "0:03.0   ? suggested: 停电 (on record: 区域停电)",
    ]


def test_written_form_is_shown_with_what_was_corrected_and_taken_back() -> None:
    correction = ev.Correction(at=1, heard="国猫", meant="光猫", confidence=0.9)
    heard = ev.SegmentHeard(
        utterance="u1",
        speaker="customer",
        start_ms=0,
        end_ms=900,
        text="嗯光猫用了三年",
        display="光猫用了3年",
        corrections=(correction,),
        confidence=0.9,
    )
    plain = heard.model_copy(update={"utterance": "u2", "display": "", "corrections": ()})
    back = ev.CorrectionReverted(
        utterance="u1", reverted=correction, text="嗯国猫用了三年", display="国猫用了3年"
    )
    assert printed(heard, plain, back) == [
        "0:01.0 客户  光猫用了3年  ✎ 国猫 → 光猫",
        "0:02.0 客户  嗯光猫用了三年",
        "0:03.0   ↺ as heard: 国猫用了3年",
    ]
