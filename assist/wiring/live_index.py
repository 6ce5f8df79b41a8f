"""The index that answers this process's calls, and the watch over its folder.

A new index is loaded beside the one at work and takes over between two questions; calls go on. One
that cannot be used is refused, said once, and the old one goes on answering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec

from assist.config import Settings
from assist.errors import AssistError
from assist.files import Stamp, stamp
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import REBUILD, Manifest, load
from assist.wiring.watch import Watch

_P = ParamSpec("_P")


@dataclass(frozen=True)
class Answering:
    """A loaded index, since when it answers, and why it should be learnt anew if it should."""

    finder: Finder
    manifest: Manifest
    since: datetime

    @property
    def due(self) -> str:
        return "; ".join(self.manifest.due())


class LiveIndex:
    """One reference that is replaced whole: whoever asks takes it once and keeps that index for
    the question. Asked from any thread; loaded and watched from the event loop's."""

    def __init__(
        self, settings: Settings, embedder: SentenceEmbedder, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._embedder = embedder
        self._now = now
        self._answering: Answering | None = None
        self._watch = Watch(lambda: _stamp(settings.index))
        self.refusal = ""

    @property
    def answering(self) -> Answering | None:
        """None while there is no usable index."""
        return self._answering

    @property
    def hash(self) -> str:
        """Of the index that answers, "" if none does."""
        return self._answering.manifest.hash if self._answering else ""

    def open(self) -> Answering:
        """Loads what stands in the folder and lets it answer. Raises IndexError_ when there is none
        or it does not fit corpus and embedder, CorpusError, ModelError."""
        self._watch.see()
        self._answering = self._load()
        return self._answering

    def asks(self, question: Callable[Concatenate[Finder, _P], Finding]) -> Callable[_P, Finding]:
        """`Finder.find` or `Finder.listen` of whichever index answers then; silent without one."""

        def ask(*args: _P.args, **kwargs: _P.kwargs) -> Finding:
            answering = self._answering
            if answering is None:
                return Finding("silent")
            return question(answering.finder, *args, **kwargs)

        return ask

    async def watch(
        self, say: Callable[[str], object], swapped: Callable[[Answering], Awaitable[None]]
    ) -> None:
        """Runs until cancelled. `swapped` is told of each index that took over."""
        what = f"the index at {self._settings.index}"
        await self._watch.run(what, lambda: self._take_over(say, swapped))

    async def _take_over(
        self, say: Callable[[str], object], swapped: Callable[[Answering], Awaitable[None]]
    ) -> None:
        try:
            new = await asyncio.to_thread(self._load)
        except AssistError as error:
            self.refusal = str(error)
            kept = f"Index {self.hash} goes on answering." if self.hash else "None answers."
            say(f"The new index is refused. {error} {kept}")
            return
        self.refusal = ""
        if new.manifest.hash == self.hash:
            return
        old, self._answering = self.hash, new
        instead = f" instead of {old}" if old else ""
        say(f"Index {new.manifest.hash} answers{instead} from now on.")
        if new.due:
            say(f"{new.due}. {REBUILD}")
        try:
            await swapped(new)
        except AssistError as error:
            say(str(error))

    def _load(self) -> Answering:
        corpus = load_corpus(self._settings.corpus_dir)
        index = load(self._settings.index, self._embedder, corpus)
        return Answering(Finder(index, self._embedder), index.manifest, self._now())


def _stamp(folder: Path) -> Stamp:
    """Empty where there is no folder."""
    return stamp(folder.iterdir()) if folder.is_dir() else ()
