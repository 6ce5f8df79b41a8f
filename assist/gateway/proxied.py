"""The PROXY protocol, versions 1 and 2: what HAProxy, nginx and stunnel say before anything else of
who really connects. https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt

    1  PROXY TCP4 192.0.2.7 10.1.0.5 51123 8712\r\n
    2  12 bytes of signature, version and command, family, length (2 bytes), addresses, more

Only what is known to be such a proxy may be asked: anybody else would say what they like.
"""

from __future__ import annotations

import asyncio
import ipaddress

from assist.errors import AssistError

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_V1 = b"PROXY "
_V1_MOST_BYTES = 107
_V2_MOST_BYTES = 4_096
"""Of addresses and what is added behind them; proxies add a few hundred bytes at most."""

_LOCAL, _PROXY = 0x20, 0x21
_ADDRESS_BYTES = {0x11: 4, 0x21: 16}
"""TCP over IPv4 and IPv6: the source's address comes first. Sockets of other families have none."""

WAIT_S = 5.0


async def read_source(reader: asyncio.StreamReader, wait_s: float = WAIT_S) -> str:
    """The address that the proxy names, empty where it connects for itself or knows none; not a
    byte more is read. Raises AssistError where no such header comes."""
    try:
        async with asyncio.timeout(wait_s):
            start = await reader.readexactly(len(SIGNATURE))
            if start == SIGNATURE:
                head = await reader.readexactly(4)
                length = int.from_bytes(head[2:], "big")
                if length > _V2_MOST_BYTES:
                    raise _not_proxied(f"is {length} bytes long")
                return source_of_v2(head, await reader.readexactly(length))
            if not start.startswith(_V1):
                raise _not_proxied("is missing")
            return source_of_v1(start + await reader.readuntil(b"\r\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError) as error:
        raise _not_proxied("does not come to its end") from error
    except OSError as error:
        raise _not_proxied("was cut off") from error


def source_of_v1(line: bytes) -> str:
    """Of the whole line. Raises AssistError."""
    words = line.removesuffix(b"\r\n").decode("latin-1").split(" ")
    if len(line) > _V1_MOST_BYTES or words[0] != "PROXY" or len(words) < 2:
        raise _not_proxied("is no line of version 1")
    if words[1] == "UNKNOWN":
        return ""
    if words[1] not in ("TCP4", "TCP6") or len(words) != 6:
        raise _not_proxied("is no line of version 1")
    try:
        source = ipaddress.ip_address(words[2])
    except ValueError as error:
        raise _not_proxied("names no address") from error
    if source.version != int(words[1][-1]):
        raise _not_proxied(f"names no {words[1]} address")
    return str(source)


def source_of_v2(head: bytes, rest: bytes) -> str:
    """`head` is the four bytes behind the signature. Raises AssistError."""
    command, family = head[0], head[1]
    if command == _LOCAL:
        return ""
    if command != _PROXY:
        raise _not_proxied(f"has the command 0x{command:02x}")
    width = _ADDRESS_BYTES.get(family, 0)
    if len(rest) < 2 * width + 4 and width:
        raise _not_proxied(f"has only {len(rest)} bytes of addresses")
    return str(ipaddress.ip_address(rest[:width])) if width else ""


def _not_proxied(what: str) -> AssistError:
    return AssistError(
        f"The PROXY header of a proxy {what}.",
        "Let the proxy send it (HAProxy: send-proxy-v2, nginx: proxy_protocol on), or take its "
        "address out of the door's proxies.",
        code="door.proxy",
    )
