"""The studio's routes over a real store and a copy of the guides, with anybody signed in."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import ValidationError
from running import ROOT
from starlette.applications import Starlette

from assist.accounts.model import Person
from assist.config import Settings
from assist.errors import AssistError
from assist.guide.load import load_book
from assist.rules.tools import Tools
from assist.search.corpus import Row, write_rows
from assist.store import Store
from assist.studio.studio import Studio, open_studio
from assist.web import api, corpus_api, studio_api

AT = "2026-11-05T15:42:00+08:00"
GUIDE = "sim.lost"


class LettersOnly:
    """`ports.Embedder`: alike is what has the same letters."""

    name, dimension = "letters", 64

    def encode(self, texts: Sequence[str]) -> Any:
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at, text in enumerate(texts):
            for char in text:
                found[at, ord(char) % self.dimension] += 1
        return found / np.maximum(1e-9, np.linalg.norm(found, axis=1, keepdims=True))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    folder.mkdir()
    for name in ("sim.lost.yaml", "house.yaml", "moods.yaml", "priors.yaml", "offers.yaml"):
        shutil.copy(ROOT / "guides" / name, folder)
    for name in ("tickets", "connectors"):
        shutil.copytree(ROOT / "guides" / name, folder / name)
    (folder / "tests").mkdir()
    for name in ("fixtures.yaml", "sim.lost.yaml"):
        shutil.copy(ROOT / "guides" / "tests" / name, folder / "tests")
    priors = folder / "priors.yaml"
    priors.write_text(priors.read_text("utf-8").split("lines:")[0], "utf-8")
    (tmp_path / "corpus").mkdir()
    rows = [
        Row(id="sl-001", text="手机丢了卡怎么办", guide=GUIDE, lang="zh"),
        Row(id="sl-002", text="手机被偷了要停机", guide=GUIDE, lang="zh", status="draft"),
    ]
    write_rows(tmp_path / "corpus" / "sim.jsonl", rows)
    return tmp_path


class World:
    """The studio's routes with somebody signed in; `said` tells that guides were taken over."""

    def __init__(self, root: Path) -> None:
        self.root, self.file = root, root / "guides" / f"{GUIDE}.yaml"
        self.store = Store(Settings(data=root / "data").database)
        self.book, self.reread = load_book(root / "guides"), 0
        self.studio: Studio = open_studio(
            root / "guides",
            root / "corpus",
            self.store,
            lambda: Tools(self.book, lambda text, phrases: [0.0] * len(phrases)),
            lambda: datetime.fromisoformat(AT),
            LettersOnly(),
            root / "data" / "vectors.npz",
            self._take_over,
        )
        handlers: dict[Any, Any] = {
            AssistError: api.on_known_error,
            ValidationError: api.on_invalid,
        }
        routes = [*corpus_api.ROUTES, *studio_api.ROUTES]
        app = Starlette(routes=routes, exception_handlers=handlers)
        app.state.house = SimpleNamespace(studio=self.studio, store=self.store)

        async def signed_in(scope: Any, receive: Any, send: Any) -> None:
            login = dict(scope["headers"])[b"login"].decode()
            person = Person(login=login, name=login, roles=frozenset({"editor"}))
            await app({**scope, "state": {"person": person}}, receive, send)

        self._app = signed_in

    async def _take_over(self) -> None:
        self.book, self.reread = load_book(self.root / "guides"), self.reread + 1

    def as_(self, login: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app),
            base_url="http://house",
            headers={"login": login},
        )


@pytest.fixture
async def world(root: Path) -> AsyncIterator[World]:
    made = World(root)
    yield made
    made.store.close()
