"""What follows from something heard: a card opens, a step is ticked, a slot fills.

Guesses lead to nothing. Stable text may open a card (see `opening`); only final text moves a guide.
"""

from __future__ import annotations

from dataclasses import replace

from assist import events as ev
from assist.guide.hear import SAID, HeardValue, Spoken, hear_line, hear_slots
from assist.guide.model import Guide
from assist.guide.wording import fold, hear_mention
from assist.rules.conflicting import conflicts, taken_from
from assist.rules.offering import consent_heard, offer_answered
from assist.rules.opening import open_or_suggest
from assist.rules.reminding import mood_heard, prohibited_said
from assist.rules.tools import Tools, evidence_of, prompt_before
from assist.state import CallState, Line, Page, line_of


def on_heard(state: CallState, tools: Tools, utterance: str) -> list[ev.Fact]:
    """Rules for a final utterance: search first, then the page on top."""
    line = line_of(state, utterance)
    if line is None:
        return []
    reminders = [*prohibited_said(state, tools, line), *mood_heard(state, tools, line)]
    return [*open_or_suggest(state, tools), *_page_facts(state, tools, line), *reminders]


def on_reverted(state: CallState, tools: Tools, fact: ev.CorrectionReverted) -> list[ev.Fact]:
    """The utterance as if heard so now; what it said before, too, is no news.

    So nothing comes back that the agent has undone or cleared since it was heard.
    """
    line = line_of(state, fact.utterance)
    if line is None:
        return []
    taken = fact.reverted
    rest = line.text[taken.at + len(taken.heard) :]
    before = replace(line, text=f"{line.text[: taken.at]}{taken.meant}{rest}")
    then = replace(state, lines=tuple(before if x is line else x for x in state.lines))
    old = [_gist(known) for known in _page_facts(then, tools, before)]
    new = [found for found in _page_facts(state, tools, line) if _gist(found) not in old]
    return [*open_or_suggest(state, tools), *new, *prohibited_said(state, tools, line)]


# ---------------------------------------------------------------- the page on top


def _page_facts(state: CallState, tools: Tools, line: Line) -> list[ev.Fact]:
    if state.page is None or line.speaker == "mixed":
        return []
    return _follow_page(state, tools, state.page, line)


def _gist(fact: ev.Fact) -> ev.Fact:
    """What a fact says, whatever it is taken from."""
    return fact.model_copy(update={"evidence": None})


def _follow_page(state: CallState, tools: Tools, page: Page, line: Line) -> list[ev.Fact]:
    guide = tools.guide(page.guide)
    facts = [
        *_heard_slots(state, tools, guide, page, line),
        *conflicts(state, tools, guide, line),
    ]
    shown = page.shown
    if shown is None or page.tick(shown.step):
        return facts
    if line.speaker == "agent" and shown.step_kind == "say":
        sure = hear_line(line.text, shown.text, tools.like)
        if sure >= SAID:
            facts.append(
                ev.StepTicked(
                    guide=guide.id,
                    step=shown.step,
                    by="heard",
                    evidence=evidence_of(line, line.text, sure),
                )
            )
    if shown.step_kind == "offer":
        facts += consent_heard(state, tools, page, line) or offer_answered(state, tools, page)
    return facts


def _heard_slots(
    state: CallState, tools: Tools, guide: Guide, page: Page, line: Line
) -> list[ev.Fact]:
    """Empty slots are filled; what is unsure is only proposed, and only at its own step."""
    asks = page.shown.text if page.shown and page.shown.step_kind == "ask" else ""
    spoken = Spoken(line.speaker, line.text, state.lang, _asked_before(state, page, line), asks)
    empty = [name for name in guide.slots if name not in state.slots]
    facts: list[ev.Fact] = []
    current = page.shown.slot if page.shown and not page.tick(page.shown.step) else ""
    if current and _offered(tools, guide, spoken):
        current = ""  # what follows an offer answers the offer, not the page
    for heard in hear_slots(guide, spoken, tools.like, empty, current):
        if heard.slot == current and _reads_question(guide, page, line, heard):
            continue
        evidence = evidence_of(line, heard.words, heard.confidence)
        if heard.confidence >= taken_from(guide):
            facts.append(
                ev.SlotFilled(
                    slot=heard.slot,
                    value=heard.value,
                    label=heard.label,
                    by="heard",
                    evidence=evidence,
                )
            )
        elif page.shown and heard.slot == current:
            facts.append(
                ev.AnswerProposed(
                    guide=guide.id, step=page.shown.step, choice=heard.value, evidence=evidence
                )
            )
    return facts


def _offered(tools: Tools, guide: Guide, spoken: Spoken) -> bool:
    """Whether the agent has just offered what this guide offers, ahead of its step."""
    if spoken.speaker != "customer" or not spoken.prompt:
        return False
    offers = [tools.book.offers[step.offer] for step in guide.steps if step.offer]
    mentions = [mention for offer in offers for mention in offer.mentions]
    return any(hear_mention(spoken.prompt, mention, spoken.lang) for mention in mentions)


def _asked_before(state: CallState, page: Page, line: Line) -> str:
    """What the agent said last; with the page's own question where those words have just led to it:
    what a customer says to 我建议换成这一档 answers the question that follows it."""
    prompt = prompt_before(state, line)
    ticked = page.ticks[-1].evidence if page.ticks else None
    if page.shown is None or page.shown.step_kind != "ask" or line.speaker != "customer":
        return prompt
    said = [x for x in state.finals if x.speaker == "agent" and x.start_ms < line.start_ms]
    led = ticked is not None and bool(said) and ticked.utterance == said[-1].utterance
    return f"{prompt} {page.shown.text}" if led else prompt


def _reads_question(guide: Guide, page: Page, line: Line, heard: HeardValue) -> bool:
    """Words of the question itself, read out by the agent, are no answer to it. A time is: what was
    proposed stands until the customer says otherwise."""
    if line.speaker != "agent" or page.shown is None or guide.slots[heard.slot].type == "when":
        return False
    return fold(heard.words) in fold(page.shown.text)
