"""Real servers on free ports: the sandbox back office, and whatever else a test wants to serve."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from assist.desk import HttpDesk, load_connectors
from assist.desk.sandbox import create_app
from assist.desk.sandbox.database import Records

NOW = datetime(2026, 11, 5, 15, 42, 7, tzinfo=timezone(timedelta(hours=8)))
CONNECTORS = Path(__file__).parents[2] / "guides" / "connectors"

Serve = Callable[[Starlette], Awaitable[str]]


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="on")
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(app: Starlette) -> str:
            return await stack.enter_async_context(running(app))

        yield start


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox database as it is after the first start."""
    path = tmp_path_factory.mktemp("seeded") / "desk.db"
    Records(path, lambda: NOW).close()
    return path


@pytest.fixture
def database(tmp_path: Path, seeded: Path) -> Path:
    return Path(shutil.copy(seeded, tmp_path / "desk.db"))


@pytest.fixture
async def sandbox(serve: Serve, database: Path) -> str:
    """Address of a sandbox whose clock stands at NOW."""
    return await serve(create_app(database, clock=lambda: NOW))


@pytest.fixture
async def web(sandbox: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sandbox, trust_env=False) as client:
        yield client


@pytest.fixture
async def desk(sandbox: str) -> AsyncIterator[HttpDesk]:
    desk = HttpDesk(sandbox, load_connectors(CONNECTORS), timeout_s=3)
    yield desk
    await desk.aclose()


@pytest.fixture
def dead_address() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
