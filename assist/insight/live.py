"""A live call in few words: a fold of its events, of which a supervisor's row is made.

Private data stays in the call: numbers and names are masked here, words only as evidence of a
mood or of a question said again. `at` is the wall clock when the event was told on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from rapidfuzz import fuzz

from assist import events as ev
from assist.privacy import mask
from assist.privacy.facts import name_masked, number_masked
from assist.search.text import comparable, plain, tokens

Mood = Literal["angry", "upset", "calm"]
Phrases = Mapping[str, list[str]]
"""By language."""

OFF_GUIDE_TURNS = 3
"""Customer turns in a row that the agent met with words unlike the card's."""
UPSET_TURNS = 6
"""Customer turns after which milder words of displeasure count no more."""
SAID_AGAIN = 3
"""How often the same thing must be said before it counts as repeated."""
_REMEMBERED = 12
_ALIKE = 82.0
"""rapidfuzz ratio from which two sentences are the same, misheard or put a bit otherwise."""
_LEAST_WORDS = {"zh": 6, "en": 4}
_FOLLOWS = 0.4
"""Share of the shorter text's pairs of words that must be common for speech to follow a card."""
_SPOKEN = ("say", "ask", "offer", "handoff", "guide", "end")
"""Kinds of step at which the agent talks by the card; at others the system works."""


@dataclass(frozen=True)
class Standing:
    """An open card and the step at which it stands, since when."""

    guide: str
    title: str
    shown: ev.StepShown | None = None
    since: datetime | None = None
    done: bool = False


@dataclass(frozen=True)
class Repeated:
    """The same thing, said `times` times by one side."""

    speaker: ev.Speaker
    text: str
    times: int


@dataclass(frozen=True)
class LiveCall:
    """`off_turns`: customer turns since the agent last followed the card; `turns`: of the customer
    in all; `sentence`: the customer's latest utterance, its id and text;
    `unseen`: a supervisor's advice that the agent has not answered."""

    call: str
    agent: str = ""
    number: str = ""
    customer: str = ""
    lang: str = "zh"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    wrapped: bool = False
    cards: tuple[Standing, ...] = ()
    mood: Mood = "calm"
    mood_words: str = ""
    mood_turn: int = 0
    turns: int = 0
    speaker: ev.Speaker | None = None
    sentence: tuple[str, str] = ("", "")
    followed: bool = True
    off_turns: int = 0
    said: tuple[tuple[ev.Speaker, str], ...] = ()
    repeated: Repeated | None = None
    trouble: ev.Trouble | None = None
    trouble_at: datetime | None = None
    prohibited: str = ""
    handed_off: bool = False
    unseen: frozenset[str] = field(default=frozenset())

    @property
    def card(self) -> Standing | None:
        return self.cards[-1] if self.cards else None


def follow(call: LiveCall, event: ev.Event, at: datetime, upset: Phrases) -> LiveCall:
    """The call after one more event. `upset` are the phrases of displeasure short of anger."""
    match event.fact:
        case ev.CallStarted() as started:
            return replace(
                call,
                agent=started.agent,
                number=number_masked(started.number),
                lang="zh" if started.lang == "auto" else started.lang,
                started_at=at,
            )
        case ev.CallTransferred(to=agent):
            return replace(call, agent=agent)
        case ev.LanguageTold(lang=lang):
            return replace(call, lang=lang)
        case ev.CustomerFound(customer=customer):
            return replace(call, customer=_called(customer, call.lang))
        case ev.GuideOpened() | ev.GuideClosed() | ev.StepShown() | ev.StepTicked():
            return _walked(call, event.fact, at)
        case ev.StepUndone() | ev.SlotFilled():
            return replace(call, off_turns=0, followed=True)
        case ev.SegmentHeard() as heard:
            return _heard(call, heard, upset)
        case ev.MoodHeard(mood=mood, evidence=evidence):
            said, sentence = call.sentence
            words = sentence if said == evidence.utterance else mask(evidence.words)
            return replace(call, mood=mood, mood_words=words, mood_turn=call.turns)
        case ev.ProhibitedSaid(phrase=phrase):
            return replace(call, prohibited=phrase)
        case ev.Trouble() as trouble:
            return replace(call, trouble=trouble, trouble_at=at)
        case ev.DiagnosisDone() | ev.TicketFiled() | ev.TicketWaiting():
            return replace(call, trouble=None)
        case ev.SupervisorSaid(id=advice) | ev.StepProposed(id=advice):
            return replace(call, unseen=call.unseen | {advice})
        case ev.AdviceAnswered(id=advice):
            return replace(call, unseen=call.unseen - {advice})
        case ev.HandedOff():
            return replace(call, handed_off=True)
        case ev.CallEnded():
            return replace(call, ended_at=at)
        case ev.CallWrapped():
            return replace(call, wrapped=True)
        case _:
            return call


def _walked(
    call: LiveCall,
    fact: ev.GuideOpened | ev.GuideClosed | ev.StepShown | ev.StepTicked,
    at: datetime,
) -> LiveCall:
    known = next((each for each in call.cards if each.guide == fact.guide), None)
    others = tuple(each for each in call.cards if each.guide != fact.guide)
    match fact:
        case ev.GuideOpened(guide=guide, title=title):
            cards = (*others, known or Standing(guide, title, since=at))
        case ev.GuideClosed():
            cards = others
        case ev.StepShown(guide=guide):
            now = replace(known or Standing(guide, guide), shown=fact, since=at, done=False)
            cards = tuple(now if each is known else each for each in call.cards)
        case ev.StepTicked(step=step):
            done = known and known.shown and known.shown.step == step
            now = replace(known, done=True) if known and done else known
            cards = tuple(now if now and each is known else each for each in call.cards)
    return replace(
        call, cards=cards, off_turns=0, followed=True, said=(), repeated=None, trouble=None
    )


def _heard(call: LiveCall, heard: ev.SegmentHeard, upset: Phrases) -> LiveCall:
    begins = heard.speaker != call.speaker
    call = _said(replace(call, speaker=heard.speaker), heard)
    if heard.speaker == "agent":
        followed = _follows(call.card, heard.text) or (call.followed and not begins)
        return replace(call, followed=followed, off_turns=0 if followed else call.off_turns)
    turns = call.turns + begins
    off = call.off_turns
    if begins and not call.followed and _talks(call.card):
        off += 1
    sentence = heard.utterance, mask(heard.text)
    followed = call.followed and not begins
    call = replace(call, turns=turns, off_turns=off, followed=followed, sentence=sentence)
    if call.mood == "angry":
        return call  # as guides and offers see it: for the whole call
    words = _first(upset.get(call.lang, ()), heard.text)
    if words:
        return replace(call, mood="upset", mood_words=sentence[1], mood_turn=turns)
    if call.mood == "upset" and turns - call.mood_turn >= UPSET_TURNS:
        return replace(call, mood="calm", mood_words="")
    return call


def _said(call: LiveCall, heard: ev.SegmentHeard) -> LiveCall:
    """Whether this side has said the same before, since the last step."""
    lang = "en" if call.lang == "en" else "zh"
    text = comparable(heard.text, lang)
    if len(tokens(text)) < _LEAST_WORDS[lang]:
        return call
    same = [t for who, t in call.said if who == heard.speaker and fuzz.ratio(t, text) >= _ALIKE]
    said = (*call.said, (heard.speaker, text))[-_REMEMBERED:]
    times = len(same) + 1
    if times < SAID_AGAIN:
        return replace(call, said=said)
    return replace(call, said=said, repeated=Repeated(heard.speaker, mask(heard.text), times))


def _talks(card: Standing | None) -> bool:
    return bool(card and card.shown and not card.done and card.shown.step_kind in _SPOKEN)


def _follows(card: Standing | None, text: str) -> bool:
    """Whether the agent's words are the card's, or there is no card to follow."""
    if card is None or card.shown is None or not _talks(card):
        return True
    script, said = _pairs(card.shown.text), _pairs(text)
    least = min(len(script), len(said))
    return least > 0 and len(script & said) / least >= _FOLLOWS


def _pairs(text: str) -> set[tuple[str, ...]]:
    """Neighbouring words: Chinese by character, so that no segmenting is needed."""
    units = tokens(plain(text))
    return set(pairwise(units))


def _first(phrases: list[str] | tuple[()], text: str) -> str:
    said = text.lower()
    return next((phrase for phrase in phrases if phrase.lower() in said), "")


def _called(customer: ev.Customer, lang: str) -> str:
    """刘先生, Mr Wong; where the record has no title the masked name."""
    if not customer.surname or not customer.title:
        return name_masked(customer.name)
    spaced = lang == "en"
    return f"{customer.title} {customer.surname}" if spaced else customer.surname + customer.title
