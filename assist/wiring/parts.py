"""The shared parts of a process: models, search, guides, back office, journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from assist.call import Calls, Parts
from assist.call.lane import Lane
from assist.call.meters import Meters
from assist.config import Settings
from assist.desk.connectors import load_connectors
from assist.desk.http import HttpDesk
from assist.errors import AssistError, IndexError_, ModelError
from assist.events import Speaker
from assist.guide.load import load_book
from assist.journal import Journal
from assist.ports import Desk
from assist.rules import Tools
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import load as load_index
from assist.search.likeness import Likeness
from assist.speech.correct import Corrector
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.vad import SileroVad
from assist.store import Store
from assist.wiring.engines import describe_engine, open_engine
from assist.wiring.lexicon import gather_lexicon

Say = Callable[[str], None]


def local_now() -> datetime:
    """The one wall clock of the process; handed on, never read elsewhere."""
    return datetime.now().astimezone()


def open_lanes(settings: Settings, say: Say, meters: Meters) -> tuple[Lane, Lane]:
    """Guesses and finals; one model serves both when the better one is missing, and that is said.

    One model decodes on as many windows at a time as it may use threads; two share them, each with
    one window. Raises ModelError when there is none for the guesses.
    """
    fast, better = settings.guess_model, settings.final_model
    try:
        finals = Lane(open_engine(settings, better), meters=meters) if better != fast else None
    except ModelError as error:
        say(f"{error} Until then {fast} writes the final text too.")
        finals = None
    say(describe_engine(settings, fast))
    if finals is None:
        engine = open_engine(settings, fast, workers=settings.threads, threads=1)
        lane = Lane(engine, meters=meters)
        return lane, lane
    say(describe_engine(settings, better))
    return Lane(open_engine(settings, fast, threads=1), meters=meters, relieves=finals), finals


def listen_options(guesses: Lane, finals: Lane) -> ListenOptions:
    """Where one model writes both, the final decoded ahead makes a guess at a pause needless."""
    return ListenOptions(guess_at_pause=guesses is not finals)


def open_scribe(settings: Settings, say: Say) -> Scribe:
    """Domain words from lexicon, guides and corpus; where one of them cannot be used text stays
    as heard, and that is said."""
    try:
        return Scribe(Corrector(gather_lexicon(settings)))
    except AssistError as error:
        say(f"{error} Domain words are not corrected until then.")
        return Scribe()


def open_finder(settings: Settings, embedder: SentenceEmbedder) -> Finder:
    """Raises IndexError_ when there is no index or it does not fit corpus and embedder."""
    return Finder(load_index(settings.index, embedder, load_corpus(settings.corpus_dir)), embedder)


@dataclass(frozen=True)
class Running:
    """The calls of this process, and its search; None while there is no usable index."""

    calls: Calls
    finder: Finder | None

    async def find(self, text: str, lang: str) -> Finding:
        """Search by hand, in the thinker's thread, which owns the embedder. Raises IndexError_."""
        if self.finder is None:
            raise IndexError_(
                "Search is not available: there is no usable index.",
                "Run `assist index build`, then restart the server.",
            )
        look = partial(self.finder.find, text, lang=lang)
        return await asyncio.get_running_loop().run_in_executor(self.calls.parts.thinker, look)


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[HttpDesk]:
    connectors = load_connectors(settings.guides_dir / "connectors")
    desk = HttpDesk(settings.desk_url, connectors, settings.desk_timeout_s)
    try:
        yield desk
    finally:
        await desk.aclose()


@asynccontextmanager
async def open_calls(
    settings: Settings, desk: Desk, store: Store, say: Say, *, hears: bool = True
) -> AsyncIterator[Running]:
    """Everything a call needs, warmed up. `hears` is false for reruns, which need no model.

    Without a usable index the house still works, by hand; what is missing is said.
    """
    book = load_book(settings.guides_dir)
    # A sentence at a time: a second thread would only wait for a core that decodes speech.
    embedder = SentenceEmbedder(settings.embedder)
    thinker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="thinker")
    hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hands")
    loop = asyncio.get_running_loop()
    finder = None
    try:
        finder = await loop.run_in_executor(thinker, open_finder, settings, embedder)
    except AssistError as error:
        say(f"{error} No guide opens by itself until then.")
    like = Likeness(embedder)
    await loop.run_in_executor(thinker, like.learn, sorted(book.phrases()))
    lanes = await asyncio.to_thread(open_lanes, settings, say, Meters()) if hears else _deaf()
    vad = await asyncio.to_thread(SileroVad)
    scribe = await asyncio.to_thread(open_scribe, settings, say) if hears else Scribe()
    options = listen_options(*lanes)

    def listener(speaker: Speaker, lang: str) -> Listener:
        return Listener(speaker[0], speaker, vad, options, lang, scribe)

    parts = Parts(
        journal=Journal(store),
        desk=desk,
        tools=Tools(book, like, finder.listen if finder else None),
        guesses=lanes[0],
        finals=lanes[1],
        listener=listener,
        thinker=thinker,
        hands=hands,
        now=local_now,
    )
    try:
        yield Running(Calls(parts, store.working, settings.max_calls), finder)
    finally:
        for lane in lanes:
            lane.close()
        for pool in (thinker, hands):
            pool.shutdown(wait=False, cancel_futures=True)


class _NoEngine:
    """Stands where no sound will come: a rerun is fed with what was heard."""

    name = "none"
    workers = 1

    def decode(self, *_: object, **__: object):
        raise ModelError("This run has no ears.", "Replay the recording itself.")

    decode_batch = language_of = decode


def _deaf() -> tuple[Lane, Lane]:
    lane = Lane(_NoEngine())
    return lane, lane
