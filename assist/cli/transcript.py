"""A recording's transcript in each of the forms `assist transcribe` gives.

Pure: finished segments in, text out. JSON always holds both forms of the text; the others show the
one that was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assist.events import SegmentHeard
from assist.speech.subtitles import cues_of, subtitles

Format = Literal["txt", "json", "jsonl", "srt", "vtt"]


@dataclass(frozen=True)
class Transcript:
    """What was heard in one recording; `name` is its file's name."""

    name: str
    lang: str
    model: str
    duration_ms: int
    segments: Sequence[SegmentHeard]

    def written(self, format: Format, *, display: bool) -> str:
        """The text of its file, ending with a line break unless it is empty."""
        match format:
            case "txt":
                return "".join(f"{_line(segment, display)}\n" for segment in self.segments)
            case "json":
                return json.dumps(self._document(), ensure_ascii=False, indent=2) + "\n"
            case "jsonl":
                lines = (
                    json.dumps(_short(segment, self.name), ensure_ascii=False)
                    for segment in self.segments
                )
                return "".join(f"{line}\n" for line in lines)
            case "srt" | "vtt":
                cues = cues_of(self.segments, self.lang, display=display)
                return subtitles(cues, format, self.lang)

    def _document(self) -> dict[str, Any]:
        return {
            "recording": self.name,
            "language": self.lang,
            "model": self.model,
            "duration_ms": self.duration_ms,
            "segments": [_long(segment) for segment in self.segments],
        }


def _line(segment: SegmentHeard, display: bool) -> str:
    text = (segment.display if display else "") or segment.text
    seconds = f"{segment.start_ms / 1000:7.1f}  {segment.end_ms / 1000:7.1f}"
    return f"{seconds}  {segment.speaker:8}  {text}"


def _short(segment: SegmentHeard, name: str) -> dict[str, Any]:
    return {
        "recording": name,
        "speaker": segment.speaker,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "display": segment.display or segment.text,
    }


def _long(segment: SegmentHeard) -> dict[str, Any]:
    """Every field a reader can use; words and corrections only where there are some."""
    found = segment.model_dump(mode="json", exclude={"kind", "model"})
    found["display"] = segment.display or segment.text
    return {key: value for key, value in found.items() if value != []}
