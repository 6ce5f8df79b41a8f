"""Is every ticket filed exactly once, whatever breaks? Senders that are killed, a back office that
dies, is slow and answers nonsense.

The senders are processes of their own over a real database (`python -m assist.bench.outbox_sender`)
and are killed with SIGKILL after a seeded number of requests. The back office is the sandbox behind
`Chaos`, which spoils requests by a seeded choice, before or after they have taken effect.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assist import events as ev
from assist.desk.sandbox import create_app
from assist.errors import AssistError
from assist.journal import Journal
from assist.store import Store
from assist.wiring.server import serving

TICKETS_A_CALL = 5
SENDER_TIMEOUT_S = 0.4
"""How long a sender waits for one answer; `Chaos` is slower than that when it is slow."""
_GIVE_UP_S = 900.0

FAULTS = ("none", "dead before", "dead after", "slow", "busy", "nonsense", "broken", "login page")
WEIGHTS = (50, 8, 8, 4, 8, 8, 7, 7)


@dataclass
class Chaos:
    """An ASGI app in front of the back office; `seen` counts requests, `faults` what was done."""

    app: Any
    choose: random.Random
    seen: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.seen += 1
        (fault,) = self.choose.choices(FAULTS, WEIGHTS)
        self.faults[fault] += 1
        match fault:
            case "none":
                await self.app(scope, receive, send)
            case "dead before":
                await _die(send)
            case "busy":
                await _say(send, 503, b"{}")
            case "broken":
                await _say(send, 500, b'{"message": "failure"}')
            case "login page":
                await _say(send, 403, b"<html>please sign in</html>")
            case _:
                await self._work_then(fault, scope, receive, send)

    async def _work_then(self, fault: str, scope: Any, receive: Any, send: Any) -> None:
        """The request takes effect; its answer is lost."""

        async def nobody(message: Any) -> None: ...

        await self.app(scope, receive, nobody)
        if fault == "dead after":
            await _die(send)
            return
        if fault == "slow":
            await asyncio.sleep(SENDER_TIMEOUT_S * 1.5)
        await _say(send, 200, self.choose.choice([b"", b"[]", b"\xff\xfe", b'{"number": 7}']))


async def _die(send: Any) -> None:
    """Half an answer, then the connection is gone."""
    head = [(b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _say(send: Any, status: int, body: bytes) -> None:
    head = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True)
class Figures:
    """`lost` asks have no number in their call, `doubled` keys two tickets or two answers;
    `unordered` calls were filed in another order than asked."""

    asked: int
    filed: int
    lost: int
    doubled: int
    unordered: int
    restarts: int
    requests: int
    seconds: float
    faults: dict[str, int]

    def lines(self) -> list[str]:
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return [
            f"{self.asked} tickets asked, {self.filed} filed, {self.lost} lost, "
            f"{self.doubled} doubled, {self.unordered} calls out of order",
            f"{self.restarts} restarts by SIGKILL, {self.requests} requests ({faults}), "
            f"{self.seconds:.0f} s",
        ]


async def run(folder: Path, tickets: int, restarts: int, seed: int) -> Figures:
    """File so many tickets with so many restarts. Raises AssistError if they are never through."""
    began_s = time.monotonic()
    choose = random.Random(seed)
    asked = ask(folder, tickets)
    empty = folder / "seed"
    empty.mkdir(exist_ok=True)
    desk = create_app(folder / "desk.db", seed=empty)
    chaos = Chaos(desk, random.Random(seed + 1))
    async with serving(chaos, "127.0.0.1", 0) as url:
        for _ in range(restarts):
            share = max(1, 2 * tickets // (restarts + 1))
            await _live(folder, url, chaos, chaos.seen + choose.randint(1, share))
        await _live(folder, url, chaos, None)
    found = judge(folder, asked)
    return Figures(
        **found,
        restarts=restarts,
        requests=chaos.seen,
        seconds=time.monotonic() - began_s,
        faults=dict(chaos.faults),
    )


def ask(folder: Path, tickets: int) -> list[ev.TicketAsked]:
    """Calls that are over and have asked for tickets which nobody has sent yet."""
    store = Store(folder / "calls.db")
    store.files_tickets()
    journal = Journal(store)
    asked = []
    for number in range(tickets):
        call = f"call-{number // TICKETS_A_CALL:04d}"
        step = f"s{number % TICKETS_A_CALL}"
        if step == "s0":
            start = ev.CallStarted(agent="bench", started_at="2026-11-05T09:00:00+08:00")
            journal.append(call, 0, start)
        fact = ev.TicketAsked(
            key=f"{call}/guide/{step}",
            guide="guide",
            step=step,
            type="broadband.repair",
            title="宽带故障报修",
            fields={"phone": f"138{number:08d}", "fault": f"第 {number} 张：光猫红灯"},
            deadline_h=24,
        )
        journal.append(call, 1000, fact)
        asked.append(fact)
    store.close()
    return asked


async def _live(folder: Path, url: str, chaos: Chaos, until: int | None) -> None:
    """One sender's life: until the back office has seen so many requests, or all is sent."""
    sender = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "assist.bench.outbox_sender", str(folder), url),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_GIVE_UP_S):
            while sender.returncode is None and (until is None or chaos.seen < until):
                await asyncio.sleep(0.002)
    except TimeoutError as error:
        raise AssistError(f"The sender is not through after {_GIVE_UP_S:.0f} s.") from error
    finally:
        if sender.returncode is None:
            sender.kill()
        await sender.wait()
    if until is None and sender.returncode:
        raise AssistError(f"The sender failed with status {sender.returncode}.")


def judge(folder: Path, asked: list[ev.TicketAsked]) -> dict[str, int]:
    """What the back office has, against what the calls were told."""
    desk = sqlite3.connect(folder / "desk.db")
    rows = desk.execute("SELECT key, number, fields FROM tickets WHERE key NOT LIKE 'seed:%'")
    there = [(key, number) for key, number, _ in rows]
    desk.close()
    store = Store(folder / "calls.db")
    told: dict[str, list[str]] = {}
    for call in {fact.key.split("/", 1)[0] for fact in asked}:
        for event in store.events(call):
            if isinstance(event.fact, ev.TicketFiled):
                told.setdefault(event.fact.key, []).append(event.fact.number)
    waiting = len(store.outbox.waiting())
    store.close()
    number_of = dict(there)
    keys = Counter(key for key, _ in there)
    lost = [f for f in asked if told.get(f.key, [""])[0] != number_of.get(f.key, "none")]
    doubled = [f for f in asked if keys[f.key] > 1 or len(told.get(f.key, [])) > 1]
    calls: dict[str, list[str]] = {}
    for fact in asked:
        calls.setdefault(fact.key.split("/", 1)[0], []).append(number_of.get(fact.key, ""))
    return {
        "asked": len(asked),
        "filed": len(there),
        "lost": len(lost) + waiting,
        "doubled": len(doubled) + len(there) - len(number_of),
        "unordered": sum(numbers != sorted(numbers) for numbers in calls.values()),
    }
