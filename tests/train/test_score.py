"""Comparing a replay's summary with a reference: what counts as found, right and late."""

from __future__ import annotations

from typing import Any

from assist.train.score import score, wanted_guide


def reference(**more: Any) -> dict[str, Any]:
    known = {
        "lang": "zh",
        "scenario": "power.bill-high",
        "turns": [{"end": 3.0}, {"end": 9.5}],
        "decisive_turn": 1,
        "slots": {"amount": "四百一十二", "since": "昨天，晚上", "colour": "红"},
        "outcome": "solved",
        "offer": "none",
    }
    return {**known, **more}


def summary(**more: Any) -> dict[str, Any]:
    known = {
        "guides": ["power.bill-high"],
        "slots": {"bill": "412元", "note": "从昨天晚上开始"},
        "ticket": None,
        "offer": "none",
        "outcome": "solved",
        "opened_at_ms": 10_100,
    }
    return {**known, **more}


def test_values_count_whatever_their_field_and_spelling() -> None:
    result = score("x", summary(), reference())
    assert result.found == ("amount", "since") and result.missed == ("colour",)
    filed = summary(ticket={"number": "1", "type": "t", "fields": {"light": "红灯"}})
    assert "colour" in score("x", filed, reference()).found


def test_delay_is_counted_from_the_end_of_the_deciding_sentence() -> None:
    assert score("x", summary(), reference()).delay_ms == 600
    assert score("x", summary(opened_at_ms=None, guides=[]), reference()).delay_ms is None


def test_right_means_the_card_and_the_outcome() -> None:
    assert score("x", summary(), reference()).is_right
    assert not score("x", summary(outcome="ticket"), reference()).is_right
    two = score("x", summary(guides=["plan.change", "power.bill-high"]), reference())
    assert two.is_right and two.wrong_cards == 1
    none = reference(scenario="none", outcome="uncovered")
    assert score("x", summary(guides=[], outcome="uncovered"), none).is_right
    assert not score("x", summary(outcome="uncovered"), none).is_right


def test_english_calls_want_the_english_guide() -> None:
    assert wanted_guide(reference(lang="en")) == "power.bill-high.en"
    assert wanted_guide(reference(scenario=[{"id": "plan.change", "turn": 3}])) == "plan.change"
    assert wanted_guide(reference(scenario="none")) == ""
