"""The native audio socket, WebSocket `/v1/audio`.

    client  {"type": "start", "agent": …, "format": "pcm16", "rate_hz": 8000,
             "channels": ["customer", "agent"], …}
    server  {"type": "started", "call": ID}
    client  binary frames, channels interleaved; {"type": "pause" / "resume" / "stop"}
    server  {"type": "heard"} after each frame, if lockstep was asked for
    server  {"type": "ended", "call": ID}, or {"type": "error", "code", "message", "remedy",
             "values"}

A pause (hold, mute) is not a hang-up. A socket that closes without `stop` ends the call.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from assist.audio import AudioChunk, Lane, Resampler, decode_mulaw, decode_pcm16
from assist.call import Call, Calls
from assist.errors import AssistError, AudioError, first_problem
from assist.events import CallStarted, Speaker

MAX_FRAME_BYTES = 1 << 18
CLOSE_REFUSED = 4400


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Start(_Message):
    """`lockstep`: each frame is answered with `heard` once everything in it is decoded (replay)."""

    type: Literal["start"] = "start"
    call_id: str = Field(default="", max_length=64, pattern=r"^[\w.:-]*$")
    agent: str = Field(min_length=1, max_length=64)
    customer: str = Field(default="", max_length=64, description="calling number")
    direction: Literal["inbound", "outbound"] = "inbound"
    format: Literal["pcm16", "mulaw"] = "pcm16"
    rate_hz: int = 8000
    channels: tuple[Speaker, ...] = Field(default=("customer", "agent"), min_length=1, max_length=2)
    lang: Literal["zh", "en", "auto"] = Field(
        default="zh", description="auto: told from the first seconds"
    )
    source: str = Field(default="", max_length=200)
    lockstep: bool = False


class Pause(_Message):
    type: Literal["pause"] = "pause"


class Resume(_Message):
    type: Literal["resume"] = "resume"


class Stop(_Message):
    type: Literal["stop"] = "stop"


Control = Annotated[Start | Pause | Resume | Stop, Field(discriminator="type")]
CONTROL: TypeAdapter[Control] = TypeAdapter(Control)


class Stream:
    """One call's sound: frames of interleaved bytes -> chunks of 16 kHz, one a channel."""

    def __init__(self, start: Start) -> None:
        """Raises AudioError for a rate or channel map that cannot be served."""
        if len(set(start.channels)) != len(start.channels):
            raise AudioError(
                f"Both channels are said to be {start.channels[0]!r}.",
                "Name who is on which channel, e.g. customer, agent.",
            )
        if start.format == "mulaw" and start.rate_hz != 8000:
            raise AudioError(f"µ-law at {start.rate_hz} Hz does not exist.", "Send it at 8000 Hz.")
        self._decode = decode_mulaw if start.format == "mulaw" else decode_pcm16
        self._lanes = [Lane(speaker, Resampler(start.rate_hz)) for speaker in start.channels]

    def push(self, data: bytes) -> list[AudioChunk]:
        """Raises AudioError for a frame that is too long or not whole."""
        if len(data) > MAX_FRAME_BYTES:
            raise AudioError(
                f"A frame of {len(data)} bytes is over the limit of {MAX_FRAME_BYTES}.",
                "Send frames of 20 to 500 ms.",
            )
        sound = self._decode(data, len(self._lanes))
        return [c for lane, pcm in zip(self._lanes, sound, strict=True) if (c := lane.push(pcm))]

    def finish(self) -> list[AudioChunk]:
        return [chunk for lane in self._lanes if (chunk := lane.finish())]


async def serve_audio(socket: WebSocket, calls: Calls) -> None:
    """One connection is one call. What is wrong with it is said to the client before closing."""
    await socket.accept()
    call: Call | None = None
    try:
        start = await _read_start(socket)
        stream = Stream(start)
        call = await calls.begin(
            CallStarted(
                agent=start.agent,
                number=start.customer,
                direction=start.direction,
                lang=start.lang,
                source=start.source or "native",
            ),
            start.channels,
            start.call_id,
        )
        await socket.send_json({"type": "started", "call": call.id})
        await _listen(socket, call, stream, lockstep=start.lockstep)
        await call.hang_up()
        await socket.send_json({"type": "ended", "call": call.id})
        await socket.close()
    except WebSocketDisconnect:
        pass
    except AssistError as error:
        await _refuse(socket, error)
    finally:
        if call is not None:
            await call.hang_up("stopped")


async def _read_start(socket: WebSocket) -> Start:
    message = await _receive(socket)
    if not isinstance(message, Start):
        raise AudioError(
            "The first message must be a start message.",
            'Send {"type": "start", "agent": …, "rate_hz": …, "channels": […]} first.',
            code="audio.protocol",
        )
    return message


async def _listen(socket: WebSocket, call: Call, stream: Stream, *, lockstep: bool) -> None:
    held = False
    while True:
        message = await _receive(socket)
        match message:
            case bytes() if not held:
                for chunk in stream.push(message):
                    await call.hear(chunk)
                if lockstep:
                    await call.settled()
                    await socket.send_json({"type": "heard"})
            case Pause():
                held = True
            case Resume():
                held = False
            case Stop():
                break
            case Start():
                raise AudioError(
                    "The call has started already.",
                    "Open a second socket for a second call.",
                    code="audio.protocol",
                )
    for chunk in stream.finish():
        await call.hear(chunk)


async def _receive(socket: WebSocket) -> Control | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    data = message.get("bytes")
    if data is not None:
        return data
    try:
        return CONTROL.validate_json(message.get("text") or "")
    except ValidationError as error:
        raise AudioError(
            f"The control message is not understood: {first_problem(error, 'message')}.",
            "See docs/native-socket.md for the messages.",
            code="audio.protocol",
        ) from error


async def _refuse(socket: WebSocket, error: AssistError) -> None:
    try:
        await socket.send_json({"type": "error", **error.as_json()})
        await socket.close(CLOSE_REFUSED)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the client is gone already
