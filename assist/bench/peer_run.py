"""One recorded call through the offline floor, our own ears and every peer, one after the other.

Nothing runs side by side, so that no system pays for another's work.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import psutil

from assist.bench.offline import offline_row
from assist.bench.own import own_row
from assist.bench.peer_figures import PeerFigures
from assist.bench.peers import run_peer
from assist.config import Settings
from assist.models import model_folder
from assist.speech.bench import ReferenceCall


def bench_call(
    call: ReferenceCall,
    settings: Settings,
    model: str,
    peers: Iterable[str],
    threads: int | None = None,
    floor_threads: Iterable[int] = (1, 2),
) -> list[PeerFigures]:
    """Floor rows, our own, then a row a peer; `threads` is for the peers. Raises ModelError."""
    folder, home = model_folder(settings.models, model), settings.data / "peers"
    same = (call.channels, call.lang, folder, call.turns)
    runs = [partial(offline_row, *same, threads=each) for each in floor_threads]
    runs.append(partial(own_row, settings, call, model))
    runs += [partial(run_peer, name, *same, home, threads) for name in peers]
    # The load after a run tells a reader how far its delays can be believed.
    return [
        run().model_copy(update={"call": call.name, "load": psutil.getloadavg()[0]}) for run in runs
    ]
