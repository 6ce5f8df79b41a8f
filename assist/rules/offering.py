"""Offers: when one fits this customer, how it is answered, and that none is left without a fact.

Pure. What was offered in earlier calls came with the customer's record; the day is the call's.
"""

from __future__ import annotations

from datetime import date

from assist import events as ev
from assist.guide.choices import TAKE, Choices, hear_choice
from assist.guide.hear import SAID, hear_line
from assist.guide.model import Offer
from assist.guide.render import test
from assist.guide.wording import hear_mention
from assist.rules.record import day_of
from assist.rules.tools import Tools, context_of, evidence_of, is_solved, mood_of, rendered
from assist.state import CallState, Line, OfferState, Page

REPLIES = 2
"""An offer is answered by the customer's next utterances, this many at most."""


def fits(state: CallState, tools: Tools, offer: Offer) -> bool:
    """Whether the offer may be made now: the house's moment, the customer's past, eligibility."""
    known, moment = state.offers.get(offer.id), tools.book.house.offers
    if known and known.decision:
        return False
    if moment.after_solved and not is_solved(state, tools):
        return False
    if mood_of(state, tools) in moment.not_moods or _heard_enough(state, offer):
        return False
    return not offer.eligible or test(offer.eligible, context_of(state, tools))


def _heard_enough(state: CallState, offer: Offer) -> bool:
    past = [each for each in state.past_offers if each.offer == offer.id]
    if offer.cap is not None and len(past) >= offer.cap:
        return True
    if offer.cooldown_days is None or not past:
        return False
    today, latest = day_of(state), max(each.decided_on for each in past)
    # Without a day nobody knows that the time is over: then it is not made.
    return today is None or (today - date.fromisoformat(latest)).days < offer.cooldown_days


def made(state: CallState, tools: Tools, offer: Offer, shown: ev.StepShown) -> ev.OfferMade:
    return ev.OfferMade(
        guide=shown.guide,
        step=shown.step,
        offer=offer.id,
        title=offer.title,
        text=shown.text,
        decline_reasons=tuple(offer.decline_reasons),
        consent=rendered(offer.consent, state, tools),
    )


def ignored(state: CallState, tools: Tools, guide: str = "") -> list[ev.Fact]:
    """Offers left without a decision at the call's end, or when the page of `guide` is closed.

    With the words as evidence where the agent had made the offer aloud.
    """
    facts: list[ev.Fact] = []
    for name, offered in state.offers.items():
        if offered.decision or (guide and offered.guide != guide):
            continue
        page = next((p for p in state.all_pages if p.guide == offered.guide), None)
        text = page.shown.text if page and page.shown and page.shown.step == offered.step else ""
        aloud = _aloud(state, tools, tools.book.offers[name], text)
        facts.append(
            ev.OfferDecided(
                guide=offered.guide,
                step=offered.step,
                offer=name,
                decision="ignored",
                by="system",
                evidence=evidence_of(aloud, aloud.text, 1.0) if aloud else None,
            )
        )
    return facts


def consent_heard(state: CallState, tools: Tools, page: Page, line: Line) -> list[ev.Fact]:
    """The agent has said the wording without which an acceptance does not count."""
    found = _open_offer(state, tools, page)
    if found is None or line.speaker != "agent":
        return []
    offer, known = found
    if not offer.consent or known.consent:
        return []
    sure = hear_line(line.text, rendered(offer.consent, state, tools), tools.like)
    if sure < SAID:
        return []
    evidence = evidence_of(line, line.text, sure)
    return [
        ev.ConsentSaid(
            guide=page.guide, step=known.step, offer=offer.id, by="heard", evidence=evidence
        )
    ]


def lacks_consent(state: CallState, tools: Tools, offer_id: str) -> bool:
    known, offer = state.offers.get(offer_id), tools.book.offers.get(offer_id)
    return bool(offer and offer.consent and known and known.consent is None)


def offer_answered(state: CallState, tools: Tools, page: Page) -> list[ev.Fact]:
    """The customer's reaction, once the agent has really made the offer aloud.

    Where consent is needed, only a yes that follows its wording is one.
    """
    found = _open_offer(state, tools, page)
    if found is None or page.shown is None:
        return []
    offer, known = found
    aloud = _aloud(state, tools, offer, page.shown.text)
    if aloud is None:
        return []
    # Gone back to by the agent, it is answered anew: old words are no news.
    since_ms = known.made_at_ms if known.step in page.undone else 0
    choices = Choices.of({**offer.hear}, state.lang)
    for line, may_accept in _replies(state, tools, offer, known, aloud):
        if line.start_ms < since_ms:
            continue
        answer = hear_choice(line.text, choices, state.lang, tools.like, prompted=True)
        accepted = answer is not None and answer.choice == "accepted"
        if answer and answer.confidence >= TAKE and (may_accept or not accepted):
            return [
                ev.OfferDecided(
                    guide=page.guide,
                    step=known.step,
                    offer=offer.id,
                    decision="accepted" if accepted else "declined",
                    by="heard",
                    evidence=evidence_of(line, answer.words, answer.confidence),
                )
            ]
    return []


def _replies(
    state: CallState, tools: Tools, offer: Offer, known: OfferState, aloud: Line
) -> list[tuple[Line, bool]]:
    """The customer's next utterances after the offer and after its consent; may they accept?"""
    theirs = [x for x in state.finals if x.speaker == "customer" and x.start_ms > aloud.start_ms]
    if not offer.consent:
        return [(line, True) for line in theirs[:REPLIES]]
    first = [(line, False) for line in theirs[:REPLIES]]
    if known.consent is None:
        return first
    said = known.consent.evidence
    told = next((x for x in state.finals if said and x.utterance == said.utterance), aloud)
    later = [line for line in theirs if line.start_ms > told.start_ms][:REPLIES]
    return [pair for pair in first if pair[0] not in later] + [(line, True) for line in later]


def _open_offer(state: CallState, tools: Tools, page: Page) -> tuple[Offer, OfferState] | None:
    """The offer of the page's current step, as long as it is not decided."""
    if page.shown is None or page.shown.step_kind != "offer":
        return None
    offer = tools.book.offers[tools.guide(page.guide).step(page.shown.step).offer]
    known = state.offers.get(offer.id)
    return None if known is None or known.decision else (offer, known)


def _aloud(state: CallState, tools: Tools, offer: Offer, text: str) -> Line | None:
    """The agent's first utterance that makes the offer."""
    return next((x for x in state.finals if _mentions(x, offer, text, tools)), None)


def _mentions(line: Line, offer: Offer, text: str, tools: Tools) -> bool:
    if line.speaker != "agent":
        return False
    if any(hear_mention(line.text, mention, offer.lang) for mention in offer.mentions):
        return True
    return bool(text) and hear_line(line.text, text, tools.like) >= SAID
