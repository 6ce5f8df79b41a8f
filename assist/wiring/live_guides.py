"""The guides that new calls begin with, and the watch over their folder.

Changed guides are loaded beside those at work and take over between two calls: a live call keeps
the edition it began with. Guides that cannot be used are refused, said once, and the old ones stay.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from assist.call import Calls
from assist.config import Settings
from assist.errors import AssistError
from assist.files import Stamp, stamp
from assist.guide.load import Book, load_book
from assist.search.by_hand import ByHand
from assist.search.likeness import Likeness
from assist.wiring.by_hand import open_by_hand

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""A folder is looked into when it was the same twice: a copy under way is left to end."""


class LiveGuides:
    """What a call begins with is replaced whole: the book in `calls.parts`, and search by hand."""

    def __init__(
        self,
        settings: Settings,
        calls: Calls,
        by_hand: ByHand,
        thinker: Executor,
        say: Callable[[str], object],
    ) -> None:
        self.by_hand = by_hand
        self._settings, self._calls, self._thinker, self._say = settings, calls, thinker, say
        self._seen = _stamp(settings.guides_dir)
        self._loading = asyncio.Lock()

    @property
    def book(self) -> Book:
        return self._calls.parts.tools.book

    async def reread(self) -> None:
        """Takes over what stands in the folder now, unless it cannot be used."""
        async with self._loading:
            self._seen = await asyncio.to_thread(_stamp, self._settings.guides_dir)
            try:
                new = await asyncio.to_thread(load_book, self._settings.guides_dir)
            except AssistError as error:
                self._say(f"The changed guides are refused. {error} The old ones stay.")
                return
            if new.hash != self.book.hash:
                await self._take_over(new)

    async def _take_over(self, new: Book) -> None:
        """What will be compared with speech is learnt before a caller could have to wait for it."""
        tools = self._calls.parts.tools
        if isinstance(tools.like, Likeness):
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thinker, tools.like.learn, sorted(new.phrases()))
        self.by_hand = await asyncio.to_thread(open_by_hand, self._settings, new, self._say)
        parts = self._calls.parts
        self._calls.parts = replace(parts, tools=replace(parts.tools, book=new))
        self._say(f"Guides {new.hash} lead new calls from now on: {len(new.guides)} guides.")

    async def watch(self) -> None:
        """Runs until cancelled."""
        before = self._seen
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = await asyncio.to_thread(_stamp, self._settings.guides_dir)
            settled, before = now == before, now
            if settled and now != self._seen:
                try:
                    await self.reread()
                except Exception:
                    self._seen = now
                    log.exception("a bug in taking over %s", self._settings.guides_dir)


def _stamp(folder: Path) -> Stamp:
    return stamp([*folder.glob("*.yaml"), *folder.glob("tickets/*.yaml")])
