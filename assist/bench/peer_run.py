"""One recorded call through the offline floor and every peer, one after the other.

Nothing runs side by side, so that no system pays for another's work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil

from assist.bench.offline import offline_row
from assist.bench.peer_figures import PeerFigures, excerpt
from assist.bench.peers import run_peer
from assist.errors import AudioError
from assist.speech.bench import ReferenceCall, load_call


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


def bench_call(
    call: ReferenceCall,
    model_folder: Path,
    peers: Iterable[str],
    home: Path,
    threads: int | None = None,
    floor_threads: Iterable[int] = (1, 2),
) -> list[PeerFigures]:
    """Floor rows, then a row a peer; `threads` is for the peers. Raises ModelError."""
    same = (call.channels, call.lang, model_folder, call.turns)
    runs = [partial(offline_row, *same, threads=each) for each in floor_threads]
    runs += [partial(run_peer, name, *same, home, threads) for name in peers]
    # The load after a run tells a reader how far its delays can be believed.
    return [
        run().model_copy(update={"call": call.name, "load": psutil.getloadavg()[0]}) for run in runs
    ]
