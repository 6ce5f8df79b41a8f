"""What is known of an utterance whose final is still to come, put together from its clauses.

`shown` may change until the final replaces it, `stable` only grows. Guesses may come late, in
any order or never; the draft then knows less, but it never goes back on `stable`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from assist.speech.agreement import Agreement
from assist.speech.text import units


@dataclass
class _Clause:
    agreement: Agreement = field(default_factory=Agreement)
    shown: str = ""
    issued_ms: int = -1
    taken_ms: int = -1
    closed: bool = False


class Draft:
    """Times are where a guess's sound ends, in ms of the call: a later guess knows more."""

    def __init__(self, lang: str) -> None:
        self.speak(lang)
        self._clauses: defaultdict[int, _Clause] = defaultdict(_Clause)
        self.shown = ""
        self.stable = ""

    def speak(self, lang: str) -> None:
        self._pause_mark = "，" if lang == "zh" else " "

    def issue(self, clause: int, end_ms: int) -> str:
        """A guess is about to go out; the prefix to be forced into it."""
        self._clauses[clause].issued_ms = end_ms
        return self._clauses[clause].agreement.stable

    def is_overtaken(self, clause: int, end_ms: int) -> bool:
        """Whether a later guess of the same clause went out, or a final covers it."""
        about = self._clauses[clause]
        return about.closed or end_ms < about.issued_ms

    def add(self, clause: int, end_ms: int, text: str, closes: bool) -> None:
        """What the decoder made of a guess; "" when it was of no use."""
        about = self._clauses[clause]
        if end_ms <= about.taken_ms or about.closed:
            return
        about.taken_ms = end_ms
        shown = about.agreement.add(text) if text else None
        if shown is not None:
            about.shown = shown
        about.closed = closes
        self._join()

    def cover(self, clause: int, end_ms: int, text: str) -> None:
        """A decode of everything up to the end of `clause`, better than the guesses it replaces.

        Of no use where it contradicts what is stable already.
        """
        fixed = [unit.folded for unit in units(self.stable)]
        found = units(text)
        if [unit.folded for unit in found[: len(fixed)]] != fixed:
            return
        rest = text[found[len(fixed) - 1].end :] if fixed else text
        for number in range(clause + 1):
            about = self._clauses[number]
            about.shown, about.closed, about.taken_ms = "", True, max(about.taken_ms, end_ms)
        self._clauses[0].shown = self.stable + rest
        self._join()

    def _join(self) -> None:
        ordered = [self._clauses[number] for number in range(max(self._clauses) + 1)]
        self.shown = self._joined([each.shown for each in ordered])
        self.stable = self._joined(_fixed(ordered))

    def _joined(self, parts: list[str]) -> str:
        """Speakers pause between clauses, and guesses carry no punctuation of their own."""
        text = ""
        for part in filter(None, parts):
            marked = not text or text[-1] in "，。？！、；："
            text += part if marked else self._pause_mark + part
        return text


def _fixed(clauses: list[_Clause]) -> list[str]:
    """Closed clauses whole, the first open one as far as it is agreed, nothing behind that."""
    parts: list[str] = []
    for clause in clauses:
        parts.append(clause.shown if clause.closed else clause.agreement.stable)
        if not clause.closed:
            break
    return parts
