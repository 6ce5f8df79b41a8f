"""What stands before the doors: TLS, a path prefix, and proxies that say who really connects."""

from __future__ import annotations

import asyncio
import socket as sockets
import struct
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import websockets
from browser.fixtures.tls import write_certificate
from gateway.lobby import Ears, open_lobby, pcm16, tone
from gateway.test_served import Served, doors, free_port, house_settings
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import connect

from assist.accounts.keys import Keys
from assist.config import AudioSocketDoor, DoorsSettings
from assist.errors import AssistError
from assist.gateway.audiosocket import GOODBYE, packet
from assist.gateway.lobby import Lobby
from assist.gateway.proxied import SIGNATURE, read_source
from assist.gateway.tcp import audiosocket_door
from assist.gateway.websocket import SocketDoors
from assist.wiring.house import open_house
from assist.wiring.server import Outside, serving

INSIDE, ELSEWHERE = "192.0.2.7", "198.51.100.7"
LEG = uuid.UUID("40325ec2-5efd-4bd3-805f-53576e581d1c")


def v1(source: str, family: str = "TCP4") -> bytes:
    return f"PROXY {family} {source} 10.1.0.5 51123 8712\r\n".encode()


def v2(source: str, *, command: int = 0x21, more: bytes = b"") -> bytes:
    """As HAProxy's send-proxy-v2 sends it."""
    six = ":" in source
    family = sockets.AF_INET6 if six else sockets.AF_INET
    pair = (source, "::" if six else "0.0.0.0")
    addresses = b"".join(sockets.inet_pton(family, each) for each in pair)
    rest = addresses + struct.pack("!HH", 51123, 8712) + more
    head = bytes((command, 0x21 if six else 0x11)) + len(rest).to_bytes(2, "big")
    return SIGNATURE + head + rest


async def source_of(data: bytes) -> tuple[str, bytes]:
    """The source, and what is left to be read."""
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await read_source(reader), await reader.read()


@pytest.mark.parametrize(
    ("header", "source"),
    [
        (v1(INSIDE), INSIDE),
        (v1("2001:db8::7", "TCP6").replace(b"10.1.0.5", b"2001:db8::1"), "2001:db8::7"),
        (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", ""),
        (b"PROXY UNKNOWN\r\n", ""),
        (v2(INSIDE), INSIDE),
        (v2("2001:db8::7", more=b"\x03\x00\x04\x00\x00\x00\x00"), "2001:db8::7"),
        (v2(INSIDE, command=0x20), ""),  # LOCAL: the proxy looks whether we live
        (SIGNATURE + b"\x21\x31\x00\x00", ""),  # a Unix socket
    ],
)
async def test_a_proxy_says_who_connects_and_the_sound_follows(header: bytes, source: str) -> None:
    assert await source_of(header + b"sound") == (source, b"sound")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        v2(INSIDE)[:-1],
        v1(INSIDE)[:-2],
        v1("example.org"),
        v1(INSIDE, "TCP6"),
        v1(INSIDE, "UDP4"),
        b"PROXY TCP4 " + b"1" * 200 + b"\r\n",
        v2(INSIDE, command=0x11),
        SIGNATURE + b"\x21\x11\x00\x04abcd",
        SIGNATURE + b"\x21\x11\xff\xff",
        packet(0x01, LEG.bytes),
    ],
)
async def test_what_is_no_header_is_refused(header: bytes) -> None:
    with pytest.raises(AssistError) as refused:
        await source_of(header)
    assert refused.value.code == "door.proxy"


@given(st.sampled_from([b"", SIGNATURE, SIGNATURE + b"\x21", b"PROXY TCP4 "]), st.binary())
def test_random_bytes_are_a_header_or_refused(start: bytes, rest: bytes) -> None:
    try:
        asyncio.run(source_of(start + rest))
    except AssistError as error:
        assert error.code == "door.proxy"


@pytest.fixture
async def audiosocket() -> AsyncIterator[tuple[int, Lobby, Ears]]:
    """The door behind a proxy on this machine, for one network."""
    door = AudioSocketDoor(
        enabled=True, port=0, allow=("192.0.2.0/24",), proxies=("127.0.0.0/8", "::1")
    )
    lobby, ears, _ = open_lobby(DoorsSettings(audiosocket=door))
    async with audiosocket_door(lobby) as port:
        yield port, lobby, ears


async def answer(port: int, data: bytes) -> bytes:
    """What the door says until it closes; we hang up behind `data`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data + GOODBYE)
    said = await reader.read()
    writer.close()
    return said


@pytest.mark.parametrize("header", [v1, v2])
async def test_the_network_of_who_really_connects_counts(
    audiosocket: tuple[int, Lobby, Ears], header: Callable[[str], bytes]
) -> None:
    port, lobby, ears = audiosocket
    leg = packet(0x01, LEG.bytes) + packet(0x10, pcm16(tone(440, 0.1)))
    assert await answer(port, header(ELSEWHERE) + leg) == GOODBYE
    assert await answer(port, leg) == GOODBYE
    assert ears.calls == {}
    assert lobby.meters.value("assist_door_refused_total", "audiosocket", "door.proxy") == 1
    assert await answer(port, header(INSIDE) + leg) == b""
    assert ears.only.ended == ["hangup"] and len(ears.only.sound("customer"))


async def test_over_tls_behind_a_prefix_and_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every WebSocket door; AudioHook signs the path, which has the prefix in it."""
    safe, keys = write_certificate(tmp_path), Keys()
    monkeypatch.setenv("SSL_CERT_FILE", str(safe["tls_cert"]))
    known = doors(free_port()).model_dump()
    known["freeswitch"]["allow"] = ("192.0.2.0/24",)
    settings = house_settings(
        tmp_path, root_path="/assist", doors=DoorsSettings.model_validate(known), **safe
    )
    house = open_house(settings, sandbox=False, say=lambda _: None, hears=False, keys=keys)
    async with (
        house as url,
        httpx.AsyncClient(base_url=url, headers=keys.headers, trust_env=True) as client,
    ):
        assert url.startswith("https://") and url.endswith("/assist")
        served = Served(url, "", keys, client)
        for protocol in ("native", "twilio", "telnyx", "audiohook", "chan_websocket"):
            plan = await served.play(protocol)
            assert (await served.ended(plan.call_id))[-1]["reason"] == "hangup", protocol
        for path in ("/assist/v1/freeswitch", "/v1/freeswitch"):  # the proxy may take it away
            address = f"{served.ws.removesuffix('/assist')}{path}?token=open%20sesame"
            for source, comes_in in ((INSIDE, True), (ELSEWHERE, False), ("", False)):
                headers = {"X-Forwarded-For": f"{ELSEWHERE}, {source}"} if source else {}
                try:
                    async with connect(address, additional_headers=headers):
                        assert comes_in, (path, source)
                except websockets.InvalidStatus as refused:
                    assert refused.response.status_code == 403 and not comes_in, (path, source)


async def test_who_is_no_proxy_of_ours_cannot_say_who_they_are() -> None:
    known = {"enabled": True, "allow": ("192.0.2.0/24",)}
    lobby, _, _ = open_lobby(DoorsSettings.model_validate({"freeswitch": known}))
    doors_here = SocketDoors(lobby, lambda: datetime.now(UTC))
    app = Starlette(routes=[WebSocketRoute("/v1/freeswitch", doors_here.freeswitch)])
    said = {"X-Forwarded-For": INSIDE}
    for proxy, comes_in in (("127.0.0.1", True), ("192.0.2.1", False)):
        async with serving(app, "127.0.0.1", 0, Outside(trusted_proxies=(proxy,))) as url:
            address = f"{url.replace('http', 'ws', 1)}/v1/freeswitch"
            try:
                async with connect(address, additional_headers=said):
                    assert comes_in
            except websockets.InvalidStatus as refused:
                assert refused.response.status_code == 403 and not comes_in
