"""Traffic that no phone system sends, and traffic that each may: for tests and benchmarks.

`legal` gives messages any of which may come at any time; put in any order they make calls that
begin twice, end before they begin, or speak after their end.
"""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from assist.audio import encode_mulaw
from assist.gateway.acts import Adapter
from assist.gateway.audiohook import AudioHookAdapter
from assist.gateway.audiosocket import GOODBYE, AudioSocketAdapter, packet
from assist.gateway.chan_websocket import ChanWebSocketAdapter
from assist.gateway.freeswitch import FreeSwitchAdapter
from assist.gateway.lobby import Lobby
from assist.gateway.native import NativeAdapter
from assist.gateway.twilio import TwilioAdapter

Message = str | bytes

ADAPTERS: Mapping[str, Callable[[Lobby], Adapter]] = {
    "native": lambda _: NativeAdapter(),
    "twilio": lambda _: TwilioAdapter("customer"),
    "telnyx": lambda _: TwilioAdapter("customer", variant="telnyx"),
    "audiohook": lambda _: AudioHookAdapter(),
    "audiosocket": lambda lobby: AudioSocketAdapter(lobby.leg),
    "chan_websocket": lambda lobby: ChanWebSocketAdapter({}, lobby.leg),
    "freeswitch": lambda _: FreeSwitchAdapter("customer", 8000, {}),
}


def legal(protocol: str, name: str, value: float = 0.25) -> list[Message]:
    """Messages of the call `name`, whose sound is `value` throughout, 20 ms a frame."""
    pcm = np.full(160, value, dtype=np.float32)
    linear = (pcm * 32767).astype("<i2").tobytes()
    law = encode_mulaw(pcm)
    match protocol:
        case "native":
            return _native(name, np.repeat(pcm, 2))
        case "twilio" | "telnyx":
            return _media_streams(protocol, name, law)
        case "audiohook":
            return _audiohook(name, np.repeat(np.frombuffer(law, np.uint8), 2).tobytes())
        case "audiosocket":
            leg = uuid.uuid5(uuid.NAMESPACE_URL, name)
            customer = uuid.UUID(f"{str(leg)[:-1]}c")
            hello, sound = packet(0x01, customer.bytes), packet(0x10, linear)
            return [hello + sound, sound, sound * 3, packet(0x03, b"1"), GOODBYE, packet(0xFF)]
        case "chan_websocket":
            start = {"event": "MEDIA_START", "connection_id": name, "channel_id": f"17.{name}"}
            variables = {"ASSIST_ROLE": "customer"}
            begin = json.dumps({**start, "format": "ulaw", "channel_variables": variables})
            return [begin, law, law * 2, "MEDIA_XOFF", "MEDIA_XON", "DTMF_END digit:1", "HANGUP"]
        case "freeswitch":
            begin = json.dumps({"call": f"f-{name}", "mix": "mono", "agent": name})
            events = [json.dumps({"event": e}) for e in ("hold", "resume", "hangup")]
            return [begin, linear, linear * 2, *events, '{"agent": "other"}']
    raise KeyError(protocol)


def hostile(protocol: str, chance: random.Random) -> Message:
    """One frame that nobody should send: noise, a torn or bent legal message, or an absurd one."""
    base = chance.choice(legal(protocol, str(chance.randrange(3))))
    match chance.randrange(6):
        case 0:
            noise = chance.randbytes(chance.choice((0, 1, 2, 3, 40, 321, 5_000)))
            return noise if protocol == "audiosocket" or chance.random() < 0.7 else noise.hex()
        case 1:
            return base[: chance.randrange(len(base) + 1)]
        case 2:
            return _bent(base, chance)
        case 3 if isinstance(base, str):
            return base.replace('"1"', chance.choice(ABSURD)).replace("20", "-9" * 40)
        case 4 if isinstance(base, str) and protocol != "audiosocket":
            return chance.choice(("[" * 3_000, "{}", "null", "1e999", '"\\ud800"', "\x00" * 90))
    return base


ABSURD = ('"999999999999999999"', "null", "{}", "[[]]", '"\\ud800"', "1e308", "-1", "true", '""')


def _bent(message: Message, chance: random.Random) -> Message:
    if not message:
        return message
    at = chance.randrange(len(message))
    if isinstance(message, bytes):
        return message[:at] + chance.randbytes(1) + message[at + 1 :]
    return message[:at] + chr(chance.randrange(1, 0x2FF)) + message[at + 1 :]


def _native(name: str, pcm: Any) -> list[Message]:
    start = {"type": "start", "agent": name, "call_id": f"n-{name}", "returns": True}
    frame = (pcm * 32767).astype("<i2").tobytes()
    controls = [json.dumps({"type": kind}) for kind in ("pause", "resume", "stop")]
    return [json.dumps(start), frame, frame * 5, *controls]


def _media_streams(protocol: str, name: str, law: bytes) -> list[Message]:
    snake = protocol == "telnyx"
    sid, call = ("stream_id", "call_control_id") if snake else ("streamSid", "callSid")
    start = {call: f"CA{name}", "tracks": ["inbound", "outbound"]}

    def media(track: str, chunk: int) -> str:
        part = {"track": track, "chunk": str(chunk), "timestamp": str(chunk * 20)}
        payload = base64.b64encode(law).decode()
        return json.dumps(
            {"event": "media", sid: f"MZ{name}", "media": part | {"payload": payload}}
        )

    chunks = [media(track, chunk) for chunk in (1, 2, 9, 40) for track in ("inbound", "outbound")]
    begin = json.dumps({"event": "start", sid: f"MZ{name}", "start": start})
    ends = [json.dumps({"event": event, sid: f"MZ{name}"}) for event in ("mark", "stop")]
    return [begin, *chunks, *ends]


def _audiohook(name: str, both: bytes) -> list[Message]:
    """Every message with the number 1, or 2: the first fits, and one after it."""
    stereo = {"type": "audio", "format": "PCMU", "channels": ["external", "internal"], "rate": 8000}
    parameters = {"organizationId": "o", "conversationId": f"c-{name}", "participant": {}}
    opening = {**parameters, "media": [stereo]}

    def said(kind: str, seq: int, given: dict[str, Any]) -> str:
        head = {"version": "2", "id": f"s-{name}", "type": kind, "seq": seq, "serverseq": 0}
        return json.dumps({**head, "position": "PT1.5S", "parameters": given})

    gone = {"start": "PT1S", "discarded": "PT0.2S"}
    return [
        said("open", 1, opening),
        both,
        both * 3,
        said("ping", 2, {}),
        said("paused", 2, {}),
        said("discarded", 2, gone),
        said("resumed", 3, gone),
        said("close", 2, {"reason": "end"}),
        said("close", 3, {"reason": "end"}),
    ]
