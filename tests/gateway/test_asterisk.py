"""Asterisk: AudioSocket byte by byte, chan_websocket message by message, two legs to one call."""

from __future__ import annotations

import json
import uuid

import pytest
from gateway.lobby import Clock, Ears, Socket, mulaw, open_lobby, pcm16, pitch_at, tone

from assist.gateway.audiosocket import GOODBYE, AudioSocketAdapter, packet
from assist.gateway.chan_websocket import ChanWebSocketAdapter
from assist.gateway.cti import CtiEvent
from assist.gateway.lobby import Lobby

CALL = "40325ec2-5efd-4bd3-805f-53576e581d10"
CUSTOMER, AGENT = f"{CALL[:-1]}c", f"{CALL[:-1]}a"


@pytest.fixture
def house() -> tuple[Lobby, Ears, Clock]:
    return open_lobby()


def leg(lobby: Lobby) -> Socket:
    return Socket(lobby, AudioSocketAdapter(lobby.leg), "audiosocket")


def hello(leg_id: str) -> bytes:
    return packet(0x01, uuid.UUID(leg_id).bytes)


def sound(hz: float, seconds: float, kind: int = 0x10, rate_hz: int = 8000) -> bytes:
    data = pcm16(tone(hz, seconds, rate_hz))
    step = rate_hz // 50 * 2
    return b"".join(packet(kind, data[at : at + step]) for at in range(0, len(data), step))


def test_the_wire_is_as_it_is_written() -> None:
    assert GOODBYE == b"\x00\x00\x00"
    assert hello(CALL) == b"\x01\x00\x10" + bytes.fromhex(CALL.replace("-", ""))
    assert packet(0x10, bytes(320))[:3] == b"\x10\x01\x40"


async def test_two_legs_are_one_call_which_ends_with_the_last(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    customer, agent = leg(lobby), leg(lobby)
    await customer.send(hello(CUSTOMER))
    await agent.send(hello(AGENT))
    for _ in range(10):
        await customer.send(sound(440, 0.1))
        await agent.send(sound(880, 0.1))
    await customer.send(packet(0x03, b"1"), GOODBYE)
    assert not ears.only.ended
    await agent.send(sound(880, 0.1), GOODBYE)
    ear = ears.only
    assert ear.id == CALL and ear.ended == ["hangup"]
    assert pitch_at(ear.sound("customer"), 100, 900) == pytest.approx(440, abs=5)
    assert pitch_at(ear.sound("agent"), 100, 900) == pytest.approx(880, abs=5)


async def test_packets_may_come_in_any_pieces(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    socket = leg(lobby)
    wire = hello(CUSTOMER) + sound(440, 1, 0x12, 16000) + GOODBYE
    for at in range(0, len(wire), 77):
        await socket.send(wire[at : at + 77])
    assert ears.only.ended == ["hangup"]
    assert pitch_at(ears.only.sound("customer"), 100, 900) == pytest.approx(440, abs=5)


async def test_a_registered_leg_belongs_to_the_call_it_was_registered_for(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    mine = uuid.uuid4()
    event = CtiEvent(event="ringing", call="1764-7", extension="3207", legs={"agent": mine})
    await lobby.announce(event)
    socket = leg(lobby)
    await socket.send(hello(str(mine)), sound(440, 0.5), GOODBYE)
    ear = ears.only
    assert (ear.id, ear.ended, {c.speaker for c in ear.heard}) == ("1764-7", ["hangup"], {"agent"})
    assert lobby.figures()["legs"] == 0


@pytest.mark.parametrize(
    "wire",
    [
        hello("40325ec2-5efd-4bd3-805f-53576e581d17"),
        sound(440, 0.1),
        packet(0x01, b"short"),
        packet(0x03, b"1"),
        hello(CUSTOMER) + hello(AGENT),
        hello(CUSTOMER) + packet(0x10, bytes(321)),
        hello(CUSTOMER) + sound(440, 0.1) + sound(440, 0.1, 0x12, 16000),
    ],
)
async def test_who_is_not_known_or_changes_in_mid_call_is_hung_up(
    house: tuple[Lobby, Ears, Clock], wire: bytes
) -> None:
    lobby, ears, _ = house
    socket = leg(lobby)
    await socket.send(wire)
    assert socket.error and socket.replies == [GOODBYE] and socket.closed
    assert all(ear.ended == ["stopped"] for ear in ears.calls.values())
    assert lobby.figures()["visits"] == 0


async def test_an_error_or_a_broken_wire_ends_the_call(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    failed = leg(lobby)
    await failed.send(hello(CUSTOMER), sound(440, 0.1), packet(0xFF, b"\x02"))
    broken = leg(lobby)
    await broken.send(hello("50325ec2-5efd-4bd3-805f-53576e581d1c"), sound(440, 0.1))
    await broken.break_off()
    assert [ear.ended for ear in ears.calls.values()] == [["stopped"], ["stopped"]]


PLAIN = (
    "MEDIA_START connection_id:e226e283-c90a-4ea9-9e37-389000b9ef47 channel:WebSocket/assist/0x7f "
    "channel_id:1761245643.1 format:{} optimal_frame_size:160 ptime:20"
)
JSON = {
    "event": "MEDIA_START",
    "connection_id": "media_connection1",
    "channel": "WebSocket/media_connection1/0x5140001a0040",
    "channel_id": "1761245643.1",
    "format": "ulaw",
    "optimal_frame_size": 160,
    "ptime": 20,
    "channel_variables": {"ASSIST_ROLE": "agent", "ASSIST_CALL": "17.1", "ASSIST_AGENT": "3207"},
}


def channel(lobby: Lobby, **query: str) -> Socket:
    return Socket(lobby, ChanWebSocketAdapter(query, lobby.leg), "chan_websocket")


def media(hz: float, seconds: float) -> list[bytes]:
    data = mulaw(tone(hz, seconds))
    return [data[at : at + 160] for at in range(0, len(data), 160)]


async def test_plain_text_and_json_bring_the_two_legs_of_a_call(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    customer = channel(lobby, role="customer", call="17.1", number="15400000000")
    agent = channel(lobby)
    await customer.send(PLAIN.format("ulaw"))
    await agent.send(json.dumps(JSON))
    for mine, theirs in zip(media(440, 1), media(880, 1), strict=True):
        await customer.send(mine)
        await agent.send(theirs)
    await customer.send("DTMF_END digit:3", "MEDIA_XOFF", "STATUS queue_length:43")
    assert isinstance(customer.adapter, ChanWebSocketAdapter) and not customer.adapter.may_send
    await customer.send('{"event": "MEDIA_XON", "channel_id": "1761245643.1"}')
    assert customer.adapter.may_send
    await customer.lobby.exit(customer.line, "goodbye")
    await agent.lobby.exit(agent.line, "goodbye")
    ear = ears.only
    assert ear.id == "17.1" and ear.ended == ["hangup"]
    assert ear.state.started and ear.state.started.agent in ("", "3207")
    assert pitch_at(ear.sound("customer"), 100, 900) == pytest.approx(440, abs=5)
    assert pitch_at(ear.sound("agent"), 100, 900) == pytest.approx(880, abs=5)


@pytest.mark.parametrize(
    ("messages", "query"),
    [
        ([PLAIN.format("ulaw")], {}),
        ([PLAIN.format("opus")], {"role": "customer"}),
        ([PLAIN.format("ulaw")], {"role": "customer,agent"}),
        ([b"\xff" * 160], {"role": "customer"}),
        ([PLAIN.format("ulaw"), b"\xff" * 70_000], {"role": "customer"}),
        ([PLAIN.format("slin"), b"\xff" * 161], {"role": "mixed"}),
        (["{never ends"], {}),
        (["[" * 9000], {}),
    ],
)
async def test_what_a_channel_cannot_be_is_refused(
    house: tuple[Lobby, Ears, Clock], messages: list[str | bytes], query: dict[str, str]
) -> None:
    lobby, ears, _ = house
    socket = channel(lobby, **query)
    await socket.send(*messages)
    if messages == ["[" * 9000]:  # a word that means nothing
        return await socket.break_off()
    assert socket.error and socket.error.remedy and socket.closed
    assert all(ear.ended for ear in ears.calls.values())
