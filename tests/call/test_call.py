"""A call with everything real but the ears: threads, journal, guides, back office over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench import unlike
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound

from assist import events as ev
from assist.audio import RATE_HZ, AudioChunk
from assist.call import Call, Calls, Parts
from assist.call.history import CallHistory
from assist.call.lane import Lane
from assist.config import Settings
from assist.desk import HttpDesk, load_connectors
from assist.errors import AssistError, CommandRefused, ModelError
from assist.guide.load import load_book
from assist.journal import Journal
from assist.ports import Decoded, Window
from assist.rules import Tools
from assist.search.evidence import Finding, Heard
from assist.speech.domain.correct import Corrector
from assist.speech.domain.lexicon import Lexicon, Term
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.store import Store
from assist.wiring.house import open_sandbox

SCRIPT = [
    Line("agent", 500, 2500, "您好请问有什么可以帮您"),
    Line("customer", 3000, 6000, "我家里突然没网了从昨天晚上开始的"),
    Line("agent", 7000, 9000, "好的我帮您查一下"),
    Line("customer", 9500, 12_000, "红灯在闪你们快点来修"),
]
SECONDS = 12
GUIDE = "broadband.no-internet"


def find(
    utterances: Sequence[Heard], lang: str, opened: object, dismissed: object, terms: object
) -> Finding:
    """Opens the broadband card as soon as somebody has no net."""
    match = ev.Match(guide=GUIDE, score=0.9, question="家里没网")
    told = next((h for h in utterances if "没网" in h.text), None)
    return Finding("open", (match,), told.utterance, told.text) if told else Finding("silent")


@asynccontextmanager
async def house(
    tmp_path: Path,
    engine: ScriptedEngine,
    *,
    desk_url: str = "",
    like=unlike,
    scribe: Scribe | None = None,
) -> AsyncIterator[Calls]:
    settings = Settings(data=tmp_path)
    async with open_sandbox(settings, 0) as url:
        connectors = load_connectors(settings.guides_dir / "connectors")
        desk = HttpDesk(desk_url or url, connectors, 2.0)
        store = Store(tmp_path / "calls.db")
        thinker = ThreadPoolExecutor(1)
        lane = Lane(engine)
        parts = Parts(
            journal=Journal(store),
            desk=desk,
            tools=Tools(load_book(settings.guides_dir), like, find),
            guesses=lane,
            finals=Lane(engine),
            listener=lambda who, lang: Listener(
                who[0], who, LoudnessVad(), ListenOptions(hotwords=1), lang, scribe
            ),
            thinker=thinker,
            hands=thinker,
            now=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
            history=CallHistory(store),
        )
        yield Calls(parts, store.events, max_live=2)
        await desk.aclose()
        store.close()
        thinker.shutdown()


async def begin(calls: Calls, number: str = "15403726618", call_id: str = "") -> Call:
    started = ev.CallStarted(agent="7", number=number)
    return await calls.begin(started, ("customer", "agent"), call_id)


async def say(call: Call, script: Sequence[Line], *, lockstep: bool = True) -> None:
    """The script's sound, chunk by chunk, both speakers side by side."""
    speakers: tuple[ev.Speaker, ...] = ("customer", "agent")
    sound = {who: scripted_sound(script, who, SECONDS * 1000) for who in speakers}
    step = RATE_HZ // 10
    for at in range(0, SECONDS * RATE_HZ, step):
        for who, pcm in sound.items():
            await call.hear(AudioChunk(who, at * 1000 // RATE_HZ, pcm[at : at + step]))
        if lockstep:
            await call.settled()


def facts(calls: Calls, call: Call) -> list[ev.Fact]:
    return [event.fact for event in calls.past(call.id)]


def kinds(calls: Calls, call: Call) -> list[str]:
    return [fact.kind for fact in facts(calls, call)]


def finals(calls: Calls, call: Call) -> list[str]:
    return [f.text for f in facts(calls, call) if isinstance(f, ev.SegmentHeard)]


async def test_a_call_from_sound_to_open_guide_and_diagnosis(tmp_path: Path) -> None:
    async with house(tmp_path, ScriptedEngine(SCRIPT)) as calls:
        call = await begin(calls)
        await say(call, SCRIPT)
        await call.hang_up()
        assert finals(calls, call) == [line.text for line in SCRIPT], "to the last word"
        seen = kinds(calls, call)
        assert seen[:3] == ["call_started", "customer_asked", "customer_found"]
        assert seen.index("speech_guessed") < seen.index("speech_stable")
        assert seen.index("guide_opened") < seen.index("diagnosis_asked")
        assert "diagnosis_done" in seen and "call_ended" in seen
        assert call.state.slots["since"].value == "昨天晚上"
        opened = next(f for f in facts(calls, call) if isinstance(f, ev.GuideOpened))
        assert opened.evidence and opened.evidence.speaker == "customer"
        started = facts(calls, call)[0]
        assert isinstance(started, ev.CallStarted)
        assert started.started_at == "2026-11-22T10:00:00+00:00"
        assert started.final_model == "scripted" and started.guides_hash


async def test_an_open_guide_tells_the_ears_what_to_expect(tmp_path: Path) -> None:
    words = (Term("工单", "zh", weight=3), Term("光猫", "zh", guides=frozenset({GUIDE}), weight=2))
    scribe, engine = Scribe(Corrector(Lexicon(words))), ScriptedEngine(SCRIPT)
    async with house(tmp_path, engine, scribe=scribe) as calls:
        call = await begin(calls)
        await say(call, SCRIPT)
        hinted = [heard.hotwords for heard in engine.received if heard.final]
        assert hinted[0] == ("工单",) and hinted[-1] == ("光猫",)
        await call.hang_up()


async def test_the_same_sound_gives_the_same_events(tmp_path: Path) -> None:
    runs = []
    for name in ("a", "b"):
        async with house(tmp_path / name, ScriptedEngine(SCRIPT)) as calls:
            call = await begin(calls, call_id="same")
            await say(call, SCRIPT)
            await call.hang_up()
            runs.append([(e.seq, e.at_ms, e.fact.kind) for e in calls.past(call.id)])
    assert runs[0] == runs[1]


async def test_a_command_is_written_down_before_what_it_leads_to(tmp_path: Path) -> None:
    async with house(tmp_path, ScriptedEngine([])) as calls:
        call = await begin(calls, number="")
        await call.obey(ev.OpenGuide(guide=GUIDE), by="anna")
        seen = facts(calls, call)
        at = next(i for i, fact in enumerate(seen) if isinstance(fact, ev.Commanded))
        assert seen[at] == ev.Commanded(command=ev.OpenGuide(guide=GUIDE), by="anna")
        assert seen[at + 1].kind == "guide_opened"
        before = len(seen)
        with pytest.raises(CommandRefused):
            await call.obey(ev.TickStep(guide=GUIDE, step="close"), by="anna")
        assert len(facts(calls, call)) == before, "a refused command leaves no trace"
        await call.hang_up()


async def test_a_dead_back_office_is_said_and_the_guide_goes_on_by_hand(tmp_path: Path) -> None:
    dead = "http://127.0.0.1:9"
    async with house(tmp_path, ScriptedEngine(SCRIPT), desk_url=dead) as calls:
        call = await begin(calls)
        await say(call, SCRIPT)
        await call.hang_up()
        troubles = [f for f in facts(calls, call) if isinstance(f, ev.Trouble)]
        assert troubles and all(t.code == "desk.down" and t.remedy for t in troubles)
        assert finals(calls, call) == [line.text for line in SCRIPT]
        page = call.state.page
        assert page is not None and page.shown is not None
        await call.obey(ev.AnswerStep(guide=GUIDE, step=page.shown.step, choice=""), by="a")
        await call.settled()
        assert any(d.status == "failed" for d in call.state.diagnoses.values())


class Stumbling(ScriptedEngine):
    """Fails on the first final, as with a model file that has gone."""

    def answer(self, window: Window) -> Decoded:
        if window.final and not any(heard.final for heard in self.received):
            super().answer(window)
            raise ModelError("whisper-small: model.bin is gone.", "Run `assist models pull`.")
        return super().answer(window)


async def test_a_failing_model_is_trouble_on_the_call_and_the_call_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, Stumbling(SCRIPT)) as calls:
        call = await begin(calls)
        await say(call, SCRIPT)
        await call.hang_up()
        trouble = next(f for f in facts(calls, call) if isinstance(f, ev.Trouble))
        assert trouble.code == "model" and "models pull" in trouble.remedy
        assert finals(calls, call) == [line.text for line in SCRIPT[1:]]


async def test_a_bug_ends_its_own_call_only(tmp_path: Path) -> None:
    def broken(text: str, phrases: Sequence[str]) -> list[float]:
        if "红灯" in text:
            raise ZeroDivisionError("a bug")
        return [0.0 for _ in phrases]

    async with house(tmp_path, ScriptedEngine(SCRIPT), like=broken) as calls:
        bad, good = await begin(calls), await begin(calls)
        await say(bad, SCRIPT)
        await bad.hang_up()
        assert bad.state.status == "broken_off"
        ended = facts(calls, bad)[-2:]
        assert [f.kind for f in ended] == ["trouble", "call_ended"]
        await say(good, SCRIPT[:3])
        await good.hang_up()
        assert finals(calls, good) == [line.text for line in SCRIPT[:3]]
        assert good.state.status == "ended"


@dataclass
class Gated(ScriptedEngine):
    """Decodes nothing until the gate opens: a machine that cannot keep up."""

    gate: threading.Event = field(default_factory=threading.Event)

    def answer(self, window: Window) -> Decoded:
        self.gate.wait(20)
        return super().answer(window)


async def test_under_load_guesses_are_dropped_and_finals_are_not(tmp_path: Path) -> None:
    engine = Gated(SCRIPT)
    async with house(tmp_path, engine) as calls:
        call = await begin(calls)
        await say(call, SCRIPT, lockstep=False)
        engine.gate.set()
        await call.hang_up()
        assert finals(calls, call) == [line.text for line in SCRIPT]
        guesses = sum(not heard.final for heard in engine.received)
        assert guesses <= 4, "each speaker's stale guesses gave way to the newest"


async def test_the_house_is_full_and_ids_are_taken(tmp_path: Path) -> None:
    async with house(tmp_path, ScriptedEngine([])) as calls:
        first = await begin(calls, call_id="one")
        await begin(calls)
        with pytest.raises(AssistError, match="no more than 2") as full:
            await begin(calls)
        assert full.value.code == "calls.full" and full.value.values == {"live": "2", "most": "2"}
        await first.hang_up()
        with pytest.raises(AssistError, match="'one' exists already"):
            await begin(calls, call_id="one")


async def test_after_call_work_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path, ScriptedEngine(SCRIPT)) as calls:
        call = await begin(calls, call_id="one")
        await say(call, SCRIPT)
        await call.hang_up()
    async with house(tmp_path, ScriptedEngine([])) as calls:
        call = calls.get("one")
        assert call.state.page is not None
        await call.obey(ev.WrapUp(outcome="escalated", disposition="转专家"), by="anna")
        wrapped = [f for f in facts(calls, call) if f.kind == "call_wrapped"][-1]
        assert wrapped == ev.CallWrapped(outcome="escalated", disposition="转专家", by="agent")
        with pytest.raises(CommandRefused, match="no call 'two'"):
            calls.get("two")


async def test_sound_after_the_goodbye_changes_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, ScriptedEngine(SCRIPT)) as calls:
        call = await begin(calls)
        await asyncio.gather(call.hang_up(), call.hang_up())
        before = kinds(calls, call)
        await say(call, SCRIPT)
        assert kinds(calls, call) == before and before.count("call_ended") == 1


@pytest.mark.parametrize(
    ("number", "guide", "why"),
    [
        ("15427790318", "broadband.no-internet", "所在区域宽带故障"),
        ("14257041683", "power.outage", "所在区域停电"),
        ("15446071893", "broadband.no-internet", "网速慢且频繁掉线"),
        ("14320457716", "roaming.international", "正在境外漫游"),
        ("14339608124", "mobile.arrears-stop", "手机欠费"),
    ],
)
async def test_the_record_suggests_a_guide_before_the_first_word(
    tmp_path: Path, number: str, guide: str, why: str
) -> None:
    async with house(tmp_path, ScriptedEngine([])) as calls:
        call = await begin(calls, number=number)
        await call.settled()
        first = call.state.suggested[0]
        assert first.guide == guide and first.question == "" and call.state.lines == ()
        assert why in [reason.zh for reason in first.why]
        await call.hang_up()


async def test_the_next_call_of_a_customer_knows_what_the_last_one_was_about(
    tmp_path: Path,
) -> None:
    number = "14211674058"  # nothing unusual on record
    async with house(tmp_path, ScriptedEngine([])) as calls:
        first = await begin(calls, number=number)
        await first.settled()
        assert first.state.last_call is None and first.state.suggested == ()
        await first.obey(ev.OpenGuide(guide="bill.unexpected-charge"), by="a")
        await first.hang_up()
        second = await begin(calls, number=number)
        await second.settled()
        last = second.state.last_call
        assert last and (last.guide, last.title) == ("bill.unexpected-charge", "话费多扣了")
        assert [match.guide for match in second.state.suggested] == ["bill.unexpected-charge"]
        why = second.state.suggested[0].why[0]
        assert (why.kind, why.days) == ("last_call", 0)
        await second.obey(ev.CloseGuide(guide="bill.unexpected-charge"), by="a")
        assert second.state.suggested == () and second.state.closed == ()
        await second.hang_up()
