"""A recorded call played into the native socket, as a phone system would send it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import websockets
from websockets.asyncio.client import connect

from assist.audio import Recording, Speed, encode_pcm16
from assist.errors import AssistError, AudioError
from assist.gateway.native import Start

FRAME_MS = 100


async def play(
    recording: Recording,
    url: str,
    start: Start,
    speed: Speed,
    started: Callable[[str], None] = lambda call: None,
    progress: Callable[[int], None] = lambda sent_ms: None,
    headers: Mapping[str, str] | None = None,
    trust: Path | None = None,
) -> str:
    """Send the recording at its pace (or 4 times, or as fast as it is understood); the call's id.

    `headers` say who asks, see docs/native-socket.md; `trust` is the certificate of a server on
    this machine that serves TLS.

    Raises AudioError when the server refuses the call or cannot be reached.
    """
    start = start.model_copy(
        update={
            "rate_hz": recording.rate_hz,
            "channels": recording.speakers,
            "lockstep": speed == "max",
        }
    )
    try:
        async with connect(
            f"{url}/v1/audio",
            max_size=None,
            additional_headers=headers,
            ssl=_trusting(trust) if trust else None,
        ) as socket:
            await socket.send(start.model_dump_json())
            call = _answer(await socket.recv(), "started")["call"]
            started(call)
            await _send(socket, recording, speed, progress)
            await socket.send('{"type": "stop"}')
            _answer(await socket.recv(), "ended")
            return call
    except (OSError, websockets.WebSocketException) as error:
        raise AudioError(
            f"The audio socket at {url} broke off: {error}.", "Is `assist serve` running there?"
        ) from error


def _trusting(certificate: Path) -> ssl.SSLContext:
    """Its own certificate, whatever name is in it: the address is this machine's."""
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    return context


async def _send(
    socket, recording: Recording, speed: Speed, progress: Callable[[int], None]
) -> None:
    clock = asyncio.get_running_loop().time
    begun = clock()
    for number, frame in enumerate(recording.frames(FRAME_MS), start=1):
        await socket.send(encode_pcm16(*frame))
        progress(number * FRAME_MS)
        if speed == "max":
            _answer(await socket.recv(), "heard")
        else:
            due = begun + number * FRAME_MS / 1000 / int(speed)
            await asyncio.sleep(max(0.0, due - clock()))


def _answer(message: str | bytes, wanted: str) -> dict[str, Any]:
    answer = json.loads(message)
    if answer["type"] == "error":
        raise AssistError(
            answer["message"], answer["remedy"], code=answer["code"], values=answer.get("values")
        )
    if answer["type"] != wanted:
        raise AudioError(f"The server answered {answer['type']!r} instead of {wanted!r}.")
    return answer
