"""From heard text to text as the trade writes it: domain words put right, and the display form.

Sits between the decoder's answer and the fact. It never drops what was said: `text` keeps every
word, only `display` leaves hesitations out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assist.events import Correction
from assist.speech.domain.correct import Corrected, Corrector
from assist.speech.domain.lexicon import Lexicon
from assist.speech.written import display


@dataclass(frozen=True)
class Scribed:
    """`corrections` are in `text` already."""

    text: str
    display: str
    corrections: tuple[Correction, ...] = ()


class Scribe:
    """Shared by all calls; `corrector` is None where there is no lexicon."""

    def __init__(self, corrector: Corrector | None = None) -> None:
        self._corrector = corrector
        self.lexicon = corrector.lexicon if corrector else Lexicon()

    def hotwords(self, lang: str, limit: int, near: Sequence[str] = ()) -> tuple[str, ...]:
        """Words that the decoder may expect; `near` has the ids of the guides that are open."""
        return self.lexicon.hotwords(lang, limit, near)

    def final(self, text: str, lang: str, sure: Sequence[float] | None = None) -> Scribed:
        """`sure` is the engine's confidence in each character of `text`, where it is known."""
        corrected = Corrected(text, ())
        if self._corrector:
            corrected = self._corrector.correct(text, lang, sure)
        return Scribed(corrected.text, display(corrected.text, lang), tuple(corrected.corrections))

    def stable(
        self, text: str, lang: str, shown: Sequence[Correction], shown_until: int
    ) -> Corrected:
        """Stable text only grows: what stands before `shown_until` keeps its corrections."""
        if self._corrector is None:
            return Corrected(text, ())
        return self._corrector.correct(text, lang, fixed=shown, fixed_until=shown_until)
