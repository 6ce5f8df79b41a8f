"""Many calls, two models: falling back, refusing, telling the language, and the figures kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from call.test_call import begin, house
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound

from assist import events as ev
from assist.audio import RATE_HZ, AudioChunk, Pcm
from assist.call.lane import Lane
from assist.call.listening import Ears
from assist.call.meters import Meters
from assist.errors import AssistError, ModelError
from assist.ports import Decoded, Window
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.schedule import ScheduleOptions

SCRIPT = [
    Line("customer", 500, 2_500, "家里没有网了"),
    Line("customer", 4_000, 6_000, "光猫亮红灯"),
]
SECONDS = 9


@dataclass
class SlowEngine(ScriptedEngine):
    """Decodes nothing until it is let go on."""

    gate: threading.Event = field(default_factory=threading.Event)
    batches: list[int] = field(default_factory=list)

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        self.gate.wait(20)
        self.batches.append(len(windows))
        return super().decode_batch(windows)


@dataclass
class Heard:
    """One call's ears and what they told."""

    facts: list[ev.Fact] = field(default_factory=list)

    async def tell(self, fact: ev.Fact) -> None:
        self.facts.append(fact)

    @property
    def finals(self) -> list[tuple[str, str]]:
        return [(f.text, f.model) for f in self.facts if isinstance(f, ev.SegmentHeard)]

    def troubles(self, code: str) -> list[ev.Trouble]:
        return [f for f in self.facts if isinstance(f, ev.Trouble) and f.code == code]


def ears(call: str, heard: Heard, guesses: Lane, finals: Lane, lang: str = "zh") -> Ears:
    listener = Listener("c", "customer", LoudnessVad(), ListenOptions(), lang)
    return Ears(call, {"customer": listener}, guesses, finals, lang, heard.tell)


async def say(ear: Ears, script: Sequence[Line] = SCRIPT, settle: bool = False) -> None:
    pcm = scripted_sound(script, "customer", SECONDS * 1000)
    step = RATE_HZ // 10
    for at in range(0, len(pcm), step):
        await ear.hear(AudioChunk("customer", at * 1000 // RATE_HZ, pcm[at : at + step]))
        if settle:
            await ear.settled()
        else:
            await asyncio.sleep(0)


async def test_a_late_final_is_written_by_the_fast_model_and_that_is_said_once():
    fast, slow = ScriptedEngine(SCRIPT, name="fast"), SlowEngine(SCRIPT, name="slow")
    meters = Meters()
    finals = Lane(slow, ScheduleOptions(fall_back_after_ms=1_000, most_finals=1), meters)
    guesses = Lane(fast, meters=meters, relieves=finals)
    heard = Heard()
    ear = ears("a", heard, guesses, finals)
    script = [*SCRIPT, Line("customer", 6_800, 7_400, "快来")]
    fast.lines = slow.lines = script
    await say(ear, script)
    for _ in range(200):
        if len(heard.finals) >= 1:
            break
        guesses.wake()
        await asyncio.sleep(0.02)
    slow.gate.set()
    await ear.finish()
    texts = sorted(text for text, _ in heard.finals)
    assert texts == sorted(line.text for line in script)
    assert {"fast", "slow"} == {model for _, model in heard.finals}
    (trouble,) = heard.troubles("speech.fell_back")
    assert "fast" in trouble.message and "slow" in trouble.message
    assert trouble.values == {"faster": "fast", "better": "slow"}
    assert b"assist_speech_fallbacks_total" in meters.text()
    assert "assist_speech_fallbacks_total 0.0" not in meters.text().decode()
    for lane in (guesses, finals):
        lane.close()


async def test_windows_of_waiting_calls_are_decoded_together_and_answers_do_not_mix():
    engine = SlowEngine(SCRIPT, name="one")
    lane = Lane(engine)
    heard = [Heard() for _ in range(3)]
    listening = [ears(str(n), each, lane, lane) for n, each in enumerate(heard)]
    await asyncio.gather(*(say(ear) for ear in listening))
    engine.gate.set()
    await asyncio.gather(*(ear.finish() for ear in listening))
    assert max(engine.batches) > 1
    for each in heard:
        assert [text for text, _ in each.finals] == [line.text for line in SCRIPT]
    lane.close()


async def test_the_language_is_told_from_the_first_seconds_where_nobody_gave_it():
    engine = ScriptedEngine([Line("customer", 500, 3_500, "my internet is down")], spoken="en")
    lane, heard = Lane(engine), Heard()
    ear = ears("a", heard, lane, lane, "auto")
    await say(ear, engine.lines, settle=True)
    await ear.finish()
    assert heard.facts[0] == ev.LanguageTold(lang="en")
    assert {each.lang for each in engine.received} == {"en"}
    assert len(heard.finals) == 1
    lane.close()


class Mute(ScriptedEngine):
    """Fails at telling the language, with a known error or with a bug; decodes as ever."""

    failure: Exception = RuntimeError("out of memory")

    def language_of(self, pcm: Pcm) -> str:
        raise self.failure


@pytest.mark.parametrize("failure", [RuntimeError("out of memory"), ModelError("gone", "pull it")])
async def test_where_the_language_cannot_be_told_the_call_is_heard_as_chinese_and_says_so(
    failure: Exception,
):
    engine = Mute(SCRIPT)
    engine.failure = failure
    lane, heard, other = Lane(engine), Heard(), Heard()
    auto, chinese = ears("a", heard, lane, lane, "auto"), ears("b", other, lane, lane)
    await asyncio.gather(say(auto, settle=True), say(chinese, settle=True))
    await asyncio.gather(auto.finish(), chinese.finish())
    assert [text for text, _ in heard.finals] == [line.text for line in SCRIPT], "nothing is lost"
    (trouble,) = heard.troubles("speech.language_unknown")
    assert heard.facts[0] == trouble, "said once, before the first word"
    assert "Chinese" in trouble.message and "lang" in trouble.remedy
    assert not any(isinstance(fact, ev.LanguageTold) for fact in heard.facts)
    assert other.finals == heard.finals
    assert not [fact for fact in other.facts if isinstance(fact, ev.Trouble)]
    assert {each.lang for each in engine.received} == {"zh"}
    lane.close()


async def test_one_short_word_before_the_goodbye_is_heard_in_a_language_that_was_never_told():
    engine = Mute([Line("customer", 500, 1_300, "您好")])
    lane, heard = Lane(engine), Heard()
    ear = ears("a", heard, lane, lane, "auto")
    pcm = scripted_sound(engine.lines, "customer", 1_300)
    await ear.hear(AudioChunk("customer", 0, pcm))
    await ear.finish()
    assert [text for text, _ in heard.finals] == ["您好"]
    assert len(heard.troubles("speech.language_unknown")) == 1
    lane.close()


async def test_a_call_whose_language_cannot_be_told_opens_its_guide_all_the_same(tmp_path: Path):
    script = [Line("customer", 500, 3_500, "我家里突然没网了从昨天晚上开始的")]
    async with house(tmp_path, Mute(script)) as calls:
        call = await calls.begin(ev.CallStarted(agent="7", lang="auto"), ("customer",))
        pcm = scripted_sound(script, "customer", SECONDS * 1000)
        for at in range(0, len(pcm), 1_600):
            await call.hear(AudioChunk("customer", at // 16, pcm[at : at + 1_600]))
            await call.settled()
        await call.hang_up()
        kinds = [event.fact.kind for event in calls.past(call.id)]
        assert kinds.count("trouble") == 1 and "language_told" not in kinds
        assert "guide_opened" in kinds and "call_ended" in kinds
        assert call.state.status == "ended" and call.state.lang == "zh"
        assert [line.text for line in call.state.finals] == [script[0].text]


async def test_a_broken_decode_is_said_and_the_next_one_goes_on():
    class Broken(ScriptedEngine):
        def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
            if not self.received:
                self.received.append(None)  # type: ignore[arg-type]
                raise RuntimeError("out of memory")
            return super().decode_batch(windows)

    lane, heard = Lane(Broken(SCRIPT)), Heard()
    ear = ears("a", heard, lane, lane)
    await say(ear, settle=True)
    await ear.finish()
    assert heard.troubles("speech.failed")
    assert heard.finals[-1][0] == SCRIPT[-1].text
    lane.close()


async def test_what_cannot_be_kept_is_said_to_whoever_brings_the_sound():
    class Full(Heard):
        async def tell(self, fact: ev.Fact) -> None:
            raise AssistError("The disk is full.", "Make room.", code="store")

    lane = Lane(ScriptedEngine(SCRIPT))
    ear = ears("a", Full(), lane, lane)
    with pytest.raises(AssistError, match="disk is full"):
        await say(ear, settle=True)
    await ear.stop()
    lane.close()


def figure(page: str, name: str) -> float:
    return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith(name))


async def test_the_figures_are_kept_for_a_live_call_and_in_total():
    meters = Meters()
    lane, heard = Lane(ScriptedEngine(SCRIPT, name="m"), meters=meters), Heard()
    ear = ears("c-17", heard, lane, lane)
    await say(ear, settle=True)
    during = meters.text().decode()
    assert figure(during, 'assist_call_sound_seconds_total{call="c-17"}') == pytest.approx(9)
    assert 'assist_call_real_time_factor{call="c-17"}' in during
    assert 'assist_speech_queue_seconds_count{kind="final",model="m"}' in during
    assert "assist_calls_live 1.0" in during
    await ear.finish()
    after = meters.text().decode()
    assert "c-17" not in after and "assist_calls_live 0.0" in after
    assert figure(after, "assist_speech_sound_seconds_total") == pytest.approx(9)
    lane.close()


async def test_a_recogniser_far_behind_refuses_new_calls_and_goes_on_with_its_own(tmp_path: Path):
    async with house(tmp_path, ScriptedEngine(SCRIPT)) as calls:
        slow = SlowEngine(SCRIPT)
        lane = Lane(slow, ScheduleOptions(refuse_after_ms=1_000), most_patient := Meters())
        calls.parts = replace(calls.parts, guesses=lane, finals=lane)
        call = await begin(calls)
        pcm = scripted_sound(SCRIPT, "customer", SECONDS * 1000)
        for at in range(0, len(pcm), 1_600):
            await call.hear(AudioChunk("customer", at // 16, pcm[at : at + 1_600]))
        with pytest.raises(AssistError, match="behind") as refused:
            await begin(calls)
        assert refused.value.code == "calls.busy" and "ASSIST_FINAL_MODEL" in refused.value.remedy
        assert 'assist_calls_refused_total{reason="busy"} 1.0' in most_patient.text().decode()
        slow.gate.set()
        await call.hang_up()
        assert [line.text for line in call.state.finals] == [line.text for line in SCRIPT]
        lane.close()


async def test_silence_costs_no_decode_and_tells_nothing():
    engine, heard = ScriptedEngine(SCRIPT), Heard()
    lane = Lane(engine)
    ear = ears("a", heard, lane, lane)
    silence: Pcm = np.zeros(RATE_HZ, dtype=np.float32)
    for second in range(600):
        await ear.hear(AudioChunk("customer", second * 1000, silence))
    await ear.finish()
    assert engine.received == [] and heard.facts == []
    lane.close()
