"""Asterisk AudioSocket over TCP: packets of type (1 byte), length (2 bytes, big-endian), payload.

    0x00 hang-up   0x01 UUID of the leg   0x03 DTMF   0xff error
    0x10 … 0x18 signed linear, little-endian, mono, 8 kHz … 192 kHz

A connection is one leg of a call; its UUID says which (`legs`). We send nothing but hang-ups.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from assist.audio import decode_pcm16
from assist.errors import AssistError, AudioError
from assist.events import Speaker
from assist.gateway.acts import Act, Adapter, Audio, Close, End, Reply, Start, protocol_error
from assist.gateway.legs import Registered, leg_of

HANG_UP, UUID, DTMF, ERROR = 0x00, 0x01, 0x03, 0xFF
SOUND_HZ = {
    0x10: 8_000,
    0x11: 12_000,
    0x12: 16_000,
    0x13: 24_000,
    0x14: 32_000,
    0x15: 44_100,
    0x16: 48_000,
}
GOODBYE = bytes((HANG_UP, 0, 0))


def packet(kind: int, payload: bytes = b"") -> bytes:
    return bytes((kind,)) + len(payload).to_bytes(2, "big") + payload


class Unpacker:
    """Bytes as they come, cut into packets; never keeps more than one packet and one read."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        waiting, at = self._waiting + data, 0
        while len(waiting) - at >= 3:
            end = at + 3 + int.from_bytes(waiting[at + 1 : at + 3], "big")
            if len(waiting) < end:
                break
            yield waiting[at], waiting[at + 3 : end]
            at = end
        self._waiting = waiting[at:]


class AudioSocketAdapter(Adapter):
    def __init__(self, registered: Registered) -> None:
        self._registered = registered
        self._unpacker = Unpacker()
        self._speaker: Speaker | None = None
        self._leg: tuple[str, Speaker] | None = None
        self._rate_hz = 0

    def receive(self, message: str | bytes) -> Iterable[Act]:
        assert isinstance(message, bytes)
        for kind, payload in self._unpacker.feed(message):
            yield from self._packet(kind, payload)

    def ended(self, call_id: str) -> Iterable[Act]:
        return (Close(),)

    def refused(self, error: AssistError) -> Iterable[Act]:
        return (Reply(GOODBYE), Close())

    def handed_back(self) -> Iterable[Act]:
        return (Reply(GOODBYE), Close())

    def _packet(self, kind: int, payload: bytes) -> Iterable[Act]:
        if kind == UUID:
            if self._leg is not None:
                raise protocol_error("A second UUID on one connection.", "One leg a connection.")
            if len(payload) != 16:
                raise protocol_error(f"A UUID of {len(payload)} bytes.", "Send its 16 bytes.")
            self._leg = leg_of(str(uuid.UUID(bytes=payload)), self._registered)
        elif kind in SOUND_HZ:
            yield from self._sound(SOUND_HZ[kind], payload)
        elif kind == HANG_UP:
            yield End()
        elif kind == ERROR:
            yield End("stopped")
        elif self._leg is None:
            raise protocol_error(f"A packet of type 0x{kind:02x} first.", "Send the UUID first.")

    def _sound(self, rate_hz: int, payload: bytes) -> Iterable[Act]:
        """The first packet tells the rate: only then can the call begin."""
        if self._leg is None:
            raise protocol_error("Sound before the UUID.", "Send the UUID first.")
        call_id, speaker = self._leg
        if not self._rate_hz:
            self._rate_hz = rate_hz
            yield Start(call_id, (speaker,), rate_hz, source="audiosocket")
        if rate_hz != self._rate_hz:
            raise AudioError("The sample rate changed in mid-call.", "Send one rate a leg.")
        yield Audio(speaker, decode_pcm16(payload, 1)[0])
