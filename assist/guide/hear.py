"""What an utterance means to an open guide: a line said, a choice answered, a slot's value.

Pure. What is unsure is reported as such; deciding is up to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assist.guide.asking import asked_slots, confirmed, phrases_of
from assist.guide.choices import TAKE, Choices, HeardChoice, hear_choice
from assist.guide.model import Guide, Slot
from assist.guide.values import Value, is_exact, is_future, is_past, values
from assist.guide.wording import CLAUSE, Like, fold

SAID = 0.62
"""Likeness of meaning from which a script line counts as said in the agent's own words."""
CONFIRMED = 0.8
"""How sure a plain yes is that confirms what the question named."""


@dataclass(frozen=True)
class Spoken:
    """An utterance as the guide hears it; `prompt` is the other side's last utterance, `page` the
    question as the panel shows it, with its values in it."""

    speaker: str
    text: str
    lang: str
    prompt: str = ""
    page: str = ""


@dataclass(frozen=True)
class HeardValue:
    slot: str
    value: str
    label: str
    words: str
    confidence: float


_CORRECTION = re.compile(
    r"[，,。]?(?:不是|不对|错了|说错了|等一下|等等)[，,。啊]|\b(?:no wait|sorry, no|I mean),?", re.I
)


def hear_line(text: str, line: str, like: Like) -> float:
    """How surely `text` says what `line` (a script sentence) says, 0..1."""
    said, script = fold(text), fold(line)
    if not said or not script:
        return 0.0
    if script in said:
        return 1.0
    parts = [text, *CLAUSE.findall(text)] if len(said) > 2 * len(script) else [text]
    return max(like(part, [line])[0] for part in parts if fold(part))


def hear_slots(
    guide: Guide,
    spoken: Spoken,
    like: Like,
    wanted: Iterable[str] | None = None,
    current: str = "",
) -> list[HeardValue]:
    """Values of the guide's slots said in this utterance; `current` is the slot being asked for.

    Phrases written at a slot count anywhere in the call, those written at its ask step only there
    or after its question. A value goes to the slot whose cue stands nearest; without cues it needs
    the slot's own question just before, or to be the only slot of its type.
    """
    only = guide.slots.keys() if wanted is None else set(wanted)
    names = [name for name in guide.slots if name in only]
    by = "agent" if spoken.speaker == "customer" else "customer"
    asked = asked_slots(guide, names, spoken.prompt, like, current, spoken.page, by=by)
    heard = _hear_choices(guide, names, spoken, like, asked, current)
    typed = [n for n in names if guide.slots[n].type not in ("choice", "text")]
    claims: list[tuple[float, str, Value]] = []
    for name in typed:
        slot = guide.slots[name]
        if spoken.speaker not in slot.speakers:
            continue
        sole = sum(guide.slots[n].type == slot.type for n in typed) == 1
        for value in values(slot.type, spoken.text, spoken.lang):
            nearness = _nearness(slot, value, spoken, asked=name in asked, sole=sole)
            if nearness > 0 and _fits(slot, value):
                claims.append((nearness, name, value))
    corrected = _corrected(spoken.text)
    claims = [c for c in claims if c[2].start >= corrected] or claims
    taken: set[int] = set()
    filled: set[str] = set()
    for nearness, name, value in sorted(claims, key=lambda c: (-c[0], c[2].start)):
        if name not in filled and value.start not in taken:
            filled.add(name)
            taken.add(value.start)
            sure = min(nearness, 0.99)
            heard.append(HeardValue(name, value.value, value.value, value.words, sure))
    return heard + [
        found
        for name in names
        if spoken.speaker in guide.slots[name].speakers
        and (found := _hear_text_slot(name, guide.slots[name], spoken))
    ]


def corrects(text: str) -> bool:
    """Whether the speaker takes something back: 不是…是…, 说错了, no wait."""
    return _corrected(text) > 0


def _corrected(text: str) -> int:
    """Where the speaker's last correction of themselves ends: only what follows is meant."""
    return max((found.end() for found in _CORRECTION.finditer(text)), default=0)


def _hear_choices(
    guide: Guide,
    names: Sequence[str],
    spoken: Spoken,
    like: Like,
    asked: Sequence[str],
    current: str,
) -> list[HeardValue]:
    """Answers to what was asked first. Words that answered a question answer no other, and what
    else such an utterance tells it must tell in its own words."""
    choices = [
        name
        for name in names
        if guide.slots[name].type == "choice" and spoken.speaker in guide.slots[name].speakers
    ]
    heard: list[HeardValue] = []
    for name in [*(n for n in asked if n in choices), *(n for n in choices if n not in asked)]:
        prompted = name in asked
        at_step = prompted or name == current
        aside = bool(heard) and not prompted and name != current
        alike = _unlike if aside else like
        found = _hear_choice_slot(guide, name, spoken, alike, prompted=prompted, at_step=at_step)
        if found and (prompted or found.words not in {h.words for h in heard}):
            heard.append(found)
    return heard


def _unlike(text: str, phrases: Sequence[str]) -> Sequence[float]:
    return [0.0] * len(phrases)


def _all_choices(guide: Guide) -> dict[tuple[str, bool], Choices]:
    return {
        (name, at_step): Choices.of(phrases_of(guide, name, at_step=at_step), guide.lang)
        for name in guide.slots
        for at_step in (True, False)
    }


def _hear_choice_slot(
    guide: Guide, name: str, spoken: Spoken, like: Like, *, prompted: bool, at_step: bool
) -> HeardValue | None:
    slot, choices = guide.slots[name], guide.once(_all_choices)[name, at_step]
    found = hear_choice(spoken.text, choices, spoken.lang, like, prompted=prompted)
    if prompted and (found is None or found.confidence < TAKE):
        labelled = {
            choice: [*(known.texts if (known := choices.phrases.get(choice)) else ()), label]
            for choice, label in slot.choices.items()
        }
        if choice := confirmed(spoken.text, spoken.prompt, labelled, spoken.lang):
            words = CLAUSE.findall(spoken.text)[0].strip()
            found = HeardChoice(choice, words, CONFIRMED)
    if found is None:
        return None
    return HeardValue(name, found.choice, slot.choices[found.choice], found.words, found.confidence)


def _hear_text_slot(name: str, slot: Slot, spoken: Spoken) -> HeardValue | None:
    if slot.type != "text" or not slot.pattern:
        return None
    found = re.search(slot.pattern, spoken.text, re.IGNORECASE)
    if not found:
        return None
    value = found.group(1) if found.groups() else found.group()
    return HeardValue(name, value.strip(), value.strip(), found.group().strip(), 0.8)


def _fits(slot: Slot, value: Value) -> bool:
    if slot.pattern and not re.fullmatch(slot.pattern, value.value):
        return False
    if slot.tense == "past":
        return not is_future(value.words)
    if slot.tense == "future":
        return is_future(value.words) or (is_exact(value.words) and not is_past(value.words))
    return True


def _nearness(slot: Slot, value: Value, spoken: Spoken, *, asked: bool, sole: bool) -> float:
    """How surely this value is the slot's: cue in the same clause, the sentence, the question."""
    if slot.cues:
        cued = _cue_nearness(slot.cues, value, spoken.text)
        if cued:
            return cued
        if any(cue.lower() in spoken.prompt.lower() for cue in slot.cues):
            return 0.75
    if asked:
        return 0.8
    clear = slot.type in ("phone", "name", "address") or bool(slot.pattern) or bool(slot.tense)
    return 0.75 if sole and not slot.cues and clear else 0.0


def _cue_nearness(cues: Sequence[str], value: Value, text: str) -> float:
    lowered = text.lower()
    places = [m.start() for cue in cues for m in re.finditer(re.escape(cue.lower()), lowered)]
    if not places:
        return 0.0
    distance = min(
        value.start - p if p < value.start else max(0, p - value.end) + 2 for p in places
    )
    # Of two values near a cue, the more exact one is meant: 明天上午九点, not 今天.
    return max(0.74, 0.95 - 0.01 * distance) + 0.002 * min(len(value.words), 20)
