"""The event loop under a server: libuv's, where there is one.

asyncio's own pays two system calls to stop and go on reading a socket, which the WebSocket
implementation does for every message: with two hundred phone sockets that filled a core.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """asyncio.run, on the faster loop."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """None, asyncio's own, on systems that uvloop is not made for."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
