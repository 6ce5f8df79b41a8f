"""The sound held for one speaker: addressed by sample of the call, and never growing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assist.audio import RATE_HZ
from assist.speech.tape import Tape


@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=30), st.integers(0, 50_000))
def test_what_is_read_is_what_was_put_in(sizes: list[int], begin: int):
    tape = Tape(begin)
    whole = np.arange(sum(sizes), dtype=np.float32)
    at = 0
    for size in sizes:
        tape.append(whole[at : at + size])
        at += size
        tape.forget_before(begin + at - 20_000)
    assert tape.end == begin + len(whole)
    recent = max(0, at - 20_000)
    assert np.array_equal(tape.read(begin + recent, tape.end + 99), whole[recent:])
    assert len(tape.read(tape.end, tape.end + 5)) == 0


def test_two_hours_take_no_more_room_than_two_minutes():
    tape = Tape(0)
    chunk = np.zeros(RATE_HZ // 10, dtype=np.float32)
    rooms = []
    for _ in range(72_000):
        tape.append(chunk)
        tape.forget_before(tape.end - 16 * RATE_HZ)
        rooms.append(tape.room_s)
    assert max(rooms) == max(rooms[:1_200]) < 60
    assert tape.end == 7_200 * RATE_HZ
