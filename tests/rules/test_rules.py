"""What follows from what: whole lists of facts are compared, absences too."""

from __future__ import annotations

import pytest
from bench import BOOK, CUSTOMER, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.rules.tools import Tools
from assist.search.evidence import Finding, Heard


def started(number: str = "13800000001", **more: str) -> ev.CallStarted:
    return ev.CallStarted(agent="a", number=number, **more)  # type: ignore[arg-type]


def opened_bench(customer: bool = True, tools: Tools | None = None) -> Bench:
    bench = Bench(tools)
    bench.put(started())
    if customer:
        bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    bench.press(ev.OpenGuide(guide="line"))
    return bench


def test_a_call_with_a_number_asks_whose_it_is() -> None:
    assert Bench().put(started()) == [ev.CustomerAsked(number="13800000001")]
    assert Bench().put(started(number="")) == []


def test_opening_prefills_from_the_record_and_shows_the_first_step() -> None:
    bench = opened_bench()
    assert kinds(bench.facts)[-3:] == ["guide_opened", "slot_filled", "step_shown:hello"]
    shown = bench.facts[-1]
    assert isinstance(shown, ev.StepShown)
    assert shown.text == "王您好，我帮您看看线路。" and shown.must_say and shown.hash == "h1"
    assert bench.state.slots["name"].by == "record"


def test_unknown_caller_sees_a_sentence_without_holes() -> None:
    shown = opened_bench(customer=False).facts[-1]
    assert isinstance(shown, ev.StepShown) and shown.text == "您好，我帮您看看线路。"


def test_what_the_agent_says_ticks_the_step_with_the_words_as_evidence() -> None:
    bench = opened_bench()
    followed = bench.say("agent", "王您好，我帮您看看线路。")
    assert kinds(followed) == ["step_ticked:hello", "step_shown:probe", "diagnosis_asked:probe"]
    tick = followed[0]
    assert isinstance(tick, ev.StepTicked) and tick.by == "heard"
    assert tick.evidence and tick.evidence.words.startswith("王您好")


def test_the_customer_saying_the_script_ticks_nothing() -> None:
    assert opened_bench().say("customer", "王您好，我帮您看看线路。") == []


def test_diagnosis_asks_with_rendered_arguments_and_its_result_decides_the_way() -> None:
    bench = opened_bench()
    asked = bench.press(ev.TickStep(guide="line", step="hello"))[-1]
    assert isinstance(asked, ev.DiagnosisAsked)
    assert asked.args == {"phone": "13800000001", "lang": "zh"}
    followed = bench.diagnosed(broken=True, text="断了")
    assert kinds(followed) == [
        "slot_filled",
        "step_ticked:probe",
        "step_shown:file",
        "ticket_drafted:file",
        "open_tickets_asked:file",
    ]
    draft = followed[-2]
    assert isinstance(draft, ev.TicketDrafted)
    assert {f.name: (f.value, f.by) for f in draft.fields} == {
        "name": ("王小明", "record"),
        "fault": ("", None),
        "test": ("断了", "diagnosis"),
    }


def test_a_dead_system_leads_to_the_manual_branch() -> None:
    bench = opened_bench()
    bench.press(ev.TickStep(guide="line", step="hello"))
    followed = bench.failed()
    assert kinds(followed) == ["step_ticked:probe", "step_shown:light"]
    tick = followed[0]
    assert isinstance(tick, ev.StepTicked) and tick.by == "system" and tick.note == "没有回答"


def test_a_condition_that_cannot_be_judged_is_trouble_at_its_step_not_an_else() -> None:
    bench = opened_bench()
    bench.press(ev.TickStep(guide="line", step="hello"))
    followed = bench.diagnosed(text="没有 broken 这个值")
    assert kinds(followed) == ["slot_filled", "step_ticked:probe", "trouble:probe"]


def test_an_answer_heard_before_its_question_is_not_asked_again() -> None:
    bench = opened_bench()
    assert kinds(bench.say("customer", "我看到亮红灯了")) == ["slot_filled"]
    bench.press(ev.TickStep(guide="line", step="hello"))
    followed = bench.diagnosed(broken=False, text="正常")
    assert kinds(followed)[-5:] == [
        "step_shown:light",
        "step_ticked:light",
        "step_shown:file",
        "ticket_drafted:file",
        "open_tickets_asked:file",
    ]
    tick = next(f for f in followed if isinstance(f, ev.StepTicked) and f.step == "light")
    assert tick.by == "heard" and tick.evidence and "亮红灯" in tick.evidence.words


def test_what_was_said_before_the_card_opened_counts_too() -> None:
    bench = Bench()
    bench.put(started())
    bench.say("customer", "我家灯都是绿的")
    bench.press(ev.OpenGuide(guide="line"))
    assert bench.state.slots["light"].value == "green"


def test_an_answered_question_leads_along_its_choice_and_undo_leads_back() -> None:
    bench = opened_bench(customer=False)
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.failed()
    followed = bench.press(ev.AnswerStep(guide="line", step="light", choice="green"))
    assert kinds(followed) == ["slot_filled", "step_ticked:light", "step_shown:reboot"]
    undone = bench.press(ev.UndoStep(guide="line", step="light"))
    assert kinds(undone) == ["step_undone:light", "slot_filled", "step_shown:light"]
    assert "light" not in bench.state.slots
    assert bench.current == "light"


def test_after_an_undo_a_heard_answer_counts_again_but_an_old_one_does_not() -> None:
    bench = opened_bench(customer=False)
    bench.say("customer", "亮红灯")
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.failed()
    assert bench.current == "file"
    bench.press(ev.UndoStep(guide="line", step="light"))
    assert bench.current == "light"
    bench.say("customer", "哦不，都是绿的")
    assert bench.current == "reboot"


def test_could_not_say_takes_the_otherwise_branch_and_hands_over() -> None:
    bench = opened_bench(customer=False)
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.failed()
    bench.press(ev.AnswerStep(guide="line", step="light", choice=""))
    followed = bench.press(ev.TickStep(guide="line", step="elite"))
    assert kinds(followed)[:3] == ["step_ticked:elite", "handed_off", "step_shown:passed"]
    bench.press(ev.TickStep(guide="line", step="passed"))
    wrapped = bench.press(ev.WrapUp())[0]
    assert wrapped == ev.CallWrapped(outcome="escalated", disposition="转专家", by="system")


def to_offer(bench: Bench) -> list[ev.Fact]:
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.failed()
    bench.press(ev.AnswerStep(guide="line", step="light", choice="green"))
    return bench.press(ev.TickStep(guide="line", step="reboot"))


def test_an_offer_waits_until_it_was_really_made_and_then_hears_the_answer() -> None:
    bench = opened_bench()
    assert kinds(to_offer(bench)) == ["step_ticked:reboot", "step_shown:extra", "offer_made:extra"]
    assert bench.say("customer", "不用了，谢谢") == []
    assert bench.say("agent", "对了，要不要加装一个路由器？") == []
    followed = bench.say("customer", "不用了，谢谢")
    assert kinds(followed) == ["offer_decided:extra", "step_ticked:extra", "step_shown:done"]
    assert bench.state.offers["pack"].decision == "declined"


def test_an_offer_whose_condition_does_not_hold_is_passed_by() -> None:
    bench = opened_bench()
    bench.say("customer", "我要投诉")
    assert bench.state.offers == {}
    guide = BOOK.guides["line"].model_copy(
        update={
            "steps": [
                s.model_copy(update={"only_if": "solved and mood != 'angry'"})
                if s.id == "extra"
                else s
                for s in BOOK.guides["line"].steps
            ]
        }
    )
    book = type(BOOK)({"line": guide}, BOOK.tickets, BOOK.offers, BOOK.angry, BOOK.hash)
    angry = opened_bench(tools=Tools(book, unlike))
    angry.say("customer", "我要投诉")
    followed = to_offer(angry)
    assert kinds(followed) == ["step_ticked:reboot", "step_ticked:extra", "step_shown:done"]
    assert isinstance(followed[1], ev.StepTicked) and followed[1].skipped


def to_ticket(bench: Bench) -> None:
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.diagnosed(broken=True, text="断了")


def test_filing_is_asked_once_and_the_number_ticks_the_step() -> None:
    bench = opened_bench()
    to_ticket(bench)
    command = ev.FileTicket(guide="line", step="file", fields={"name": "王小明", "fault": "断"})
    asked = bench.press(command)
    assert kinds(asked) == ["ticket_asked:file"]
    with pytest.raises(CommandRefused, match="filed already"):
        bench.press(command)
    first = asked[0]
    assert isinstance(first, ev.TicketAsked) and first.key == "c/line/file"
    filed = ev.TicketFiled(
        key=first.key, guide="line", step="file", type="repair", number="7", fields=first.fields
    )
    assert kinds(bench.put(filed)) == ["step_ticked:file", "step_shown:end"]
    bench.press(ev.TickStep(guide="line", step="end"))
    wrapped = bench.press(ev.WrapUp())[0]
    assert wrapped == ev.CallWrapped(outcome="ticket", disposition="报修", by="system")


def test_a_ticket_that_failed_can_be_filed_again() -> None:
    bench = opened_bench()
    to_ticket(bench)
    command = ev.FileTicket(guide="line", step="file", fields={"name": "王小明"})
    bench.press(command)
    assert kinds(bench.failed()) == []
    assert bench.state.tickets[0].status == "failed" and bench.current == "file"
    assert kinds(bench.press(command)) == ["ticket_asked:file"]


def test_the_form_takes_up_what_is_heard_later() -> None:
    bench = opened_bench()
    to_ticket(bench)
    followed = bench.say("customer", "亮红灯呢")
    assert kinds(followed) == ["slot_filled", "ticket_drafted:file"]
    draft = followed[-1]
    assert isinstance(draft, ev.TicketDrafted)
    fault = next(f for f in draft.fields if f.name == "fault")
    assert fault.value == "红灯" and fault.evidence and fault.evidence.words


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (ev.OpenGuide(guide="nope"), "no guide 'nope'"),
        (ev.CloseGuide(guide="other"), "not open"),
        (ev.TickStep(guide="line", step="end"), "not the current one"),
        (ev.AnswerStep(guide="line", step="hello", choice="red"), "asks nothing"),
        (ev.UndoStep(guide="line", step="hello"), "not done"),
        (ev.RetryDiagnosis(guide="line", step="hello"), "diagnoses nothing"),
        (ev.FileTicket(guide="line", step="hello", fields={}), "files no ticket"),
        (ev.DecideOffer(offer="pack", decision="accepted"), "not open"),
    ],
)
def test_commands_that_make_no_sense_now_are_refused(command: ev.Command, reason: str) -> None:
    with pytest.raises(CommandRefused, match=reason):
        opened_bench().press(command)


def test_a_ticket_without_its_required_field_or_with_a_foreign_one_is_refused() -> None:
    bench = opened_bench()
    to_ticket(bench)
    with pytest.raises(CommandRefused, match="Still missing: 姓名"):
        bench.press(ev.FileTicket(guide="line", step="file", fields={"name": " "}))
    with pytest.raises(CommandRefused, match="no field colour"):
        bench.press(ev.FileTicket(guide="line", step="file", fields={"colour": "red"}))


def test_a_number_given_by_an_unknown_caller_is_looked_up_once() -> None:
    bench = opened_bench(customer=False)
    guide = bench.tools.book.guides["line"]
    slots = {**guide.slots, "phone": guide.slots["name"].model_copy(update={"type": "phone"})}
    book = type(BOOK)(
        {"line": guide.model_copy(update={"slots": slots})}, BOOK.tickets, BOOK.offers, {}, "b"
    )
    bench.tools = Tools(book, unlike)
    followed = bench.say("customer", "我电话是幺三九零零零零幺二三四")
    assert kinds(followed) == ["slot_filled", "customer_asked"]
    again = ev.SlotFilled(slot="phone", value="13900001234", label="", by="agent")
    assert bench.put(again) == []


def test_a_call_without_any_guide_is_uncovered() -> None:
    bench = Bench()
    bench.put(started(number=""))
    bench.put(ev.CallEnded(reason="hangup"))
    assert bench.press(ev.WrapUp())[0] == ev.CallWrapped(outcome="uncovered", by="system")


# ---------------------------------------------------------------- search


class Script:
    """Finds what the test says, and remembers what it was asked."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = list(findings)
        self.heard: list[list[Heard]] = []

    def __call__(self, utterances, lang, opened, dismissed, terms) -> Finding:
        self.heard.append(list(utterances))
        return self.findings.pop(0) if self.findings else finding("silent")


def finding(decision: str, guide: str = "line") -> Finding:
    matches = (ev.Match(guide=guide, score=0.9, question="没网了"),)
    return Finding(decision, () if decision == "silent" else matches)  # type: ignore[arg-type]


def test_open_suggest_and_silence() -> None:
    script = Script(finding("silent"), finding("suggest"), finding("suggest"), finding("open"))
    bench = Bench(Tools(BOOK, unlike, script))
    bench.put(started(number=""))
    assert bench.say("customer", "喂") == []
    assert kinds(bench.say("customer", "我家那个")) == ["guides_suggested"]
    assert bench.say("customer", "那个网") == [], "the same chips are not shown twice"
    followed = bench.say("customer", "上不了网")
    assert kinds(followed)[:1] == ["guide_opened"]
    assert list(bench.state.opened) == ["line"] and bench.state.suggested == ()


def test_stable_text_may_open_a_card_and_a_guess_may_not() -> None:
    script = Script(finding("open"))
    bench = Bench(Tools(BOOK, unlike, script))
    bench.put(started(number=""))
    said = {"utterance": "u", "speaker": "customer", "start_ms": 0, "text": "没网了"}
    assert bench.put(ev.SpeechGuessed.model_validate(said)) == []
    assert script.heard == []
    assert kinds(bench.put(ev.SpeechStable.model_validate(said)))[:1] == ["guide_opened"]


def test_a_card_that_was_put_away_does_not_come_back_by_itself() -> None:
    script = Script(finding("open"), finding("open"), finding("open"))
    bench = Bench(Tools(BOOK, unlike, script))
    bench.put(started(number=""))
    bench.say("customer", "没网了")
    bench.press(ev.CloseGuide(guide="line"))
    assert bench.say("customer", "没网了") == []
    assert bench.state.page is None


def test_a_guide_of_another_language_or_out_of_its_window_stays_closed() -> None:
    script = Script(finding("open"))
    bench = Bench(Tools(BOOK, unlike, script))
    bench.put(started(number="", lang="en"))
    assert bench.say("customer", "no internet") == []
    late = BOOK.guides["line"].model_validate(
        {
            **BOOK.guides["line"].model_dump(by_alias=True),
            "effective": {"until": "2026-01-31"},
        }
    )
    book = type(BOOK)({"line": late}, BOOK.tickets, BOOK.offers, {}, "b")
    bench = Bench(Tools(book, unlike, Script(finding("open"))))
    bench.put(started(number="", started_at="2026-02-01T09:00:00+08:00"))
    assert bench.say("customer", "没网了") == []
