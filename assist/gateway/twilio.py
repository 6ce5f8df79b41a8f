"""Twilio Media Streams, WebSocket `/v1/twilio`, and Telnyx' variant of it, `/v1/telnyx`.

    connected, start {tracks, mediaFormat, customParameters}, media {track, chunk, timestamp,
    payload: base64 of µ-law} …, dtmf, mark, stop

Telnyx writes its names in snake_case and may send media out of order. Counters are strings in both.
There is no hold: who is on hold is told by the webhook.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, get_args

from assist.audio import Pcm, decode_alaw, decode_mulaw, decode_pcm16
from assist.errors import AudioError
from assist.gateway.acts import (
    Act,
    Adapter,
    Audio,
    Direction,
    End,
    Start,
    protocol_error,
    said_text,
)
from assist.gateway.lobby import clean_id
from assist.gateway.roles import Leg, Track, by_leg, leg_of

_DECODERS: dict[str, tuple[Callable[[bytes, int], list[Pcm]], int]] = {
    "AUDIO/X-MULAW": (decode_mulaw, 8000),
    "PCMU": (decode_mulaw, 8000),
    "PCMA": (decode_alaw, 8000),
    "L16": (decode_pcm16, 16000),
}
_NAMES = {"streamSid": "stream_id", "callSid": "call_control_id", "mediaFormat": "media_format"}
_NAMES |= {"sampleRate": "sample_rate", "customParameters": "custom_parameters"}
_TRACKS: tuple[Track, ...] = get_args(Track)


class TwilioAdapter(Adapter):
    """`admits` says whether the token among the call's parameters, if any, lets it in: Twilio
    leaves out what stands behind `?` in a stream's address."""

    def __init__(
        self,
        leg: Leg,
        admits: Callable[[str], bool] = lambda token: True,
        variant: Literal["twilio", "telnyx"] = "twilio",
    ) -> None:
        self._leg: Leg = leg
        self._admits = admits
        self._telnyx = variant == "telnyx"
        self._variant = variant
        self._stream = ""
        self._tracks: dict[str, Any] = {}
        self._decode = decode_mulaw

    def receive(self, message: str | bytes) -> Iterable[Act]:
        said = _json(message)
        match said.get("event"):
            case "start":
                return (self._begin(_part(said, "start"), said),)
            case "media":
                return self._media(_part(said, "media"), said)
            case "stop":
                return (End(),)
            case "error" if self._telnyx:
                return (End("stopped"),)
            case str():
                return ()  # connected, mark, dtmf, and what is added later
            case _:
                raise protocol_error("A message without an event.", "Send Media Streams messages.")

    def _begin(self, start: Mapping[str, Any], said: Mapping[str, Any]) -> Start:
        if self._tracks:
            raise protocol_error("The stream has started already.", "Open one socket a stream.")
        parameters = self._get(start, "customParameters") or {}
        parameters = parameters if isinstance(parameters, Mapping) else {}
        given = {str(k): said_text(v, 200) for k, v in parameters.items()}
        if not self._admits(given.get("token", "")):
            raise protocol_error(
                "The stream's token is missing or wrong.",
                'Write <Parameter name="token" value="…"/> into the <Stream>.',
            )
        direction: Direction = "outbound" if given.get("direction") == "outbound" else "inbound"
        roles = by_leg(leg_of(given.get("leg", ""), direction, self._leg))
        named = self._get(start, "tracks") or _TRACKS
        named = named if isinstance(named, list | tuple) else ()
        self._tracks = {track: roles[track] for track in _TRACKS if track in named}
        if not self._tracks:
            raise protocol_error("The stream names no track.", 'Use track="both_tracks".')
        rate_hz = self._read_format(self._get(start, "mediaFormat"))
        self._stream = str(self._get(start, "streamSid") or self._get(said, "streamSid") or "")
        number = given.get("from" if direction == "inbound" else "to", "")
        return Start(
            clean_id(given.get("call", "") or str(self._get(start, "callSid") or "")),
            tuple(self._tracks.values()),
            rate_hz,
            agent=given.get("agent", "")[:64],
            number=(given.get("number", "") or number or self._party(start, direction))[:64],
            direction=direction,
            lang=given["lang"] if given.get("lang") in ("zh", "en", "auto") else "",
            source=self._variant,
        )

    def _read_format(self, given: Any) -> int:
        media = given if isinstance(given, Mapping) else {}
        encoding = str(media.get("encoding", "audio/x-mulaw")).upper()
        decoder, rate_hz = _DECODERS.get(encoding, (None, 0))
        told_hz = _number(self._get(media, "sampleRate")) or rate_hz
        if decoder is None or (rate_hz == 8000 and told_hz != 8000):
            raise AudioError(
                f"Media as {encoding} at {told_hz:.0f} Hz is not understood.",
                "Stream it as µ-law or A-law at 8000 Hz, or L16.",
            )
        self._decode = decoder
        return int(told_hz)

    def _media(self, media: Mapping[str, Any], said: Mapping[str, Any]) -> Iterable[Act]:
        stream = self._get(said, "streamSid")
        if not self._tracks or (stream and self._stream and stream != self._stream):
            raise protocol_error("Media of a stream that has not started.", "Send start first.")
        speaker = self._tracks.get(str(media.get("track", "inbound")))
        if speaker is None:
            return ()
        try:
            data = b64decode(str(media.get("payload", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise protocol_error("Media that is no base64.", "Send the payload as base64.") from (
                error
            )
        pcm = self._decode(data, 1)[0]
        chunk, at_ms = _number(media.get("chunk")), _number(media.get("timestamp"))
        return (Audio(speaker, pcm, at_ms, None if chunk is None else int(chunk)),)

    def _get(self, message: Mapping[str, Any], name: str) -> Any:
        return message.get(_NAMES.get(name, name) if self._telnyx else name)

    def _party(self, start: Mapping[str, Any], direction: Direction) -> str:
        """Telnyx says `from` and `to` in the start itself."""
        return said_text(start.get("from" if direction == "inbound" else "to"))


def _json(message: str | bytes) -> Mapping[str, Any]:
    if isinstance(message, bytes):
        raise protocol_error("A binary message.", "Media Streams are JSON text.")
    try:
        said = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise protocol_error("A message that is no JSON.", "Send Media Streams messages.") from (
            error
        )
    if not isinstance(said, dict):
        raise protocol_error("A message that is no object.", "Send Media Streams messages.")
    return said


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = message.get(name)
    if not isinstance(part, dict):
        raise protocol_error(f"A {name} message without {name}.", "Send Media Streams messages.")
    return part


def _number(given: Any) -> float | None:
    """A counter: a string of digits, or a number; not beyond what a call can reach."""
    text = str(given)
    if isinstance(given, bool) or not text.isascii() or not text.isdigit() or len(text) > 12:
        return None
    return float(text)
