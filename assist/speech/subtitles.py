"""Segments as subtitles: cues short enough to read, in srt and vtt.

Reads finished segments only. It never changes a word; it decides where lines and cues break, and
how long each cue stands. Line lengths follow broadcasters' practice for the two scripts (16 to 20
Chinese characters, 42 Latin ones a line, two lines a cue).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from assist.events import SegmentHeard, Speaker, Word

SubtitleFormat = Literal["srt", "vtt"]

LINES_A_CUE = 2
LONGEST_CUE_MS = 7_000
SHORTEST_CUE_MS = 700
"""ms. Shorter cannot be read: such a cue stands longer where its speaker leaves room."""

_MOST = {"zh": 20, "en": 42}
_NAMES: dict[str, dict[Speaker, str]] = {
    "zh": {"customer": "客户", "agent": "坐席", "mixed": ""},
    "en": {"customer": "Customer", "agent": "Agent", "mixed": ""},
}
_COLON = {"zh": "：", "en": ": "}

# A stretch no line may break inside: a run of Latin letters or digits with its marks, or one
# character; closing punctuation and spaces belong to what stands before them.
_CLOSING = r"[\s，。！？；：、,.!?;:…”’）》」』)\]%％]*"
_OPENING = r"[“‘（《「『(\[]*"
_LETTER = r"[A-Za-z0-9\u00c0-\u024f]"
_PIECE = re.compile(rf"{_OPENING}(?:{_LETTER}(?:{_LETTER}|['’@&/+\-.])*|\S){_CLOSING}")
_LATIN_WORD = re.compile(r"\S+\s*")
_SENTENCE_END = re.compile(r"[。！？!?…][”’）」』)]*\s*$|\.\s*$")
_CLAUSE_END = re.compile(r"[，；：、,;:][”’）」』)]*\s*$")


@dataclass(frozen=True)
class Cue:
    """Text on the screen from `start_ms` to `end_ms`; a line of `lines` each."""

    speaker: Speaker
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def cues_of(segments: Iterable[SegmentHeard], lang: str, *, display: bool = True) -> list[Cue]:
    """Cues by time; those of one speaker never overlap.

    Without word times the time of a long segment is shared out by the length of the text. `display`
    takes the display form where there is one, else what was said word for word.
    """
    cues: list[Cue] = []
    for segment in sorted(segments, key=lambda each: (each.start_ms, each.speaker)):
        text = (segment.display if display else "") or segment.text
        cues += _cues_of_one(segment, " ".join(text.split()), lang)
    return _apart(cues)


def subtitles(cues: Sequence[Cue], format: SubtitleFormat, lang: str) -> str:
    """The file's text: a speaker is named before the first line (srt) or by a voice tag (vtt)."""
    import pysubs2

    file = pysubs2.SSAFile()
    for cue in cues:
        who = _NAMES[_script(lang)][cue.speaker]
        lines = list(cue.lines)
        if format == "vtt":
            lines = [_escaped(line) for line in lines]
            lines[0] = f"<v {who}>{lines[0]}" if who else lines[0]
        elif who:
            lines[0] = f"{who}{_COLON[_script(lang)]}{lines[0]}"
        text = r"\N".join(map(_plain, lines))
        file.append(pysubs2.SSAEvent(start=cue.start_ms, end=cue.end_ms, text=text))
    return file.to_string(format, keep_ssa_tags=True)


def broken(text: str, lang: str) -> list[str]:
    """`text` in lines of at most 20 (zh) or 42 (en) characters, broken at punctuation if possible.

    A single word longer than a line stands alone in a line that is too long.
    """
    lines: list[str] = []
    rest = _pieces(text, lang)
    while rest:
        taken = _fitting(rest, _MOST[_script(lang)])
        lines.append("".join(rest[:taken]).strip())
        rest = rest[taken:]
    return lines


def _cues_of_one(segment: SegmentHeard, text: str, lang: str) -> list[Cue]:
    lines = broken(text, lang)
    if not lines:
        return []
    groups = _grouped(lines, max(1, segment.end_ms - segment.start_ms))
    edges = _edges_ms(segment, ["".join(group) for group in groups])
    return [
        Cue(segment.speaker, start_ms, end_ms, tuple(group))
        for group, (start_ms, end_ms) in zip(groups, edges, strict=True)
    ]


def _grouped(lines: Sequence[str], duration_ms: int) -> list[list[str]]:
    """Lines into cues of two at most; a cue that a sentence ends, or that stands long enough, ends.

    The time a line takes is guessed by its share of the text.
    """
    per_character_ms = duration_ms / max(1, sum(map(len, lines)))
    groups: list[list[str]] = []
    for line in lines:
        last = groups[-1] if groups else None
        room = (
            last is not None
            and len(last) < LINES_A_CUE
            and not _SENTENCE_END.search(last[-1])
            and per_character_ms * (sum(map(len, last)) + len(line)) <= LONGEST_CUE_MS
        )
        if last is not None and room:
            last.append(line)
        else:
            groups.append([line])
    return groups


def _edges_ms(segment: SegmentHeard, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Start and end of each text, by the words' times, else by the share of characters.

    Words are as heard and the text may be the display form, with digits for words: the place of a
    break in the text is carried over to the words by its share of the characters.
    """
    begins = [0.0]
    whole = max(1, sum(map(len, texts)))
    for text in texts:
        begins.append(begins[-1] + len(text) / whole)
    if segment.words:
        return _by_words(segment, segment.words, begins)
    span_ms = segment.end_ms - segment.start_ms
    at_ms = [segment.start_ms + round(span_ms * share) for share in begins]
    return list(pairwise(at_ms))


def _by_words(
    segment: SegmentHeard, words: Sequence[Word], begins: Sequence[float]
) -> list[tuple[int, int]]:
    length = max(1, sum(len(word.text) for word in words))
    starts: list[float] = []
    heard = 0
    for word in words:
        starts.append(heard / length)
        heard += len(word.text)
    firsts = [min(range(len(words)), key=lambda at: abs(starts[at] - share)) for share in begins]
    firsts = [0, *firsts[1:-1], len(words)]
    edges: list[tuple[int, int]] = []
    for first, after in pairwise(firsts):
        last = max(first, after - 1)
        start_ms = max(segment.start_ms, words[first].start_ms)
        end_ms = min(segment.end_ms, words[last].end_ms)
        edges.append((start_ms, max(start_ms, end_ms)))
    return edges


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """Monotone, and one speaker's cues one after the other; short ones get what room there is."""
    ordered = sorted(cues, key=lambda cue: cue.start_ms)
    following_ms: dict[Speaker, int] = {}
    result: list[Cue] = []
    for cue in reversed(ordered):
        limit_ms = following_ms.get(cue.speaker)
        end_ms = max(cue.end_ms, cue.start_ms + SHORTEST_CUE_MS)
        end_ms = end_ms if limit_ms is None else min(end_ms, limit_ms)
        # Two cues of one speaker may begin at the same ms when word times are coarse.
        start_ms = min(cue.start_ms, end_ms - 1)
        following_ms[cue.speaker] = start_ms
        result.append(replace(cue, start_ms=max(0, start_ms), end_ms=end_ms))
    return sorted(reversed(result), key=lambda cue: cue.start_ms)


def _pieces(text: str, lang: str) -> list[str]:
    pattern = _LATIN_WORD if _script(lang) == "en" else _PIECE
    return [match.group() for match in pattern.finditer(text)]


def _fitting(pieces: Sequence[str], most: int) -> int:
    """How many pieces the next line takes: all that fit, but back to punctuation in its latter
    part, a sentence's end before a comma; a clause just too long for a line is halved."""
    length, count = 0, 0
    for piece in pieces:
        if length + len(piece.rstrip()) > most and count:
            break
        length, count = length + len(piece), count + 1
    if count == len(pieces):
        return count
    for ending, least in ((_SENTENCE_END, 0.3), (_CLAUSE_END, 0.4)):
        for taken in range(count, 0, -1):
            line = "".join(pieces[:taken])
            if len(line) < least * most:
                break
            if ending.search(line):
                return taken
    clause = 0
    for piece in pieces:
        clause += len(piece)
        if _SENTENCE_END.search(piece) or _CLAUSE_END.search(piece):
            break
    if clause >= 2 * most:
        return count
    # Two lines of like length read better than a full one and a stump.
    length, half = 0, 0
    while half < count and length < clause / 2:
        length, half = length + len(pieces[half]), half + 1
    return max(1, half)


def _script(lang: str) -> str:
    return lang if lang in _MOST else "en"


def _escaped(text: str) -> str:
    """The three characters that mean something in WebVTT cue text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    r"""Without the backslashes that would read as SubStation's line breaks (\N, \n, \h)."""
    return text.replace("\\", "＼")
