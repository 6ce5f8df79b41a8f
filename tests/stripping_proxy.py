"""A proxy that serves one path prefix and takes it away, as nginx does with `proxy_pass …/;`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """`strays` are the requests that came for anything outside the prefix."""

    url: str
    strays: list[str] = field(default_factory=list)


@contextmanager
def stripping_proxy(prefix: str, port: int) -> Iterator[Proxy]:
    """To a server on this machine's `port`, until the block ends."""
    loop, up, down = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    proxy = Proxy("")

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # also "not connected", which is no ConnectionError
            while chunk := await reader.read(1 << 16):
                writer.write(chunk)
                await writer.drain()
            writer.write_eof()

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection: then what follows can go through unread, sockets too."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            first, *headers = (await reader.readuntil(b"\r\n\r\n"))[:-4].decode().split("\r\n")
            method, path, version = first.split(" ")
            if not path.startswith(f"{prefix}/"):
                proxy.strays.append(path)
                writer.write(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
                await writer.drain()
            else:
                if not any(line.lower().startswith("upgrade:") for line in headers):
                    headers = [h for h in headers if not h.lower().startswith("connection:")]
                    headers.append("Connection: close")
                theirs, ours = await asyncio.open_connection("127.0.0.1", port)
                head = [f"{method} {path.removeprefix(prefix)} {version}", *headers, "", ""]
                ours.write("\r\n".join(head).encode())
                await asyncio.gather(pump(reader, ours), pump(theirs, writer))
                ours.close()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{prefix}"
        up.set()
        await down.wait()
        server.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert up.wait(20)
    yield proxy
    loop.call_soon_threadsafe(down.set)
    thread.join(10)
