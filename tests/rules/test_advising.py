"""A supervisor's words and proposals: shown to the agent, who alone moves the card."""

from __future__ import annotations

import pytest
from bench import BOOK, Bench, kinds

from assist import events as ev
from assist import rules
from assist.errors import CommandRefused


def bench(*commands: ev.Command) -> Bench:
    made = Bench()
    made.put(ev.CallStarted(agent="a"))
    for command in commands:
        made.press(command)
    return made


def sends(made: Bench, command: ev.Command) -> list[ev.Fact]:
    """As `press`, by the supervisor Lin."""
    rules.check(made.state, made.tools, command)
    return made.put(ev.Commanded(command=command, by="lin"))


OPEN = ev.OpenGuide(guide="line")
HELLO = ev.TickStep(guide="line", step="hello")


def test_a_message_is_shown_until_it_is_seen() -> None:
    made = bench()
    (said,) = sends(made, ev.SupervisorMessage(text=" 先核对号码 ", name="林主管"))
    assert isinstance(said, ev.SupervisorSaid)
    assert (said.by, said.name, said.text) == ("lin", "林主管", "先核对号码")
    assert [advice.answer for advice in made.state.advice] == [""]
    made.press(ev.AnswerAdvice(id=said.id, answer="seen"))
    assert [advice.answer for advice in made.state.advice] == ["seen"]
    with pytest.raises(CommandRefused) as refused:
        made.press(ev.AnswerAdvice(id=said.id, answer="seen"))
    assert refused.value.code == "advice.answered"


def test_a_step_to_come_is_gone_to_once_the_agent_takes_it() -> None:
    made = bench(OPEN)
    (proposed,) = sends(made, ev.ProposeStep(guide="line", step="reboot", reason="老毛病"))
    assert isinstance(proposed, ev.StepProposed)
    assert made.state.page and made.state.page.shown and made.state.page.shown.step == "hello"
    made.press(ev.AnswerAdvice(id=proposed.id, answer="taken"))
    assert made.state.page.shown and made.state.page.shown.step == "reboot"


def test_a_step_that_is_done_is_undone_and_a_declined_one_changes_nothing() -> None:
    made = bench(OPEN, HELLO)
    (proposed,) = sends(made, ev.ProposeStep(guide="line", step="hello"))
    page = made.state.page
    made.press(ev.AnswerAdvice(id=proposed.id, answer="declined"))
    assert made.state.page == page
    (again,) = sends(made, ev.ProposeStep(guide="line", step="hello"))
    followed = made.press(ev.AnswerAdvice(id=again.id, answer="taken"))
    assert kinds(followed) == ["advice_answered", "step_undone:hello", "step_shown:hello"]


def test_a_guide_is_opened_by_a_proposal_without_a_step() -> None:
    made = bench()
    (proposed,) = sends(made, ev.ProposeStep(guide="line"))
    assert isinstance(proposed, ev.StepProposed) and proposed.title == BOOK.guides["line"].title
    made.press(ev.AnswerAdvice(id=proposed.id, answer="taken"))
    assert made.state.page and made.state.page.guide == "line"


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ([], ev.ProposeStep(guide="line", step="hello"), "advice.not_open"),
        ([OPEN], ev.ProposeStep(guide="line", step="hello"), "advice.there"),
        ([OPEN], ev.ProposeStep(guide="line", step="nowhere"), "command.refused"),
        ([], ev.ProposeStep(guide="nothing"), "command.refused"),
        ([], ev.AnswerAdvice(id="s9", answer="seen"), "advice.gone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    before: list[ev.Command], command: ev.Command, code: str
) -> None:
    made = bench(*before)
    with pytest.raises(CommandRefused) as refused:
        sends(made, command)
    assert refused.value.code == code


def test_nobody_is_advised_after_the_call() -> None:
    made = bench()
    made.put(ev.CallEnded(reason="hangup"))
    with pytest.raises(CommandRefused) as refused:
        sends(made, ev.SupervisorMessage(text="x"))
    assert refused.value.code == "advice.over"
