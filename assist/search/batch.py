"""Many texts at once, from a table with a text a line: read line by line, asked in parts, tallied.

First column the text, second, where there is one, the guide it should find ("none" for no guide).
A line that cannot be asked is named with its number and answered with silence; it stops nothing.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from assist.search.corpus import OUT_OF_SCOPE
from assist.search.evidence import Finding
from assist.search.finder import Finder

MOST_CHARACTERS = 2_000
_PART = 256
_HEADERS = (
    *("text", "texts", "question", "utterance", "sentence", "query"),
    *("文本", "句子", "问题", "相似问", "问法", "说法", "客户说法", "内容"),
)


@dataclass(frozen=True)
class Asked:
    """A line, counted from 1. `expected` is "" where nothing is expected; with a `problem` it is
    not asked."""

    line: int
    text: str
    expected: str = ""
    problem: str = ""


def read_batch(raw: bytes) -> list[Asked]:
    """Every line but a header. UTF-8, or UTF-16 with its mark, as spreadsheets write it."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", errors="replace").encode()
    lines = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    if not lines[-1].strip():
        lines.pop()
    asked = [_read(line, number) for number, line in enumerate(lines, start=1)]
    return asked[1:] if asked and asked[0].text.lower() in _HEADERS else asked


def ask(
    finder: Finder,
    asked: Sequence[Asked],
    lang: str | None,
    top: int,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Iterator[tuple[Asked, Finding]]:
    """Each line with its finding, in order, part by part. Raises ModelError."""
    for begin in range(0, len(asked), _PART):
        part = asked[begin : begin + _PART]
        progress("texts", begin, len(asked))
        sound = [one for one in part if not one.problem]
        found = iter(finder.find_many([one.text for one in sound], lang, top))
        for one in part:
            yield one, Finding("silent") if one.problem else next(found)
    progress("texts", len(asked), len(asked))


@dataclass
class Tally:
    """How often what was expected was found; lines without an expected guide are left out.

    `first` and `among_three` are of the lines that a guide covers; `wrong_open` counts, of all, the
    cards that would have opened and should not. `unknown` are expected guides no index row has.
    """

    guides: Collection[str]
    covered: int = 0
    uncovered: int = 0
    first: int = 0
    among_three: int = 0
    right_open: int = 0
    wrong_open: int = 0
    unknown: Counter[str] = field(default_factory=Counter)

    def add(self, expected: str, finding: Finding) -> None:
        if not expected:
            return
        found = [match.guide for match in finding.matches]
        opened = finding.decision == "open"
        if expected == OUT_OF_SCOPE:
            self.uncovered += 1
            self.wrong_open += opened
            return
        if expected not in self.guides:
            self.unknown[expected] += 1
        right = found[:1] == [expected]
        self.covered += 1
        self.first += right
        self.among_three += expected in found[:3]
        self.right_open += opened and right
        self.wrong_open += opened and not right


def _read(raw: bytes, number: int) -> Asked:
    try:
        cells = [cell.strip() for cell in raw.decode().split("\t")]
    except UnicodeDecodeError:
        return Asked(number, "", problem="is not UTF-8 text")
    text, expected = cells[0], cells[1] if len(cells) > 1 else ""
    problem = ""
    if not text:
        problem = "has no text"
    elif any(cells[2:]):
        problem = f"has {len(cells)} columns, expected a text and perhaps a guide"
    elif len(text) > MOST_CHARACTERS:
        problem = f"has {len(text)} characters, at most {MOST_CHARACTERS} are searched"
    return Asked(number, text, expected, problem)
