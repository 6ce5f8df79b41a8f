"""The whole house in one process: back office sandbox if wanted, calls, pages."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from assist.accounts.keys import Keys
from assist.audio import Recording, Speed, read_recording
from assist.call import Calls
from assist.call.history import CallHistory
from assist.call.outbox import Outbox
from assist.config import Settings
from assist.desk.http import HttpDesk
from assist.desk.sandbox.app import create_app as create_sandbox
from assist.gateway.files import play
from assist.gateway.lobby import Lobby
from assist.gateway.native import Start
from assist.gateway.tcp import audiosocket_door
from assist.gateway.websocket import SocketDoors
from assist.store import Store
from assist.studio.studio import open_studio
from assist.train.room import TrainingRoom
from assist.web.app import create_app
from assist.web.entrance import Entrance
from assist.web.house import DemoCall, House
from assist.web.hub import Hub
from assist.wiring.entrance import let_go_daily, open_entrance, tell_how_to_come_in
from assist.wiring.parts import Running, Say, local_now, open_calls, open_desk
from assist.wiring.server import Outside, serving


@asynccontextmanager
async def open_sandbox(settings: Settings, port: int) -> AsyncIterator[str]:
    """The sandbox back office over its own database; its address."""
    settings.data.mkdir(parents=True, exist_ok=True)
    app = create_sandbox(settings.data / "sandbox.db")
    async with serving(app, "127.0.0.1", port) as url:
        yield url


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    sandbox: bool,
    say: Say,
    goes_deaf: bool = False,
    hears: bool = True,
    keys: Keys | None = None,
    drains: bool = False,
) -> AsyncIterator[str]:
    """Serve everything until the block ends; the address of the pages. With `keys` of its own a
    process may come in itself, and hand out sign-in links.

    `goes_deaf`: serve what works without a speech model, too. Raises ModelError otherwise.
    `hears` is false where nothing will be said: no speech model is loaded. `drains`: at the end
    live calls may come to theirs, for as long as the settings say.
    """
    async with AsyncExitStack() as stack:
        if sandbox:
            url = await stack.enter_async_context(open_sandbox(settings, settings.sandbox_port))
            settings = settings.model_copy(update={"desk_url": url})
        store = Store(settings.database, settings.seal_key)
        stack.callback(store.close)
        if trouble := store.key_trouble():
            say(trouble)
        for call in store.recover():
            say(f"Call {call} was broken off when the server last stopped; it is kept.")
        desk = await stack.enter_async_context(open_desk(settings))
        outbox = Outbox(store, desk, local_now)
        running = await stack.enter_async_context(
            open_calls(
                settings,
                desk,
                store,
                say,
                hears=hears,
                goes_deaf=goes_deaf,
                history=CallHistory(store),
                outbox=outbox,
            )
        )
        sending = asyncio.create_task(outbox.run(running.calls.tell))
        stack.callback(sending.cancel)
        entrance = open_entrance(settings, store, keys or Keys())
        house = _house(settings, store, running, outbox, entrance, desk)
        app = create_app(house)
        watching = asyncio.create_task(app.state.wall.watch())
        stack.callback(watching.cancel)
        letting_go = asyncio.create_task(let_go_daily(store))
        stack.callback(letting_go.cancel)
        url = await stack.enter_async_context(
            serving(app, settings.host, settings.port, Outside.of(settings))
        )
        tell_how_to_come_in(settings, entrance, url, say)
        stack.push_async_callback(_hang_up_all, running.calls)
        lobby = house.doors.lobby
        sweeping = asyncio.create_task(lobby.watch())
        stack.callback(sweeping.cancel)
        if settings.doors.audiosocket.enabled:
            await stack.enter_async_context(audiosocket_door(lobby))
        stack.push_async_callback(lobby.drain, settings.drain_s if drains else 0.0)
        yield url


async def _hang_up_all(calls: Calls) -> None:
    for call in calls.live():
        await call.hang_up("stopped")


def _house(
    settings: Settings,
    store: Store,
    running: Running,
    outbox: Outbox,
    entrance: Entrance,
    desk: HttpDesk,
) -> House:
    playing: set[asyncio.Task[str]] = set()
    calls = running.calls
    lobby = Lobby(calls, settings.doors, time.monotonic)

    async def play_demo(name: str, speed: Speed, agent: str) -> str:
        call_id = uuid.uuid4().hex[:12]
        begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        recording, start = demo_call(settings.corpus_dir / "calls", name)
        start = start.model_copy(update={"call_id": call_id, "agent": agent})
        url = f"{'wss' if settings.tls_cert else 'ws'}://{settings.host}:{settings.port}"
        headers = entrance.keys.headers
        task = asyncio.create_task(
            play(
                recording,
                url,
                start,
                speed,
                begun.set_result,
                headers=headers,
                trust=settings.tls_cert,
            )
        )
        playing.add(task)
        task.add_done_callback(playing.discard)
        await asyncio.wait({task, begun}, return_when=asyncio.FIRST_COMPLETED)
        return begun.result() if begun.done() else await task

    async def health() -> dict[str, Any]:
        return {
            "ok": True,
            "speech": "ok" if running.hears else "missing",
            "desk": "ok" if await desk.answers() else "down",
            "index": running.meaning,
            **_index_of(running),
            **({"tickets_waiting": count} if (count := outbox.waiting) else {}),
            "search": "ok" if running.meaning == "ok" else "by hand",
            **({"refused": refused} if (refused := running.refused) else {}),
        }

    return House(
        calls=running.calls,
        store=store,
        hub=Hub(running.calls.parts.journal, store.events),
        books=lambda: running.guides.book,
        studio=open_studio(
            settings.guides_dir,
            settings.corpus_dir,
            store,
            lambda: running.calls.parts.tools,
            local_now,
            running.embedder if running.embeds else None,
            settings.data / "studio-vectors.npz",
            running.guides.reread,
        ),
        searches=running,
        ui_dir=settings.ui_dir,
        demo_calls=demo_calls(settings.corpus_dir / "calls"),
        play_demo=play_demo,
        health=health,
        metrics=lambda: calls.parts.guesses.meters.text() + lobby.meters.text(),
        now=running.calls.parts.now,
        entrance=entrance,
        connectors=lambda: desk.connectors,
        data=settings.data,
        doors=SocketDoors(lobby, local_now),
        training=TrainingRoom(
            lambda: running.calls.parts.tools,
            calls_dir=settings.corpus_dir / "calls",
            guides_dir=settings.guides_dir,
            corpus_dir=settings.corpus_dir,
        ),
    )


def _index_of(running: Running) -> dict[str, str]:
    """Which index answers, since when, and why it should be learnt anew, where it should."""
    answering = running.index.answering
    if answering is None:
        return {}
    since = answering.since.isoformat(timespec="seconds")
    told = {"index_hash": answering.manifest.hash, "index_since": since}
    return told | ({"index_due": answering.due} if answering.due else {})


def demo_calls(folder: Path) -> dict[str, DemoCall]:
    """The recorded calls of the corpus by name."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        reference = json.loads(path.read_text(encoding="utf-8"))
        if path.with_suffix(".flac").is_file():
            found[path.stem] = DemoCall(
                path.stem,
                reference["title"],
                reference["lang"],
                reference["audio"]["duration"],
            )
    return found


def demo_call(folder: Path, name: str) -> tuple[Recording, Start]:
    """The recording and what a phone system would say of the call at its start."""
    reference = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    start = Start(
        agent="agent",
        customer=reference["slots"].get("phone", ""),
        lang=reference["lang"],
        source=f"demo {name}",
    )
    return read_recording(folder / f"{name}.flac"), start
