"""Which guide opens by itself, which is suggested, and when neither may happen.

Pure. The record suggests before the first word and is added to what is said from then on; a card
opens on what was said, never on the record alone. What the agent put away stays away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp

from assist import events as ev
from assist.guide.choices import hear_any
from assist.guide.model import Guide
from assist.rules.record import Prior, day_of, priors
from assist.rules.tools import Find, Tools, evidence_of
from assist.search.evidence import Finding, Heard, Terms
from assist.search.text import content
from assist.state import CallState, PutAway, line_of, page_of

CHIPS = 3
HEARD_OUT = 3
"""Utterances of the customer, greetings not counted, after which what the record suggested is taken
away if nothing said speaks for any guide."""


def from_record(state: CallState, tools: Tools) -> list[ev.Fact]:
    """Suggestions for a customer just found, as long as what was said suggests nothing itself."""
    if state.status != "live" or state.opened or any(m.question for m in state.suggested):
        return []
    return _shown(state, _on_record(state, tools, priors(state, tools)))


def open_or_suggest(state: CallState, tools: Tools) -> list[ev.Fact]:
    """Open the guide that the evidence so far points to, suggest some, or stay silent."""
    if tools.find is None or state.status != "live":
        return []
    known = priors(state, tools)
    finding = _search(state, tools, tools.find, known)
    fitting = [match for match in finding.matches if _fits(state, tools, match, finding)]
    is_best = bool(fitting and finding.matches[0] == fitting[0])
    opens = finding.decision == "open" and is_best
    if opens and not _is_denied(state, tools, fitting[0].guide, finding):
        return [_opened(state, tools, fitting[0], finding, known)]
    if state.page:
        return []
    if finding.decision == "suggest" or opens:
        chips = tuple(_named(tools, match, known) for match in fitting)
    else:
        chips = () if state.opened or _heard_out(state) else _on_record(state, tools, known)
    return _shown(state, chips)


def _search(state: CallState, tools: Tools, find: Find, known: Mapping[str, Prior]) -> Finding:
    """A guide that may come back, but only old words speak for, must not stand before others."""
    heard = [
        Heard(line.utterance, line.speaker, line.text, line.tier == "final")
        for line in state.lines
        if line.text and line.tier != "guess"
    ]
    over = tools.guide(state.page.guide).opens_when.priority if state.page else 0
    terms = Terms(
        prior={guide_id: each.log_odds for guide_id, each in known.items()},
        urgent=frozenset(g.id for g in tools.book.guides.values() if g.opens_when.priority > over),
        again=frozenset(name for name in state.put_away if may_open(state, tools, name)),
    )
    while True:
        barred = state.dismissed - terms.again
        finding = find(heard, state.lang, state.opened, barred, terms)
        best = finding.matches[0] if finding.matches else None
        if best is None or best.guide not in terms.again or _fits(state, tools, best, finding):
            return finding
        terms = replace(terms, again=terms.again - {best.guide})


def _fits(state: CallState, tools: Tools, match: ev.Match, finding: Finding) -> bool:
    """A guide put away comes back only by what is said once its cooldown is over."""
    away, carrying = state.put_away.get(match.guide), line_of(state, finding.utterance)
    if away is None or not may_open(state, tools, match.guide):
        return may_open(state, tools, match.guide)
    if carrying is None or match != finding.matches[0]:
        return False
    return carrying.start_ms >= _rested_ms(tools.guide(match.guide), away)


def may_open(state: CallState, tools: Tools, guide_id: str) -> bool:
    """Whether the guide may open or be suggested by itself at this point of the call."""
    guide = tools.book.guides.get(guide_id)
    if guide is None or guide.lang != state.lang or page_of(state, guide_id):
        return False
    if guide_id in state.opened or guide_id in state.dismissed:
        return _has_rested(state, guide)
    return _is_effective(state, guide)


def _has_rested(state: CallState, guide: Guide) -> bool:
    away = state.put_away.get(guide.id)
    if away is None or guide.opens_when.once_a_call or not _is_effective(state, guide):
        return False
    return state.at_ms >= _rested_ms(guide, away)


def _rested_ms(guide: Guide, away: PutAway) -> float:
    return away.at_ms + guide.opens_when.cooldown_min * 60_000


def _is_effective(state: CallState, guide: Guide) -> bool:
    today = day_of(state)
    begin, end = guide.effective.from_, guide.effective.until
    return today is None or ((begin is None or begin <= today) and (end is None or today <= end))


def _is_denied(state: CallState, tools: Tools, guide_id: str, finding: Finding) -> bool:
    """Whether the customer said one of the guide's `not_said` at or after what speaks for it."""
    phrases = tools.guide(guide_id).opens_when.not_said
    carrying = line_of(state, finding.utterance)
    if not phrases or carrying is None:
        return False
    later = [x for x in state.lines if x.start_ms >= carrying.start_ms and x.speaker != "agent"]
    return any(hear_any(line.text, phrases, state.lang, tools.like) for line in later)


def _opened(
    state: CallState, tools: Tools, match: ev.Match, finding: Finding, known: Mapping[str, Prior]
) -> ev.GuideOpened:
    line = line_of(state, finding.utterance)
    guide = tools.guide(match.guide)
    return ev.GuideOpened(
        guide=guide.id,
        title=guide.title,
        hash=guide.hash,
        by="heard",
        match=_named(tools, match, known),
        evidence=evidence_of(line, finding.words or line.text, match.score) if line else None,
        shares={name: round(share, 3) for name, share in finding.shares.items()},
    )


def _on_record(state: CallState, tools: Tools, known: Mapping[str, Prior]) -> tuple[ev.Match, ...]:
    """Guides that the record makes likely enough, best first.

    The score is the guide's share if, but for the record, all of the language were as usual.
    """
    offered = [g for g in tools.book.guides.values() if may_open(state, tools, g.id)]
    odds = {g.id: exp(known[g.id].record) if g.id in known else 1.0 for g in offered}
    likely = [
        ev.Match(guide=name, score=round(odds[name] / sum(odds.values()), 4), question="")
        for name in odds
        if name in known and known[name].record >= tools.book.priors.suggest_from
    ]
    best = sorted(likely, key=lambda match: -match.score)[:CHIPS]
    return tuple(_named(tools, match, known) for match in best)


def _heard_out(state: CallState) -> bool:
    told = [
        line for line in state.finals if line.speaker != "agent" and content(line.text, state.lang)
    ]
    return len(told) >= HEARD_OUT


def _shown(state: CallState, chips: tuple[ev.Match, ...]) -> list[ev.Fact]:
    """The chips, unless the same guides are shown for the same reason already."""

    def gist(matches: Sequence[ev.Match]) -> list[tuple[str, bool, tuple[ev.Reason, ...]]]:
        return [(match.guide, bool(match.question), match.why) for match in matches]

    return [] if gist(chips) == gist(state.suggested) else [ev.GuidesSuggested(matches=chips)]


def _named(tools: Tools, match: ev.Match, known: Mapping[str, Prior]) -> ev.Match:
    why = known[match.guide].told if match.guide in known else ()
    return match.model_copy(update={"title": tools.guide(match.guide).title, "why": why})
