"""Random bytes and random orders: no crash, no mixing of calls, and every call comes to its end."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from gateway.lobby import Socket, open_lobby
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assist.bench.hostile import ADAPTERS, legal

ONE, OTHER = 0.25, -0.25
"""Each call's sound is a value of its own: it must not be found in the other's."""


@pytest.mark.parametrize("protocol", ADAPTERS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(st.one_of(st.binary(max_size=700), st.text(max_size=200)), max_size=12))
def test_random_messages_are_refused_or_ignored(protocol: str, messages: list[str | bytes]) -> None:
    lobby, ears, _ = open_lobby()

    async def run() -> None:
        socket = Socket(lobby, ADAPTERS[protocol](lobby), protocol)
        if protocol == "audiosocket":
            messages_ = [m if isinstance(m, bytes) else m.encode() for m in messages]
            await socket.send(*messages_)
        else:
            await socket.send(*messages)
        await socket.break_off()

    asyncio.run(run())
    assert all(ear.ended for ear in ears.calls.values())
    assert lobby.figures() == {"lines": 0, "visits": 0, "legs": 0}


@pytest.mark.parametrize("protocol", ADAPTERS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=40),
    ends=st.sampled_from(["goodbye", "broke_off", "silent"]),
)
def test_two_calls_in_any_order_never_mix_and_always_end(
    protocol: str, steps: list[tuple[bool, int]], ends: str
) -> None:
    lobby, ears, clock = open_lobby()

    async def run() -> None:
        sockets = [Socket(lobby, ADAPTERS[protocol](lobby), protocol) for _ in range(2)]
        said = [legal(protocol, name, value) for name, value in (("1", ONE), ("2", OTHER))]
        for second, choice in steps:
            messages = said[second]
            await sockets[second].send(messages[choice % len(messages)])
        for socket in sockets:
            await lobby.exit(socket.line, ends)  # type: ignore[arg-type]
        clock.now_s += 1_000
        await lobby.sweep()

    asyncio.run(run())
    assert lobby.figures() == {"lines": 0, "visits": 0, "legs": 0}
    for ear in ears.calls.values():
        assert len(ear.ended) == 1
        loud = [c.pcm[np.abs(c.pcm) > 0.15] for c in ear.heard]
        signs = {bool(value > 0) for part in loud for value in part}
        assert len(signs) <= 1
