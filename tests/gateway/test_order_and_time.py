"""Packets in order, and every piece of sound at its time, whatever the wire did to it."""

from __future__ import annotations

import numpy as np
import pytest
from gateway.lobby import pitch_at, tone
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.audio import AudioChunk, Pcm, Resampler, ms_to_samples
from assist.errors import AudioError
from assist.gateway.jitter import DEPTH_MS, JitterBuffer, Packet
from assist.gateway.timeline import LAG_MS, OUTAGE_MS, QUIET_MS, Timeline


def packet(seq: int, *, at_ms: float | None = -1) -> Packet:
    pcm = np.full(160, seq, dtype=np.float32)
    return Packet(pcm, 20, seq, seq * 20 if at_ms == -1 else at_ms)


def order(packets: list[Packet]) -> list[int | None]:
    return [each.seq for each in packets]


def test_what_came_in_the_wrong_order_goes_on_in_the_right_one() -> None:
    buffer = JitterBuffer()
    gone = [each for seq in (1, 2, 4, 3, 5, 7, 6) for each in buffer.push(packet(seq))]
    assert order(gone) == [1, 2, 3, 4, 5, 6, 7]
    assert (buffer.lost, buffer.late, buffer.reordered) == (0, 0, 2)


def test_what_does_not_come_is_given_up_after_a_while_and_counted() -> None:
    buffer = JitterBuffer()
    gone = [each for seq in (1, 2, 4) for each in buffer.push(packet(seq))]
    assert order(gone) == [1, 2]
    for seq in range(5, 5 + DEPTH_MS // 20):
        gone += buffer.push(packet(seq))
    assert order(gone)[2] == 4 and buffer.lost == 1
    assert buffer.push(packet(3)) == [] and buffer.late == 1
    assert order(buffer.flush()) == []


def test_a_number_that_both_tracks_share_makes_nobody_wait() -> None:
    buffer = JitterBuffer()
    for number, seq in enumerate((1, 3, 5, 7)):
        assert len(buffer.push(packet(seq, at_ms=number * 20))) == 1
    assert buffer.lost == 0


def test_a_sender_that_counts_anew_is_heard_again() -> None:
    buffer = JitterBuffer()
    buffer.push(packet(5000))
    gone = [each for seq in range(1, 101) for each in buffer.push(packet(seq))]
    assert order(gone)[-1] == 100 and len(gone) > 45


def test_lost_packets_without_a_timestamp_leave_their_silence() -> None:
    buffer = JitterBuffer()
    buffer.push(packet(1, at_ms=None))
    buffer.push(packet(4, at_ms=None))
    (first,) = buffer.flush()
    assert len(first.pcm) == 3 * 160 and not first.pcm[:320].any() and first.pcm[320] == 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=120), st.booleans())
def test_whatever_comes_goes_on_once_in_order_and_little_is_held(
    numbers: list[int], stamped: bool
) -> None:
    buffer, gone = JitterBuffer(), []
    for seq in numbers:
        gone += buffer.push(packet(seq, at_ms=seq * 20 if stamped else None))
        assert buffer.held_ms <= DEPTH_MS
    gone += buffer.flush()
    seqs = order(gone)
    assert seqs == sorted(set(seqs)) or buffer.late >= 50
    assert len(gone) + buffer.late == len(numbers)


def heard(chunks: list[AudioChunk], speaker: str) -> Pcm:
    mine = [chunk for chunk in chunks if chunk.speaker == speaker]
    pcm = np.zeros(max(ms_to_samples(c.at_ms) + len(c.pcm) for c in mine), dtype=np.float32)
    for chunk in mine:
        pcm[ms_to_samples(chunk.at_ms) :][: len(chunk.pcm)] = chunk.pcm
    return pcm


def test_what_is_missing_becomes_silence_and_what_follows_keeps_its_time() -> None:
    timeline = Timeline()
    timeline.open("customer", 8000)
    chunks = timeline.place("customer", tone(440, 0.5), 0)
    chunks += timeline.place("customer", tone(880, 0.5), 800)
    pcm = heard(chunks + timeline.finish(), "customer")
    assert pitch_at(pcm, 100, 400) == pytest.approx(440, abs=5)
    assert pitch_at(pcm, 550, 750) == 0
    assert pitch_at(pcm, 850, 1250) == pytest.approx(880, abs=5)
    assert len(pcm) == ms_to_samples(1300)


def test_a_long_gap_costs_no_sound_at_all() -> None:
    timeline = Timeline()
    timeline.open("customer", 8000)
    chunks = timeline.place("customer", tone(440, 0.2), 0)
    chunks += timeline.place("customer", tone(440, 0.2), 4000)
    chunks += timeline.finish()
    assert sum(len(c.pcm) for c in chunks) == ms_to_samples(400)
    assert chunks[-1].end_ms == 4200


def test_time_in_which_nobody_is_heard_is_none_of_the_calls() -> None:
    timeline = Timeline()
    timeline.open("customer", 8000)
    timeline.place("customer", tone(440, 0.2), 0)
    (*_, last) = timeline.place("customer", tone(440, 0.2), 3_600_000)
    assert last.end_ms <= 400 + OUTAGE_MS


def test_a_speaker_who_stays_out_is_given_silence_and_comes_back_at_the_present() -> None:
    timeline = Timeline()
    for speaker in ("customer", "agent"):
        timeline.open(speaker, 8000)
    chunks = timeline.place("agent", tone(440, 0.2))
    for _ in range(200):
        chunks += timeline.place("customer", tone(300, 0.02))
    padding = [c for c in chunks if c.speaker == "agent" and not c.pcm.any()]
    assert 1_200 < sum(len(c.pcm) for c in padding) / 16 <= 4_000 - LAG_MS
    (*_, back) = timeline.place("agent", tone(440, 0.2)) + timeline.finish()
    assert timeline.head_ms == 4_200 and back.speaker == "agent" and back.end_ms == 4_200


def test_a_lane_that_another_connection_takes_over_goes_on_at_another_rate() -> None:
    timeline = Timeline()
    timeline.open("customer", 8000)
    chunks = timeline.place("customer", tone(440, 0.5))
    chunks += timeline.open("customer", 16000)
    chunks += timeline.place("customer", tone(880, 0.5, 16000)) + timeline.finish()
    pcm = heard(chunks, "customer")
    assert len(pcm) == ms_to_samples(1000)
    assert pitch_at(pcm, 550, 950) == pytest.approx(880, abs=5)
    with pytest.raises(AudioError, match="7000 Hz"):
        timeline.open("agent", 7000)


def test_long_digital_silence_is_left_out_but_for_a_beat_and_the_moment_before_sound() -> None:
    timeline = Timeline()
    timeline.open("customer", 8000)
    quiet = np.zeros(160, dtype=np.float32)
    chunks = [c for _ in range(1500) for c in timeline.place("customer", quiet)]
    assert sum(len(c.pcm) for c in chunks) / 16 < QUIET_MS + 29_000 / 2  # of 30 s
    assert chunks[-1].at_ms > 28_000
    after = timeline.place("customer", tone(440, 0.2))
    assert after[-1].pcm.any() and not after[0].pcm.any()
    assert after[0].at_ms < 29_950 and after[-1].end_ms >= 30_050


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000])
@pytest.mark.parametrize("frame_ms", [20, 37, 100])
def test_silence_left_out_moves_no_sample_of_the_sound_behind_it(
    rate_hz: int, frame_ms: int
) -> None:
    timeline = Timeline()
    timeline.open("customer", rate_hz)
    still = np.zeros(7 * rate_hz, dtype=np.float32)
    sound = np.concatenate([still, tone(440, 0.05, rate_hz), still, tone(880, 0.33, rate_hz)])
    chunks: list[AudioChunk] = []
    step = ms_to_samples(frame_ms, rate_hz)
    for at in range(0, len(sound), step):
        chunks += timeline.place("customer", sound[at : at + step])
    pcm = heard(chunks + timeline.finish(), "customer")
    resampler = Resampler(rate_hz)
    whole = np.concatenate([resampler.push(sound), resampler.finish()])
    a_ms = ms_to_samples(1)  # chunks begin at whole ms
    assert abs(len(pcm) - len(whole)) <= a_ms
    for first_ms, last_ms in ((6_900, 7_150), (14_000, 14_380)):
        part, reference = (each[16 * first_ms : 16 * last_ms] for each in (pcm, whole))
        heard_at, said_at = (np.flatnonzero(np.abs(x) > 0.1)[[0, -1]] for x in (part, reference))
        assert np.abs(heard_at - said_at).max() <= a_ms
        assert np.square(part).sum() == pytest.approx(np.square(reference).sum(), rel=0.03)
