"""Recorded calls as benchmarks take them: which there are, and the first seconds of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from assist.bench.peer_figures import excerpt
from assist.errors import AudioError
from assist.speech.bench import ReferenceCall, load_call


def recorded(folder: Path) -> list[str]:
    """Names of the calls in `folder`, in order."""
    return sorted(path.stem for path in folder.glob("*.flac"))


def prepared(path: Path, seconds: float, channels: Collection[str] = ()) -> ReferenceCall:
    """The call's first `seconds`, of these channels or all.

    Raises AudioError for an unreadable recording and for a channel that it does not have.
    """
    call = excerpt(load_call(path), seconds)
    if unknown := set(channels) - set(call.channels):
        raise AudioError(
            f"{path}: no channel {', '.join(sorted(unknown))}.",
            f"Choose from {', '.join(call.channels)}.",
        )
    kept = {s: pcm for s, pcm in call.channels.items() if not channels or s in channels}
    return replace(call, channels=kept)
