"""What an agent is reminded of, quietly: that something was said which must not be said, and that
the customer has become angry."""

from __future__ import annotations

from collections.abc import Iterator

from assist import events as ev
from assist.guide.prohibited import hear_prohibited
from assist.rules.tools import Tools, angry_words, evidence_of
from assist.state import CallState, Line


def prohibited_said(state: CallState, tools: Tools, line: Line) -> list[ev.Fact]:
    """Reminders of an utterance, each phrase once; the nearest place that forbids it is named."""
    if line.speaker != "agent":
        return []
    known = {(each.evidence.utterance, each.phrase) for each in state.prohibited}
    facts: list[ev.Fact] = []
    for guide, step, phrases in _forbidden(state, tools):
        fresh = [phrase for phrase in phrases if (line.utterance, phrase) not in known]
        for heard in hear_prohibited(line.text, fresh, state.lang, tools.like):
            known.add((line.utterance, heard.phrase))
            evidence = evidence_of(line, heard.words, heard.confidence)
            said = ev.ProhibitedSaid(phrase=heard.phrase, evidence=evidence, guide=guide, step=step)
            facts.append(said)
    return facts


def mood_heard(state: CallState, tools: Tools, line: Line) -> list[ev.Fact]:
    """The customer's first words of anger; later ones are no news."""
    told = [
        x
        for x in state.finals
        if x.speaker == "customer" and angry_words(x.text, state.lang, tools)
    ]
    if not told or told[0] is not line:
        return []
    evidence = evidence_of(line, angry_words(line.text, state.lang, tools), 1.0)
    return [ev.MoodHeard(mood="angry", evidence=evidence)]


def _forbidden(state: CallState, tools: Tools) -> Iterator[tuple[str, str, list[str]]]:
    """Guide, step and phrases: of the current step, of each open guide, of the house."""
    page = state.page
    if page and page.shown:
        shown = page.shown
        yield page.guide, shown.step, list(shown.must_not_say)
    for each in reversed(state.pages):
        yield each.guide, "", tools.guide(each.guide).must_not_say
    yield "", "", tools.book.house.must_not_say.get("en" if state.lang == "en" else "zh", [])
