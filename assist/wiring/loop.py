"""The event loop under a server: libuv's, where there is one.

asyncio's own pays two system calls to stop and go on reading a socket, which the WebSocket
implementation does for every message: with two hundred phone sockets that filled a core.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def new_loop() -> asyncio.AbstractEventLoop:
    """asyncio's own on systems that uvloop is not made for."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def run(main: Coroutine[Any, Any, T]) -> T:
    """asyncio.run, on the faster loop."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
