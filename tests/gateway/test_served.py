"""Every door of the real server, over real sockets, by the simulated phones. No speech model."""

from __future__ import annotations

import asyncio
import base64
import json
import socket as sockets
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from gateway.lobby import tone
from websockets.asyncio.client import connect

from assist.accounts.keys import Keys
from assist.audio import Recording
from assist.config import DoorsSettings, Settings
from assist.errors import AudioError
from assist.gateway.simulate.drive import simulate
from assist.gateway.simulate.phones import PHONES, Plan
from assist.wiring.house import open_house

SECRET = base64.b64encode(b"a client secret of thirty-two b.").decode()
RECORDING = Recording(Path("made-up"), 8000, (tone(440, 1.5), tone(880, 1.5)))
GRACE_S = 0.5


def free_port() -> int:
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Served:
    url: str
    audiosocket: str
    keys: Keys
    get: httpx.AsyncClient
    said: list[str] = field(default_factory=list)

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1)

    def plan(self, protocol: str, **more: Any) -> Plan:
        known: dict[str, Any] = {
            "native": {"token": self.keys.token},
            "audiohook": {"api_key": "the key", "secret": SECRET},
            "twilio": {"token": "of-twilio"},
        }.get(protocol, {"token": "open sesame"})
        call = str(uuid.uuid4())[:-1] + "0"
        given = {"call_id": call, "speed": "max", "number": "15403726618", **known, **more}
        return Plan(**given)

    async def play(self, protocol: str, recording: Recording = RECORDING, **more: Any) -> Plan:
        plan = self.plan(protocol, **more)
        url = self.audiosocket if protocol == "audiosocket" else self.ws
        await simulate(protocol, recording, url, plan)
        return plan

    async def facts(self, call: str) -> list[dict[str, Any]]:
        found = await self.get.get(f"/api/calls/{call}/events")
        return [event["fact"] for event in found.json().get("events", [])]

    async def ended(self, call: str) -> list[dict[str, Any]]:
        for _ in range(100):
            facts = await self.facts(call)
            kinds = [fact["kind"] for fact in facts]
            if "call_ended" in kinds:
                return facts[: kinds.index("call_ended") + 1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{call} has not ended: {facts}")

    async def figure(self, line: str) -> float:
        text = (await self.get.get("/metrics")).text
        found = [row for row in text.splitlines() if row.startswith(line + " ")]
        return float(found[0].rpartition(" ")[2]) if found else 0.0


def house_settings(folder: Path, **more: Any) -> Settings:
    """A house that need not think: no embedder, no index, no back office."""
    given = {"data": folder, "port": free_port(), "desk_url": "http://127.0.0.1:9", **more}
    return Settings(embedder=str(folder), index=folder / "none", **given)


def doors(audiosocket: int) -> DoorsSettings:
    token = {"enabled": True, "token": "open sesame"}
    return DoorsSettings.model_validate(
        {
            "twilio": {"enabled": True, "token": "of-twilio"},
            "telnyx": token,
            "audiohook": {"enabled": True, "api_key": "the key", "secret": SECRET, "grace_s": 0},
            "audiosocket": {"enabled": True, "port": audiosocket},
            "chan_websocket": {**token, "connect_to": f"ws://127.0.0.1:{audiosocket + 1}/media"},
            "freeswitch": {**token, "grace_s": GRACE_S},
            "microphone": {"enabled": True, "grace_s": GRACE_S},
            "cti": {"token": "cti token"},
            "extensions": {"3207": "li.na"},
        }
    )


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    port, keys = free_port(), Keys()
    settings = house_settings(tmp_path, doors=doors(port))
    house = open_house(settings, sandbox=False, say=lambda _: None, hears=False, keys=keys)
    async with (
        house as url,
        httpx.AsyncClient(
            base_url=url, headers=keys.headers, trust_env=False, timeout=30
        ) as client,
    ):
        yield Served(url, f"tcp://127.0.0.1:{port}", keys, client)


async def test_the_same_call_comes_in_by_every_door(served: Served) -> None:
    for protocol in PHONES:
        plan = await served.play(protocol, agent="3207")
        facts = await served.ended(plan.call_id)
        assert facts[0]["kind"] == "call_started", protocol
        assert facts[0]["source"] == protocol
        assert facts[-1] == {"kind": "call_ended", "reason": "hangup"}, protocol
        if protocol != "audiosocket":
            assert facts[0]["agent"] == "li.na" and facts[0]["number"], protocol
        frames = await served.figure(f'assist_door_frames_total{{door="{protocol}"}}')
        assert frames >= 75, protocol
    sound_s = await served.figure("assist_speech_sound_seconds_total")
    assert sound_s == pytest.approx(len(PHONES) * 3.0, rel=0.02)


async def test_order_loss_hold_and_torn_wires_end_as_they_should(served: Served) -> None:
    twilio = await served.play("twilio", loss=0.1, reorder=0.2)
    assert (await served.ended(twilio.call_id))[-1]["reason"] == "hangup"
    lost = await served.figure('assist_door_packets_total{door="twilio",what="lost"}')
    again = await served.figure('assist_door_packets_total{door="twilio",what="reordered"}')
    assert 3 <= lost <= 40 and again >= 3
    for protocol in ("native", "audiohook", "freeswitch"):
        held = await served.play(protocol, hold_s=(0.4, 0.8))
        kinds = [fact["kind"] for fact in await served.ended(held.call_id)]
        assert "call_held" in kinds and "call_resumed" in kinds, protocol
    for protocol in PHONES:
        torn = await served.play(protocol, hang_up="none")
        # Of a TCP connection nobody can tell: closing it is AudioSocket's hang-up, too.
        reason = "hangup" if protocol == "audiosocket" else "stopped"
        assert (await served.ended(torn.call_id))[-1]["reason"] == reason, protocol


async def test_who_has_no_key_does_not_come_in(served: Served) -> None:
    wrong = {"token": "guessed", "api_key": "the key", "secret": base64.b64encode(b"x").decode()}
    for protocol in PHONES:
        if protocol == "audiosocket":
            continue  # knows networks only
        plan = served.plan(protocol, **wrong)
        with pytest.raises(AudioError):
            await simulate(protocol, RECORDING, served.ws, plan)
        assert await served.facts(plan.call_id) == [], protocol
    unsigned = await served.figure(
        'assist_door_refused_total{door="audiohook",reason="door.unauthorized"}'
    )
    assert unsigned == 1


async def test_the_webhook_makes_the_customer_known_and_hands_the_call_over(
    served: Served,
) -> None:
    async def tell(token: str = "cti token", **event: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
            return await client.post("/api/cti/events", json=event, headers=headers)

    call = {"call": "1764461.7"}
    assert (await tell("guessed", event="ringing", **call)).status_code == 401
    assert (await tell(event="sings", **call)).status_code == 422
    assert (await tell(event="held", **call)).status_code == 404
    ringing = await tell(event="ringing", extension="3207", number="15403726618", **call)
    assert ringing.status_code == 202 and ringing.json() == call
    facts = await served.facts("1764461.7")
    assert [fact["kind"] for fact in facts[:2]] == ["call_started", "customer_asked"]
    assert facts[0]["agent"] == "li.na"
    await tell(event="transferred", agent="wang.wei", **call)
    listed = (await served.get.get("/api/calls")).json()["calls"]
    assert [row["agent"] for row in listed] == ["wang.wei"]
    plan = await served.play("freeswitch", call_id="1764461.7", agent="wang.wei")
    kinds = [fact["kind"] for fact in await served.ended(plan.call_id)]
    assert kinds.count("call_started") == 1 and kinds.count("call_transferred") == 1


async def test_we_connect_to_asterisk_where_it_waits(served: Served) -> None:
    """A channel dialled as INCOMING: our server is the client of its media."""
    asked: list[str] = []

    async def asterisk(socket: websockets.ServerConnection) -> None:
        asked.append(socket.request.path if socket.request else "")
        start = {"event": "MEDIA_START", "connection_id": "32966726", "channel_id": "17.1"}
        await socket.send(json.dumps({**start, "format": "slin16", "optimal_frame_size": 640}))
        for _ in range(20):
            await socket.send(bytes(640))

    port = int(served.audiosocket.rpartition(":")[2]) + 1
    async with websockets.serve(asterisk, "127.0.0.1", port):
        event = {"event": "answered", "call": "17.1", "agent": "7"}
        event |= {"media": "32966726", "speakers": ["customer"]}
        answer = await served.get.post("/api/cti/events", json=event)
        assert answer.status_code == 202
        facts = await served.ended("17.1")
    assert asked == ["/media/32966726"] and facts[-1]["reason"] == "hangup"


async def test_a_closed_door_is_not_there(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with open_house(settings, sandbox=False, say=lambda _: None, hears=False) as url:
        for path in ("twilio", "telnyx", "audiohook", "asterisk", "freeswitch"):
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with connect(f"{url.replace('http', 'ws', 1)}/v1/{path}"):
                    pass
            assert refused.value.response.status_code == 404


async def test_a_restart_refuses_new_calls_and_lets_the_live_one_end(tmp_path: Path) -> None:
    port, keys = free_port(), Keys()
    settings = house_settings(tmp_path, doors=doors(port), drain_s=20)
    house = open_house(
        settings, sandbox=False, say=lambda _: None, hears=False, keys=keys, drains=True
    )
    url = await house.__aenter__()
    client = httpx.AsyncClient(base_url=url, headers=keys.headers, trust_env=False)
    served = Served(url, f"tcp://127.0.0.1:{port}", keys, client)
    live = asyncio.create_task(served.play("freeswitch", speed="1"))
    await asyncio.sleep(0.4)
    leaving = asyncio.create_task(house.__aexit__(None, None, None))
    await asyncio.sleep(0.2)
    with pytest.raises(AudioError, match="503"):
        await served.play("telnyx")
    plan = await live
    await leaving
    await client.aclose()
    from assist.store import Store

    store = Store(settings.database, settings.seal_key)
    (last,) = store.events(plan.call_id, kinds=("call_ended",))
    store.close()
    assert last.fact.model_dump() == {"kind": "call_ended", "reason": "hangup"}
