"""Running servers: uvicorn inside our own event loop, started and stopped with the parts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from assist.config import Settings
from assist.errors import AssistError


class _DenialsAreAnswers(logging.Filter):
    """uvicorn takes a socket refused with an HTTP answer for an error of ours, having sent it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing handshake" not in record.getMessage()


_DENIALS_ARE_ANSWERS = _DenialsAreAnswers()


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop: several servers may share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True)
class Outside:
    """How the server is seen from outside: TLS, the prefix under which a proxy serves it, and the
    proxies whose word for a client's address and scheme is taken."""

    tls_cert: Path | None = None
    tls_key: Path | None = None
    root_path: str = ""
    trusted_proxies: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Outside:
        """Raises AssistError where one of certificate and key is missing."""
        cert, key = settings.tls_cert, settings.tls_key
        missing = [str(path) for path in (cert, key) if path is not None and not path.is_file()]
        if missing or (cert is None) != (key is None):
            raise AssistError(
                f"TLS needs a certificate and its key: {', '.join(missing) or 'one is not set'}.",
                "Set ASSIST_TLS_CERT and ASSIST_TLS_KEY to PEM files that can be read.",
                code="tls",
            )
        return cls(cert, key, settings.root_path.rstrip("/"), settings.trusted_proxies)


class _Under:
    """`app` under a path prefix, whether the proxy before it takes the prefix away or leaves it."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            path, raw = scope["path"], scope["raw_path"]
            if path != self._prefix and not path.startswith(f"{self._prefix}/"):
                path, raw = self._prefix + path, self._prefix.encode() + raw
            scope = {**scope, "path": path, "raw_path": raw, "root_path": self._prefix}
        await self._app(scope, receive, send)


@asynccontextmanager
async def serving(
    app: Any, host: str, port: int, outside: Outside | None = None
) -> AsyncIterator[str]:
    """Serve `app` until the block ends; yields its base address, with the path prefix. Port 0
    takes any free one.

    Raises AssistError when the port is taken.
    """
    outside = outside or Outside()
    bound = _bind(host, port)
    prefix = outside.root_path
    config = uvicorn.Config(
        _Under(app, prefix) if prefix else app,
        ws="websockets-sansio",
        log_level="warning",
        ws_max_size=1 << 20,
        log_config=None,  # its loggers write through the process's own, masking handler
        lifespan="on",
        timeout_graceful_shutdown=2,
        ssl_certfile=outside.tls_cert,
        ssl_keyfile=outside.tls_key,
        proxy_headers=bool(outside.trusted_proxies),
        forwarded_allow_ips=list(outside.trusted_proxies),
    )
    logging.getLogger("uvicorn.error").addFilter(_DENIALS_ARE_ANSWERS)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        scheme = "https" if outside.tls_cert else "http"
        yield f"{scheme}://{host}:{bound.getsockname()[1]}{prefix}"
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
