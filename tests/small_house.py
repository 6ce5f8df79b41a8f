"""The whole server in a thread of the test's process: real sockets, real tables, no models."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from running import ROOT
from starlette.applications import Starlette
from websockets.sync.client import ClientConnection, connect

from assist.accounts.keys import Keys
from assist.bench.served import free_port
from assist.config import Settings
from assist.search.corpus import Row, write_rows
from assist.store import Store
from assist.web.app import create_app
from assist.wiring import house as wiring
from assist.wiring.loop import new_loop


@dataclass
class SmallHouse:
    """`keys.headers` are of a machine that may do everything; `said` is what the start told."""

    url: str
    settings: Settings
    keys: Keys
    app: Starlette
    said: list[str]
    loop: asyncio.AbstractEventLoop

    def connect(self, path: str, headers: dict[str, str] | None = None) -> ClientConnection:
        """`with house.connect(path) as socket:`; by default as the machine."""
        url = self.url.replace("http", "ws", 1) + path
        return connect(url, additional_headers=headers or self.keys.headers, max_size=None)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The same database, as another process would open it."""
        store = Store(self.settings.database, self.settings.seal_key)
        try:
            yield store
        finally:
            store.close()


def small_root(root: Path, rows: Sequence[Row]) -> None:
    """The product's folders for a house of its own: guides to be changed, a corpus of these rows,
    and the pages and calls as they are."""
    shutil.copytree(ROOT / "guides", root / "guides")
    (root / "ui").symlink_to(ROOT / "ui")
    (root / "corpus").mkdir()
    (root / "corpus" / "calls").symlink_to(ROOT / "corpus" / "calls")
    write_rows(root / "corpus" / "rows.jsonl", rows)


@contextmanager
def small_house(data: Path, **settings: Any) -> Iterator[SmallHouse]:
    """Serves until the block ends, as a demo unless `demo=False`."""
    here = {"data": data, "port": free_port(), "sandbox_port": 0, "embedder": str(data / "none")}
    chosen = Settings().model_copy(update={**here, "demo": True, **settings})
    keys, apps, said = Keys(), list[Starlette](), list[str]()
    loop, opened = new_loop(), threading.Event()
    urls, errors, closing = list[str](), list[BaseException](), asyncio.Event()

    def keep_app(house: Any) -> Starlette:
        apps.append(create_app(house))
        return apps[-1]

    async def serve() -> None:
        opening = wiring.open_house(chosen, sandbox=True, say=said.append, hears=False, keys=keys)
        async with opening as url:
            urls.append(url)
            opened.set()
            await closing.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            errors.append(error)
        finally:
            opened.set()

    with patch.object(wiring, "create_app", keep_app):
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert opened.wait(120), "the house did not open"
    if errors:
        raise errors[0]
    try:
        yield SmallHouse(urls[0], chosen, keys, apps[0], said, loop)
    finally:
        loop.call_soon_threadsafe(closing.set)
        thread.join(20)
        loop.close()
