"""How somebody comes along: their scores over time and where they lose points. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from assist.tables.training import Result
from assist.train.grade import WEIGHTS, Criterion, Grade
from assist.train.grade_texts import Lang, criterion_name, says

RECENT = 5
"""Practices that say where somebody stands now."""
_WEAKEST = 5


@dataclass(frozen=True)
class Weakness:
    """A step, or a field, at which points were lost; `times` in how many practices."""

    guide: str
    what: str
    times: int
    lost: float


@dataclass(frozen=True)
class Progress:
    """`trend` is the mean of the latest practices less that of the first ones; None while there
    are too few to tell."""

    login: str
    name: str
    count: int
    latest: float
    best: float
    recent: float
    trend: float | None
    scores: tuple[tuple[str, float], ...]
    criteria: dict[Criterion, float]
    weakest: tuple[Weakness, ...]


def progress_of(results: Iterable[Result]) -> list[Progress]:
    """One for each person, by name."""
    by_login: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_login[result.login].append(result)
    found = [_progress(sorted(own, key=lambda r: r.finished_at)) for own in by_login.values()]
    return sorted(found, key=lambda each: (each.name, each.login))


def _progress(own: Sequence[Result]) -> Progress:
    totals = [result.total for result in own]
    grades = [Grade.model_validate_json(result.grade) for result in own]
    half = len(totals) // 2
    part = min(RECENT, half)
    return Progress(
        login=own[-1].login,
        name=own[-1].name,
        count=len(own),
        latest=totals[-1],
        best=max(totals),
        recent=round(fmean(totals[-RECENT:]), 1),
        trend=round(fmean(totals[-part:]) - fmean(totals[:part]), 1) if part else None,
        scores=tuple((result.finished_at, result.total) for result in own),
        criteria=_criteria(grades),
        weakest=_weakest(own, grades),
    )


def _criteria(grades: Sequence[Grade]) -> dict[Criterion, float]:
    """The share of points got, 0..100, by criterion; one that never had an occasion is left out."""
    got, of = defaultdict[Criterion, float](float), defaultdict[Criterion, float](float)
    for grade in grades:
        for mark in grade.marks:
            got[mark.criterion] += mark.points
            of[mark.criterion] += mark.of
    return {c: round(100 * got[c] / of[c], 1) for c in WEIGHTS if of[c]}


def _weakest(own: Sequence[Result], grades: Sequence[Grade]) -> tuple[Weakness, ...]:
    times, lost = Counter[tuple[str, str]](), defaultdict[tuple[str, str], float](float)
    for result, grade in zip(own, grades, strict=True):
        for mark in grade.marks:
            for finding in mark.findings:
                what = finding.values.get("step") or finding.values.get("label", "")
                if finding.good or not what:
                    continue
                place = (result.guide, what)
                times[place] += 1
                lost[place] += finding.lost
    ranked = sorted(lost, key=lambda place: (-lost[place], place))[:_WEAKEST]
    return tuple(Weakness(g, w, times[g, w], round(lost[g, w], 1)) for g, w in ranked)


def as_csv(results: Iterable[Result], lang: Lang) -> str:
    """One line for each practice, with the points of each criterion and all reasons."""
    names = [criterion_name(criterion, lang) for criterion in WEIGHTS]
    head = _HEAD[lang]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*head[:8], *names, head[8]])
    for result in results:
        grade = Grade.model_validate_json(result.grade)
        marks = {mark.criterion: mark for mark in grade.marks}
        points = [
            f"{marks[c].points:g}/{marks[c].of:g}" if c in marks and marks[c].of else ""
            for c in WEIGHTS
        ]
        why = [says(f, lang)["why"] for m in grade.marks for f in m.findings if not f.good]
        writer.writerow(
            [
                *(_safe(text) for text in (result.finished_at, result.login, result.name)),
                *(_safe(text) for text in (result.title, result.guide)),
                result.kind,
                f"{result.took_s:g}",
                f"{result.total:g}",
                *points,
                _safe(" ".join(why)),
            ]
        )
    return out.getvalue()


_HEAD: dict[Lang, tuple[str, ...]] = {
    "zh": ("时间", "账号", "姓名", "练习", "流程", "方式", "用时（秒）", "总分", "扣分原因"),
    "en": ("finished", "login", "name", "practice", "guide", "kind", "took_s", "total", "reasons"),
}


def _safe(text: str) -> str:
    """A cell that begins like a formula is none: spreadsheets would run it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
