"""When each word of a decoded window was said, and how sure the decoder was of it.

Cross-attention against sound, as OpenAI's Whisper does it (`timing.py`): CTranslate2 aligns the
tokens, here they become words. Text is never changed: words are laid onto the text as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assist.events import Word
from assist.ports import TimedWord
from assist.speech.text import Unit, units

if TYPE_CHECKING:
    from faster_whisper.tokenizer import Tokenizer


class Aligned(Protocol):
    """What CTranslate2's `align` gives for one window: (token, frame) pairs and probabilities."""

    alignments: list[tuple[int, int]]
    text_token_probs: list[float]


_FRAME_MS = 20
"""ms of sound a frame of the encoder's output stands for."""


def timed_words(
    tokens: Sequence[int], aligned: Aligned, tokenizer: Tokenizer
) -> tuple[TimedWord, ...]:
    """The words that `tokens` (text only) are, with their place in the window."""
    if not tokens or not aligned.alignments:
        return ()
    words, tokens_of = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    ends = np.cumsum([len(each) for each in tokens_of[:-1]])
    starts = np.concatenate([[0], ends[:-1]])
    path = np.array(aligned.alignments)
    jumps = np.diff(path[:, 0], prepend=-1) > 0
    frames = path[jumps, 1]
    last = int(path[-1, 1])

    def frame(token: int) -> int:
        return int(frames[token]) if token < len(frames) else last

    sure = aligned.text_token_probs
    return tuple(
        TimedWord(
            text=word,
            start_ms=frame(start) * _FRAME_MS,
            end_ms=max(frame(end), frame(start)) * _FRAME_MS,
            confidence=float(np.mean(sure[start:end])) if end > start else 0.0,
        )
        for word, start, end in zip(words, starts, ends, strict=False)
    )


def words_of(
    text: str, heard: Sequence[TimedWord], offset_ms: int, end_ms: int
) -> tuple[Word, ...]:
    """The words of `text` (Chinese: characters, with the punctuation behind them), call times.

    `offset_ms` is where the window begins in the call; no word ends after `end_ms`. A unit that
    the decoder wrote otherwise takes the time of its neighbours. Empty when nothing is timed.
    """
    found = units(text)
    timed = [(unit.folded, word) for word in heard for unit in units(word.text)]
    if not found or not timed:
        return ()
    spans = _matched(found, timed)
    words: list[Word] = []
    for index, unit in enumerate(found):
        after = found[index + 1].start if index + 1 < len(found) else len(text)
        first = 0 if index == 0 else unit.start
        word = spans[index]
        before_ms = words[-1].start_ms if words else offset_ms
        start_ms = max(before_ms, min(end_ms, offset_ms + word.start_ms))
        words.append(
            Word(
                text=text[first:after].strip(),
                start_ms=start_ms,
                end_ms=max(start_ms, min(end_ms, offset_ms + word.end_ms)),
                confidence=min(1.0, max(0.0, word.confidence)),
            )
        )
    return tuple(words)


def confidences(text: str, words: Sequence[Word]) -> list[float] | None:
    """One value a character of `text`, whose `words` these are; None when there are none."""
    found = units(text)
    if not words or len(found) != len(words):
        return None
    sure = [1.0] * len(text)
    for unit, word in zip(found, words, strict=True):
        sure[unit.start : unit.end] = [word.confidence] * (unit.end - unit.start)
    return sure


def _matched(found: Sequence[Unit], timed: Sequence[tuple[str, TimedWord]]) -> list[TimedWord]:
    """For each unit of the text the timed word it comes from, or the nearest before it."""
    if len(found) == len(timed):
        return [word for _, word in timed]
    matcher = SequenceMatcher(
        None, [unit.folded for unit in found], [folded for folded, _ in timed], autojunk=False
    )
    place = [-1] * len(found)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            place[block.a + step] = block.b + step
    known = 0
    for index, at in enumerate(place):
        known = at if at >= 0 else known
        place[index] = known
    return [timed[at][1] for at in place]
