"""Genesys AudioHook v2, WebSocket `/v1/audiohook`: text messages of JSON, binary ones of sound.

    client  open (offers of media) ──▶ server  opened (the one chosen), then sound flows
    client  ping ──▶ pong; update ──▶ updated; paused, resumed, discarded; close ──▶ closed
    server  disconnect (unauthorized, error), reconnect; each side counts its messages by `seq`

Stereo is interleaved, the external side (the customer) first. A connection probe, whose
conversation is the null UUID, is answered and begins no call. The position of the sound is its
sample count and what the client says it has discarded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assist.audio import Pcm, decode_mulaw, decode_pcm16, samples_to_ms
from assist.errors import AssistError, AudioError, first_problem
from assist.events import Speaker
from assist.gateway.acts import (
    Act,
    Adapter,
    Audio,
    Close,
    End,
    Hold,
    Reply,
    Resume,
    Start,
    protocol_error,
    said_text,
)
from assist.gateway.lobby import clean_id

NULL_UUID = "00000000-0000-0000-0000-000000000000"
MAX_TEXT = 1 << 16
SPEAKER_OF: dict[str, Speaker] = {"external": "customer", "internal": "agent"}
RATE_HZ = 8000

Kind = Literal["open", "close", "discarded", "error", "paused", "ping", "resumed", "update"]
_DURATION = re.compile(r"^PT(\d{1,7}(?:\.\d{1,9})?)S$")


class ClientMessage(BaseModel):
    """What every message of the client has; more may come with later editions."""

    model_config = ConfigDict(frozen=True)

    version: Literal["2"]
    id: str = Field(min_length=1, max_length=64)
    type: str = Field(max_length=32)
    seq: int = Field(ge=1)
    serverseq: int = Field(ge=0)
    position: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class Participant(BaseModel):
    id: str = ""
    ani: str = Field(default="", max_length=64)
    aniName: str = ""
    dnis: str = ""


class Media(BaseModel):
    type: Literal["audio"]
    format: str
    channels: tuple[str, ...]
    rate: int


class Open(BaseModel):
    organizationId: str
    conversationId: str
    participant: Participant
    media: list[dict[str, Any]]
    language: str = ""
    customConfig: dict[str, Any] = Field(default_factory=dict)


class AudioHookAdapter(Adapter):
    """`organization` is that of the handshake, which the open message must name again."""

    goodbye = False

    def __init__(self, organization: str = "", unauthorized: AssistError | None = None) -> None:
        """`unauthorized`: the handshake was not signed as it should be; said in the protocol."""
        self._organization = organization
        self._unauthorized = unauthorized
        self._id = NULL_UUID
        self._seq = 0
        self._clientseq = 0
        self._state: Literal["waiting", "opening", "open", "probe", "closing"] = "waiting"
        self._channels: tuple[str, ...] = ()
        self._media: dict[str, Any] = {}
        self._decode: Callable[[bytes, int], list[Pcm]] = decode_mulaw
        self._samples = 0
        self._discarded_ms = 0.0
        self._paused = False

    def receive(self, message: str | bytes) -> Iterable[Act]:
        if isinstance(message, bytes):
            return self._sound(message)
        said = self._read(message)
        match said.type:
            case "open":
                return self._open(said.parameters)
            case "close":
                return self._close()
            case "ping":
                return (self._say("pong", {}),)
            case "update":
                return (self._say("updated", {}),)
            case "paused":
                self._paused = True
                return (Hold(),) if self._state == "open" else ()
            case "resumed":
                self._paused = False
                return (Resume(),) if self._state == "open" else ()
            case "discarded":
                self._discarded_ms += _duration_ms(said.parameters.get("discarded"))
                return ()
            case _:
                return ()  # error: the client says what failed on its side and goes on, or closes

    def started(self, call_id: str) -> Iterable[Act]:
        self._state = "open"
        return (self._say("opened", {"startPaused": False, "media": [self._media]}),)

    def ended(self, call_id: str) -> Iterable[Act]:
        return (self._say("closed", {}), Close())

    def refused(self, error: AssistError) -> Iterable[Act]:
        if self._state == "closing":
            return (Close(),)
        self._state = "closing"
        reason = "unauthorized" if error.code == "door.unauthorized" else "error"
        # What exactly did not fit is for our log: it would help who guesses.
        info = error.code if reason == "unauthorized" else str(error)[:500]
        return (self._say("disconnect", {"reason": reason, "info": info}), Close())

    def handed_back(self) -> Iterable[Act]:
        return (self._say("reconnect", {"info": "restart"}), Close())

    def _read(self, text: str) -> ClientMessage:
        if len(text) > MAX_TEXT:
            raise protocol_error(f"A message of {len(text)} characters.", "64 KB are the most.")
        try:
            said = ClientMessage.model_validate_json(text)
        except ValidationError as error:
            raise protocol_error(
                f"The message is not understood: {first_problem(error, 'message')}.",
                "AudioHook version 2 is spoken here.",
            ) from error
        if said.type not in get_args(Kind):
            raise protocol_error(f"A message of type {said.type!r}.", "No client sends it.")
        if said.seq != self._clientseq + 1 or said.serverseq > self._seq:
            raise protocol_error(
                f"Message {said.seq} comes after {self._clientseq}, and knows {said.serverseq} "
                f"of {self._seq} of ours.",
                "seq rises by one with each message.",
            )
        if self._id not in (NULL_UUID, said.id):
            raise protocol_error("Another session's message.", "A connection is one session.")
        self._clientseq, self._id = said.seq, said.id
        _duration_ms(said.position)
        return said

    def _open(self, parameters: dict[str, Any]) -> Iterable[Act]:
        if self._unauthorized is not None:
            raise self._unauthorized
        if self._state != "waiting":
            raise protocol_error("The session is open already.", "One open a connection.")
        try:
            asked = Open.model_validate(parameters)
        except ValidationError as error:
            raise protocol_error(
                f"The open message is not understood: {first_problem(error, 'open')}.",
                "See docs/doors.md.",
            ) from error
        if self._organization and asked.organizationId != self._organization:
            raise AssistError(
                "The open message names another organization than the handshake.",
                code="door.unauthorized",
            )
        chosen = self._choose(asked.media)
        if asked.conversationId == NULL_UUID:
            self._state = "probe"
            return (self._say("opened", {"startPaused": False, "media": [chosen]}),)
        self._state = "opening"
        config = {key: said_text(value) for key, value in asked.customConfig.items()}
        lang = asked.language[:2].lower()
        return (
            Start(
                clean_id(asked.conversationId),
                tuple(SPEAKER_OF[channel] for channel in self._channels),
                RATE_HZ,
                agent=config.get("agent", ""),
                number=config.get("number", "")
                or said_text(asked.participant.ani.removeprefix("tel:")),
                direction="outbound" if config.get("direction") == "outbound" else "inbound",
                lang=lang if lang in ("zh", "en") else "",
                source="audiohook",
            ),
        )

    def _choose(self, offers: list[dict[str, Any]]) -> dict[str, Any]:
        """Both sides before one, µ-law before L16, which takes twice the line for nothing."""
        fitting: list[tuple[int, dict[str, Any], Media]] = []
        for offer in offers[:16]:
            try:
                media = Media.model_validate(offer)
            except ValidationError:
                continue
            sides = media.channels
            known = set(sides) <= set(SPEAKER_OF) and 0 < len(sides) == len(set(sides))
            if known and media.format in ("PCMU", "L16") and media.rate == RATE_HZ:
                fitting.append((2 * len(sides) + (media.format == "PCMU"), offer, media))
        if not fitting:
            raise AudioError(
                "None of the media on offer can be taken.",
                "Offer PCMU at 8000 Hz with the channels external and internal.",
            )
        _, self._media, media = max(fitting, key=lambda each: each[0])
        self._channels = media.channels
        self._decode = decode_mulaw if media.format == "PCMU" else decode_pcm16
        return self._media

    def _sound(self, data: bytes) -> Iterable[Act]:
        if self._state != "open" or self._paused:
            return ()  # on its way when we, or they, paused or closed
        sound = self._decode(data, len(self._channels))
        at_ms = samples_to_ms(self._samples, RATE_HZ) + self._discarded_ms
        self._samples += len(sound[0])
        speakers: list[Speaker] = [SPEAKER_OF[channel] for channel in self._channels]
        return [Audio(who, pcm, at_ms) for who, pcm in zip(speakers, sound, strict=True)]

    def _close(self) -> Iterable[Act]:
        was, self._state = self._state, "closing"
        if was == "open":
            return (End(),)
        return (self._say("closed", {}), Close())

    def _say(self, kind: str, parameters: dict[str, Any]) -> Reply:
        self._seq += 1
        said = {"version": "2", "id": self._id, "type": kind, "seq": self._seq}
        said |= {"clientseq": self._clientseq, "parameters": parameters}
        return Reply(json.dumps(said, ensure_ascii=False))


def _duration_ms(said: object) -> float:
    """ISO 8601 as AudioHook writes it: seconds alone."""
    found = _DURATION.match(said) if isinstance(said, str) else None
    if found is None:
        raise protocol_error(f"A time {str(said)[:40]!r}.", 'Times are written "PT1.5S".')
    return float(found.group(1)) * 1000
