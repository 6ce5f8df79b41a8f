"""What an utterance means to an open guide: a line said, a choice answered, a slot's value.

Pure. `like(text, phrases)` gives the similarity of meaning (0..1) of a text to each phrase; wording
is compared first, then sound (toneless pinyin, since recognisers err in characters more than in
syllables), then meaning. What is unsure is reported as such; deciding is up to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pypinyin import lazy_pinyin

from assist.guide.asking import CLAUSE, Like, asked_slots, asking, confirmed, fold
from assist.guide.model import Guide, Slot
from assist.guide.values import Value, is_exact, is_future, is_past, values

TAKE = 0.72
"""From here on an answer is taken; between `PROPOSE` and this it is only marked in the panel."""
PROPOSE = 0.68
LIKE_IF_ASKED = 0.50
LIKE_IF_NOT = 0.68
"""Likeness of meaning worth `TAKE`. Measured on the phrases of our guides with the default
embedder: of sentences about something else 14 % are above the first, 4 % above the second, so the
first will do only for an answer to the very question."""
MARGIN = 0.03
"""Two choices closer than this in confidence are no answer to take."""
MENTIONED = 0.75
"""Share of a phrase's pairs of syllables that must be heard for it to be mentioned."""
SAID = 0.62
"""Likeness of meaning from which a script line counts as said in the agent's own words."""
RULED_OUT = 0.8
"""Likeness of meaning from which a clause counts as a phrase that rules a guide out. Of our guides'
own questions none is above 0.69."""
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


_HUM = re.compile(r"^(?:[嗯啊哦哎诶呃唉]|那个|就是)+|^(?:um|uh|oh|well|yeah)+")
_COURTESY = re.compile(
    r"^(?:谢谢|多谢|麻烦|辛苦|不好意思|再见|拜拜|您好|你好|thanks?|thankyou|please|sorry|bye|hello|hi)"
    r"(?:你们|您|你|了|啊|哈|verymuch)*$"
)
_AGAIN = re.compile(r"(.{2,4}?)\1+")
_CORRECTION = re.compile(
    r"[，,。]?(?:不是|不对|错了|说错了|等一下|等等)[，,。啊]|\b(?:no wait|sorry, no|I mean),?", re.I
)
NEGATES = re.compile(r"[没不别无]|\b(?:not?|never|isn't|don't|didn't|can't|won't)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"(?:不是|没有|没|不|并非|isn't|not|no|don't|didn't)\s*(?:什么|any|a|the)?\s*$", re.I
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


def hear_mention(text: str, mention: str, lang: str) -> bool:
    """Whether a name or turn of phrase is in the text, by letter or mostly by sound."""
    if fold(mention) in fold(text):
        return True
    wanted = _sound_pairs(mention) if lang == "zh" else frozenset()
    return len(wanted) >= 3 and len(wanted & _sound_pairs(text)) >= MENTIONED * len(wanted)


def hear_any(text: str, phrases: Sequence[str], lang: str, like: Like) -> bool:
    """Whether a clause says one of the phrases, by wording, by sound, or nearly in meaning.

    A denial on one side only is the opposite: 不是我自己买的 does not say 是我自己买的.
    """
    for clause in CLAUSE.findall(text):
        said, denies = fold(clause), bool(NEGATES.search(clause))
        if any(wording(said, fold(p), lang, prompted=False, bare=False) for p in phrases):
            return True
        alike = [p for p in phrases if bool(NEGATES.search(p)) == denies]
        if said and max(like(clause, alike), default=0.0) >= RULED_OUT:
            return True
    return False


def hear_choice(
    spoken: Spoken, hear: Mapping[str, Sequence[str]], like: Like, *, prompted: bool
) -> HeardChoice | None:
    """The choice this utterance answers, if any; `prompted` says that it was just asked.

    Short phrases (有, 没有, "yes") and loose likeness of meaning count only when prompted.
    """
    best: dict[str, HeardChoice] = {}
    worded: set[str] = set()
    for number, clause in enumerate(CLAUSE.findall(spoken.text)):
        bare = prompted and number == 0  # a bare yes or no is the first word of an answer
        for choice, phrases in hear.items():
            said = _worded(clause, phrases, spoken.lang, prompted=prompted, bare=bare)
            alike = _alike(clause, phrases, spoken.lang, like, prompted=prompted)
            confidence = said or alike
            known = best[choice].confidence if choice in best else 0.0
            if confidence > known:
                best[choice] = HeardChoice(choice, clause.strip(), confidence)
            if said:
                worded.add(choice)  # its own words, or their sound, outweigh likeness
    ranked = sorted(
        (heard for choice, heard in best.items() if not worded or choice in worded),
        key=lambda heard: -heard.confidence,
    )
    if not ranked or ranked[0].confidence < PROPOSE:
        return None
    top = ranked[0]
    if len(ranked) > 1 and top.confidence - ranked[1].confidence < MARGIN:
        return HeardChoice(top.choice, top.words, PROPOSE)
    return top


def _worded(clause: str, phrases: Sequence[str], lang: str, *, prompted: bool, bare: bool) -> float:
    said = _AGAIN.sub(r"\1", fold(clause))  # 好像好像是 is 好像是
    if not said:
        return 0.0
    found = (wording(said, fold(p), lang, prompted=prompted, bare=bare) for p in phrases)
    return max(found, default=0.0)


def _alike(clause: str, phrases: Sequence[str], lang: str, like: Like, *, prompted: bool) -> float:
    shortest = (2 if prompted else 4) if lang == "zh" else (8 if prompted else 10)
    said = _HUM.sub("", fold(clause))
    if not phrases or len(said) < shortest or _COURTESY.match(said):
        return 0.0  # a hum or a greeting is like everything a little
    enough = LIKE_IF_ASKED if prompted else LIKE_IF_NOT
    return min(TAKE + (_meaning(clause, phrases, lang, like) - enough) / 2, 0.87)


def _meaning(clause: str, phrases: Sequence[str], lang: str, like: Like) -> float:
    """Likeness to a choice: its nearest phrase and its three nearest, half each.

    Embedders hardly see a negation, and recognisers keep the sound of what they miswrite: so one
    that stands on one side only costs, and shared pairs of syllables help. On our guides' phrases,
    each left out in turn and misheard, that finds the right choice in 71 % instead of 69 %.
    """
    heard_sounds = _sound_pairs(clause) if lang == "zh" else frozenset()
    scores = []
    for phrase, likeness in zip(phrases, like(clause, phrases), strict=True):
        wanted = _sound_pairs(phrase) if heard_sounds else frozenset()
        shared = len(wanted & heard_sounds) / len(wanted) if wanted else 0.0
        differs = bool(NEGATES.search(clause)) != bool(NEGATES.search(phrase))
        scores.append(likeness + 0.2 * shared - 0.1 * differs)
    best = sorted(scores, reverse=True)[:3]
    return (best[0] + sum(best) / len(best)) / 2


def wording(said: str, wanted: str, lang: str, *, prompted: bool, bare: bool) -> float:
    """0.8 to 1 when the phrase stands in the clause by letter or by sound, else 0."""
    position = said.find(wanted)
    if len(wanted) < (3 if lang == "zh" else 8):
        if bare and _begins_with(said, wanted):
            return 0.9
        within = prompted and len(wanted) > 1 and len(said) <= 6 * len(wanted)
        return 0.76 if within and position >= 0 and not _is_negated(said[:position]) else 0.0
    if position >= 0:
        return 0.0 if _is_negated(said[:position]) else 0.88 + 0.01 * min(len(wanted), 10)
    if lang == "zh":
        place = _sound(said).find(_sound(wanted))
        return 0.8 if place >= 0 else 0.0
    return 0.0


def _begins_with(said: str, wanted: str) -> bool:
    """A short answer stands at the head of the clause, after a hum at most (对不起 is no 对)."""
    rest = _HUM.sub("", said)
    return rest.startswith(wanted) and not rest.removeprefix(wanted).startswith(("不", "没"))


def _is_negated(before: str) -> bool:
    return bool(_NEGATION.search(before))


@lru_cache(maxsize=32_768)
def _sound_pairs(text: str) -> frozenset[tuple[str, str]]:
    sounds = lazy_pinyin(list(fold(text)))
    return frozenset(pairwise(sounds))


def sounds_like(text: str, other: str) -> bool:
    """Whether both are the same to the ear, tones aside: 仿丽华 and 方丽华."""
    return bool(fold(text)) and _sound(text) == _sound(other)


@lru_cache(maxsize=32_768)
def _sound(text: str) -> str:
    return " " + " ".join(lazy_pinyin(list(fold(text)))) + " "


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
    names = [n for n in guide.slots if wanted is None or n in set(wanted)]
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


def phrases_of(guide: Guide, slot_name: str, *, at_step: bool = True) -> dict[str, list[str]]:
    """Phrases by choice: the slot's own and, at its step, those of the steps that ask for it."""
    slot = guide.slots[slot_name]
    phrases = {choice: list(slot.hear.get(choice, [])) for choice in slot.choices}
    for step in asking(guide, slot_name) if at_step else []:
        for choice, more in step.hear.items():
            phrases.setdefault(choice, []).extend(more)
    return {choice: known for choice, known in phrases.items() if known}


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


def _hear_choice_slot(
    guide: Guide, name: str, spoken: Spoken, like: Like, *, prompted: bool, at_step: bool
) -> HeardValue | None:
    slot = guide.slots[name]
    phrases = phrases_of(guide, name, at_step=at_step)
    found = hear_choice(spoken, phrases, like, prompted=prompted)
    if prompted and (found is None or found.confidence < TAKE):
        labelled = {c: [*phrases.get(c, ()), label] for c, label in slot.choices.items()}
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
