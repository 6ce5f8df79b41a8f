"""Genesys AudioHook v2, message by message; the signature by the vendor's published example."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from gateway.lobby import Clock, Ears, Socket, mulaw, open_lobby, pitch_at, tone

from assist.errors import AssistError
from assist.gateway.audiohook import NULL_UUID, AudioHookAdapter
from assist.gateway.lobby import Lobby
from assist.gateway.signature import Nonces, check_signature, sign

SESSION = "30b0e395-84d3-4570-ac13-9a62d8f514c0"
ORGANIZATION = "d7934305-0972-4844-938e-9060eef73d05"
CONVERSATION = "090eaa2f-72fa-480a-83e0-8667ff89c0ec"
OFFERS = [
    {"type": "audio", "format": "PCMU", "channels": ["external", "internal"], "rate": 8000},
    {"type": "audio", "format": "PCMU", "channels": ["external"], "rate": 8000},
    {"type": "audio", "format": "L16", "channels": ["external", "internal"], "rate": 8000},
]


class Genesys:
    """The client's side: counts, and knows what the server has said."""

    def __init__(self, lobby: Lobby, adapter: AudioHookAdapter | None = None) -> None:
        adapter = adapter or AudioHookAdapter(ORGANIZATION)
        self.socket = Socket(lobby, adapter, "audiohook", grace_s=10)
        self.seq = 0
        self.position_s = 0.0

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(reply) for reply in self.socket.replies]

    async def say(self, kind: str, parameters: dict[str, Any] | None = None, **more: Any) -> None:
        self.seq += 1
        said = {"version": "2", "id": SESSION, "type": kind, "seq": self.seq}
        said |= {"serverseq": len(self.answers), "position": f"PT{self.position_s:.2f}S"}
        await self.socket.send(json.dumps({**said, "parameters": parameters or {}, **more}))

    async def open(self, conversation: str = CONVERSATION, **more: Any) -> None:
        participant = {"id": "883efee8-3d6c-4537-b500-6d7ca4b92fa0", "ani": "+15400000000"}
        await self.say(
            "open",
            {
                "organizationId": ORGANIZATION,
                "conversationId": conversation,
                "participant": {**participant, "aniName": "Li", "dnis": "+1-800-555-0100"},
                "media": OFFERS,
                "language": "en-US",
                **more,
            },
        )

    async def sound(self, hz: float, other_hz: float, seconds: float) -> None:
        both = (mulaw(tone(hz, seconds)), mulaw(tone(other_hz, seconds)))
        interleaved = bytes(byte for pair in zip(*both, strict=True) for byte in pair)
        for at in range(0, len(interleaved), 1600):
            await self.socket.send(interleaved[at : at + 1600])
        self.position_s += seconds


@pytest.fixture
def house() -> tuple[Lobby, Ears, Clock]:
    return open_lobby()


async def test_a_whole_call(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.open(customConfig={"agent": "li.na"})
    assert client.answers == [
        {
            "version": "2",
            "id": SESSION,
            "type": "opened",
            "seq": 1,
            "clientseq": 1,
            "parameters": {"startPaused": False, "media": [OFFERS[0]]},
        }
    ]
    await client.sound(440, 880, 1)
    await client.say("ping", {"rtt": "PT0.02S"})
    await client.say("update", {"language": "es-US"})
    await client.say("close", {"reason": "end"})
    assert [each["type"] for each in client.answers] == ["opened", "pong", "updated", "closed"]
    assert [each["seq"] for each in client.answers] == [1, 2, 3, 4]
    assert [each["clientseq"] for each in client.answers] == [1, 2, 3, 4]
    ear = ears.only
    assert (ear.id, ear.started.agent, ear.started.number) == (
        CONVERSATION,
        "li.na",
        "+15400000000",
    )
    assert ear.ended == ["hangup"] and ear.started.lang == "en" and client.socket.closed
    assert pitch_at(ear.sound("customer"), 100, 900) == pytest.approx(440, abs=5)
    assert pitch_at(ear.sound("agent"), 100, 900) == pytest.approx(880, abs=5)


async def test_a_probe_is_answered_and_begins_no_call(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.open(NULL_UUID)
    await client.say("close", {"reason": "end"})
    assert [each["type"] for each in client.answers] == ["opened", "closed"]
    assert not ears.calls and client.socket.closed


async def test_no_sound_is_taken_before_it_is_opened_or_while_it_is_paused(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.sound(300, 300, 0.2)
    client.position_s = 0
    await client.open()
    await client.sound(440, 880, 0.5)
    await client.say("paused")
    await client.sound(300, 300, 0.5)
    await client.say("resumed", {"start": "PT0.5S", "discarded": "PT0.5S"})
    await client.sound(660, 990, 0.5)
    await client.say("close", {"reason": "end"})
    pcm = ears.only.sound("customer")
    assert pitch_at(pcm, 50, 450) == pytest.approx(440, abs=5)
    assert pitch_at(pcm, 550, 950) == pytest.approx(660, abs=5)
    assert ears.only.kinds == ["call_started", "call_held", "call_resumed"]


async def test_what_the_client_discarded_is_silence(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.open()
    await client.sound(440, 440, 0.5)
    await client.say("discarded", {"start": "PT0.5S", "discarded": "PT0.4S"})
    await client.sound(880, 880, 0.5)
    await client.say("close", {"reason": "end"})
    pcm = ears.only.sound("customer")
    assert pitch_at(pcm, 550, 850) == 0
    assert pitch_at(pcm, 950, 1350) == pytest.approx(880, abs=5)


async def test_the_next_session_of_a_conversation_goes_on_with_its_call(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, clock = house
    first = Genesys(lobby)
    await first.open()
    await first.sound(440, 440, 0.5)
    await first.socket.break_off()
    clock.now_s = 5
    await lobby.sweep()
    assert not ears.only.ended
    second = Genesys(lobby)
    await second.open()
    await second.sound(880, 880, 0.5)
    await second.say("close", {"reason": "end"})
    assert pitch_at(ears.only.sound("customer"), 550, 950) == pytest.approx(880, abs=5)
    third = Genesys(lobby)
    await third.open("190eaa2f-72fa-480a-83e0-8667ff89c0ec")
    await third.socket.break_off()
    clock.now_s = 16
    await lobby.sweep()
    assert [ear.ended for ear in ears.calls.values()] == [["hangup"], ["stopped"]]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("ping", {"seq": 5}),
        ("ping", {"serverseq": 9}),
        ("ping", {"id": "another"}),
        ("ping", {"version": "1"}),
        ("ping", {"position": "soon"}),
        ("applause", {}),
    ],
)
async def test_who_does_not_keep_to_the_protocol_is_told_and_let_go(
    house: tuple[Lobby, Ears, Clock], kind: str, more: dict[str, Any]
) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.open()
    await client.say(kind, **more)
    last = client.answers[-1]
    assert (last["type"], last["parameters"]["reason"]) == ("disconnect", "error")
    assert ears.only.ended == ["stopped"] and lobby.figures()["visits"] == 0


async def test_another_organization_or_an_unsigned_handshake_is_unauthorized(
    house: tuple[Lobby, Ears, Clock],
) -> None:
    lobby, ears, _ = house
    bad = AssistError("not signed", code="door.unauthorized")
    for adapter in (AudioHookAdapter("another"), AudioHookAdapter(ORGANIZATION, bad)):
        client = Genesys(lobby, adapter)
        await client.open()
        assert client.answers[-1]["parameters"]["reason"] == "unauthorized"
    assert not ears.calls


async def test_media_that_nobody_can_take(house: tuple[Lobby, Ears, Clock]) -> None:
    lobby, ears, _ = house
    client = Genesys(lobby)
    await client.open(media=[{"type": "audio", "format": "OPUS", "channels": ["external"]}])
    assert client.answers[-1]["type"] == "disconnect" and not ears.calls


KEY, SECRET = (
    "SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh",
    base64.b64decode("TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU="),
)
TARGET = "/api/v1/voicebiometrics/ws"
CREATED = 1641013200
EXAMPLE = {
    "host": "audiohook.example.com",
    "audiohook-organization-id": ORGANIZATION,
    "audiohook-session-id": SESSION,
    "audiohook-correlation-id": "e160e428-53e2-487c-977d-96989bf5c99d",
    "x-api-key": KEY,
}
SIGNED = {
    **EXAMPLE,
    "signature": "sig1=:NZBwyBHRRyRoeLqy1IzOa9VYBuI8TgMFt2GRDkDuJh4=:",
    "signature-input": 'sig1=("@request-target" "@authority" "audiohook-organization-id" '
    '"audiohook-session-id" "audiohook-correlation-id" "x-api-key");'
    f'keyid="{KEY}";nonce="VGhpc0lzQVVuaXF1ZU5vbmNl";alg="hmac-sha256";created={CREATED};'
    "expires=3282026430",
}


def check(headers: dict[str, str], now_s: float = CREATED, nonces: Nonces | None = None) -> None:
    check_signature(
        headers, TARGET, api_key=KEY, secret=SECRET, nonces=nonces or Nonces(), now_s=now_s
    )


def test_the_vendors_example_is_signed_rightly_and_only_once() -> None:
    nonces = Nonces()
    check(SIGNED, CREATED + 9, nonces)
    with pytest.raises(AssistError, match="used before"):
        check(SIGNED, CREATED + 9.5, nonces)
    again = sign(EXAMPLE, TARGET, secret=SECRET, nonce="V" * 24, created=CREATED)
    check({**EXAMPLE, **again}, CREATED, nonces)


@pytest.mark.parametrize(
    ("changes", "now_s", "why"),
    [
        ({}, CREATED + 11, "11 s ago"),
        ({}, CREATED - 60, "signed -60 s"),
        ({"audiohook-session-id": "another"}, CREATED, "is wrong"),
        ({"host": "evil.example.com"}, CREATED, "is wrong"),
        ({"x-api-key": "another"}, CREATED, "API key"),
        ({"signature": "sig2=:AAAA:"}, CREATED, "is wrong"),
        ({"signature": ""}, CREATED, "is wrong"),
        ({"signature-input": ""}, CREATED, "no signature"),
        ({"signature-input": 'sig1=("x-api-key");keyid="k"'}, CREATED, "not signed"),
        ({"signature-input": "sig1=" + "(" * 5000}, CREATED, "no signature"),
        ({"signature-input": SIGNED["signature-input"].replace("VGhp", "")}, CREATED, "wrong"),
    ],
)
def test_any_other_handshake_is_refused(changes: dict[str, str], now_s: float, why: str) -> None:
    with pytest.raises(AssistError, match=why) as refused:
        check({**SIGNED, **changes}, now_s)
    assert refused.value.code == "door.unauthorized"
