"""The figures of finding as lines, each beside what was wished."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence

from assist.bench.calls import Replayed
from assist.bench.finding import DRAWS, SHOTS, Own, Public


def own_lines(found: Iterable[Own]) -> Iterator[str]:
    for one in found:
        yield f"{one.lang}: {one.rows} rows, {one.guides} guides, opens from {one.opens:.2f}"
        for text in one.texts:
            yield (
                f"  {text.noise:4.0%} misheard: top-1 {text.top1:.1%}, top-3 {text.top3:.1%}, "
                f"wrong open {text.wrong_open:.1%}, missed {1 - text.open_right:.1%}, "
                f"calibration error {text.calibration_error:.3f}"
            )
    yield "  wished: top-1 95 %, top-3 99 %, wrong open 2 %, calibration error 0.03"


def public_lines(public: Public) -> Iterator[str]:
    """Measures as it goes: minutes for a set of ten thousand rows."""
    full = public.accuracy()
    yield (
        f"{public.name}, {full.rows} rows: {full.shipped:.1%} (wished 94.0 %; plain logistic "
        f"regression {full.plain:.1%}), learnt in {full.learn_s:.0f} s"
    )
    few = [public.accuracy(SHOTS, seed) for seed in range(DRAWS)]
    yield (
        f"{public.name}, {SHOTS} rows an intent, mean of {DRAWS}: "
        f"{statistics.mean(one.shipped for one in few):.1%} (wished 85.2 %; plain "
        f"{statistics.mean(one.plain for one in few):.1%})"
    )
    out = public.out_of_scope()
    yield (
        f"{public.name}, every fifth intent unknown ({out.unknown} of {out.known + out.unknown} "
        f"texts): AUROC {out.auroc:.3f}; turning away 5 % of the known, {out.right_at_bar:.1%} of "
        f"them are answered rightly and {out.turned_away:.1%} of the unknown are turned away"
    )


def call_line(one: Replayed) -> str:
    named, card = ("none" if ms is None else f"{ms} ms" for ms in (one.named_ms, one.card.delay_ms))
    opened = " ".join(one.card.opened) or "nothing"
    return f"{one.card.name}  first among the chips {named}, card {card}  opened {opened}"


def calls_line(calls: Sequence[Replayed]) -> str:
    """All times are from the end of the deciding utterance in the sound."""
    scores = [one.card for one in calls]
    latest = max((s.delay_ms for s in scores if s.delay_ms is not None), default=0)
    wrong = sum(s.wrong_cards for s in scores)
    missed = sum(bool(s.wanted) and s.wanted not in s.opened for s in scores)
    return (
        f"{len(scores)} calls: latest card {latest} ms after the deciding utterance (wished "
        f"1000 at p95), {wrong} wrong, {missed} missed"
    )
