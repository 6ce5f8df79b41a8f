"""Asterisk's chan_websocket: binary messages are raw media, text ones control.

    MEDIA_START connection_id:… channel:… channel_id:… format:ulaw optimal_frame_size:160 ptime:20
    {"event": "MEDIA_START", "connection_id": …, "format": "ulaw", "channel_variables": {…}}

Plain text or JSON is told by each message. A socket is one channel: one leg of a call, or the mix
of both. Who speaks comes with the address (`v(role=customer,call=…)` in the dial string), as
channel variables (`ASSIST_ROLE`, `ASSIST_CALL` …), or by the webhook. Media is listened to, never
sent; `MEDIA_XOFF` and `MEDIA_XON` are kept in mind for whoever would.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from assist.audio import decode_alaw, decode_mulaw, decode_pcm16
from assist.errors import AudioError
from assist.events import Speaker
from assist.gateway.acts import (
    Act,
    Adapter,
    Audio,
    End,
    Meta,
    Start,
    protocol_error,
    said_text,
)
from assist.gateway.legs import Registered
from assist.gateway.lobby import clean_id
from assist.gateway.roles import speakers_of

MAX_MESSAGE_BYTES = 65_500
_SLIN_HZ = {
    "slin": 8_000,
    "slin8": 8_000,
    "slin12": 12_000,
    "slin16": 16_000,
    "slin24": 24_000,
    "slin32": 32_000,
    "slin44": 44_100,
    "slin48": 48_000,
}
_G711 = {"ulaw": decode_mulaw, "alaw": decode_alaw}


class ChanWebSocketAdapter(Adapter):
    """`query` is what the dial string put into the address."""

    def __init__(self, query: Mapping[str, str], registered: Registered) -> None:
        self._query = query
        self._registered = registered
        self._speaker: Speaker | None = None
        self._decode = decode_pcm16
        self.may_send = True
        """Whether Asterisk's queue has room for media, by its flow control."""

    def receive(self, message: str | bytes) -> Iterable[Act]:
        if isinstance(message, bytes):
            if len(message) > MAX_MESSAGE_BYTES:
                raise protocol_error("A message over 65,500 bytes.", "Asterisk sends none.")
            if self._speaker is None:
                raise protocol_error("Media before MEDIA_START.", "Connect by chan_websocket.")
            return (Audio(self._speaker, self._decode(message, 1)[0]),)
        said = read_control(message)
        match said["event"]:
            case "MEDIA_START":
                return self._begin(said)
            case "MEDIA_XOFF":
                self.may_send = False
            case "MEDIA_XON":
                self.may_send = True
            case "HANGUP":
                return (End(),)
            case "ASSIST_META" if self._speaker is not None:
                return (Meta(said_text(said.get("agent")), said_text(said.get("number"))),)
        return ()

    def _begin(self, said: Mapping[str, Any]) -> Iterable[Act]:
        if self._speaker is not None:
            raise protocol_error("The channel has started already.", "One socket a channel.")
        codec = str(said.get("format", ""))
        if codec not in _SLIN_HZ and codec not in _G711:
            raise AudioError(
                f"Media as {codec!r} is not understood.",
                "Write c(ulaw), c(alaw), c(slin) or c(slin16) into the dial string.",
            )
        self._decode = _G711.get(codec, decode_pcm16)
        known = self._known(said)
        connection = said_text(said.get("connection_id"))
        registered = self._registered(connection) if connection else None
        if registered is not None and not known["role"]:
            call_id, speaker = registered
        else:
            call_id = clean_id(known["call"] or said_text(said.get("channel_id")))
            (speaker, *more) = speakers_of(known["role"])
            if more:
                raise AudioError("A channel is one speaker, or mixed.", "Say role=customer.")
        self._speaker = speaker
        return (
            Start(
                call_id,
                (speaker,),
                _SLIN_HZ.get(codec, 8_000),
                agent=known["agent"],
                number=known["number"],
                direction="outbound" if known["direction"] == "outbound" else "inbound",
                lang=known["lang"] if known["lang"] in ("zh", "en", "auto") else "",
                source="chan_websocket",
            ),
        )

    def _known(self, said: Mapping[str, Any]) -> dict[str, str]:
        """By the address, else by the channel's variables."""
        given = said.get("channel_variables")
        variables = given if isinstance(given, dict) else {}
        return {
            name: said_text(self._query.get(name) or variables.get(f"ASSIST_{name.upper()}"))
            for name in ("role", "call", "agent", "number", "direction", "lang")
        }


def read_control(text: str) -> dict[str, Any]:
    """A control message in either form; `event` is there, everything else may be."""
    if text.lstrip().startswith("{"):
        try:
            said = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise protocol_error("A control message that is no JSON.", "See docs/doors.md.") from (
                error
            )
        return {**said, "event": str(said.get("event", said.get("command", "")))}
    event, *parts = text.split() or [""]
    pairs = (part.partition(":") for part in parts)
    return {**{name: value for name, _, value in pairs}, "event": event}
