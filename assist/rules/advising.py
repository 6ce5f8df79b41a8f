"""What a supervisor sends into a call: shown to the agent, who takes it or does not.

A supervisor never moves a card; only the agent's answer does.
"""

from __future__ import annotations

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide import walk
from assist.rules import walking
from assist.rules.tools import Tools, rendered
from assist.state import Advice, CallState, page_of

Supervisors = ev.SupervisorMessage | ev.ProposeStep
"""What only a supervisor may send."""


def check(state: CallState, tools: Tools, command: Supervisors | ev.AnswerAdvice) -> None:
    """Raises CommandRefused."""
    match command:
        case ev.AnswerAdvice():
            _check_answer(state, command)
        case _ if state.status != "live":
            raise CommandRefused(
                "The call is over; its agent no longer looks at the panel.",
                "Speak to the agent.",
                code="advice.over",
            )
        case ev.ProposeStep(guide=guide, step=step):
            _check_place(state, tools, guide, step)
        case _:
            pass


def sent(state: CallState, tools: Tools, command: Supervisors, by: str) -> ev.Fact:
    """What the agent is shown; its id is where the command stands in the journal."""
    key, name = f"s{state.seq}", command.name
    if isinstance(command, ev.SupervisorMessage):
        return ev.SupervisorSaid(id=key, by=by, name=name, text=command.text)
    guide = tools.guide(command.guide)
    title = guide.title
    if command.step:
        title = rendered(walk.step_title(guide, guide.step(command.step)), state, tools)
    return ev.StepProposed(
        id=key,
        by=by,
        name=name,
        guide=guide.id,
        step=command.step,
        title=title,
        reason=command.reason,
    )


def on_answered(state: CallState, tools: Tools, answered: ev.AdviceAnswered) -> list[ev.Fact]:
    """A proposal that is taken: back to a step that is done, on to one that is not, or a guide."""
    fact = _advice(state, answered.id).fact
    if answered.answer != "taken" or not isinstance(fact, ev.StepProposed):
        return []
    guide = tools.guide(fact.guide)
    page = page_of(state, guide.id)
    if page is None or not fact.step:
        return [ev.GuideOpened(guide=guide.id, title=guide.title, hash=guide.hash, by="agent")]
    front: list[ev.Fact] = []
    if page is not state.page:
        front.append(ev.GuideOpened(guide=guide.id, title=guide.title, hash=guide.hash, by="agent"))
    if page.tick(fact.step):
        return [*front, ev.StepUndone(guide=guide.id, step=fact.step)]
    if page.shown and page.shown.step == fact.step:
        return front
    return [*front, *walking.enter(state, tools, guide, guide.step(fact.step))]


def _check_place(state: CallState, tools: Tools, guide_id: str, step: str) -> None:
    guide = tools.book.guides.get(guide_id)
    if guide is None:
        raise CommandRefused(f"There is no guide {guide_id!r}.", "Choose one from the list.")
    if not step:
        return
    page = page_of(state, guide_id)
    if page is None:
        raise CommandRefused(
            f"{guide.title} is not open in this call.",
            "Propose the guide first, without a step.",
            code="advice.not_open",
            values={"title": guide.title},
        )
    if all(each.id != step for each in guide.steps):
        raise CommandRefused(f"{guide_id} has no step {step!r}.", "Choose one of its steps.")
    if page.shown and page.shown.step == step and not page.tick(step):
        raise CommandRefused(
            "The agent stands at this step already.",
            "Choose another step, or send a message.",
            code="advice.there",
        )


def _check_answer(state: CallState, command: ev.AnswerAdvice) -> None:
    advice = _advice(state, command.id)
    if advice.answer:
        raise CommandRefused(
            "This has been answered already.", "Go on with the call.", code="advice.answered"
        )
    if isinstance(advice.fact, ev.SupervisorSaid) != (command.answer == "seen"):
        raise CommandRefused(
            "A message is marked as seen; a proposal is taken or declined.",
            "Answer with the buttons beside it.",
            code="advice.kind",
        )


def _advice(state: CallState, wanted: str) -> Advice:
    found = next((each for each in state.advice if each.fact.id == wanted), None)
    if found is None:
        raise CommandRefused(
            f"No supervisor has sent {wanted!r} to this call.",
            "Answer what stands in the panel.",
            code="advice.gone",
        )
    return found
