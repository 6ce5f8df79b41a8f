"""What each phone system sends, sans-I/O: one object a connection, messages out.

`open` before the sound, `frame` every 20 ms, `hold` and `resume` where the protocol has them,
`close` after the last word. Written after the vendors' documents, not after our own adapters.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from assist.audio import Pcm, Speed, encode_mulaw, encode_pcm16
from assist.events import Speaker
from assist.gateway import signature

FRAME_MS = 20
Message = str | bytes


@dataclass(frozen=True)
class Plan:
    """How the call goes. `loss` and `reorder` are shares of packets, 0 to 1; `hold_s` are from and
    to, in seconds of the recording; `seed` makes chance repeatable."""

    call_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    agent: str = "3207"
    number: str = ""
    lang: Literal["zh", "en", "auto"] = "zh"
    direction: Literal["inbound", "outbound"] = "inbound"
    speed: Speed = "1"
    loss: float = 0.0
    reorder: float = 0.0
    hold_s: tuple[float, float] | None = None
    hang_up: Literal["goodbye", "none"] = "goodbye"
    seed: int = 1
    token: str = ""
    api_key: str = ""
    secret: str = ""


class Phone(ABC):
    """One connection; `speakers` are those it carries, in the order of `frame`'s sound."""

    rate_hz = 8000
    path = ""
    tcp = False
    subprotocol = ""
    answers_open = False
    """Whether sound flows only after the server's answer."""

    numbered = False
    """Whether packets carry a number, so that they may come in another order."""

    def __init__(self, plan: Plan, speakers: Sequence[Speaker]) -> None:
        self.plan = plan
        self.speakers = tuple(speakers)
        self.refused = ""

    def query(self) -> dict[str, str]:
        return {"token": self.plan.token} if self.plan.token else {}

    def headers(self, url: str) -> dict[str, str]:
        return {}

    def address(self, url: str) -> str:
        query = urlencode(self.query())
        return f"{url.rstrip('/')}{self.path}{'?' + query if query else ''}"

    def open(self) -> list[Message]:
        return []

    @abstractmethod
    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        """The messages of the frame `number`, counted from 0."""

    def hold(self) -> list[Message]:
        return []

    def resume(self) -> list[Message]:
        return []

    def answer(self, message: Message) -> list[Message]:
        """To what the server says."""
        return []

    def close(self) -> list[Message]:
        return []


class NativePhone(Phone):
    path = "/v1/audio"
    answers_open = True

    def headers(self, url: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.plan.token}"} if self.plan.token else {}

    def open(self) -> list[Message]:
        plan = self.plan
        start = {"type": "start", "call_id": plan.call_id, "agent": plan.agent, "format": "pcm16"}
        start |= {"customer": plan.number, "direction": plan.direction, "lang": plan.lang}
        return [json.dumps({**start, "rate_hz": self.rate_hz, "channels": self.speakers})]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        return [encode_pcm16(*sound)]

    def hold(self) -> list[Message]:
        return ['{"type": "pause"}']

    def resume(self) -> list[Message]:
        return ['{"type": "resume"}']

    def close(self) -> list[Message]:
        return ['{"type": "stop"}']


class TwilioPhone(Phone):
    """Each track's chunks counted apart, as Twilio does; Twilio sends no query."""

    path = "/v1/twilio"
    numbered = True

    def __init__(self, plan: Plan, speakers: Sequence[Speaker]) -> None:
        super().__init__(plan, speakers)
        self._sid = f"MZ{uuid.uuid4().hex}"
        self._sequence = 0
        inbound = "customer" if plan.direction == "inbound" else "agent"
        self._tracks = ["inbound" if who == inbound else "outbound" for who in self.speakers]

    def query(self) -> dict[str, str]:
        return {}

    def headers(self, url: str) -> dict[str, str]:
        if not self.plan.secret:
            return {}
        return {"X-Twilio-Signature": signature.twilio_signature(url, self.plan.secret)}

    def open(self) -> list[Message]:
        plan = self.plan
        given = {"agent": plan.agent, "number": plan.number, "direction": plan.direction}
        given |= {"lang": plan.lang} | ({"token": plan.token} if plan.token else {})
        start = {
            "accountSid": f"AC{uuid.uuid4().hex}",
            "streamSid": self._sid,
            "callSid": plan.call_id,
            "tracks": self._tracks,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": given,
        }
        connected = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        return [json.dumps(connected), self._say("start", {"start": start})]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        said: list[Message] = []
        for track, pcm in zip(self._tracks, sound, strict=True):
            media = {"track": track, "chunk": str(number + 1), "timestamp": str(number * FRAME_MS)}
            media["payload"] = base64.b64encode(encode_mulaw(pcm)).decode()
            said.append(self._say("media", {"media": media}))
        return said

    def close(self) -> list[Message]:
        return [self._say("stop", {"stop": {"callSid": self.plan.call_id}})]

    def _say(self, event: str, more: dict[str, Any]) -> str:
        self._sequence += 1
        head = {"event": event, "sequenceNumber": str(self._sequence), "streamSid": self._sid}
        return json.dumps({**head, **more})


class TelnyxPhone(TwilioPhone):
    path = "/v1/telnyx"

    def query(self) -> dict[str, str]:
        return Phone.query(self)

    def headers(self, url: str) -> dict[str, str]:
        return {}

    def open(self) -> list[Message]:
        plan = self.plan
        start = {
            "user_id": str(uuid.uuid4()),
            "call_control_id": plan.call_id,
            "from": plan.number,
            "to": "+15411111111",
            "tracks": self._tracks,
            "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
            "custom_parameters": {
                "agent": plan.agent,
                "lang": plan.lang,
                "direction": plan.direction,
            },
        }
        connected = {"event": "connected", "version": "1.0.0"}
        return [json.dumps(connected), self._say("start", {"start": start})]

    def _say(self, event: str, more: dict[str, Any]) -> str:
        self._sequence += 1
        head = {"event": event, "sequence_number": str(self._sequence), "stream_id": self._sid}
        return json.dumps({**head, **more})


class AudioHookPhone(Phone):
    path = "/v1/audiohook"
    answers_open = True

    def __init__(self, plan: Plan, speakers: Sequence[Speaker]) -> None:
        super().__init__(plan, speakers)
        self._id, self._organization = str(uuid.uuid4()), str(uuid.uuid4())
        self._seq = self._serverseq = 0
        self._position_ms = self._held_at_ms = 0

    def query(self) -> dict[str, str]:
        return {}

    def headers(self, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        said = {
            "host": parts.netloc,
            "audiohook-organization-id": self._organization,
            "audiohook-session-id": self._id,
            "audiohook-correlation-id": str(uuid.uuid4()),
            "x-api-key": self.plan.api_key,
        }
        signed = signature.sign(
            said,
            parts.path,
            secret=base64.b64decode(self.plan.secret),
            nonce=base64.b64encode(secrets.token_bytes(18)).decode(),
            created=int(time.time()),
        )
        del said["host"]
        return {**said, **signed}

    def open(self) -> list[Message]:
        plan, names = self.plan, {"customer": "external", "agent": "internal"}
        channels = [names.get(who, "external") for who in self.speakers]
        media = {"type": "audio", "format": "PCMU", "channels": channels, "rate": 8000}
        participant = {"id": str(uuid.uuid4()), "ani": plan.number, "aniName": "", "dnis": ""}
        opening = {
            "organizationId": self._organization,
            "conversationId": plan.call_id,
            "participant": participant,
            "media": [media, {**media, "channels": channels[:1]}],
            "language": {"zh": "zh-CN", "en": "en-US"}.get(plan.lang, ""),
            "customConfig": {"agent": plan.agent},
        }
        return [self._say("open", opening)]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        self._position_ms += FRAME_MS
        ping = [self._say("ping", {"rtt": "PT0.02S"})] if number % 250 == 249 else []
        return [*ping, encode_mulaw(*sound)]

    def hold(self) -> list[Message]:
        self._held_at_ms = self._position_ms
        return [self._say("paused", {})]

    def resume(self) -> list[Message]:
        start, gone = self._held_at_ms, self._position_ms - self._held_at_ms
        return [self._say("resumed", {"start": _duration(start), "discarded": _duration(gone)})]

    def answer(self, message: Message) -> list[Message]:
        said = json.loads(message)
        self._serverseq = said["seq"]
        if said["type"] != "disconnect":
            return []
        self.refused = " ".join(map(str, said["parameters"].values()))
        return [self._say("close", {"reason": "disconnect"})]

    def close(self) -> list[Message]:
        return [self._say("close", {"reason": "end"})]

    def _say(self, kind: str, parameters: dict[str, Any]) -> str:
        self._seq += 1
        head = {"version": "2", "id": self._id, "type": kind, "seq": self._seq}
        head |= {"serverseq": self._serverseq, "position": _duration(self._position_ms)}
        return json.dumps({**head, "parameters": parameters})


def _duration(ms: int) -> str:
    return f"PT{ms / 1000:.3f}S"


class AudioSocketPhone(Phone):
    """One leg; its UUID ends in who speaks."""

    tcp = True

    def open(self) -> list[Message]:
        last = {"customer": "c", "agent": "a", "mixed": "0"}[self.speakers[0]]
        call = uuid.UUID(self.plan.call_id)
        return [b"\x01\x00\x10" + uuid.UUID(f"{str(call)[:-1]}{last}").bytes]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        data = encode_pcm16(sound[0])
        return [b"\x10" + len(data).to_bytes(2, "big") + data]

    def close(self) -> list[Message]:
        return [b"\x00\x00\x00"]


class ChanWebSocketPhone(Phone):
    """One channel, as `Dial(WebSocket/assist/c(ulaw)v(role=…,call=…))` makes it; plain text."""

    path = "/v1/asterisk"
    subprotocol = "media"

    def query(self) -> dict[str, str]:
        plan = self.plan
        said = {"role": self.speakers[0], "call": plan.call_id, "agent": plan.agent}
        return {**super().query(), **said, "number": plan.number, "lang": plan.lang}

    def open(self) -> list[Message]:
        channel = f"WebSocket/assist/0x{secrets.token_hex(4)}"
        return [
            f"MEDIA_START connection_id:{uuid.uuid4()} channel:{channel} "
            f"channel_id:{int(time.time())}.1 format:ulaw optimal_frame_size:160 ptime:20"
        ]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        return [encode_mulaw(sound[0])]


class FreeSwitchPhone(Phone):
    """`uuid_audio_fork UUID start URL stereo 16k METADATA`, and mod_audio_stream alike."""

    path = "/v1/freeswitch"
    subprotocol = "audio.drachtio.org"
    rate_hz = 16000

    def open(self) -> list[Message]:
        plan = self.plan
        mix = {2: "stereo", 1: "mono"}[len(self.speakers)]
        mix = "mixed" if self.speakers == ("mixed",) else mix
        said = {"call": plan.call_id, "agent": plan.agent, "number": plan.number, "mix": mix}
        return [json.dumps({**said, "rate": "16k", "lang": plan.lang})]

    def frame(self, number: int, sound: Sequence[Pcm]) -> list[Message]:
        return [encode_pcm16(*sound)]

    def hold(self) -> list[Message]:
        return ['{"event": "hold"}']

    def resume(self) -> list[Message]:
        return ['{"event": "resume"}']


PHONES: dict[str, Callable[[Plan, Sequence[Speaker]], Phone]] = {
    "native": NativePhone,
    "twilio": TwilioPhone,
    "telnyx": TelnyxPhone,
    "audiohook": AudioHookPhone,
    "audiosocket": AudioSocketPhone,
    "chan_websocket": ChanWebSocketPhone,
    "freeswitch": FreeSwitchPhone,
}
ONE_SPEAKER = ("audiosocket", "chan_websocket")
"""Protocols that carry one speaker a connection."""
