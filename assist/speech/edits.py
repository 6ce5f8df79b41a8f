"""Corrections as edits of a text: put in, taken back, counted in raw or corrected characters.

Pure string work. `at` of a `Correction` counts in the text with all corrections in it, so taking
one back moves those behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assist.errors import CommandRefused
from assist.events import Correction


@dataclass(frozen=True)
class Corrected:
    """A text with `corrections` in it, by place."""

    text: str
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, order=True)
class Edit:
    """`meant` in place of the raw text's characters `start` to `end`."""

    start: int
    end: int
    meant: str
    confidence: float


def applied(raw: str, edits: Iterable[Edit]) -> Corrected:
    """`raw` with edits that do not overlap."""
    parts: list[str] = []
    corrections: list[Correction] = []
    done = length = 0
    for edit in sorted(edits):
        parts += [raw[done : edit.start], edit.meant]
        at = length + edit.start - done
        heard = raw[edit.start : edit.end]
        corrections.append(
            Correction(at=at, heard=heard, meant=edit.meant, confidence=round(edit.confidence, 3))
        )
        length, done = at + len(edit.meant), edit.end
    return Corrected("".join([*parts, raw[done:]]), tuple(corrections))


def edits_of(raw: str, corrections: Iterable[Correction]) -> list[Edit]:
    """The corrections as edits of `raw`; one whose `heard` does not stand there is left out."""
    edits: list[Edit] = []
    shift = done = 0
    for each in sorted(corrections, key=lambda correction: correction.at):
        start = each.at - shift
        end = start + len(each.heard)
        shift += len(each.meant) - len(each.heard)
        if start >= done and raw[start:end] == each.heard:
            edits.append(Edit(start, end, each.meant, each.confidence))
            done = end
    return edits


def raw_text(text: str, corrections: Iterable[Correction]) -> str:
    """What the recogniser wrote, all corrections taken back.

    Raises CommandRefused when the corrections are not of this text.
    """
    for each in sorted(corrections, key=lambda correction: -correction.at):
        text = _taken_back(text, each)
    return text


def revert(
    text: str, corrections: Sequence[Correction], at: int
) -> tuple[str, tuple[Correction, ...]]:
    """Text and corrections without the one at `at`; those behind it move.

    Raises CommandRefused when none stands there.
    """
    taken = next((each for each in corrections if each.at == at), None)
    if taken is None:
        places = ", ".join(f"“{each.meant}” at {each.at}" for each in corrections) or "nothing"
        raise CommandRefused(
            f"There is no correction at character {at} of this line any more: it has been taken "
            "back already, or newer text has replaced the line.",
            f"Go by the line as it reads now; what can be taken back in it: {places}.",
            code="correction.gone",
        )
    shift = len(taken.heard) - len(taken.meant)
    kept = tuple(
        each if each.at < at else each.model_copy(update={"at": each.at + shift})
        for each in corrections
        if each is not taken
    )
    return _taken_back(text, taken), kept


def _taken_back(text: str, correction: Correction) -> str:
    end = correction.at + len(correction.meant)
    if text[correction.at : end] != correction.meant:
        raise CommandRefused(
            f"“{correction.meant}” does not stand at character {correction.at} of this line: newer "
            "text has replaced it.",
            "Go by the line as it reads now.",
            code="correction.gone",
        )
    return text[: correction.at] + correction.heard + text[end:]
