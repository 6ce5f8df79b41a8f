"""Events to browsers: each reader has its own bounded queue and never slows a call down.

A reader that falls behind is let go; its panel connects again with `after=SEQ` and misses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import contextmanager

from assist.events import CallEnded, CallStarted, CallWrapped, Event, GuideOpened, TicketFiled
from assist.journal import Journal

MAX_WAITING = 2_000
"""Events one reader may have waiting; a call of ten minutes has about that many."""


_AT_ONCE = 20
"""Stored events given to a reader before the others have their turn."""


class TooSlow(Exception):
    """The reader's queue was full."""


class Hub:
    """Tells readers of one call, or of the list of calls, what the journal has kept."""

    def __init__(self, journal: Journal, stored: Callable[[str, int], Iterable[Event]]) -> None:
        self._stored = stored
        self._readers: set[tuple[str, asyncio.Queue[Event | None]]] = set()
        self._journal = journal
        journal.listen(self._on_event)

    async def events(self, call: str, after: int) -> AsyncIterator[Event]:
        """Stored events after `after`, then live ones, each once and in order.

        Of a call at work all as its agent saw them; of any other, stored ones are masked.

        Raises TooSlow when the reader does not keep up.
        """
        with self._reading(call) as queue:
            seq = after
            for event in self._journal.as_seen(self._stored(call, after)):
                seq = event.seq
                yield event
                if seq % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # a long call read from its start holds nobody up
            while (event := await queue.get()) is not None:
                if event.seq > seq:
                    seq = event.seq
                    yield event
        raise TooSlow

    async def changes(self) -> AsyncIterator[None]:
        """One item at once and one whenever the list of calls looks different."""
        with self._reading("") as queue:
            yield None
            while (await queue.get()) is not None:
                while not queue.empty():
                    queue.get_nowait()
                yield None
        raise TooSlow

    @contextmanager
    def _reading(self, call: str):
        reader = (call, asyncio.Queue[Event | None](MAX_WAITING + 1))
        self._readers.add(reader)
        try:
            yield reader[1]
        finally:
            self._readers.discard(reader)

    def _on_event(self, event: Event) -> None:
        listed = isinstance(
            event.fact, CallStarted | CallEnded | CallWrapped | GuideOpened | TicketFiled
        )
        for reader in tuple(self._readers):
            call, queue = reader
            if call != event.call and not (call == "" and listed):
                continue
            if queue.qsize() < MAX_WAITING:
                queue.put_nowait(event)
            else:
                queue.put_nowait(None)
                self._readers.discard(reader)
