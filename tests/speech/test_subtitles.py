"""Cues that can be read: line lengths, breaks, times; srt and vtt parsed back by other hands."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from assist.events import SegmentHeard, Speaker, Word
from assist.speech.subtitles import LINES_A_CUE, Cue, broken, cues_of, subtitles

ZH = (
    "好的，我帮您查一下，您家的宽带账号是 CD20260017 对吗？光猫上面的 LOS 灯现在是不是一直在"
    "闪红色的，麻烦您看一眼告诉我一下好不好"
)
EN = (
    "Thank you for calling, my name is Dana. Could you tell me the account number on your last "
    "bill, please, so that I can pull it up?"
)


def segment(
    speaker: Speaker,
    start_ms: int,
    end_ms: int,
    text: str,
    words: Sequence[Word] = (),
    display: str = "",
) -> SegmentHeard:
    return SegmentHeard(
        utterance="u",
        speaker=speaker,
        start_ms=start_ms,
        end_ms=end_ms,
        text=text,
        display=display,
        words=tuple(words),
        confidence=0.9,
    )


def monotone_and_apart(cues: Sequence[Cue]) -> bool:
    for speaker in {cue.speaker for cue in cues}:
        mine = [cue for cue in cues if cue.speaker == speaker]
        if any(a.end_ms > b.start_ms for a, b in pairwise(mine)):
            return False
    starts = [cue.start_ms for cue in cues]
    return starts == sorted(starts) and all(0 <= cue.start_ms < cue.end_ms for cue in cues)


@pytest.mark.parametrize(("text", "lang", "most"), [(ZH, "zh", 20), (EN, "en", 42)])
def test_lines_are_short_enough_and_lose_nothing(text: str, lang: str, most: int) -> None:
    lines = broken(text, lang)
    assert max(map(len, lines)) <= most
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_punctuation_and_never_inside_a_number_or_word() -> None:
    lines = broken(ZH, "zh")
    assert lines[0] == "好的，我帮您查一下，"
    assert lines[1] == "您家的宽带账号是 CD20260017"
    assert not any(line[0] in "，。！？、；：" for line in lines)
    assert broken(EN, "en") == [
        "Thank you for calling, my name is Dana.",
        "Could you tell me the account",
        "number on your last bill, please,",
        "so that I can pull it up?",
    ]


def test_a_clause_just_too_long_is_halved() -> None:
    lines = broken("我们这边已经帮您提交了上门维修的工单请您耐心等待", "zh")
    assert [len(line) for line in lines] == [12, 12]


def test_a_word_longer_than_a_line_stands_alone() -> None:
    assert broken(f"see {'x' * 60} there", "en") == ["see", "x" * 60, "there"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_said_gives_no_cue(text: str) -> None:
    assert cues_of([segment("agent", 0, 500, text)], "zh") == []
    assert webvtt.from_string(subtitles([], "vtt", "zh")).captions == []


def test_a_long_segment_is_split_by_its_words() -> None:
    """A pause of four seconds in the middle: by share of text the break would fall into it."""
    first, second = "您好，请问有什么可以帮您？", "我想查一下这个月的话费账单。"
    words = [
        Word(text=character, start_ms=begin + at * 100, end_ms=begin + at * 100 + 100, confidence=1)
        for begin, text in ((1_000, first), (6_500, second))
        for at, character in enumerate(text)
    ]
    end_ms = words[-1].end_ms
    with_words = cues_of([segment("agent", 1_000, end_ms, first + second, words)], "zh")
    assert [cue.lines for cue in with_words] == [(first,), (second,)]
    assert (with_words[0].end_ms, with_words[1].start_ms) == (2_300, 6_500)
    without = cues_of([segment("agent", 1_000, end_ms, first + second)], "zh")
    assert without[0].end_ms == without[1].start_ms
    assert monotone_and_apart(with_words) and monotone_and_apart(without)


def test_speakers_may_overlap_but_one_speaker_never() -> None:
    cues = cues_of(
        [
            segment("agent", 0, 4_000, "请您稍等。"),
            segment("customer", 3_500, 3_600, "嗯"),
            segment("agent", 3_900, 5_000, "查到了。"),
        ],
        "zh",
    )
    assert monotone_and_apart(cues)
    assert cues[1].end_ms - cues[1].start_ms == 700


def test_display_or_verbatim() -> None:
    said = segment("customer", 0, 2_000, "嗯那个一百五十块", display="150块")
    assert cues_of([said], "zh")[0].lines == ("150块",)
    assert cues_of([said], "zh", display=False)[0].lines == ("嗯那个一百五十块",)


@pytest.mark.parametrize(("lang", "who"), [("zh", "坐席"), ("en", "Agent")])
def test_vtt_is_valid_and_names_speakers(lang: str, who: str) -> None:
    text = 'Is 5 & 6 < 7 --> "8"?'
    written = subtitles(cues_of([segment("agent", 61_005, 63_000, text)], lang), "vtt", lang)
    parsed = webvtt.from_string(written, strict=True)
    (caption,) = parsed.captions
    assert (caption.start, caption.end) == ("00:01:01.005", "00:01:03.000")
    assert caption.voice == who
    payload = re.sub(r"^<v [^>]*>", "", " ".join(caption.raw_text.splitlines()))
    assert html.unescape(payload).split() == text.split()


def test_srt_is_parsed_back_with_speakers_and_numbers() -> None:
    said = [segment("customer", 500, 3_723_004, r"C:\Network 断了"), segment("mixed", 0, 900, "喂")]
    cues = cues_of(said, "zh")
    written = subtitles(cues, "srt", "zh")
    parsed = pysubs2.SSAFile.from_string(written, format_="srt")
    assert [(line.start, line.end) for line in parsed] == [(0, 900), (500, 3_723_004)]
    assert [line.plaintext.split("：")[0] for line in parsed] == ["喂", "客户"]
    assert written.startswith("1\n00:00:00,000 --> 00:00:00,900\n喂\n\n2\n")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["customer", "agent", "mixed"]),
            st.integers(0, 60_000),
            st.integers(0, 20_000),
            st.text(alphabet="好的，。？a b1\\<&-", max_size=80),
        ),
        max_size=8,
    ),
    st.sampled_from(["zh", "en"]),
)
def test_any_segments_give_cues_in_order(said: list[tuple[Speaker, int, int, str]], lang: str):
    cues = cues_of([segment(who, at, at + long, text) for who, at, long, text in said], lang)
    starts = [cue.start_ms for cue in cues]
    assert starts == sorted(starts)
    assert all(1 <= len(cue.lines) <= LINES_A_CUE for cue in cues)
    shown = "".join("".join(cue.lines) for cue in cues)
    assert sorted(shown.replace(" ", "")) == sorted(
        "".join("".join(text.split()) for _, _, _, text in said)
    )
    if all(a[1] + a[2] < b[1] for a, b in pairwise(said)):
        assert monotone_and_apart(cues)
    for format in ("srt", "vtt"):
        parsed = pysubs2.SSAFile.from_string(subtitles(cues, format, lang), format_=format)
        assert len(parsed) == len(cues)
