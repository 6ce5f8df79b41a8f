"""The shared parts of a process: models, search, guides, back office, journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from assist.audio import Pcm
from assist.call import Calls, Parts
from assist.call.lane import Lane
from assist.call.meters import Meters
from assist.call.outbox import Outbox
from assist.config import Settings
from assist.desk.connectors import load_connectors
from assist.desk.http import HttpDesk
from assist.errors import AssistError, ModelError
from assist.events import Speaker
from assist.guide.load import load_book
from assist.journal import Journal
from assist.ports import Decoded, Desk, History, Window
from assist.rules import Tools
from assist.search.by_hand import Hit
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import REBUILD
from assist.search.likeness import Likeness
from assist.search.together import Meaning
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.vad import SileroVad
from assist.store import Store
from assist.wiring.by_hand import open_by_hand
from assist.wiring.engines import describe_engine, open_engine
from assist.wiring.live_guides import LiveGuides
from assist.wiring.live_index import Answering, LiveIndex
from assist.wiring.live_words import LiveWords

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
    """With the words of the trade as they are now; where they cannot be used text stays as heard,
    and that is said."""
    words = LiveWords(settings, say)
    words.open()
    return words.scribe


@dataclass(frozen=True)
class Running:
    """The calls of this process, and its search, which is silent while there is no usable index.

    `hears` is false where there is no speech model: calls come in, and are not written down.
    `embeds` is false where the embedder cannot be loaded.
    """

    calls: Calls
    index: LiveIndex
    guides: LiveGuides
    words: LiveWords
    embedder: SentenceEmbedder
    hears: bool = True
    embeds: bool = True
    _typist: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="typist")
    )
    """Typing must wait neither for the embedder nor for a click."""

    async def type_in(self, text: str, lang: str) -> list[Hit]:
        """Search by hand: needs neither index nor embedder."""
        look = partial(self.guides.by_hand.find, text, lang)
        return await asyncio.get_running_loop().run_in_executor(self._typist, look)

    async def find(self, text: str, lang: str) -> tuple[Finding, Meaning]:
        """Search by meaning, in the thinker's thread, which owns the embedder; silent where it
        cannot be asked."""
        if self.meaning != "ok":
            return Finding("silent"), self.meaning
        look = partial(self.index.asks(Finder.find), text, lang=lang)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.calls.parts.thinker, look), "ok"
        except ModelError:
            return Finding("silent"), "down"

    @property
    def meaning(self) -> Meaning:
        """Whether search by meaning can be asked, as far as is known without asking."""
        if not self.embeds:
            return "down"
        return "ok" if self.index.answering else "missing"

    @property
    def refused(self) -> dict[str, str]:
        """What editors have changed and cannot be used; what was there before goes on."""
        live = {"guides": self.guides, "words": self.words, "index": self.index}
        return {name: each.refusal for name, each in live.items() if each.refusal}

    def close(self) -> None:
        self._typist.shutdown(wait=False, cancel_futures=True)


class _NoLikeness:
    """Stands where there is no embedder: nothing said is like anything."""

    def __call__(self, text: str, phrases: Sequence[str]) -> list[float]:
        return [0.0] * len(phrases)


async def open_likeness(
    embedder: SentenceEmbedder, phrases: Iterable[str], thinker: ThreadPoolExecutor, say: Say
) -> Likeness | _NoLikeness:
    """What speech is compared with, remembered; without an embedder answers are not recognised,
    and that is said."""
    like = Likeness(embedder)
    try:
        await asyncio.get_running_loop().run_in_executor(thinker, like.learn, sorted(phrases))
    except ModelError as error:
        say(f"{error} Steps are ticked by hand until then.")
        return _NoLikeness()
    return like


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
    settings: Settings,
    desk: Desk,
    store: Store,
    say: Say,
    *,
    hears: bool = True,
    goes_deaf: bool = False,
    history: History | None = None,
    outbox: Outbox | None = None,
) -> AsyncIterator[Running]:
    """Everything a call needs, warmed up. `hears` is false for reruns, which need no model.
    `history` knows customers' earlier calls; without one each call is a customer's first. Without
    an `outbox` filing is tried once, as in reruns.

    Without a usable index or embedder the house still works, by hand; what is missing is said. So
    it does without a speech model where it `goes_deaf`; otherwise that raises ModelError.
    """
    book = load_book(settings.guides_dir)
    # A sentence at a time: a second thread would only wait for a core that decodes speech.
    embedder = SentenceEmbedder(settings.embedder)
    thinker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="thinker")
    hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hands")
    loop = asyncio.get_running_loop()
    index = LiveIndex(settings, embedder, local_now)
    try:
        opened = await loop.run_in_executor(thinker, index.open)
        if hears:
            say(f"Index {index.hash} answers: {opened.manifest.count} questions.")
        if opened.due:
            say(f"{opened.due}. {REBUILD}")
    except AssistError as error:
        say(f"{error} No guide opens by itself until then.")
    like = await open_likeness(embedder, book.phrases(), thinker, say)
    by_hand = await asyncio.to_thread(open_by_hand, settings, book, say)
    meters, deaf = Meters(), not hears
    try:
        lanes = _deaf() if deaf else await asyncio.to_thread(open_lanes, settings, say, meters)
    except ModelError as error:
        if not goes_deaf:
            raise
        say(f"{error} Calls are not written down until then; guides are opened by hand.")
        lanes, deaf = _deaf(error), True
    vad = await asyncio.to_thread(SileroVad)
    words = LiveWords(settings, say)
    if not deaf:
        await asyncio.to_thread(words.open)
    options = listen_options(*lanes)

    def listener(speaker: Speaker, lang: str) -> Listener:
        return Listener(speaker[0], speaker, vad, options, lang, words.scribe)

    embeds = isinstance(like, Likeness)
    parts = Parts(
        journal=Journal(store),
        desk=desk,
        tools=Tools(book, like, index.asks(Finder.listen) if embeds else None),
        guesses=lanes[0],
        finals=lanes[1],
        listener=listener,
        thinker=thinker,
        hands=hands,
        now=local_now,
        index_hash=lambda: index.hash,
        history=history,
        outbox=outbox,
    )
    calls = Calls(parts, store.working, settings.max_calls)
    connect = desk.connect if isinstance(desk, HttpDesk) else None
    guides = LiveGuides(settings, calls, by_hand, thinker, say, connect)
    running = Running(calls, index, guides, words, embedder, hears=not deaf, embeds=embeds)

    async def swapped(new: Answering) -> None:
        for call in calls.live():
            await call.note_index(new.manifest.hash)

    watches = [asyncio.create_task(guides.watch())]
    if not deaf:
        watches.append(asyncio.create_task(words.watch()))
    if embeds and hears:
        watches.append(asyncio.create_task(index.watch(say, swapped)))
    try:
        yield running
    finally:
        for watch in watches:
            watch.cancel()
        running.close()
        for lane in lanes:
            lane.close()
        for pool in (thinker, hands):
            pool.shutdown(wait=False, cancel_futures=True)


class _NoEngine:
    """Stands where no sound will come, since a rerun is fed with what was heard, or where no model
    could be loaded: then each utterance ends in `why`, and guesses pass in silence."""

    name = "none"
    workers = 1

    def __init__(self, why: ModelError) -> None:
        self._why = why

    def decode(self, *_: object, **__: object) -> Decoded:
        raise self._why

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        if any(window.final for window in windows):
            raise self._why
        return [Decoded("", 0.0, no_speech=1.0) for _ in windows]

    def language_of(self, pcm: Pcm) -> str:
        raise self._why


def _deaf(why: ModelError | None = None) -> tuple[Lane, Lane]:
    why = why or ModelError("This run has no ears.", "Replay the recording itself.")
    lane = Lane(_NoEngine(why))
    return lane, lane
