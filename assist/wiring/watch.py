"""Files that people change while the house runs: looked at each second, taken over once at rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from assist.files import Stamp

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""Files are taken over when they were the same twice: a copy under way is left to end."""


class Watch:
    """`stamp` tells changed files without reading them; it is asked from any thread."""

    def __init__(self, stamp: Callable[[], Stamp]) -> None:
        self._stamp = stamp
        self._seen = stamp()

    def see(self) -> None:
        """What stands there now is known: only another change is one."""
        self._seen = self._stamp()

    async def run(self, what: str, take_over: Callable[[], Awaitable[None]]) -> None:
        """Runs until cancelled; a bug in taking over is logged, and the watch goes on."""
        before = self._seen
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = await asyncio.to_thread(self._stamp)
            settled, before = now == before, now
            if settled and now != self._seen:
                self._seen = now
                try:
                    await take_over()
                except Exception:
                    log.exception("a bug in taking over %s", what)
