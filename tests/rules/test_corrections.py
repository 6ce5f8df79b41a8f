"""A correction is taken back: what stands afterwards, what follows, and when it is refused."""

from __future__ import annotations

import pytest
from bench import BOOK, CUSTOMER, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.rules.tools import Tools
from assist.search.evidence import Finding, Heard
from assist.speech.written import display
from assist.state import line_of


def correction(at: int, heard: str = "国猫", meant: str = "光猫") -> ev.Correction:
    return ev.Correction(at=at, heard=heard, meant=meant, confidence=0.9)


def heard(bench: Bench, text: str, *corrections: ev.Correction, utterance: str = "c1") -> None:
    bench.at_ms += 3000
    bench.put(
        ev.SegmentHeard(
            utterance=utterance,
            speaker="customer",
            start_ms=bench.at_ms - 2500,
            end_ms=bench.at_ms,
            text=text,
            display=display(text, "zh"),
            corrections=corrections,
            confidence=1.0,
        )
    )


def live_bench(tools: Tools | None = None) -> Bench:
    bench = Bench(tools)
    bench.put(ev.CallStarted(agent="a", number="13800000001"))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    return bench


def test_the_word_as_heard_stands_again_and_later_corrections_move() -> None:
    bench = live_bench()
    first, second = correction(3, "过猫儿"), correction(11, "光刹", "光衰")
    heard(bench, "嗯那个光猫，有三十个，光衰大", first, second)
    followed = bench.press(ev.RevertCorrection(utterance="c1", at=3))
    assert followed == [
        ev.CorrectionReverted(
            utterance="c1",
            reverted=first,
            text="嗯那个过猫儿，有三十个，光衰大",
            display=display("嗯那个过猫儿，有三十个，光衰大", "zh"),
            corrections=(correction(12, "光刹", "光衰"),),
        )
    ]
    line = line_of(bench.state, "c1")
    assert line and line.display == "那个过猫儿，有30个，光衰大"
    bench.press(ev.RevertCorrection(utterance="c1", at=12))
    line = line_of(bench.state, "c1")
    assert line and line.text == "嗯那个过猫儿，有三十个，光刹大" and line.corrections == ()


@pytest.mark.parametrize(
    ("utterance", "at", "reason", "remedy"),
    [
        ("nobody", 2, "no line 'nobody'", "Go by the lines that are there"),
        ("growing", 2, "'growing' is still being spoken", "once the line is final"),
        ("c1", 0, r"no correction at character 0 .* any more", "in it: “光猫” at 2."),
        ("c1", -1, r"no correction at character -1 .* any more", "in it: “光猫” at 2."),
        ("plain", 0, "taken back already, or newer text", "in it: nothing."),
    ],
)
def test_what_cannot_be_taken_back_is_refused_before_it_is_written_down(
    utterance: str, at: int, reason: str, remedy: str
) -> None:
    bench = live_bench()
    heard(bench, "我家光猫不亮", correction(2))
    heard(bench, "喂你好", utterance="plain")
    growing = {"utterance": "growing", "speaker": "customer", "start_ms": 9000}
    bench.put(ev.SpeechStable(**growing, text="那个光猫", corrections=(correction(2),)))
    before = bench.state
    with pytest.raises(CommandRefused, match=reason) as refused:
        bench.press(ev.RevertCorrection(utterance=utterance, at=at))
    assert remedy in refused.value.remedy
    gone = "not_final" if utterance == "growing" else "gone"
    assert refused.value.code == f"correction.{gone}"
    assert bench.state == before


def test_the_same_correction_is_taken_back_once() -> None:
    bench = live_bench()
    heard(bench, "我家光猫不亮", correction(2))
    bench.press(ev.RevertCorrection(utterance="c1", at=2))
    with pytest.raises(CommandRefused, match="taken back already"):
        bench.press(ev.RevertCorrection(utterance="c1", at=2))


def test_search_reads_the_call_again_with_the_word_as_heard() -> None:
    asked: list[list[Heard]] = []

    def find(utterances, lang, opened, dismissed, terms) -> Finding:
        asked.append(list(utterances))
        found = utterances[-1].text == "我家国猫不亮"
        matches = (ev.Match(guide="line", score=0.9, question="没网了"),)
        return Finding("open", matches, utterance="c1") if found else Finding("silent")

    bench = live_bench(Tools(BOOK, unlike, find))
    heard(bench, "我家光猫不亮", correction(2))
    followed = bench.press(ev.RevertCorrection(utterance="c1", at=2))
    assert [[h.text for h in each] for each in asked[:2]] == [["我家光猫不亮"], ["我家国猫不亮"]]
    assert kinds(followed) == [
        "correction_reverted",
        "guide_opened",
        "slot_filled",
        "step_shown:hello",
    ]
    opened = followed[1]
    assert isinstance(opened, ev.GuideOpened) and opened.evidence
    assert opened.evidence.words == "我家国猫不亮"


def test_an_answer_that_the_correction_had_hidden_is_heard() -> None:
    bench = live_bench()
    bench.press(ev.OpenGuide(guide="line"))
    heard(bench, "我看到接口板了", correction(3, "亮红灯", "接口板"))
    assert "light" not in bench.state.slots
    followed = bench.press(ev.RevertCorrection(utterance="c1", at=3))
    assert kinds(followed) == ["correction_reverted", "slot_filled"]
    filled = bench.state.slots["light"]
    assert filled.value == "red" and filled.evidence and "亮红灯" in filled.evidence.words


def test_what_was_filled_already_stays_even_when_its_words_are_gone() -> None:
    bench = live_bench()
    bench.press(ev.OpenGuide(guide="line"))
    heard(bench, "我看到亮红灯了", correction(3, "两栋等", "亮红灯"))
    filled = bench.state.slots["light"]
    assert kinds(bench.press(ev.RevertCorrection(utterance="c1", at=3))) == ["correction_reverted"]
    assert bench.state.slots["light"] == filled


@pytest.mark.parametrize(
    "clear", [ev.UndoStep(guide="line", step="light"), ev.SetSlot(slot="light", value="")]
)
def test_what_the_agent_has_undone_or_cleared_does_not_come_back_by_it(clear: ev.Command) -> None:
    bench = live_bench()
    bench.press(ev.OpenGuide(guide="line"))
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.diagnosed(broken=False, text="正常")
    heard(bench, "光猫上亮红灯", correction(0))
    assert bench.state.slots["light"].value == "red" and bench.current == "file"
    bench.press(clear)
    followed = bench.press(ev.RevertCorrection(utterance="c1", at=0))
    assert kinds(followed) == ["correction_reverted"]
    assert "light" not in bench.state.slots
