"""What a corpus consists of, in numbers: rows by status, what they stand for, how long they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assist.search.corpus import Row
from assist.search.text import tokens


@dataclass(frozen=True)
class GuideStats:
    """Of one guide in one language. `notes` and `sources` count rows that are not retired, most
    first; lengths are in Chinese characters or English words, of the same rows."""

    guide: str
    lang: str
    live: int
    draft: int
    retired: int
    notes: Mapping[str, int]
    sources: Mapping[str, int]
    length_p10: int
    length_p50: int
    length_p90: int


def stats(rows: Iterable[Row]) -> list[GuideStats]:
    """By language, Chinese last, and guide."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.lang, row.guide].append(row)
    return [_of(groups[key]) for key in sorted(groups)]


def _of(rows: list[Row]) -> GuideStats:
    status = Counter(row.status for row in rows)
    kept = [row for row in rows if row.status != "retired"]
    lengths = [len(tokens(row.text.lower())) for row in kept] or [0]
    p10, p50, p90 = (round(float(value)) for value in np.percentile(lengths, (10, 50, 90)))
    return GuideStats(
        guide=rows[0].guide,
        lang=rows[0].lang,
        live=status["live"],
        draft=status["draft"],
        retired=status["retired"],
        notes=dict(Counter(row.note for row in kept if row.note).most_common()),
        sources=dict(Counter(row.source for row in kept).most_common()),
        length_p10=p10,
        length_p50=p50,
        length_p90=p90,
    )
