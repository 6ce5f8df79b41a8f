"""How long search takes: times of `scripts/bench_search`. How well it finds: `assist/bench`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assist.search.corpus import Row
from assist.search.evidence import Heard
from assist.search.finder import Finder


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one question asked anew: median and 95th percentile."""

    find_p50_ms: float
    find_p95_ms: float
    listen_p50_ms: float
    listen_p95_ms: float


def cost(finder: Finder, rows: Sequence[Row], asked: int = 300) -> Cost:
    """`rows` with a number put before each are asked: nothing is remembered from before."""
    texts = [(f"{at} {row.text}", row.lang) for at, row in enumerate(rows[:asked])]
    finder.find("热身")
    find = [_took_ms(lambda text=text, lang=lang: finder.find(text, lang)) for text, lang in texts]
    listen = []
    for at, (text, lang) in enumerate(texts):
        before = [Heard(f"u{n}", "customer", texts[n][0]) for n in range(max(0, at - 4), at)]
        finder.listen(before, lang)
        heard = [*before, Heard("now", "customer", f"{text}{at}")]
        listen.append(_took_ms(lambda heard=heard, lang=lang: finder.listen(heard, lang)))
    return Cost(
        *(float(figure) for figure in np.percentile(find, [50, 95])),
        *(float(figure) for figure in np.percentile(listen, [50, 95])),
    )


def _took_ms(work: object) -> float:
    assert callable(work)
    began_s = time.perf_counter()
    work()
    return (time.perf_counter() - began_s) * 1000
