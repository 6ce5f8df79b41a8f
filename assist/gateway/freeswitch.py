"""FreeSWITCH, mod_audio_fork and mod_audio_stream: L16 over a WebSocket `/v1/freeswitch`.

The first text message, if there is one, is the metadata of the command; then binary L16,
little-endian, mono or two channels (the channel's own sound first). Neither module says in which
mode it was started, so the metadata must (`mix`), or the address (`?mix=stereo&rate=16000`).
Later text messages (`send_text`) may tell more: `{"event": "hold"}`, `resume`, `{"agent": …}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from assist.audio import decode_pcm16
from assist.errors import AssistError, AudioError
from assist.events import Speaker
from assist.gateway.acts import (
    Act,
    Adapter,
    Audio,
    Close,
    End,
    Hold,
    Meta,
    Reply,
    Resume,
    Start,
    protocol_error,
    said_text,
)
from assist.gateway.lobby import clean_id
from assist.gateway.roles import Leg, by_leg, leg_of, speakers_of

SUBPROTOCOL = "audio.drachtio.org"
_NAMES = ("call", "agent", "number", "direction", "lang", "leg", "mix", "rate", "channels", "event")
_ALSO = {"call": ("callid", "call_id", "uuid"), "number": ("from",), "rate": ("sampleRate",)}


class FreeSwitchAdapter(Adapter):
    """`query` is that of the address; metadata wins over it."""

    def __init__(
        self,
        leg: Leg,
        rate_hz: Literal[8000, 16000],
        query: Mapping[str, str],
    ) -> None:
        self._leg: Leg = leg
        self._rate_hz: int = rate_hz
        self._known = _read(query)
        self._speakers: tuple[Speaker, ...] = ()

    def receive(self, message: str | bytes) -> Iterable[Act]:
        if isinstance(message, str):
            return self._told(message)
        if self._speakers:
            return self._sound(message)
        return (self._begin(), *self._sound(message))

    def refused(self, error: AssistError) -> Iterable[Act]:
        """mod_audio_fork hands text on as events: the reason is seen in FreeSWITCH's log."""
        said = {"type": "error", "data": {"code": error.code, "message": error.message}}
        return (Reply(json.dumps(said)), *super().refused(error))

    def ended(self, call_id: str) -> Iterable[Act]:
        return (Close(),)

    def _told(self, text: str) -> Iterable[Act]:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return ()  # metadata may be any text
        if not isinstance(said, dict):
            return ()
        known = _read(said)
        self._known |= {name: value for name, value in known.items() if value}
        if not self._speakers:
            return (self._begin(),)
        match known["event"]:
            case "hold" | "mute":
                return (Hold(),)
            case "resume" | "unmute":
                return (Resume(),)
            case "hangup":
                return (End(),)
        return (Meta(known["agent"], known["number"]),)

    def _begin(self) -> Start:
        known = self._known
        direction = "outbound" if known["direction"] == "outbound" else "inbound"
        self._speakers = self._read_map(direction)
        rate = known["rate"].lower().replace("k", "000")
        if rate:
            if not (rate.isascii() and rate.isdigit() and len(rate) < 6):
                raise AudioError(f"A rate of {known['rate']!r}.", "Say rate=8000 or rate=16000.")
            self._rate_hz = int(rate)
        return Start(
            clean_id(known["call"]),
            self._speakers,
            self._rate_hz,
            agent=known["agent"],
            number=known["number"],
            direction=direction,
            lang=known["lang"] if known["lang"] in ("zh", "en", "auto") else "",
            source="freeswitch",
        )

    def _read_map(self, direction: str) -> tuple[Speaker, ...]:
        if self._known["channels"]:
            return speakers_of(self._known["channels"])
        roles = by_leg(leg_of(self._known["leg"], direction, self._leg))
        match self._known["mix"]:
            case "stereo":
                return (roles["inbound"], roles["outbound"])
            case "mono":
                return (roles["inbound"],)
            case "mixed":
                return ("mixed",)
        raise AudioError(
            "Nobody said whether the sound is mono, mixed or stereo.",
            "Add mix=stereo to the address or the metadata, as in the command.",
        )

    def _sound(self, data: bytes) -> Iterable[Act]:
        if len(data) > MAX_FRAME_BYTES:
            raise protocol_error(f"A frame of {len(data)} bytes.", "Stream 20 to 500 ms a frame.")
        sound = decode_pcm16(data, len(self._speakers))
        return [Audio(who, pcm) for who, pcm in zip(self._speakers, sound, strict=True)]


MAX_FRAME_BYTES = 1 << 16


def _read(said: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name in _NAMES:
        keys = (name, *_ALSO.get(name, ()))
        value = next((said[key] for key in keys if said.get(key)), "")
        found[name] = ",".join(map(str, value)) if isinstance(value, list) else said_text(value)
    return found
