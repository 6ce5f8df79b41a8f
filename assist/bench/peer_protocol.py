"""How each peer is started and spoken to: its command, its frames, its messages.

Pure: nothing here opens a socket or starts a process. A peer is used as its own documentation and
client use it; its options are left alone but for language, model folder and port.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assist.audio import Pcm
from assist.errors import AssistError
from assist.speech.text import ZH_PROMPT


class PeerError(AssistError):
    """A peer is missing, does not start, or says that it failed. Never ends a benchmark run."""

    code = "peer"


class Session(Protocol):
    """One channel's conversation with a peer; the driver owns the socket."""

    ending: bytes
    """Sent when the sound is over, or for `quiet_s` peers when nothing more has come."""

    ready: bool
    done: bool
    """Set by `take`: sound may be sent; no text will follow."""

    @property
    def opening(self) -> str | None:
        """Sent first, when there is something to send."""
        ...

    def frame(self, pcm: Pcm) -> bytes:
        """The wire form of a stretch of 16 kHz sound."""
        ...

    def take(self, message: Mapping[str, Any]) -> None:
        """Raises PeerError when the message says that the peer failed or is full."""
        ...

    @property
    def text(self) -> str:
        """All text shown now, what may still change included."""
        ...

    @property
    def through_s(self) -> float | None:
        """End of the sound that the timed text covers, seconds, by the peer's own times."""
        ...


@dataclass(frozen=True)
class Peer:
    """`needs`: what its server imports on this path, beside the package itself; the package is
    installed without its own list, which pulls GPU libraries and microphones."""

    name: str
    package: str
    version: str
    needs: tuple[str, ...]
    path: str
    arguments: Callable[[int, Path, str], list[str]]
    """(port, model folder, language) -> arguments of its environment's Python."""

    session: Callable[[str], Session]
    environment: Mapping[str, str] = field(default_factory=dict)
    quiet_s: float | None = None
    """Set where the peer never says that it is done: seconds without new text that end it."""


@dataclass
class WhisperLiveKitSession:
    """WhisperLiveKit's `/asr`, mode "full": every message is the whole transcript.

    {"type": "config"} → ready; then {"lines": [{"text", "speaker", "start", "end"}],
    "buffer_transcription"}; {"type": "ready_to_stop"} → done. A line of speaker -2 is silence.
    Times are "H:MM:SS.cc". Sound is 16-bit little-endian; an empty frame ends it.
    """

    lang: str
    opening: str | None = None
    ending: bytes = b""
    ready: bool = False
    done: bool = False
    text: str = ""
    through_s: float | None = None

    def frame(self, pcm: Pcm) -> bytes:
        return _int16(pcm)

    def take(self, message: Mapping[str, Any]) -> None:
        if error := message.get("error"):
            raise PeerError(f"WhisperLiveKit says: {error}.")
        kind = message.get("type")
        self.ready = self.ready or kind == "config"
        self.done = self.done or kind == "ready_to_stop"
        if "lines" not in message:
            return
        lines = [line for line in message["lines"] if line.get("text")]
        parts = [line["text"] for line in lines] + [message.get("buffer_transcription") or ""]
        self.text = " ".join(part.strip() for part in parts if part.strip())
        if lines:
            self.through_s = _clock_s(lines[-1]["end"])


@dataclass
class WhisperLiveSession:
    """whisper-live's socket, as its own client reads it.

    {"message": "SERVER_READY"} → ready; then {"segments": [{"start", "end", "text",
    "completed"}]}: the last ten completed ones and one that may change. {"status": "ERROR" |
    "WAIT"} → failed. It never says that it is done, and drops what is not yet heard when
    END_OF_AUDIO comes, so that its client waits for silence first.
    """

    lang: str
    uid: str = "bench"
    ending: bytes = b"END_OF_AUDIO"
    ready: bool = False
    done: bool = False
    _completed: list[Mapping[str, Any]] = field(default_factory=list)
    _last: Mapping[str, Any] | None = None

    @property
    def opening(self) -> str | None:
        options: dict[str, Any] = {
            "uid": self.uid,
            "language": self.lang,
            "task": "transcribe",
            "model": "",
            "use_vad": True,
            "audio_format": "int16",
        }
        if self.lang == "zh":
            options["initial_prompt"] = ZH_PROMPT
        return json.dumps(options)

    def frame(self, pcm: Pcm) -> bytes:
        return _int16(pcm)

    def take(self, message: Mapping[str, Any]) -> None:
        if message.get("status") in ("ERROR", "WAIT"):
            raise PeerError(f"whisper-live says: {message['status']}, {message.get('message')}.")
        self.ready = self.ready or message.get("message") == "SERVER_READY"
        self.done = self.done or message.get("message") == "DISCONNECT"
        if "segments" not in message:
            return
        self._last = None
        for segment in message["segments"]:
            if not segment.get("completed"):
                self._last = segment
            elif not self._completed or float(segment["start"]) >= float(
                self._completed[-1]["end"]
            ):
                self._completed.append(segment)

    @property
    def text(self) -> str:
        return " ".join(segment["text"].strip() for segment in self._shown())

    @property
    def through_s(self) -> float | None:
        shown = self._shown()
        return float(shown[-1]["end"]) if shown else None

    def _shown(self) -> Sequence[Mapping[str, Any]]:
        return [*self._completed, *([self._last] if self._last else [])]


def _whisperlivekit(port: int, model_folder: Path, lang: str) -> list[str]:
    return [
        *("-m", "whisperlivekit.basic_server", "--host", "127.0.0.1", "--port", str(port)),
        *("--backend", "faster-whisper", "--backend-policy", "localagreement"),
        *("--model_dir", str(model_folder), "--language", lang, "--pcm-input"),
        # Its warm-up recording comes from the network; without one the first pass is cold.
        *("--warmup-file", "", "--log-level", "WARNING"),
    ]


_WHISPER_LIVE = (
    "import sys; from whisper_live.server import TranscriptionServer; "
    "TranscriptionServer().run('127.0.0.1', port=int(sys.argv[1]), backend='faster_whisper', "
    "faster_whisper_custom_model_path=sys.argv[2], single_model=True, max_connection_time=7200)"
)
"""What its run_server.py does, which the package does not carry."""


def _whisper_live(port: int, model_folder: Path, lang: str) -> list[str]:
    return ["-c", _WHISPER_LIVE, str(port), str(model_folder)]


def _int16(pcm: Pcm) -> bytes:
    return (np.clip(pcm, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def _clock_s(text: str) -> float:
    """ "0:01:02.50" -> 62.5"""
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


_COMMON = ("torch", "fastapi>=0.141.1", "uvicorn", "websockets", "python-multipart>=0.0.31")

PEERS: Mapping[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer(
            name="whisperlivekit",
            package="whisperlivekit",
            version="0.2.26",
            needs=(*_COMMON, "faster-whisper==1.2.1", "librosa", "soundfile", "tqdm", "tiktoken"),
            path="/asr",
            arguments=_whisperlivekit,
            session=WhisperLiveKitSession,
        ),
        Peer(
            name="whisper-live",
            package="whisper-live",
            version="0.10.0",
            needs=(*_COMMON, "faster-whisper==1.2.0", "tokenizers==0.20.3", "scipy", "soundfile"),
            path="/",
            arguments=_whisper_live,
            session=WhisperLiveSession,
            # Its run_server.py sets this where nothing else is set.
            environment={"OMP_NUM_THREADS": "1"},
            quiet_s=15.0,
        ),
    )
}
