"""What the doors bear: hostile traffic without end, and many sockets at once.

The fuzz runs in this process against a lobby whose calls only count. The load runs against the real
server in a process of its own, without a speech model: speech detection is real, decoding is not.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from assist import events as ev
from assist.accounts.keys import Keys
from assist.audio import AudioChunk, Recording, encode_mulaw
from assist.bench.hostile import ADAPTERS, hostile, legal
from assist.bench.served import free_port
from assist.call import Calls
from assist.config import DoorsSettings, NativeDoor, Settings
from assist.errors import AssistError
from assist.gateway.acts import Close, End, Reply, Start
from assist.gateway.door import Gone
from assist.gateway.lobby import Lobby
from assist.state import CallState
from assist.wiring.house import open_house
from assist.wiring.loop import run
from assist.wiring.memory import spare_what_is_there

_MESSAGES = 40
"""Of one connection, before somebody hangs up."""

_BEGINS = 0.8
"""Share of connections that begin rightly: what comes behind a start is looked at as hard."""


@dataclass
class _Call:
    id: str
    state: CallState = field(default_factory=CallState)
    live: bool = True

    async def hear(self, chunk: AudioChunk) -> None: ...

    async def answer(self, fact: ev.Fact) -> None: ...

    async def settled(self) -> None: ...

    async def hang_up(self, reason: str = "hangup") -> None:
        self.live = False


@dataclass
class _Calls:
    """Calls that only count; ids are taken once, as in the house."""

    begun: int = 0
    live: dict[str, _Call] = field(default_factory=dict)

    async def begin(self, started: ev.CallStarted, speakers: Any, call_id: str = "") -> _Call:
        self.live = {name: call for name, call in self.live.items() if call.live}
        if call_id in self.live:
            raise AssistError("It exists.", code="calls.duplicate")
        self.begun += 1
        call = _Call(call_id or f"c{self.begun}")
        self.live[call.id] = call
        return call


@dataclass(frozen=True)
class Fuzzed:
    protocol: str
    frames: int
    connections: int
    calls: int
    refused: int
    crashes: int
    leaked: int
    grown_mib: float
    seconds: float


async def fuzz(protocol: str, frames: int, seed: int = 0) -> Fuzzed:
    """So many hostile frames; `grown_mib` is from a tenth of them to the end."""
    calls, clock = _Calls(), [0.0]
    lobby = Lobby(cast(Calls, calls), DoorsSettings(), lambda: clock[0])
    chance = random.Random(seed)
    sent = connections = refused = crashes = 0
    process, early_b, begun_s = psutil.Process(), 0, time.perf_counter()
    while sent < frames:
        connections += 1
        dropped: list[Gone] = []
        adapter = ADAPTERS[protocol](lobby)
        line = lobby.enter(protocol, DoorsSettings().native, dropped.append)
        how: Gone = chance.choice(("goodbye", "broke_off", "silent"))
        for number in range(chance.randrange(1, _MESSAGES)):
            sent += 1
            if number == 0 and chance.random() < _BEGINS:
                message = legal(protocol, str(chance.randrange(3)))[0]
            else:
                message = hostile(protocol, chance)
            if protocol == "audiosocket" and isinstance(message, str):
                message = message.encode()
            try:
                for act in adapter.receive(message):
                    if isinstance(act, Start):
                        for reply in adapter.started(await line.start(act)):
                            assert isinstance(reply, Reply)
                    elif not isinstance(act, Reply | Close):
                        await line.do(act)
                    if isinstance(act, End | Close):
                        dropped.append("goodbye")
            except AssistError:
                refused += 1
                how = "error"
                break
            except Exception:
                crashes += 1
                how = "error"
                break
            if dropped:
                break
        await lobby.exit(line, how)
        clock[0] += 1_000
        await lobby.sweep()
        if not early_b and sent >= frames // 10:
            early_b = process.memory_info().rss
    figures = lobby.figures()
    left = figures["lines"] + figures["visits"] + sum(call.live for call in calls.live.values())
    grown = (process.memory_info().rss - early_b) / 2**20
    took_s = time.perf_counter() - begun_s
    return Fuzzed(protocol, sent, connections, calls.begun, refused, crashes, left, grown, took_s)


@dataclass(frozen=True)
class Load:
    """`frames` that came in of `sent`; `p99_ms` from a frame's sending to the answer that speech
    detection has taken it, once all calls have begun. `server_cpu` is of one core;
    `server_ms_a_frame`, its time for a frame of both speakers, holds on a busy machine, too."""

    sockets: int
    talking: int
    frame_ms: int
    sent: int
    frames: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    lost: int
    server_cpu: float
    server_ms_a_frame: float
    client_cpu: float
    machine_load: float


def _serve(folder: str, port: int, token: str, ready: Any) -> None:
    async def serve() -> None:
        doors = DoorsSettings(native=NativeDoor(max_connections=1_000))
        settings = Settings(
            data=Path(folder),
            port=port,
            doors=doors,
            max_calls=1_000,
            embedder=folder,
            index=Path(folder) / "none",
            desk_url="http://127.0.0.1:9",
        )
        keys = Keys()
        async with open_house(settings, sandbox=False, say=lambda _: None, hears=False, keys=keys):
            Path(token).write_text(keys.token)
            spare_what_is_there()
            ready.set()
            await asyncio.Event().wait()

    run(serve())


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, dict[str, str], psutil.Process]]:
    context = multiprocessing.get_context("spawn")
    ready, port, token = context.Event(), free_port(), folder / "token"
    process = context.Process(
        target=_serve, args=(str(folder), port, str(token), ready), daemon=True
    )
    process.start()
    if not ready.wait(180):
        raise AssistError("The server did not start within three minutes.", "Look at the load.")
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    try:
        yield f"127.0.0.1:{port}", headers, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join(10)


def load(
    folder: Path, recording: Recording, *, silent: int, talking: int, frame_ms: int, seconds: int
) -> Load:
    with _served(folder) as (place, headers, server):
        own = psutil.Process()
        before = sum(server.cpu_times()[:2]), sum(own.cpu_times()[:2])
        begun_s = time.perf_counter()
        sent, waits_ms = asyncio.run(
            _call_all(place, headers, recording, silent, talking, frame_ms, seconds)
        )
        took_s = time.perf_counter() - begun_s
        after = sum(server.cpu_times()[:2]), sum(own.cpu_times()[:2])
        rows = httpx.get(f"http://{place}/metrics", headers=headers, trust_env=False).text
    figure = {
        row.rpartition(" ")[0]: float(row.rpartition(" ")[2])
        for row in rows.splitlines()
        if row.startswith("assist_door")
    }
    packets = 'assist_door_packets_total{door="native",what='
    waits_ms.sort()
    return Load(
        sockets=silent + talking,
        talking=talking,
        frame_ms=frame_ms,
        sent=sent,
        frames=int(figure.get('assist_door_frames_total{door="native"}', 0) / 2),
        p50_ms=waits_ms[len(waits_ms) // 2],
        p99_ms=waits_ms[int(len(waits_ms) * 0.99)],
        worst_ms=waits_ms[-1],
        lost=int(figure.get(f'{packets}"lost"}}', 0) + figure.get(f'{packets}"late"}}', 0)),
        server_cpu=(after[0] - before[0]) / took_s,
        server_ms_a_frame=(after[0] - before[0]) * 1000 / sent,
        client_cpu=(after[1] - before[1]) / took_s,
        machine_load=psutil.getloadavg()[0],
    )


_BEGIN_S = 5
"""Within which the calls begin, one after the other: what they begin with costs more than what they
go on with, and nobody's calls begin at the same moment."""

_SETTLE_S = 2
"""Before the delays count: the last ones to begin are listened to until their silence is sure."""

_PROBES = 25
"""One silent socket in so many is asked how long its frames took, beside all that talk."""


class _Caller:
    """One socket of the native door. Its frames are made ready before, and written straight to the
    wire: what the sender costs must not be taken for the server's."""

    def __init__(self, socket: ClientConnection, sounds: list[bytes], *, probes: bool) -> None:
        self._socket = socket
        self._frames = [
            Frame(Opcode.BINARY, sound).serialize(mask=True, extensions=[]) for sound in sounds
        ]
        self._asked_s: deque[float] = deque()
        self.waits_ms: list[float] = []
        self.counts_from_s = 0.0
        self.sent = 0
        self._reading = asyncio.create_task(self._read()) if probes else None

    def send(self, now_s: float) -> None:
        if self._reading is not None:
            self._asked_s.append(now_s)
        self._socket.transport.write(self._frames[self.sent % len(self._frames)])
        self.sent += 1

    async def finish(self) -> None:
        if self._reading is not None:
            while self._asked_s and not self._reading.done():
                await asyncio.sleep(0.01)
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.send('{"type": "stop"}')
        while json.loads(await self._socket.recv())["type"] != "ended":
            pass
        await self._socket.close()

    async def _read(self) -> None:
        """Each frame is answered once its sound is taken, in order."""
        clock = asyncio.get_running_loop().time
        while True:
            await self._socket.recv()
            asked_s = self._asked_s.popleft()
            if asked_s >= self.counts_from_s:
                self.waits_ms.append((clock() - asked_s) * 1000)


async def _call_all(
    place: str,
    headers: dict[str, str],
    recording: Recording,
    silent: int,
    talking: int,
    frame_ms: int,
    seconds: int,
) -> tuple[int, list[float]]:
    spoken = [
        encode_mulaw(*frame)
        for frame in recording.frames(frame_ms)
        if len(frame[0]) == recording.rate_hz * frame_ms // 1000
    ]
    quiet = [b"\xff" * len(spoken[0])]
    callers: list[_Caller] = []
    for number in range(silent + talking):
        talks = number < talking
        probes = talks or number % _PROBES == 0
        socket = await _begin(place, headers, number, probes=probes)
        callers.append(_Caller(socket, spoken if talks else quiet, probes=probes))
    # Talking and silent ones mixed over the frame's time, as calls come in.
    order = random.Random(1).sample(callers, len(callers))
    clock = asyncio.get_running_loop().time
    begun_s = clock()
    for caller in callers:
        caller.counts_from_s = begun_s + _BEGIN_S + _SETTLE_S
    begin_frames = _BEGIN_S * 1000 // frame_ms
    for number in range(begin_frames + (_SETTLE_S + seconds) * 1000 // frame_ms):
        for place_in, caller in enumerate(order[: len(order) * (number + 1) // begin_frames]):
            due_s = begun_s + (number + place_in / len(order)) * frame_ms / 1000
            if (early_s := due_s - clock()) > 0.001:
                await asyncio.sleep(early_s)
            caller.send(clock())
            if place_in % 8 == 0:
                await asyncio.sleep(0)  # for the answers, should we be late
    await asyncio.gather(*(caller.finish() for caller in callers))
    return sum(c.sent for c in callers), [wait for c in callers for wait in c.waits_ms]


async def _begin(
    place: str, headers: dict[str, str], number: int, *, probes: bool
) -> ClientConnection:
    socket = await connect(
        f"ws://{place}/v1/audio", additional_headers=headers, compression=None, ping_interval=None
    )
    start = {"type": "start", "agent": f"a{number}", "format": "mulaw", "rate_hz": 8000}
    await socket.send(json.dumps(start | {"lockstep": probes}))
    await socket.recv()
    return socket
