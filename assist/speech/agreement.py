"""The beginning of an utterance on which two guesses in a row agree (LocalAgreement-2).

Liu, Spanakis and Niehues 2020; used for Whisper by Macháček, Dabre and Bojar 2023. Compared are
characters (Chinese) and words (Latin letters, digits) after folding, so that a moved comma or a
traditional character breaks no agreement. What is stable is never taken back.
"""

from __future__ import annotations

from assist.speech.text import Unit, units


class Agreement:
    """One utterance's guesses, in the order in which they were decoded."""

    def __init__(self) -> None:
        self.stable = ""
        self._before: list[str] = []

    def add(self, text: str) -> str | None:
        """The guess as it may be shown: it begins with `stable`, which may have grown by it.

        None when the guess contradicts what is already stable: it is of no use.
        """
        text = text.strip()
        found = units(text)
        folded = [unit.folded for unit in found]
        fixed = [unit.folded for unit in units(self.stable)]
        if folded[: len(fixed)] != fixed:
            return None
        agreed = _common(folded, self._before)
        if agreed and agreed == min(len(folded), len(self._before)):
            agreed -= _may_grow(folded[agreed - 1])
        self._before = folded
        shown = self._behind_stable(text, found, len(fixed))
        if agreed > len(fixed):
            added = text[_end(found, len(fixed)) : found[agreed - 1].end]
            self.stable += added
        return shown

    def _behind_stable(self, text: str, found: list[Unit], fixed: int) -> str:
        """`text`, its beginning written exactly as it is in `stable`."""
        return self.stable + text[_end(found, fixed) :]


def _end(found: list[Unit], count: int) -> int:
    return found[count - 1].end if count else 0


def _may_grow(unit: str) -> bool:
    """Whether the last word heard may be the beginning of a longer one: "inter", "internet"."""
    return unit[0] < "\u3400" and not unit.isdigit()


def _common(one: list[str], other: list[str]) -> int:
    """How many leading units are equal."""
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
