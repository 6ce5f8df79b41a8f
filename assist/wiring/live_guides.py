"""The guides that new calls begin with and the connectors that they ask, and the watch over both.

Changed ones are loaded beside those at work and take over together between two calls: a live call
keeps the edition of the guides it began with. What cannot be used is refused, said once, and the
old ones stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from assist.call import Calls
from assist.config import Settings
from assist.desk.connectors import Connector, load_connectors
from assist.errors import AssistError
from assist.files import Stamp, stamp
from assist.guide.load import Book, load_book
from assist.search.by_hand import ByHand
from assist.search.likeness import Likeness
from assist.wiring.by_hand import open_by_hand
from assist.wiring.watch import Watch

Connect = Callable[[Mapping[str, Connector]], object]


class LiveGuides:
    """What a call begins with is replaced whole: the book in `calls.parts`, and search by hand.

    `connect` is told the connectors of each edition, where somebody asks them.
    """

    def __init__(
        self,
        settings: Settings,
        calls: Calls,
        by_hand: ByHand,
        thinker: Executor,
        say: Callable[[str], object],
        connect: Connect | None = None,
    ) -> None:
        self.by_hand = by_hand
        self.refusal = ""
        self._folder = settings.guides_dir
        self._settings, self._calls, self._thinker, self._say = settings, calls, thinker, say
        self._connect = connect
        self._watch = Watch(lambda: _stamp(self._folder))
        self._loading = asyncio.Lock()

    @property
    def book(self) -> Book:
        return self._calls.parts.tools.book

    async def reread(self) -> None:
        """Takes over what stands in the folder now, unless it cannot be used."""
        async with self._loading:
            try:
                await asyncio.to_thread(self._watch.see)
                new = await asyncio.to_thread(load_book, self._folder)
                await self._connect_anew()
            except AssistError as error:
                self.refusal = str(error)
                self._say(f"The changed guides are refused. {error} The old ones stay.")
                return
            self.refusal = ""
            if new.hash != self.book.hash:
                await self._take_over(new)

    async def _connect_anew(self) -> None:
        """Raises AssistError, and then the old connectors stay, too."""
        if self._connect is not None:
            self._connect(await asyncio.to_thread(load_connectors, self._folder / "connectors"))

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
        await self._watch.run(str(self._folder), self.reread)


def _stamp(folder: Path) -> Stamp:
    kinds = ("*.yaml", "tickets/*.yaml", "connectors/*.yaml")
    return stamp([path for kind in kinds for path in folder.glob(kind)])
