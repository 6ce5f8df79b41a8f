"""Live listening, recorded voices and their chart, with scripted ears: figures and bad input."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound

from assist import events as ev
from assist.audio import RATE_HZ, Pcm
from assist.bench.chart import draw
from assist.bench.live import Parts, live
from assist.bench.live_figures import (
    LiveFigures,
    Played,
    Run,
    Told,
    final_delays,
    floor_ratio,
    live_figures,
    word_delays,
)
from assist.bench.live_report import LiveReport, read, tables, write
from assist.bench.live_run import numbers_of_calls
from assist.bench.peer_figures import PeerFigures
from assist.bench.voices import load_voices, telephone, voice_figures
from assist.call.lane import Lane
from assist.call.meters import Meters
from assist.errors import AssistError, CorpusError
from assist.ports import Decoded, SpeechEngine, Window
from assist.speech.bench import ReferenceCall, Turn
from assist.speech.score import ErrorRate
from assist.speech.scribe import Scribe

LINES = [
    Line("agent", 200, 1200, "您好请问有什么可以帮您"),
    Line("customer", 1500, 3000, "我家里突然没网了"),
]
HEADER = "file\tlang\tseconds\ttext\n"


def scripted_call(name: str) -> ReferenceCall:
    turns = tuple(Turn(x.speaker, x.start_ms / 1000, x.end_ms / 1000, x.text) for x in LINES)
    channels: dict[ev.Speaker, Pcm] = {
        "customer": scripted_sound(LINES, "customer", 3500),
        "agent": scripted_sound(LINES, "agent", 3500),
    }
    return ReferenceCall(name, "zh", turns, channels)


class FailingFinals(ScriptedEngine):
    """Decodes guesses only."""

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        if any(window.final for window in windows):
            raise RuntimeError("out of memory")
        return super().decode_batch(windows)


async def heard_live(finals: SpeechEngine, count: int = 2) -> LiveFigures:
    meters = Meters()
    slow = Lane(finals, meters=meters)
    fast = Lane(ScriptedEngine(LINES, name="fast"), meters=meters, relieves=slow)
    parts = Parts(fast, slow, meters=meters, vad=LoudnessVad(), scribe=Scribe())
    try:
        return await live([scripted_call(f"s{n}") for n in range(count)], parts, spread_s=0.3)
    finally:
        fast.close()
        slow.close()


async def test_two_calls_at_once_give_every_figure(tmp_path: Path) -> None:
    row = await heard_live(ScriptedEngine(LINES, name="good"))
    assert (row.calls, row.names, row.guess_model, row.final_model) == (
        2, ["s0", "s1"], "fast", "good",
    )  # fmt: skip
    assert (row.segments, row.finals_lost, row.turns_lost, row.invented) == (4, 0, 0, 0)
    assert row.fell_back == 0 and not row.troubles and row.guesses > 0
    length = 2 * sum(len(line.text) for line in LINES)
    assert row.errors["zh"].strict == ErrorRate(0, length)
    assert row.call_s == 7.0 and row.audio_s == 14.0 and 3.6 <= row.wall_s < 6
    assert row.cpu_per_call_s == row.cpu_s / 7 and 0 < row.cpu_s < row.wall_s
    for delay, count in ((row.guess, length), (row.stable, length), (row.final, 4)):
        assert delay.count == count
        assert delay.p50_s is not None and delay.p95_s is not None
        assert delay.p50_s <= delay.p95_s < 2
    assert row.final.p50_s is not None and row.final.p50_s > 0.3  # the silence that ends it
    assert row.guess.p50_s is not None and row.stable.p50_s is not None
    assert row.guess.p50_s <= row.stable.p50_s
    assert 0 <= row.loop_p99_s <= row.loop_max_s

    write(LiveReport(cores=2, rows=[row]), tmp_path / "rows.json")
    report = read(tmp_path / "rows.json")
    assert report.rows == [row] and len(tables(report)) == 2
    for name in ("listening.png", "listening.svg"):
        draw(report, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5000
    with pytest.raises(AssistError, match=r"rows\.txt: a chart is a \.png or \.svg"):
        draw(report, tmp_path / "rows.txt")
    with pytest.raises(AssistError, match="cannot be written"):
        draw(report, tmp_path / "nowhere" / "rows.png")
    with pytest.raises(AssistError, match="no rows to draw"):
        draw(LiveReport(cores=2), tmp_path / "rows.png")


async def test_finals_without_an_answer_are_counted() -> None:
    row = await heard_live(FailingFinals(LINES), count=1)
    assert (row.segments, row.finals_lost, row.turns_lost) == (0, 2, 2)
    assert row.troubles["speech.failed"] >= 2
    assert (row.guess.count, row.guess.p50_s, row.final.p95_s) == (0, None, None)


def test_a_word_is_shown_by_the_first_text_that_reaches_it() -> None:
    about = {"utterance": "c1", "speaker": "customer", "start_ms": 0}
    words = tuple(
        ev.Word(text=text, start_ms=at, end_ms=at + 500, confidence=1)
        for text, at in (("没", 0), ("网", 500), ("了。", 1000))
    )
    final = ev.SegmentHeard(
        **about, end_ms=1500, text="没网了。", words=words, confidence=1, model="m"
    )
    other = {**about, "utterance": "c2"}
    told = [
        Told(0.5, ev.SpeechGuessed(**other, text="谁也不是")),
        Told(0.75, ev.SpeechGuessed(**about, text="没，")),
        Told(1.25, ev.SpeechGuessed(**about, text="煤网")),
        Told(1.5, ev.SpeechStable(**about, text="没")),
        Told(2.5, final),
    ]
    assert word_delays(told, "guess") == [0.25, 0.25, 1.0]
    assert word_delays(told, "stable") == [1.0, 1.5, 1.0]
    assert final_delays(told) == [1.0]
    # Put right, the text is shorter than what was heard.
    shorter = final.model_copy(update={"text": "没网"})
    assert word_delays([Told(2.5, shorter)], "guess") == [2.0, 1.5, 1.0]


def test_the_floor_counts_only_for_the_same_calls_and_model() -> None:
    run = Run("fast", "good", 0.5, 4.0, 1.0, [0.001], guesses_dropped=3, fell_back=1)
    row = live_figures([Played(scripted_call("s0"))], run)
    assert (row.turns_lost, row.guesses_dropped, row.fell_back, row.loop_max_s) == (2, 3, 1, 0.001)
    floor = PeerFigures(system="offline", call="s0", model="good", audio_s=7.0, cpu_s=row.cpu_s / 2)
    assert floor_ratio(row, [floor]) == pytest.approx(2.0)
    dearer = floor.model_copy(update={"system": "with retries", "cpu_s": row.cpu_s})
    assert floor_ratio(row, [dearer, floor]) == pytest.approx(2.0)
    assert floor_ratio(row, [floor.model_copy(update={"call": "s1"})]) is None
    assert floor_ratio(row, [floor.model_copy(update={"model": "fast"})]) is None
    assert floor_ratio(row, []) is None
    assert len(tables(LiveReport(cores=1, rows=[row], floor=[floor]))) == 3


def test_numbers_of_calls() -> None:
    assert numbers_of_calls("1,2,16") == [1, 2, 16]
    for text in ("", "0", "1,-2", "two"):
        with pytest.raises(ArgumentTypeError, match=f"'{text}'"):
            numbers_of_calls(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("file\tlang\ttext\na.wav\tzh\t喂\n", r"manifest\.tsv:1: no column seconds"),
        ("", r"manifest\.tsv:1: no column file, lang, seconds, text"),
        (HEADER, r"manifest\.tsv:2: no clip is listed"),
        (HEADER + "a.wav\tzh\t1\t喂\nb.wav\tzh\t1\t喂\n", r"manifest\.tsv:3: there is no file 'b"),
        (HEADER + "a.wav\tzh\tlong\t喂\n", r"manifest\.tsv:2: seconds 'long' is no length"),
        (HEADER + "a.wav\tzh\tnan\t喂\n", r"manifest\.tsv:2: seconds 'nan' is no length"),
        (HEADER + "a.wav\txx\t1\t喂\n", r"manifest\.tsv:2: language 'xx' is not served"),
        (HEADER + "a.wav\tzh\t1\t \n", r"manifest\.tsv:2: the clip has no text"),
        (HEADER + "a.wav\tzh\n", r"manifest\.tsv:2: seconds '' is no length"),
    ],
)
def test_a_bad_manifest_is_named_with_its_line(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.tsv").write_text(text, encoding="utf-8")
    soundfile.write(tmp_path / "a.wav", np.zeros(RATE_HZ), RATE_HZ)
    with pytest.raises(CorpusError, match=problem) as caught:
        load_voices(tmp_path)
    assert caught.value.remedy


def test_a_missing_or_unreadable_manifest(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"manifest\.tsv: cannot be read"):
        load_voices(tmp_path)
    (tmp_path / "manifest.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match=r"manifest\.tsv: cannot be read"):
        load_voices(tmp_path)
    with pytest.raises(AssistError, match=r"rows\.json: cannot be read"):
        read(tmp_path / "rows.json")
    with pytest.raises(AssistError, match=r"manifest\.tsv"):
        read(tmp_path / "manifest.tsv")


def test_a_limit_is_spread_over_the_manifest(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(RATE_HZ), RATE_HZ)
    rows = "".join(f'a.wav\tzh\t1\t"{n}\n' for n in range(10))
    (tmp_path / "manifest.tsv").write_text(HEADER + rows, encoding="utf-8")
    assert [clip.text for clip in load_voices(tmp_path, 3)] == ['"0', '"3', '"6']
    assert len(load_voices(tmp_path, 99)) == len(load_voices(tmp_path)) == 10


def test_voices_are_heard_as_they_come_beside_the_offline_text(tmp_path: Path) -> None:
    line = [Line("customer", 300, 2300, "我家里突然没网了")]
    sound = scripted_sound(line, "customer", 3000)
    for name, pcm in (("a.wav", sound), ("b.wav", np.zeros_like(sound))):
        soundfile.write(tmp_path / name, pcm, RATE_HZ, subtype="FLOAT")
    rows = f"a.wav\tzh\t3\t{line[0].text}\nb.wav\tzh\t3\t{line[0].text}\n"
    (tmp_path / "manifest.tsv").write_text(HEADER + rows, encoding="utf-8")

    def offline(pcm: Pcm, lang: str) -> str:
        assert (len(pcm), lang) == (3 * RATE_HZ, "zh")
        return "我家里没网了"

    row = voice_figures(load_voices(tmp_path), ScriptedEngine(line), LoudnessVad(), offline)
    assert (row.lang, row.telephone, row.model, row.clips) == ("zh", False, "scripted", 2)
    assert (row.audio_s, row.without_text) == (6.0, 1)
    assert row.streaming.strict == ErrorRate(8, 16) and row.offline.strict == ErrorRate(4, 16)
    assert len(tables(LiveReport(cores=2, voices=[row]))) == 1


def level_db(pcm: Pcm) -> float:
    return 10 * np.log10(np.mean(np.square(pcm[RATE_HZ // 4 :])) + 1e-12)


@pytest.mark.parametrize("samples", [1, 12_345, RATE_HZ])
def test_a_telephone_line_keeps_the_length(samples: int) -> None:
    heard = telephone(np.full(samples, 0.1, dtype=np.float32))
    assert len(heard) == samples and heard.dtype == np.float32


@pytest.mark.parametrize(
    ("hz", "passes"), [(100, False), (1000, True), (3700, False), (6000, False)]
)
def test_a_telephone_line_keeps_its_band_only(hz: int, passes: bool) -> None:
    times = np.arange(RATE_HZ) / RATE_HZ
    tone = (0.5 * np.sin(2 * np.pi * hz * times)).astype(np.float32)
    change_db = level_db(telephone(tone)) - level_db(tone)
    assert abs(change_db) < 1 if passes else change_db < -30


def test_a_telephone_line_leaves_nothing_of_noise_above_its_band() -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 4 * RATE_HZ).astype(np.float32)
    power = np.abs(np.fft.rfft(telephone(noise))) ** 2
    hz = np.fft.rfftfreq(4 * RATE_HZ, 1 / RATE_HZ)
    # What is left there is the rounding of µ-law.
    assert power[hz > 3600].sum() < power.sum() / 1000
