"""What the other side's words ask: which of a guide's slots, and what a plain yes would confirm.

Pure. An agent asks in their own words, and often not what the page shows; so every slot's question
and answers are compared with what was asked, and the nearest is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assist.guide.model import Guide, Step
from assist.guide.wording import CLAUSE, Like, fold, shortest

_SENTENCE = re.compile(r"[^。.！!？?]+[。.！!？?]*")
_QUESTION = re.compile(r"[？?]|[吗嘛么呢]\s*[。.！!]?$|没有\s*[。.！!]?$|([\u4e00-\u9fff])[不没]\1")
"""Recognisers often miss the question mark: 要不要…, …重新插过没有 ask without one."""
_TEMPLATE = re.compile(r"\{[{%].*?[}%]\}")
_YES = re.compile(
    r"^[嗯啊哦哎诶呃唉，,\s]*(?:对|是的|是啊|没错|正是)(?![不没])"
    r"|^\W*(?:(?:um|uh|oh|well)\W+)?"
    r"(?:yes|yeah|yep|right|correct|exactly|that's (?:right|it|correct))\b",
    re.IGNORECASE,
)

_POLAR = re.compile(r"^(?:[有没不是对行好的了吗]|可以)+$|^(?:yes|no|not|ok|okay)+$")
"""An answer without a matter of its own, which stands in any question: 有没有…, …不行吗."""

ASKED = 0.5
"""Likeness from which what the other side says counts as a slot's question."""
ASKED_CURRENT = 0.45
"""The same for the slot that the page asks for."""
NAMES_ANSWER = 0.65
"""What a question is worth that has one of the slot's answers in it, word for word: 后来看过吗."""
AS_WELL = 0.05
"""Slots asked this much less clearly than the clearest one may be meant as well."""
CURRENT_AHEAD = 0.15
"""The slot that the page asks for is meant even if another is nearer by this much."""
_SHORTEST = {"zh": 4, "en": 4}
_SHORTEST_ANSWER = {"zh": 2, "en": 8}


def asking(guide: Guide, slot_name: str) -> list[Step]:
    """The steps that ask for the slot."""
    return [step for step in guide.steps if step.ask == slot_name]


def questions(guide: Guide, slot_name: str) -> list[str]:
    """The clauses with which the guide's own steps ask for the slot."""
    templates = (step.say for step in asking(guide, slot_name))
    said = (clause for text in templates for clause in CLAUSE.findall(_TEMPLATE.sub("", text)))
    return [clause for clause in said if len(fold(clause)) >= _SHORTEST[guide.lang]]


def phrases_of(guide: Guide, slot_name: str, *, at_step: bool = True) -> dict[str, list[str]]:
    """Phrases by choice: the slot's own and, at its step, those of the steps that ask for it."""
    slot = guide.slots[slot_name]
    phrases = {choice: list(slot.hear.get(choice, [])) for choice in slot.choices}
    for step in asking(guide, slot_name) if at_step else []:
        for choice, more in step.hear.items():
            phrases.setdefault(choice, []).extend(more)
    return {choice: known for choice, known in phrases.items() if known}


def asked_slots(
    guide: Guide,
    names: Iterable[str],
    prompt: str,
    like: Like,
    current: str = "",
    page: str = "",
    *,
    by: str,
) -> list[str]:
    """The slots that the prompt asks for, the clearest first; `current` alone where it is among
    those that may be meant: what answers the question on the page answers no other.

    `by` is who says it: a customer's question is a wish, and no answer stands in it. `page` is the
    question for `current` as the panel shows it: an agent who reads a value out of it asks it.
    """
    if not prompt:
        return []
    clauses, outright = (
        _asked_in(prompt) if by == "agent" else (tuple(CLAUSE.findall(prompt)), False)
    )
    clauses = tuple(c for c in clauses if len(fold(c)) >= _SHORTEST[guide.lang])
    if not clauses:
        return []
    # All slots are compared: what asks for one that is known already asks for no other.
    clear = _clearness(guide, clauses, like, outright=outright, by_agent=by == "agent")
    if by == "agent" and page and current in clear:
        shown = CLAUSE.findall(page)
        clear[current] = max(clear[current], *(max(like(c, shown), default=0.0) for c in clauses))
    best = max(clear.values(), default=0.0)
    if clear.get(current, 0.0) >= max(ASKED_CURRENT, best - CURRENT_AHEAD):
        return [current] if current in set(names) else []
    near = [name for name in names if clear[name] >= max(ASKED, best - AS_WELL)]
    return sorted(near, key=lambda name: -clear[name])


def confirmed(text: str, prompt: str, phrases: Mapping[str, Sequence[str]], lang: str) -> str:
    """The one choice that the question names and a plain yes confirms; "" without one.

    您是说流量不够，对吧？ 对 confirms 流量不够.
    """
    if not _YES.search(text):
        return ""
    clauses, outright = _asked_in(prompt)
    if not outright:
        return ""
    asked = [fold(clause) for clause in clauses]
    least = shortest(lang)
    named = [
        choice
        for choice, known in phrases.items()
        if any(len(p) >= least and p in clause for p in map(fold, known) for clause in asked)
    ]
    return named[0] if len(named) == 1 else ""


@lru_cache(maxsize=1024)
def _asked_in(prompt: str) -> tuple[tuple[str, ...], bool]:
    """The clauses from the last question on, and whether there is one; else every clause."""
    sentences = _SENTENCE.findall(prompt)
    asking = [i for i, sentence in enumerate(sentences) if _QUESTION.search(sentence.strip())]
    meant = sentences[asking[-1] :] if asking else sentences
    return tuple(c for sentence in meant for c in CLAUSE.findall(sentence)), bool(asking)


@dataclass(frozen=True)
class _Asked:
    """What tells that a slot is asked for: its questions and label, and of a choice its answers.

    All of it stands in the guide's one row of phrases: questions and label from `begins` on, then
    the answers that are long enough to be compared by meaning, up to `ends`.
    """

    begins: int
    label: int
    answers: int
    ends: int
    worded: tuple[str, ...]


def _clearness(
    guide: Guide, clauses: Sequence[str], like: Like, *, outright: bool, by_agent: bool
) -> dict[str, float]:
    """How clearly the clauses ask for each slot, 0..1."""
    slots, row = guide.once(_all_asked)
    folded = [fold(clause) for clause in clauses]
    likeness = [like(clause, row) for clause in clauses]
    clear: dict[str, float] = {}
    for name, asked in slots.items():
        questions_to = asked.answers if by_agent else asked.label
        found = [max(one[asked.begins : questions_to], default=0.0) for one in likeness]
        if outright:
            found += [max(one[asked.answers : asked.ends], default=0.0) for one in likeness]
            if _names_answer(folded, asked):
                found.append(NAMES_ANSWER)
        clear[name] = max(found)
    return clear


def _names_answer(folded: Sequence[str], asked: _Asked) -> bool:
    return any(answer in clause for answer in asked.worded for clause in folded)


def _all_asked(guide: Guide) -> tuple[dict[str, _Asked], tuple[str, ...]]:
    slots: dict[str, _Asked] = {}
    row: list[str] = []
    for name, slot in guide.slots.items():
        begins = len(row)
        row += questions(guide, name)
        label = len(row)
        if label > begins:
            row.append(slot.label)
        answers = len(row)
        choice = slot.type == "choice" and label > begins
        answered = phrases_of(guide, name).values() if choice else ()
        told = [p for known in answered for p in known if not _POLAR.match(fold(p))]
        row += [p for p in told if len(fold(p)) >= shortest(guide.lang)]
        named = [f for f in map(fold, told) if len(f) >= _SHORTEST_ANSWER[guide.lang]]
        slots[name] = _Asked(begins, label, answers, len(row), tuple(named))
    return slots, tuple(row)
