"""A caller who exists only in text: answers what is asked by its meaning, from what they know.

Searched, not generated: no language model. The same words asked of the same persona in the same
order get the same answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assist.guide.asking import ASKED
from assist.guide.hear import hear_line
from assist.guide.model import Offer
from assist.guide.wording import CLAUSE, Like, fold, hear_mention
from assist.train.caller_phrases import PHRASES
from assist.train.persona import Known, Persona

FOR_CURRENT = 0.15
"""Added for what the step on the page asks: of two that sound alike it is the likelier."""
CUED = 0.9
PATIENCE = 2
"""Times an upset caller is asked in vain before they say so."""
ASIDE_EVERY = 3


@dataclass(frozen=True)
class Reply:
    """`about` is the slot or offer that was understood; `hangs_up` ends the call."""

    text: str
    about: str = ""
    hangs_up: bool = False


class SimulatedCaller:
    def __init__(self, persona: Persona, like: Like, angry: Sequence[str] = ()) -> None:
        """`angry` are the phrases by which the rules tell anger."""
        self.persona = persona
        self._like, self._angry = like, angry
        self._phrases = PHRASES[persona.lang]
        self._asked: Counter[str] = Counter()
        self._turns = 0
        self._in_vain = 0
        self.opened = False

    def open(self) -> Reply:
        """The first thing they say: who they are not asked, what they need."""
        self.opened = True
        persona = self.persona
        greeting = persona.pick(self._phrases["open"][persona.temperament], "open")
        return Reply(f"{greeting}{persona.opening}")

    def reply(self, said: str, asking: str = "", offer: Offer | None = None) -> Reply:
        """To what the agent said; `asking` is the slot the panel asks for, `offer` the one it
        shows."""
        if not self.opened:
            return self.open()
        self._turns += 1
        if offer and (decided := self._decided(said, offer)):
            return decided
        known = self._understood(said, asking)
        if known is not None:
            return self._tell(known)
        if self._is_end(said):
            return Reply(self._pick("bye"), hangs_up=True)
        if "?" in said or "？" in said:
            return self._lost()
        self._in_vain = 0
        return Reply(self._by_mood("follow"))

    # ------------------------------------------------------------ what was asked

    def _understood(self, said: str, asking: str) -> Known | None:
        """The one thing known that is asked for most plainly, if any is."""
        ranked = [
            (self._nearness(said, known) + (FOR_CURRENT if known.slot == asking else 0.0), known)
            for known in self.persona.known
        ]
        best = max(ranked, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] >= ASKED else None

    def _nearness(self, said: str, known: Known) -> float:
        lowered = said.lower()
        cued = any(cue in lowered for cue in known.cues) and not known.questions
        asked = [self._asks(said, question) for question in known.questions if fold(question)]
        return max([CUED if cued else 0.0, *asked])

    def _asks(self, said: str, question: str) -> float:
        """1 where the question was read aloud; else how near a clause of it was come."""
        whole = hear_line(said, question, self._like)
        clauses = [c for c in CLAUSE.findall(question) if len(fold(c)) > 2]
        spoken = [c for c in CLAUSE.findall(said) if len(fold(c)) > 2]
        if not clauses or not spoken:
            return whole
        return max(whole, *(max(self._like(each, clauses)) for each in spoken))

    def _decided(self, said: str, offer: Offer) -> Reply | None:
        """What the case's customer made of the offer, once it is spoken of."""
        persona = self.persona
        if not any(hear_mention(said, each, persona.lang) for each in offer.mentions):
            return None
        accepts = persona.decisions.get(offer.id) == "accepted"
        phrases = offer.hear.get("accepted" if accepts else "declined", [])
        return Reply(persona.pick(phrases, offer.id), about=offer.id)

    def _is_end(self, said: str) -> bool:
        lowered = said.lower()
        return any(words in lowered for words in self._phrases["ends"])

    # ------------------------------------------------------------ what is said

    def _tell(self, known: Known) -> Reply:
        times = self._asked[known.slot]
        self._asked[known.slot] += 1
        self._in_vain = self._in_vain + 1 if times else 0
        answers = known.answers[:1] if times == 0 else known.answers
        text = self.persona.pick(answers, known.slot, times) or self._pick("unsure")
        if times:
            text = f"{self._by_mood('again')}{text}"
        return Reply(self._with_mood(text), about=known.slot)

    def _lost(self) -> Reply:
        self._in_vain += 1
        return Reply(self._with_mood(self._by_mood("lost")))

    def _with_mood(self, text: str) -> str:
        """An upset caller loses patience; others add what they always add, now and then."""
        persona, space = self.persona, "" if self.persona.lang == "zh" else " "
        if persona.temperament == "upset" and self._in_vain > PATIENCE and self._angry:
            return f"{text}{space}{persona.pick(self._angry, 'angry')}"
        aside = self._by_mood("aside") if self._turns % ASIDE_EVERY == 0 else ""
        return f"{text}{space}{aside}" if aside else text

    def _by_mood(self, kind: Literal["again", "lost", "follow", "aside"]) -> str:
        phrases = self._phrases[kind][self.persona.temperament]
        return self.persona.pick(phrases, kind, self._turns, self._in_vain)

    def _pick(self, kind: Literal["unsure", "bye"]) -> str:
        return self.persona.pick(self._phrases[kind], kind, self._turns)
