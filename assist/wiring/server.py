"""Running servers: uvicorn inside our own event loop, started and stopped with the parts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from assist.errors import AssistError


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop: several servers may share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Any, host: str, port: int) -> AsyncIterator[str]:
    """Serve `app` until the block ends; yields its base address. Port 0 takes any free one.

    Raises AssistError when the port is taken.
    """
    bound = _bind(host, port)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        log_level="warning",
        ws_max_size=1 << 20,
        log_config=None,  # its loggers write through the process's own, masking handler
        lifespan="on",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield f"http://{host}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        bound.close()


def _bind(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. A click is answered in several small messages; without this the second
    # would wait for the panel's acknowledgement of the first, 40 ms later.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise AssistError(
            f"Port {port} on {host} cannot be opened ({error.strerror}).",
            "Stop the program that uses it, or choose another with --port.",
            code="port",
        ) from error
    return bound
