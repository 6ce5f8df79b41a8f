"""Where calls stop in a guide, edition by edition, and how long a step usually takes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from assist import events as ev

LEAST_CALLS = 5
"""Times of a step before its median is worth anything."""


@dataclass
class StepFlow:
    """`shown` and `done` count calls; `stopped` those in which nothing of the guide came after."""

    step: str
    title: str
    shown: int = 0
    done: int = 0
    stopped: int = 0


@dataclass
class Funnel:
    """One edition of a guide, by its `hash`; steps in the order in which calls come to them."""

    hash: str
    calls: int = 0
    finished: int = 0
    steps: list[StepFlow] = field(default_factory=list)


def funnels(guide: str, calls: Iterable[Sequence[ev.Event]]) -> list[Funnel]:
    """By edition, the one of the newest call first; `calls` come newest first.

    A step that another edition has too is counted apart in each. Skipped steps were not shown.
    """
    found: dict[str, Funnel] = {}
    ranks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for events in calls:
        shown: dict[str, ev.StepShown] = {}
        done: set[str] = set()
        for fact in (event.fact for event in events):
            if isinstance(fact, ev.StepShown) and fact.guide == guide:
                shown.pop(fact.step, None)  # come to once more, it stands last
                shown[fact.step] = fact
                done.discard(fact.step)
            elif isinstance(fact, ev.StepTicked) and fact.guide == guide and not fact.skipped:
                done.add(fact.step)
        if not shown:
            continue
        last = next(reversed(shown.values()))
        funnel = found.setdefault(last.hash, Funnel(last.hash))
        funnel.calls += 1
        funnel.finished += last.step in done
        flows = {flow.step: flow for flow in funnel.steps}
        for rank, fact in enumerate(shown.values()):
            ranks[last.hash][fact.step].append(rank)
            flow = flows.get(fact.step)
            if flow is None:
                flow = StepFlow(fact.step, fact.title or fact.step)
                funnel.steps.append(flow)
            flow.shown += 1
            flow.done += fact.step in done
            flow.stopped += fact is last and fact.step not in done
    for edition, funnel in found.items():
        funnel.steps.sort(key=lambda flow: median(ranks[edition][flow.step]))
    return list(found.values())


def usual_times(calls: Iterable[Sequence[ev.Event]]) -> dict[tuple[str, str], float]:
    """Guide and step -> median seconds of sound from shown to done, of steps done often enough.

    What the system ticks at once (known already, passed by) takes no time and does not count.
    """
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for events in calls:
        since: dict[tuple[str, str], int] = {}
        for event in events:
            fact = event.fact
            if isinstance(fact, ev.StepShown):
                since[fact.guide, fact.step] = event.at_ms
            elif isinstance(fact, ev.StepTicked):
                began = since.pop((fact.guide, fact.step), None)
                if began is not None and event.at_ms > began:
                    times[fact.guide, fact.step].append((event.at_ms - began) / 1000)
    return {place: median(each) for place, each in times.items() if len(each) >= LEAST_CALLS}
