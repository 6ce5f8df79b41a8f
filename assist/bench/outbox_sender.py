"""A process that only sends what waits, and stops when nothing does; it is there to be killed."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from assist import events as ev
from assist.bench.outbox import SENDER_TIMEOUT_S
from assist.call.outbox import Outbox, Pace
from assist.desk import HttpDesk
from assist.journal import Journal
from assist.store import Store

PACE = Pace(first_wait_s=0.01, longest_wait_s=0.2, at_once=4, look_every_s=0.2)


async def send_all(folder: Path, url: str) -> None:
    store = Store(folder / "calls.db")
    journal = Journal(store)
    desk = HttpDesk(url, {}, SENDER_TIMEOUT_S)
    outbox = Outbox(store, desk, lambda: datetime.now(UTC), PACE)

    async def tell(call: str, fact: ev.Fact) -> None:
        journal.append(call, 1000, fact)

    sending = asyncio.create_task(outbox.run(tell))
    while outbox.waiting:
        await asyncio.sleep(0.02)
    sending.cancel()
    await desk.aclose()
    store.close()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(send_all(Path(sys.argv[1]), sys.argv[2]))
