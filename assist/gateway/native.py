"""The native audio socket, WebSocket `/v1/audio`; docs/native-socket.md and docs/asyncapi.yaml.

    client  {"type": "start", "agent": …, "format": "pcm16", "rate_hz": 8000,
             "channels": ["customer", "agent"], …}
    server  {"type": "started", "call": ID}
    client  binary frames, channels interleaved; {"type": "pause" / "resume" / "stop"}
    server  {"type": "heard"} after each frame, if lockstep was asked for
    server  {"type": "ended", "call": ID}, {"type": "reconnect"}, or
            {"type": "error", "code", "message", "remedy", "values"}

A pause (hold, mute) is not a hang-up. A socket that closes without `stop` ends the call.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assist.audio import Pcm, Resampler, decode_mulaw, decode_pcm16
from assist.errors import AssistError, AudioError, first_problem
from assist.events import Speaker
from assist.gateway import acts
from assist.gateway.acts import Act, Adapter, Audio, Close, End, Hold, Reply, Settle

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
    returns: bool = Field(
        default=False, description="goes on with the live call of this id, or takes it over"
    )


class Pause(_Message):
    type: Literal["pause"] = "pause"


class Resume(_Message):
    type: Literal["resume"] = "resume"


class Stop(_Message):
    type: Literal["stop"] = "stop"


class Started(_Message):
    type: Literal["started"] = "started"
    call: str


class Heard(_Message):
    type: Literal["heard"] = "heard"


class Ended(_Message):
    type: Literal["ended"] = "ended"
    call: str


class Reconnect(_Message):
    """The server stops: connect again with `returns`."""

    type: Literal["reconnect"] = "reconnect"


class Refused(_Message):
    type: Literal["error"] = "error"
    code: str
    message: str
    remedy: str
    values: dict[str, str] = Field(default_factory=dict)


Control = Annotated[Start | Pause | Resume | Stop, Field(discriminator="type")]
CONTROL: TypeAdapter[Control] = TypeAdapter(Control)
Answer = Annotated[Started | Heard | Ended | Reconnect | Refused, Field(discriminator="type")]
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


class NativeAdapter(Adapter):
    """`agent`, where it is given, is who has signed in: what the message says does not count."""

    goodbye = False

    def __init__(self, agent: str = "") -> None:
        self._agent = agent
        self._start: Start | None = None
        self._last: tuple[bytes | None, tuple[Act, ...]] = (None, ())

    def receive(self, message: str | bytes) -> Iterable[Act]:
        if isinstance(message, bytes):
            return self._frame(message)
        control = _control(message)
        if self._start is None and not isinstance(control, Start):
            raise _not_started()
        match control:
            case Start() as start:
                return self._begin(start)
            case Pause():
                return (Hold(),)
            case Resume():
                return (acts.Resume(),)
            case Stop():
                return (End(),)

    def started(self, call_id: str) -> Iterable[Act]:
        return (_reply(Started(call=call_id)),)

    def ended(self, call_id: str) -> Iterable[Act]:
        return (_reply(Ended(call=call_id)), Close())

    def refused(self, error: AssistError) -> Iterable[Act]:
        return (_reply(Refused(**error.as_json())), Close(CLOSE_REFUSED, error.code))

    def handed_back(self) -> Iterable[Act]:
        return (_reply(Reconnect()), Close(acts.RESTART, "restart"))

    def _begin(self, start: Start) -> Iterable[Act]:
        if self._start is not None:
            raise acts.protocol_error(
                "The call has started already.", "Open a second socket for a second call."
            )
        _check(start)
        self._start = start
        return (
            acts.Start(
                start.call_id,
                start.channels,
                start.rate_hz,
                agent=self._agent or start.agent,
                number=start.customer,
                direction=start.direction,
                lang=start.lang,
                source=start.source or "native",
                returns=start.returns,
            ),
        )

    def _frame(self, data: bytes) -> Iterable[Act]:
        """A silent line sends the same frame over and over, and most lines are silent."""
        start = self._start
        if start is None:
            raise _not_started()
        if data == self._last[0]:
            return self._last[1]
        if len(data) > MAX_FRAME_BYTES:
            raise AudioError(
                f"A frame of {len(data)} bytes is over the limit of {MAX_FRAME_BYTES}.",
                "Send frames of 20 to 500 ms.",
            )
        decode = decode_mulaw if start.format == "mulaw" else decode_pcm16
        sound: list[Pcm] = decode(data, len(start.channels))
        told: tuple[Act, ...] = tuple(map(Audio, start.channels, sound))
        if start.lockstep:
            told += (Settle(), _HEARD)
        self._last = (data, told)
        return told


def _check(start: Start) -> None:
    """Raises AudioError for a rate or channel map that cannot be served."""
    if len(set(start.channels)) != len(start.channels):
        raise AudioError(
            f"Both channels are said to be {start.channels[0]!r}.",
            "Name who is on which channel, e.g. customer, agent.",
        )
    if "mixed" in start.channels and len(start.channels) > 1:
        raise AudioError(
            "One channel is said to hold both speakers, and another one of them.",
            "Name the channels customer and agent, or send one channel, mixed.",
        )
    if start.format == "mulaw" and start.rate_hz != 8000:
        raise AudioError(f"µ-law at {start.rate_hz} Hz does not exist.", "Send it at 8000 Hz.")
    Resampler(start.rate_hz)


def _not_started() -> AudioError:
    return acts.protocol_error(
        "The first message must be a start message.",
        'Send {"type": "start", "agent": …, "rate_hz": …, "channels": […]} first.',
    )


def _control(text: str) -> Control:
    try:
        return CONTROL.validate_json(text)
    except ValidationError as error:
        raise acts.protocol_error(
            f"The control message is not understood: {first_problem(error, 'message')}.",
            "See docs/native-socket.md for the messages.",
        ) from error


def _reply(message: Answer) -> Reply:
    return Reply(message.model_dump_json())


_HEARD = _reply(Heard())
