"""The obedient newcomer presses what is proposed and invents nothing."""

from __future__ import annotations

from bench import Bench

from assist import events as ev
from assist.train.newcomer import NOT_GIVEN, Newcomer
from assist.train.summary import summary_of


class Desk:
    """A bench whose facts a newcomer sees, and whose keys they press."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.newcomer = Newcomer()
        self.pressed: list[str] = []
        self._seen = 0

    def put(self, fact: ev.Fact) -> None:
        self.bench.put(fact)
        self._go()

    def wait(self, ms: int) -> None:
        self.bench.at_ms += ms
        self.put(ev.SpeechGuessed(utterance="x", speaker="agent", start_ms=0, text="嗯"))

    def _go(self) -> None:
        while True:
            for fact in self.bench.facts[self._seen :]:
                self._seen += 1
                event = ev.Event(call="c", seq=self._seen, at_ms=self.bench.at_ms, fact=fact)
                self.newcomer.see(event)
            command = self.newcomer.next_command()
            if command is None:
                return
            self.pressed.append(command.kind)
            self.bench.press(command)


def started() -> Desk:
    desk = Desk()
    desk.put(ev.CallStarted(agent="a", lang="zh"))
    return desk


def suggested() -> ev.GuidesSuggested:
    matches = (ev.Match(guide="line", score=0.6, question="q"),)
    return ev.GuidesSuggested(matches=matches)


def test_opens_the_first_suggestion_and_reads_at_a_reading_pace() -> None:
    desk = started()
    desk.put(ev.GuidesSuggested(matches=(ev.Match(guide="line", score=0.6, question=""),)))
    assert desk.pressed == [], "the record alone suggests nothing to obey"
    desk.put(suggested())
    assert desk.pressed == ["open_guide"] and desk.bench.current == "hello"
    desk.wait(500)
    assert desk.bench.current == "hello", "nobody reads that fast"
    desk.wait(5000)
    assert desk.bench.current == "probe"


def test_waits_for_answers_while_the_call_lasts_and_leaves_out_what_nobody_said() -> None:
    desk = started()
    desk.put(suggested())
    desk.wait(5000)
    desk.bench.failed()
    desk.wait(60_000)
    assert desk.bench.current == "light", "an answer is not made up"
    desk.put(ev.CallEnded(reason="hangup"))
    assert desk.bench.state.handed_off is not None
    assert desk.newcomer.finished
    summary = summary_of(desk.bench.state)
    assert summary["outcome"] == "escalated" and "light" not in summary["slots"]
    assert summary["path"][-1] == "line/passed"


def test_accepts_an_answer_that_was_recognised() -> None:
    desk = started()
    desk.put(suggested())
    desk.wait(5000)
    desk.bench.failed()
    evidence = ev.Evidence(utterance="u", speaker="customer", words="绿的吧", confidence=0.6)
    desk.put(ev.AnswerProposed(guide="line", step="light", choice="green", evidence=evidence))
    assert desk.bench.state.slots["light"].value == "green"


def test_files_the_ticket_after_the_call_and_marks_what_is_missing() -> None:
    desk = started()
    desk.put(suggested())
    desk.wait(5000)
    desk.bench.diagnosed(broken=True, text="断了")
    desk.wait(60_000)
    assert "file_ticket" not in desk.pressed
    desk.put(ev.CallEnded(reason="hangup"))
    asked = next(f for f in desk.bench.facts if isinstance(f, ev.TicketAsked))
    assert asked.fields == {"name": NOT_GIVEN["zh"], "fault": "", "test": "断了"}
    assert desk.pressed.count("file_ticket") == 1


def test_wraps_up_an_uncovered_call() -> None:
    desk = started()
    desk.put(ev.CallEnded(reason="hangup"))
    assert desk.pressed == ["wrap_up"]
    assert summary_of(desk.bench.state)["outcome"] == "uncovered"
