"""What falls due for decoding, and what is known of an utterance until its final is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from assist.audio import Pcm
from assist.events import Speaker
from assist.ports import Decoded, Window
from assist.speech.draft import Draft
from assist.speech.edits import Corrected

Standing = Literal["stale", "early", "due"]
"""Of a decode that waits: for nothing by now, worth doing when there is time, must be done."""


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Sound of one utterance; times are ms of the call, without the padding that `pcm` has.

    `prefix` is agreed text to force into the decoder, `hotwords` what it may expect, `due_at_ms`
    how much of the call had been heard when the decode fell due, `clause` the last clause of the
    utterance that it holds.
    """

    utterance: str
    speaker: Speaker
    start_ms: int
    end_ms: int
    pcm: Pcm = field(repr=False, compare=False)
    prefix: str = ""
    hotwords: tuple[str, ...] = ()
    due_at_ms: int
    clause: int = 0

    def window(self, lang: str) -> Window:
        """What the engine is given."""
        return Window(
            self.pcm,
            lang,
            final=isinstance(self, Final),
            prefix=self.prefix,
            hotwords=self.hotwords,
        )


@dataclass(frozen=True, kw_only=True)
class Guess(_Stretch):
    """A clause of the utterance, as far as it has been heard. May be dropped once it is stale."""

    closes: bool = False


@dataclass(frozen=True, kw_only=True)
class Final(_Stretch):
    """The whole utterance, as it is or, decoded ahead, as it will be if nothing more is said.

    `sound_ms` is where `pcm` begins. Must be decoded once the utterance has ended.
    """

    sound_ms: int


Due = Guess | Final


@dataclass
class Utterance:
    """`final` is the decode that counts, once the utterance has ended; `ahead` the one made
    before that, `answer` what came of it."""

    draft: Draft
    ahead: Final | None = None
    answer: Decoded | None = None
    final: Final | None = None
    shown: Corrected = field(default_factory=lambda: Corrected(""))

    def standing(self, due: Due) -> Standing:
        if isinstance(due, Guess):
            return "stale" if self.draft.is_overtaken(due.clause, due.end_ms) else "early"
        if due is self.final:
            return "due"
        return "early" if due is self.ahead and self.final is None else "stale"
