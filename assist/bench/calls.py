"""The recorded calls with the obedient newcomer: from their sound, each in a process of its own,
and from the exact text of their references, without a recogniser."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist import events as ev
from assist.bench.reference import Hold, held
from assist.config import Settings
from assist.state import fold
from assist.store import Store
from assist.train.newcomer import Newcomer
from assist.train.replay import replay_stored
from assist.train.score import CallScore, decided_at_ms, score
from assist.train.summary import summary_of
from assist.wiring.house import open_sandbox
from assist.wiring.parts import open_calls, open_desk

Say = Callable[[str], None]


@dataclass(frozen=True)
class Replayed:
    """One call: the figures of its card, and what it holds of its reference. `named_ms`: from the
    end of the deciding sentence to the right guide's standing first in the panel, as a chip that
    what was said has brought, or as a card."""

    card: CallScore
    hold: Hold
    named_ms: int | None


def from_sound(path: Path, speed: str) -> Replayed:
    """`speed` is 1 (real time), 4 or max. The call is another customer's first: its data folder is
    empty."""
    command = [sys.executable, "-c", "from assist.cli import main; main()"]
    command += ["replay", str(path), "--auto", "--json", "--speed", speed]
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"ASSIST_DATA": folder}
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    *lines, summary = [line for line in run.stdout.splitlines() if line.startswith("{")]
    return compared(path, [ev.EVENT.validate_json(line) for line in lines], json.loads(summary))


def from_text(paths: Sequence[Path], say: Say) -> Iterator[Replayed]:
    """What a recogniser without faults would give: each turn of the reference one utterance."""
    pasts = asyncio.run(led([spoken_of(path) for path in paths], say))
    for path, past in zip(paths, pasts, strict=True):
        yield compared(path, past, summary_of(fold(past)))


def compared(path: Path, past: Sequence[ev.Event], summary: Mapping[str, Any]) -> Replayed:
    reference = _reference(path)
    card = score(path.stem, summary, reference)
    named_at_ms = next((one.at_ms for one in past if _names(one.fact, card.wanted)), None)
    named_ms = None if named_at_ms is None else named_at_ms - decided_at_ms(reference)
    return Replayed(card, held(path.stem, past, reference), named_ms)


def _names(fact: ev.Fact, guide: str) -> bool:
    match fact:
        case ev.GuideOpened():
            return fact.guide == guide
        case ev.GuidesSuggested(matches=(first, *_)):
            return first.guide == guide and bool(first.question)
    return False


async def led(pasts: Sequence[Sequence[ev.Event]], say: Say) -> list[list[ev.Event]]:
    """What was heard in these calls, led by the newcomer with the sandbox back office: every event,
    unmasked, as a panel sees them."""
    found = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings().model_copy(update={"data": folder})
        store = Store(settings.database)
        stack.callback(store.close)
        url = await stack.enter_async_context(open_sandbox(settings, 0))
        settings = settings.model_copy(update={"desk_url": url})
        desk = await stack.enter_async_context(open_desk(settings))
        opened = open_calls(settings, desk, store, say, hears=False)
        calls = (await stack.enter_async_context(opened)).calls
        for past in pasts:
            events: list[ev.Event] = []
            stop = calls.parts.journal.listen(events.append)
            await replay_stored(calls, list(past), "max", Newcomer())
            stop()
            found.append(events)
    return found


def _reference(path: Path) -> dict[str, Any]:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def spoken_of(path: Path) -> list[ev.Event]:
    """The call of a recording's reference."""
    return list(spoken(path.stem, _reference(path)))


def spoken(name: str, reference: Mapping[str, Any]) -> Iterator[ev.Event]:
    """A call in which exactly the reference was heard, each turn as it ends."""
    started = ev.CallStarted(
        agent="replay",
        number=str(reference["slots"].get("phone", "")),
        lang=reference["lang"],
        source=f"{name}.json",
    )
    turns = sorted(enumerate(reference["turns"]), key=lambda turn: turn[1]["end"])
    heard = [
        ev.SegmentHeard(
            utterance=f"{turn['speaker']}-{number}",
            speaker=turn["speaker"],
            start_ms=round(turn["start"] * 1000),
            end_ms=round(turn["end"] * 1000),
            text=turn["text"],
            confidence=1.0,
        )
        for number, turn in turns
    ]
    facts: list[tuple[int, ev.Fact]] = [(0, started), *((fact.end_ms, fact) for fact in heard)]
    facts.append((heard[-1].end_ms if heard else 0, ev.CallEnded(reason="hangup")))
    for seq, (at_ms, fact) in enumerate(facts, 1):
        yield ev.Event(call=name, seq=seq, at_ms=at_ms, fact=fact)
