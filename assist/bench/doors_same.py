"""One recorded call by every door, beside the same call from its file: text, guides, ticket.

Everything is real but the phone: sockets, adapters, recogniser, index, guides, the sandbox back
office, and the obedient newcomer who works each call to its ticket. The phone waits after each
tenth of a second until all that it sent is heard and decoded, as a replay of a file does. So no
clock decides anything, on however busy a machine, and what differs is the door's doing.
"""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import soxr
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from assist import events as ev
from assist.audio import (
    Recording,
    decode_mulaw,
    decode_pcm16,
    encode_mulaw,
    encode_pcm16,
    read_recording,
)
from assist.bench.served import free_port
from assist.call import Call, Calls
from assist.config import DoorsSettings, Settings
from assist.errors import AssistError
from assist.gateway.cti import CtiEvent
from assist.gateway.lobby import Lobby
from assist.gateway.simulate.drive import simulate
from assist.gateway.simulate.phones import PHONES, Plan
from assist.gateway.tcp import audiosocket_door
from assist.gateway.websocket import PATHS, SocketDoors
from assist.speech.score import edit_distance
from assist.store import Store
from assist.train.newcomer import Newcomer
from assist.train.replay import press, replay_recording, see_out, watch
from assist.train.summary import summary_of
from assist.wiring.house import open_sandbox
from assist.wiring.parts import Say, local_now, open_calls, open_desk
from assist.wiring.server import serving

_TOKEN = "a token"
_API_KEY = "an API key"
_SECRET = base64.b64encode(b"a client secret of thirty-two b.").decode()
_AGENT = "3207"

_SETTLE_MS = 100
"""ms of sound after which everything is waited for, as in a replay of a file."""

_WAIT_S = 120.0
"""Longest wait for a door to take what was sent: beyond, the frames are lost."""

MOST_OFF = 0.01
"""Share of the file's characters by which a door's text may differ."""


@dataclass(frozen=True)
class Outcome:
    """What a call left: both speakers' final text, and the line that a replay ends with."""

    text: str
    summary: dict[str, Any]

    @property
    def guides(self) -> list[str]:
        return self.summary["guides"]

    @property
    def path(self) -> list[str]:
        return self.summary["path"]

    @property
    def answers(self) -> dict[str, str]:
        return self.summary["slots"]

    @property
    def ticket(self) -> tuple[str, dict[str, Any]] | None:
        """Without its number, which the back office counts."""
        filed = self.summary["ticket"]
        return (filed["type"], filed["fields"]) if filed else None


@dataclass(frozen=True)
class Compared:
    """A door's call beside the file's in the door's own coding, and beside the file as it is."""

    door: str
    coding: str
    heard: Outcome
    file: Outcome
    plain: Outcome

    @property
    def off(self) -> int:
        """Characters that differ from the file's in the same coding."""
        return edit_distance(self.file.text, self.heard.text)

    @property
    def off_plain(self) -> int:
        return edit_distance(self.plain.text, self.heard.text)

    @property
    def same_text(self) -> bool:
        return self.off <= MOST_OFF * len(self.file.text)

    def differs(self, other: Outcome) -> list[str]:
        """What of the call's work is another than the file's."""
        names = ("guides", "path", "answers", "ticket")
        return [name for name in names if getattr(self.heard, name) != getattr(other, name)]

    @property
    def is_same(self) -> bool:
        return self.same_text and not self.differs(self.file)

    def row(self) -> str:
        """Of the table of `HEAD`."""
        ticket = self.heard.ticket[0] if self.heard.ticket else "none"
        same, plain = (", ".join(self.differs(o)) or "same" for o in (self.file, self.plain))
        return (
            f"{self.door:15}{self.coding:8}{len(self.heard.text):6}{self.off:6}{self.off_plain:7}"
            f"  {','.join(self.heard.guides):24}{ticket:20}{same:24}{plain}"
        )


HEAD = (
    f"{'door':15}{'coding':8}{'chars':>6}{'off':>6}{'plain':>7}  {'guides':24}{'ticket':20}"
    f"{'beside its coding':24}beside the file"
)
"""`off`: characters that differ from the file's in that coding; `plain`: from the file's own."""


def _plain(recording: Recording) -> Recording:
    return recording


def _over_mulaw(recording: Recording) -> Recording:
    coded = (decode_mulaw(encode_mulaw(channel), 1)[0] for channel in recording.channels)
    return replace(recording, channels=tuple(coded))


def _at_16_khz(recording: Recording) -> Recording:
    """As FreeSWITCH sends it, which resamples before we could, and sends 16 bits of it."""
    wider = (soxr.resample(c, recording.rate_hz, 16_000, quality="HQ") for c in recording.channels)
    sent = (decode_pcm16(encode_pcm16(channel), 1)[0] for channel in wider)
    return replace(recording, rate_hz=16_000, channels=tuple(sent))


_CODINGS: dict[str, Callable[[Recording], Recording]] = {
    "linear": _plain,
    "µ-law": _over_mulaw,
    "16 kHz": _at_16_khz,
}
_CODING_OF = {"native": "linear", "audiosocket": "linear", "freeswitch": "16 kHz"}


async def same(path: Path, seconds: float | None, show: Say) -> int:
    """A table, row by row; how many doors changed the call."""
    missed = 0
    show(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        called = by_all_doors(path, Path(folder), Settings(), lambda _: None, seconds)
        async for each in called:
            missed += not each.is_same
            show(each.row())
    return missed


async def by_all_doors(
    path: Path,
    folder: Path,
    settings: Settings,
    say: Say,
    seconds: float | None = None,
    doors: Iterable[str] = PHONES,
) -> AsyncIterator[Compared]:
    """The call of `path`, or its first `seconds`, by each door in turn; `folder` is for what the
    calls leave."""
    recording = read_recording(path)
    if seconds is not None:
        most = round(seconds * recording.rate_hz)
        recording = replace(recording, channels=tuple(c[:most] for c in recording.channels))
    reference = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    started = ev.CallStarted(
        agent=_AGENT,
        number=str(reference["slots"].get("phone", "")),
        lang=reference["lang"],
        source=path.name,
    )
    settings = settings.model_copy(update={"data": folder, "doors": _doors()})
    async with _switchboard(settings, say) as board:
        files: dict[str, Outcome] = {}
        for coding, coded in _CODINGS.items():
            say(f"{path.name} from its file, {coding} …")
            files[coding] = await board.from_file(coded(recording), started)
        for door in doors:
            say(f"{path.name} by the door {door} …")
            coding = _CODING_OF.get(door, "µ-law")
            heard = await board.by_door(door, recording, started)
            yield Compared(door, coding, heard, files[coding], files["linear"])


def _doors() -> DoorsSettings:
    known = {"enabled": True, "token": _TOKEN}
    return DoorsSettings.model_validate(
        {
            "twilio": known,
            "telnyx": known,
            "audiohook": {"enabled": True, "api_key": _API_KEY, "secret": _SECRET},
            "audiosocket": {"enabled": True, "port": 0},
            "chan_websocket": known,
            "freeswitch": known,
        }
    )


@dataclass
class _Switchboard:
    """The doors of this process, and the calls behind them."""

    settings: Settings
    desk_port: int
    calls: Calls
    lobby: Lobby
    sockets: str
    audiosocket: str

    async def from_file(self, recording: Recording, started: ev.CallStarted) -> Outcome:
        async with self._new_back_office():
            call = await replay_recording(self.calls, recording, started, "max", Newcomer())
            return _outcome(call)

    async def by_door(self, door: str, recording: Recording, started: ev.CallStarted) -> Outcome:
        plan = Plan(
            call_id=f"{str(uuid.uuid4())[:-1]}0",
            agent=_AGENT,
            number=started.number,
            lang=_lang(started.lang),
            token=_TOKEN,
            api_key=_API_KEY,
            secret=_SECRET if door == "audiohook" else "",
        )
        async with self._new_back_office(), AsyncExitStack() as stack:
            if door == "audiosocket":  # says nothing of a call but its UUID
                said = {"agent": plan.agent, "number": plan.number, "lang": plan.lang}
                ringing = {"event": "ringing", "call": plan.call_id, **said}
                await self.lobby.announce(CtiEvent.model_validate(ringing))
            newcomer = Newcomer()
            found: list[Call] = []
            lockstep = self._lockstep(door, plan, newcomer, found, stack)
            url = self.audiosocket if door == "audiosocket" else self.sockets
            await simulate(door, recording, url, plan, pace=lockstep)
            (call,) = found
            await _until(lambda: call.state.status != "live", f"The call by {door} did not end.")
            await see_out(call, newcomer)
            return _outcome(call)

    def _lockstep(
        self, door: str, plan: Plan, newcomer: Newcomer, found: list[Call], stack: AsyncExitStack
    ) -> Callable[[int], Awaitable[None]]:
        """Waits until what was sent is understood; notes the call in `found`."""
        before = self._frames(door)

        async def pace(sent_ms: int) -> None:
            if sent_ms % _SETTLE_MS:
                return
            sent = before + 2 * sent_ms // 20
            await _until(lambda: self._frames(door) >= sent, f"The door {door} lost frames.")
            if not found:
                visit = self.lobby.call_of(plan.call_id)
                if visit is None:
                    raise AssistError(f"The door {door} began no call.", "See the log.")
                found.append(visit.call)
                stack.callback(watch(self.calls, visit.call, newcomer))
            await found[0].settled()
            await press(found[0], newcomer)

        return pace

    def _frames(self, door: str) -> float:
        return self.lobby.meters.value("assist_door_frames_total", door)

    @asynccontextmanager
    async def _new_back_office(self) -> AsyncIterator[None]:
        """One that knows no ticket of the calls before."""
        data = self.settings.data / uuid.uuid4().hex
        async with open_sandbox(self.settings.model_copy(update={"data": data}), self.desk_port):
            yield


def _outcome(call: Call) -> Outcome:
    heard = sorted(call.state.finals, key=lambda line: (line.speaker, line.start_ms))
    return Outcome("".join(line.text for line in heard), summary_of(call.state))


def _lang(lang: str) -> Any:
    return lang if lang in ("zh", "en") else "auto"


async def _until(true: Callable[[], bool], otherwise: str) -> None:
    """Raises AssistError when it has not come true for a long time."""
    clock = asyncio.get_running_loop().time
    until_s = clock() + _WAIT_S
    while not true():
        if clock() > until_s:
            raise AssistError(otherwise, "See the log.")
        await asyncio.sleep(0.002)


@asynccontextmanager
async def _switchboard(settings: Settings, say: Say) -> AsyncIterator[_Switchboard]:
    async with AsyncExitStack() as stack:
        desk_port = free_port()
        settings = settings.model_copy(update={"desk_url": f"http://127.0.0.1:{desk_port}"})
        store = Store(settings.database)
        stack.callback(store.close)
        desk = await stack.enter_async_context(open_desk(settings))
        opened = open_calls(settings, desk, store, say)
        calls = (await stack.enter_async_context(opened)).calls
        lobby = Lobby(calls, settings.doors, time.monotonic)
        doors = SocketDoors(lobby, local_now)
        url = await stack.enter_async_context(
            serving(Starlette(routes=list(_routes(doors))), "127.0.0.1", 0)
        )
        port = await stack.enter_async_context(audiosocket_door(lobby))
        yield _Switchboard(
            settings,
            desk_port,
            calls,
            lobby,
            url.replace("http", "ws", 1),
            f"tcp://127.0.0.1:{port}",
        )


def _routes(doors: SocketDoors) -> Iterator[WebSocketRoute]:
    for path, name in PATHS.items():
        yield WebSocketRoute(path, partial(doors.open, name))
