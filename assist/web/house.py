"""What the web app is given: the parts of a running process, already plugged together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from assist.audio import Speed
from assist.call import Calls
from assist.desk.connectors import Connector
from assist.gateway.websocket import SocketDoors
from assist.guide.load import Book
from assist.search.by_hand import Hit
from assist.search.evidence import Finding
from assist.search.together import Meaning
from assist.store import Store
from assist.studio.studio import Studio
from assist.train.room import TrainingRoom
from assist.web.entrance import Entrance
from assist.web.hub import Hub


class Searches(Protocol):
    """The two ways to find a guide: what was typed, at once, and what was meant."""

    async def type_in(self, text: str, lang: str) -> list[Hit]: ...

    async def find(self, text: str, lang: str) -> tuple[Finding, Meaning]: ...

    @property
    def meaning(self) -> Meaning: ...


@dataclass(frozen=True)
class DemoCall:
    name: str
    title: str
    lang: str
    duration_s: float


@dataclass(frozen=True)
class House:
    """`play_demo(name, speed, agent)` starts a recorded call and gives its id; `health()` looks
    around; `metrics()` is Prometheus text."""

    calls: Calls
    store: Store
    hub: Hub
    books: Callable[[], Book]
    searches: Searches
    ui_dir: Path
    demo_calls: Mapping[str, DemoCall]
    play_demo: Callable[[str, Speed, str], Awaitable[str]]
    health: Callable[[], Awaitable[dict[str, Any]]]
    metrics: Callable[[], bytes]
    now: Callable[[], datetime]
    entrance: Entrance
    connectors: Callable[[], Mapping[str, Connector]]
    data: Path
    studio: Studio
    training: TrainingRoom
    doors: SocketDoors

    @property
    def book(self) -> Book:
        """The guides of a call that would begin now."""
        return self.books()


def house_of(connection: HTTPConnection) -> House:
    """The house whose app was asked."""
    return connection.app.state.house
