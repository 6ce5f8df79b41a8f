"""Where utterances begin and end, from probabilities and levels alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assist.audio import ms_to_samples, samples_to_ms
from assist.speech.endpoint import DIGITAL_SILENCE_DBFS, Endpointer, Span
from assist.speech.options import ListenOptions
from assist.speech.vad import WINDOW

OPTIONS = ListenOptions()
WINDOW_MS = 32


def spans(
    windows: list[tuple[float, float]], options: ListenOptions = OPTIONS, finish: bool = True
) -> list[Span]:
    """Feed (probability, dBFS) windows."""
    endpointer = Endpointer(options)
    found = [endpointer.feed(at * WINDOW, *window) for at, window in enumerate(windows)]
    if finish:
        found.append(endpointer.finish())
    return [span for span in found if span is not None]


def speech(ms: int, level_dbfs: float = -25.0) -> list[tuple[float, float]]:
    return [(0.9, level_dbfs)] * (ms // WINDOW_MS)


def silence(ms: int) -> list[tuple[float, float]]:
    return [(0.01, -60.0)] * (ms // WINDOW_MS)


def unsure(ms: int) -> list[tuple[float, float]]:
    """Between the two thresholds."""
    return [(0.2, -30.0)] * (ms // WINDOW_MS)


def ms(span: Span) -> tuple[int, int]:
    return samples_to_ms(span.start), samples_to_ms(span.end)


def test_an_utterance_ends_after_the_silence_and_not_before():
    windows = silence(320) + speech(960) + silence(608)
    assert [ms(span) for span in spans(windows, finish=False)] == [(320, 1280)]
    assert spans(windows[:-1], finish=False) == []


def test_a_short_pause_does_not_cut():
    assert len(spans(speech(640) + silence(480) + speech(640))) == 1


def test_a_click_is_no_utterance():
    assert spans(silence(320) + speech(32) + silence(960)) == []
    assert spans(silence(320) + speech(64) + silence(960)) == []


def test_soft_syllables_keep_an_utterance_open_but_do_not_open_one():
    assert spans(unsure(1600)) == []
    found = spans(speech(320) + unsure(1600) + speech(320))
    assert [ms(span) for span in found] == [(0, 2240)]


def test_an_utterance_begins_with_the_soft_onset_before_it():
    assert ms(spans(silence(320) + unsure(160) + speech(640))[0])[0] == 320


def test_doubtful_sound_before_the_onset_counts_for_a_second_at_most():
    start_ms, _ = ms(spans(unsure(3200) + speech(640))[0])
    assert 3200 - 1100 <= start_ms < 3200


def test_loud_sound_on_a_quiet_line_belongs_to_the_words_that_follow():
    """The detector takes up to 0.7 s to believe some voices."""
    unbelieved = [(0.05, -20.0)] * 20
    breath = silence(160)
    windows = silence(3200) + unbelieved + breath + speech(640) + silence(960)
    (span,) = spans(windows)
    assert ms(span)[0] == 3200
    noisy = [(0.05, -30.0)] * 100 + unbelieved + speech(640)
    assert ms(spans(noisy)[0])[0] == (100 + 20) * WINDOW_MS


def test_the_beginning_never_reaches_back_into_the_utterance_before():
    unbelieved = [(0.05, -20.0)] * 10
    first, second = spans(silence(3200) + speech(640) + silence(608) + unbelieved + speech(320))
    assert ms(first) == (3200, 3840)
    assert ms(second)[0] == 3840 + 608


def test_a_single_loud_word_on_a_quiet_line_opens_at_a_lower_probability():
    word = [(0.2, -20.0)] * 12
    assert len(spans(silence(3200) + word + silence(960))) == 1
    assert spans([(0.01, -40.0)] * 100 + word + silence(960)) == []


def test_what_is_being_said_at_the_end_of_the_sound_is_kept():
    assert [ms(span) for span in spans(silence(320) + speech(320))] == [(320, 640)]


def test_crosstalk_far_below_the_speaker_opens_nothing():
    crosstalk = speech(1600, level_dbfs=-25.0 - OPTIONS.below_speaker_db - 3)
    assert len(spans(speech(1600) + silence(960) + crosstalk)) == 1


def test_the_other_side_alone_before_the_speaker_says_a_word_is_not_gated_by_level():
    """Nothing is known of this speaker yet: a soft voice must not be lost."""
    assert len(spans(speech(1600, level_dbfs=-50.0))) == 1


def test_sound_below_the_floor_is_never_speech():
    assert spans(speech(3200, level_dbfs=OPTIONS.floor_dbfs - 1)) == []


def test_a_knock_does_not_make_the_speaker_deaf():
    knock = speech(64, level_dbfs=-3.0)
    assert len(spans(speech(960, -35.0) + knock + silence(960) + speech(960, -35.0))) == 2


def test_a_soft_speaker_who_takes_over_is_heard_after_a_while():
    soft = speech(60_000, level_dbfs=-15.0 - OPTIONS.below_speaker_db - 6)
    assert len(spans(speech(3200, level_dbfs=-15.0) + silence(960) + soft)) > 1


def test_a_long_utterance_ends_at_a_shorter_pause():
    pause = silence(OPTIONS.long_end_silence_ms + 2 * WINDOW_MS)
    short = speech(OPTIONS.long_after_ms // 2) + pause + speech(960)
    long = speech(OPTIONS.long_after_ms) + pause + speech(960)
    assert len(spans(short)) == 1
    assert len(spans(long)) == 2


def test_an_endless_utterance_is_cut_at_its_quietest_place():
    options = replace(OPTIONS, max_utterance_ms=6_400)
    breath = [(0.9, -45.0)] * 6
    windows = speech(4_480) + breath + speech(3_200)
    first, second = spans(windows, options)
    assert (first.cut_before, first.cut_after) == (False, True)
    assert (second.cut_before, second.cut_after) == (True, False)
    assert first.end == second.start
    assert 4_480 <= samples_to_ms(first.end) <= 4_480 + 6 * WINDOW_MS


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.01, 0.2, 0.9]), st.sampled_from([-60.0, -40.0, -20.0])),
        max_size=300,
    )
)
def test_spans_are_ordered_bounded_and_never_overlap(windows: list[tuple[float, float]]):
    options = replace(OPTIONS, max_utterance_ms=3_200, long_after_ms=1_600)
    found = spans(windows, options)
    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(span.start < span.end <= len(windows) * WINDOW for span in found)
    longest = ms_to_samples(options.max_utterance_ms) + WINDOW
    assert all(span.end - span.start <= longest for span in found)


@given(st.integers(2, 40), st.integers(0, 40))
def test_loud_clear_speech_is_never_lost(before: int, count: int):
    """Three clear windows in a row are speech (96 ms), whatever is around them."""
    windows = [(0.01, -60.0)] * before + [(0.9, -20.0)] * (3 + count)
    (span,) = spans(windows)
    assert (span.start, span.end) == (before * WINDOW, len(windows) * WINDOW)


WINDOWS = st.lists(
    st.tuples(st.sampled_from([0.01, 0.2, 0.9]), st.sampled_from([-60.0, -40.0, -20.0])),
    max_size=120,
)


@settings(max_examples=100)
@given(WINDOWS, st.integers(1, 200), WINDOWS)
def test_silence_taken_at_once_is_silence_window_by_window(
    before: list[tuple[float, float]], count: int, after: list[tuple[float, float]]
):
    quiet = [(0.0, DIGITAL_SILENCE_DBFS)] * 40  # ends whatever is open
    one, other = Endpointer(OPTIONS), Endpointer(OPTIONS)
    at = 0
    for window in [*before, *quiet]:
        assert one.feed(at, *window) == other.feed(at, *window)
        at += WINDOW
    for _ in range(count):
        assert one.feed(at, 0.0, DIGITAL_SILENCE_DBFS) is None
        at += WINDOW
    other.rest(at - count * WINDOW, count)
    for window in after:
        assert one.feed(at, *window) == other.feed(at, *window)
        at += WINDOW
    assert one.finish() == other.finish()
