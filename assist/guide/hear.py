"""What an utterance means to an open guide: a line said, a choice answered, a slot's value.

Pure. `like(text, phrases)` gives the similarity of meaning (0..1) of a text to each phrase; wording
is compared first, then sound (toneless pinyin, since recognisers err in characters more than in
syllables), then meaning. What is unsure is reported as such; deciding is up to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pypinyin import lazy_pinyin

from assist.guide.model import Guide, Slot, Step
from assist.guide.values import Value, is_future, is_past, values

TAKE = 0.72
"""From here on an answer is taken; between `PROPOSE` and this it is only marked in the panel."""
PROPOSE = 0.55
SAID = 0.62
"""Likeness of meaning from which a script line counts as said in the agent's own words."""
ASKED = 0.5
"""Likeness from which the line before counts as this step's question."""


class Like(Protocol):
    def __call__(self, text: str, phrases: Sequence[str]) -> Sequence[float]: ...


@dataclass(frozen=True)
class Spoken:
    """An utterance as the guide hears it; `prompt` is the other side's last utterance."""

    speaker: str
    text: str
    lang: str
    prompt: str = ""


@dataclass(frozen=True)
class HeardChoice:
    choice: str
    words: str
    confidence: float


@dataclass(frozen=True)
class HeardValue:
    slot: str
    value: str
    label: str
    words: str
    confidence: float


_CLAUSE = re.compile(r"[^，,。.！!？?；;]+")
_FOLD = re.compile(r"[\W_]+")
_NEGATION = re.compile(
    r"(?:不是|没有|没|不|并非|isn't|not|no|don't|didn't)\s*(?:什么|any|a|the)?\s*$", re.I
)


def fold(text: str) -> str:
    """Lower case, no punctuation, no spaces: what is left to compare wording by."""
    return _FOLD.sub("", text.lower())


def hear_line(text: str, line: str, like: Like) -> float:
    """How surely `text` says what `line` (a script sentence) says, 0..1."""
    said, script = fold(text), fold(line)
    if not said or not script:
        return 0.0
    if script in said:
        return 1.0
    parts = [text, *_CLAUSE.findall(text)] if len(said) > 2 * len(script) else [text]
    return max(like(part, [line])[0] for part in parts if fold(part))


def hear_choice(
    spoken: Spoken, hear: Mapping[str, Sequence[str]], like: Like, *, prompted: bool
) -> HeardChoice | None:
    """The choice this utterance answers, if any; `prompted` says that it was just asked.

    Short phrases (有, 没有, "yes") and loose likeness of meaning count only when prompted.
    """
    best: dict[str, HeardChoice] = {}
    for clause in _CLAUSE.findall(spoken.text):
        for choice, phrases in hear.items():
            confidence = _phrase_confidence(clause, list(phrases), spoken.lang, like, prompted)
            if confidence >= (best[choice].confidence if choice in best else PROPOSE):
                best[choice] = HeardChoice(choice, clause.strip(), confidence)
    ranked = sorted(best.values(), key=lambda h: -h.confidence)
    if not ranked:
        return None
    if len(ranked) > 1 and ranked[0].confidence - ranked[1].confidence < 0.04:
        return HeardChoice(ranked[0].choice, ranked[0].words, PROPOSE)
    return ranked[0]


def _phrase_confidence(
    clause: str, phrases: list[str], lang: str, like: Like, prompted: bool
) -> float:
    said = fold(clause)
    if not said or not phrases:
        return 0.0
    best = 0.0
    sound = _sound(clause) if lang == "zh" else ""
    for phrase in phrases:
        wanted = fold(phrase)
        long_enough = len(wanted) >= (3 if lang == "zh" else 8)
        if not long_enough and not (prompted and len(said) <= len(wanted) + 4):
            continue
        position = said.find(wanted)
        if position >= 0 and not _is_negated(said[:position]):
            best = max(best, 0.88 + 0.01 * min(len(wanted), 10))
        elif sound and len(wanted) >= 3:
            place = sound.find(_sound(phrase))
            if place >= 0 and position < 0:
                best = max(best, 0.8)
    if best:
        return best
    likeness = max(like(clause, phrases))
    return min(likeness if prompted else likeness - 0.1, 0.87)


def _is_negated(before: str) -> bool:
    return bool(_NEGATION.search(before))


def _sound(text: str) -> str:
    return " " + " ".join(lazy_pinyin(list(fold(text)))) + " "


def hear_slots(
    guide: Guide, spoken: Spoken, like: Like, wanted: Iterable[str] | None = None
) -> list[HeardValue]:
    """Values of the guide's slots said in this utterance, whatever step is current.

    A value goes to the slot whose cue stands nearest; without cues it needs the slot's own
    question just before, or to be the only slot of its type.
    """
    names = [n for n in guide.slots if wanted is None or n in set(wanted)]
    heard = [
        found
        for name in names
        if spoken.speaker in guide.slots[name].speakers
        and (found := _hear_choice_slot(guide, name, spoken, like))
    ]
    typed = [n for n in names if guide.slots[n].type not in ("choice", "text")]
    claims: list[tuple[float, str, Value]] = []
    for name in typed:
        slot = guide.slots[name]
        if spoken.speaker not in slot.speakers:
            continue
        asked = was_asked(guide, name, spoken.prompt, like)
        sole = sum(guide.slots[n].type == slot.type for n in typed) == 1
        for value in values(slot.type, spoken.text, spoken.lang):
            nearness = _nearness(slot, value, spoken, asked=asked, sole=sole)
            if nearness > 0 and _fits(slot, value):
                claims.append((nearness, name, value))
    taken: set[int] = set()
    filled: set[str] = set()
    for nearness, name, value in sorted(claims, key=lambda c: (-c[0], c[2].start)):
        if name not in filled and value.start not in taken:
            filled.add(name)
            taken.add(value.start)
            heard.append(HeardValue(name, value.value, value.value, value.words, nearness))
    return heard + [
        found
        for name in names
        if spoken.speaker in guide.slots[name].speakers
        and (found := _hear_text_slot(name, guide.slots[name], spoken))
    ]


def was_asked(guide: Guide, slot: str, prompt: str, like: Like) -> bool:
    """Whether the line before was the question of this slot's ask step."""
    if not prompt:
        return False
    questions = [s.say for s in guide.steps if s.ask == slot and s.say]
    return any(hear_line(prompt, question, like) >= ASKED for question in questions)


def phrases_of(guide: Guide, slot_name: str) -> dict[str, list[str]]:
    """All phrases by choice: the slot's own and those of the steps that ask for it."""
    slot = guide.slots[slot_name]
    phrases = {choice: list(slot.hear.get(choice, [])) for choice in slot.choices}
    for step in _asking(guide, slot_name):
        for choice, more in step.hear.items():
            phrases.setdefault(choice, []).extend(more)
    return phrases


def _asking(guide: Guide, slot_name: str) -> list[Step]:
    return [step for step in guide.steps if step.ask == slot_name]


def _hear_choice_slot(guide: Guide, name: str, spoken: Spoken, like: Like) -> HeardValue | None:
    slot = guide.slots[name]
    if slot.type != "choice":
        return None
    prompted = was_asked(guide, name, spoken.prompt, like)
    found = hear_choice(spoken, phrases_of(guide, name), like, prompted=prompted)
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
        return not is_past(value.words)
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
    return max(0.74, 0.95 - 0.01 * distance)
