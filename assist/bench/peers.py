"""Streaming peers on the same sound, model files and machine: what they cost and what they hear.

Each peer's real server runs as a process of its own. A channel is a client; all channels play at
once and in real time, 100 ms a frame, as from a telephone line. A peer that is not installed or
fails gives a row that says so; one that does not keep up is stopped. None ends the run.

`scripts/bench_peers --json FILE` writes a `peer_figures.Report`:

    {"schema_version": 1, "cores": 2, "rows": [{
        "system": "whisperlivekit", "version": "0.2.26", "status": "measured", "reason": "",
        "call": "o01", "model": "whisper-base", "lang": "zh", "threads": null, "load": 4.1,
        "audio_s": 101.6, "cpu_s": …, "wall_s": …,
        "delay_p50_s": …, "delay_p95_s": …, "last_text_s": …,
        "channels": {"customer": {
            "text": "…", "strict": {"errors": 31, "length": 140}, "numbers": {…},
            "repeats": ["…"], "last_words_kept": true, "first_text_s": …}, …}}]}

What each field means stands in `peer_figures`. A figure that a system does not give is null.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from assist.audio import RATE_HZ, Pcm
from assist.bench.peer_figures import (
    Moment,
    PeerFigures,
    channel_figures,
    delays,
    last_change,
    percentile,
)
from assist.bench.peer_protocol import PEERS, Peer, PeerError, Session
from assist.bench.peer_server import INSTALL, PeerServer, installed_version, peer_server
from assist.errors import AssistError
from assist.events import Speaker
from assist.speech.bench import Turn

_FRAME = RATE_HZ // 10
_METER_S = 0.2
_READY_S = 120.0
DRAIN_S = 120.0
"""A peer may take so long after its sound, and half a second more for each second of it."""
_DRAIN_PER_S = 0.5


def run_peer(
    name: str,
    channels: Mapping[Speaker, Pcm],
    lang: str,
    model_folder: Path,
    reference: Sequence[Turn],
    home: Path = Path("var/peers"),
    threads: int | None = None,
    drain_s: float = DRAIN_S,
) -> PeerFigures:
    """Play `channels` (16 kHz) to the peer and score what it wrote; takes as long as they last.

    `home` holds the environments. Never raises for a peer's sake: `status` and `reason` say what
    was wrong.
    """
    peer = PEERS[name]
    row = PeerFigures(
        system=name,
        model=model_folder.name,
        lang=lang,
        threads=threads,
        audio_s=sum(len(pcm) for pcm in channels.values()) / RATE_HZ,
    )
    version = installed_version(peer, home)
    if version is None:
        return row.model_copy(update={"status": "not installed", "reason": INSTALL})
    row = row.model_copy(update={"version": version})
    server = peer_server(peer, home, model_folder, lang, threads)
    return measure(peer, server, channels, reference, row, drain_s)


def measure(
    peer: Peer,
    server: PeerServer,
    channels: Mapping[Speaker, Pcm],
    reference: Sequence[Turn],
    row: PeerFigures,
    drain_s: float = DRAIN_S,
) -> PeerFigures:
    """`row` with the figures of one run of `server`, or with the reason why there are none."""
    try:
        heard = asyncio.run(_play(peer, server, channels, row.lang, drain_s))
    except (AssistError, OSError, TimeoutError, WebSocketException, ValueError) as error:
        reason = f"{error or type(error).__name__}"
        return row.model_copy(update={"status": "failed", "reason": reason})
    late = [each for lane in heard.lanes.values() for each in delays(lane.moments)]
    unfinished = {
        "status": "unfinished",
        "reason": f"Not done when stopped, {heard.stopped_s or 0:.0f} s after its first of "
        f"{heard.sound_s:.0f} s of sound; figures hold until then, so its CPU time is too low.",
    }
    return row.model_copy(
        update={
            **(unfinished if heard.stopped_s is not None else {}),
            "cpu_s": heard.cpu_s,
            "wall_s": heard.settled_s,
            "delay_p50_s": percentile(late, 50),
            "delay_p95_s": percentile(late, 95),
            "last_text_s": heard.settled_s - heard.sound_s,
            "channels": {
                speaker: channel_figures(
                    lane.moments[-1].text if lane.moments else "",
                    [turn for turn in reference if turn.speaker == speaker],
                    row.lang,
                    lane.moments,
                )
                for speaker, lane in heard.lanes.items()
            },
        }
    )


@dataclass
class _Lane:
    """One channel: its conversation, and what was shown when."""

    session: Session
    socket: ClientConnection
    moments: list[Moment] = field(default_factory=list)
    changed_s: float = 0.0
    is_over: bool = False


@dataclass(frozen=True)
class _Heard:
    lanes: Mapping[Speaker, _Lane]
    readings: Sequence[tuple[float, float]]
    """(seconds since the first sample, CPU seconds since the server began)"""

    sound_s: float
    stopped_s: float | None = None
    """When the peer was stopped because it had not kept up; None where it came to its end."""

    @property
    def settled_s(self) -> float:
        """When all sound had been sent and the last change of text had come, or the stop."""
        if self.stopped_s is not None:
            return self.stopped_s
        changes = [last_change(lane.moments) or 0.0 for lane in self.lanes.values()]
        return max(self.sound_s, *changes)

    @property
    def cpu_s(self) -> float:
        after = [cpu_s for at_s, cpu_s in self.readings if at_s >= self.settled_s]
        return (after[0] if after else self.readings[-1][1]) - self.readings[0][1]


async def _play(
    peer: Peer,
    server: PeerServer,
    channels: Mapping[Speaker, Pcm],
    lang: str,
    drain_s: float,
) -> _Heard:
    async with server, AsyncExitStack() as sockets:
        lanes: dict[Speaker, _Lane] = {}
        for speaker in channels:
            socket = await sockets.enter_async_context(
                connect(
                    f"ws://127.0.0.1:{server.port}{peer.path}",
                    open_timeout=_READY_S,
                    max_size=None,
                    ping_interval=None,  # a busy peer answers no pings
                    close_timeout=2.0,
                )
            )
            lanes[speaker] = await _begin(peer, _Lane(peer.session(lang), socket))
        sound_s = max(len(pcm) for pcm in channels.values()) / RATE_HZ
        limit_s = sound_s * (1 + _DRAIN_PER_S) + drain_s
        stopped_s = None
        readings: list[tuple[float, float]] = []
        begun_s = asyncio.get_running_loop().time()
        meter = asyncio.create_task(_meter(server, begun_s, readings))
        try:
            async with asyncio.timeout(limit_s), asyncio.TaskGroup() as tasks:
                for speaker, pcm in channels.items():
                    tasks.create_task(_send(peer, lanes[speaker], pcm, begun_s))
                    tasks.create_task(_receive(peer, lanes[speaker], begun_s))
        except TimeoutError:
            stopped_s = limit_s
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            meter.cancel()
            readings.append((asyncio.get_running_loop().time() - begun_s, server.cpu_s()))
        return _Heard(lanes, readings, sound_s, stopped_s)


async def _begin(peer: Peer, lane: _Lane) -> _Lane:
    if lane.session.opening is not None:
        await lane.socket.send(lane.session.opening)
    try:
        async with asyncio.timeout(_READY_S):
            while not lane.session.ready:
                lane.session.take(json.loads(await lane.socket.recv()))
    except (TimeoutError, ConnectionClosed) as error:
        raise PeerError(f"{peer.name} never said that it is ready.", "Look at its log.") from error
    return lane


async def _send(peer: Peer, lane: _Lane, pcm: Pcm, begun_s: float) -> None:
    """Each frame when its last sample has been spoken; then the end, as the peer wants it."""
    clock = asyncio.get_running_loop().time
    for at in range(0, len(pcm), _FRAME):
        frame = pcm[at : at + _FRAME]
        due_s = begun_s + (at + len(frame)) / RATE_HZ
        await asyncio.sleep(max(0.0, due_s - clock()))
        await lane.socket.send(lane.session.frame(frame))
    if peer.quiet_s is not None:
        over_s = clock() - begun_s
        while (quiet_from := max(over_s, lane.changed_s)) + peer.quiet_s > clock() - begun_s:
            await asyncio.sleep(quiet_from + peer.quiet_s - (clock() - begun_s))
    lane.is_over = True
    await lane.socket.send(lane.session.ending)


async def _receive(peer: Peer, lane: _Lane, begun_s: float) -> None:
    """Until the peer is done. Raises PeerError when it leaves before the sound is over."""
    clock = asyncio.get_running_loop().time
    try:
        async for raw in lane.socket:
            lane.session.take(json.loads(raw))
            at_s, text = clock() - begun_s, lane.session.text
            if not lane.moments or lane.moments[-1].text != text:
                lane.changed_s = at_s
            lane.moments.append(Moment(at_s, text, lane.session.through_s))
            if lane.session.done:
                break
    except ConnectionClosed as error:
        if not lane.is_over:
            raise PeerError(f"{peer.name} closed the connection ({error}).") from error
    if not lane.is_over:
        raise PeerError(f"{peer.name} stopped before the sound was over.", "Look at its log.")


async def _meter(server: PeerServer, begun_s: float, readings: list[tuple[float, float]]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        readings.append((clock() - begun_s, server.cpu_s()))
        await asyncio.sleep(_METER_S)
