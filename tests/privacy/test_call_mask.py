"""Facts are masked in every string, words and corrections included; evidence never stays."""

from __future__ import annotations

from assist import events as ev
from assist.privacy import CallMask

CUSTOMER = ev.Customer(
    id="C1001",
    name="刘建国",
    surname="刘",
    phone="15403726618",
    address="青禾路26号3单元502",
    broadband_account="6001037266",
    open_tickets=(
        ev.OpenTicket(number="GD20261120-000003", type="t", title="报修", status="open"),
    ),
)


def heard(text: str, utterance: str = "u", speaker: ev.Speaker = "customer", **more):
    return ev.SegmentHeard(
        utterance=utterance,
        speaker=speaker,
        start_ms=0,
        end_ms=900,
        text=text,
        confidence=0.9,
        **more,
    )


def words(*texts: str) -> tuple[ev.Word, ...]:
    return tuple(ev.Word(text=t, start_ms=0, end_ms=1, confidence=0.9) for t in texts)


def test_what_holds_nothing_private_is_the_very_same_fact() -> None:
    mask = CallMask()
    for fact in (
        heard("我家里突然没网了，从昨天晚上9点开始的", words=words("我", "家")),
        ev.StepShown(guide="g", step="s", step_kind="say", text="您好", hash="a1b2c3d4e5f60718"),
        ev.Commanded(command=ev.OpenGuide(guide="g"), by="3207"),
        ev.TicketFiled(
            key="c/g/s", guide="g", step="s", type="t", number="GD20261122-000007", fields={}
        ),
        ev.DiagnosisDone(
            key="k",
            guide="g",
            step="s",
            connector="c",
            result={"optical_dbm": -27.35, "users": 120_000, "name": "光信号中断"},
            summary="光信号中断",
        ),
    ):
        assert mask.kept(fact) is fact


def test_text_display_and_words_are_masked_alike() -> None:
    masked = CallMask().kept(
        heard(
            "号码幺五四，零三七二，六六幺八。",
            display="号码15403726618。",
            words=words(*"号码幺五", "四，", *"零三七", "二，", *"六六幺", "八。"),
        )
    )
    assert isinstance(masked, ev.SegmentHeard)
    assert masked.text == "号码幺五四，****，六六幺八。"
    assert masked.display == "号码154****6618。"
    assert "".join(word.text for word in masked.words) == masked.text


def test_english_words_are_masked_one_by_one() -> None:
    said = ["one", "five", "four,", "two", "two", "one", "eight,", "six", "zero", "nine", "three"]
    masked = CallMask().kept(heard(" ".join(said), words=words(*said)))
    assert isinstance(masked, ev.SegmentHeard)
    assert [w.text for w in masked.words][3:7] == ["***", "***", "***", "*****,"]


def test_a_correction_inside_a_number_says_nothing() -> None:
    text = "幺五四，零三七二，六六幺八，宽带坏了"
    inside = ev.Correction(at=4, heard="林三", meant="零三", confidence=0.5)
    outside = ev.Correction(at=14, heard="宽袋", meant="宽带", confidence=0.5)
    masked = CallMask().kept(heard(text, corrections=(inside, outside)))
    assert isinstance(masked, ev.SegmentHeard)
    assert [(c.heard, c.meant) for c in masked.corrections] == [("**", "**"), ("宽袋", "宽带")]
    back = ev.CorrectionReverted(utterance="u", reverted=inside, text=text)
    masked = CallMask().kept(back)
    assert isinstance(masked, ev.CorrectionReverted)
    assert masked.reverted.meant == "**" and "零三七二" not in masked.text


def test_a_number_spread_over_utterances_of_one_speaker() -> None:
    mask = CallMask()
    said = [
        ("agent", "请报一下手机号"),
        ("customer", "幺五四，"),
        ("agent", "嗯"),
        ("customer", "零三七二，"),
        ("customer", "六六幺八"),
        ("customer", "红灯在闪"),
        ("customer", "三七二五"),
    ]
    kept = [mask.kept(heard(t, str(i), who)) for i, (who, t) in enumerate(said)]  # type: ignore[arg-type]
    assert [k.text for k in kept if isinstance(k, ev.SegmentHeard)] == [
        *("请报一下手机号", "幺五四，", "嗯", "****，", "六六幺八", "红灯在闪", "三七二五"),
    ]
    quoted = ev.Evidence(utterance="3", speaker="customer", words="零三七二", confidence=0.9)
    slot = mask.kept(ev.SlotFilled(slot="x", value="1", label="1", by="heard", evidence=quoted))
    assert isinstance(slot, ev.SlotFilled) and slot.evidence
    assert slot.evidence.words == "****"


def test_a_guess_goes_on_where_the_last_utterance_stopped() -> None:
    mask = CallMask()
    mask.kept(heard("幺五四零"))
    guess = ev.SpeechGuessed(utterance="v", speaker="customer", start_ms=0, text="三七二")
    masked = mask.kept(guess)
    assert isinstance(masked, ev.SpeechGuessed) and masked.text == "***"
    other = ev.SpeechGuessed(utterance="w", speaker="agent", start_ms=0, text="三七二")
    assert mask.kept(other) is other


def test_an_utterance_that_stops_in_mid_number_shows_its_first_three_digits() -> None:
    masked = CallMask().kept(heard("我的号码是幺五四零三"))
    assert isinstance(masked, ev.SegmentHeard) and masked.text == "我的号码是幺五四**"


def test_the_answer_to_a_question_after_a_secret_is_starred() -> None:
    mask = CallMask()
    mask.kept(heard("再报身份证后四位，我核实一下。", "a", "agent"))
    masked = mask.kept(heard("幺四三，七七零五，八二幺九，后四位，零四幺幺。"))
    assert isinstance(masked, ev.SegmentHeard)
    assert masked.text == "幺四三，****，八二幺九，后四位，****。"


def test_a_customer_record_keeps_the_surname_and_the_ends_of_numbers() -> None:
    mask = CallMask()
    masked = mask.kept(ev.CustomerFound(customer=CUSTOMER, by="record"))
    assert isinstance(masked, ev.CustomerFound)
    shown = masked.customer
    assert (shown.name, shown.surname, shown.phone) == ("刘**", "刘", "154****6618")
    assert (shown.address, shown.broadband_account) == ("青禾路**号*单元***", "******7266")
    assert shown.open_tickets[0].number == "GD20261120-000003"
    assert [
        k.text
        for text in ("对对，五零二。", "我是刘建国，502那个", "502块", "0372", "尾号6618")
        if isinstance(k := mask.kept(heard(text)), ev.SegmentHeard)
    ] == ["对对，***。", "我是刘**，***那个", "502块", "****", "尾号6618"]


def test_fields_are_masked_by_what_they_are() -> None:
    fields = {
        "customer_name": "Daniel Wong",
        "contact_name": "郑先生",
        "phone": "8001",
        "account": "77012588",
        "address": "幸福里 8 幢 1-203",
        "fault": "红灯闪，致电15403726618",
        "appointment": "明天上午9点到11点",
    }
    asked = ev.TicketAsked(key="k", guide="g", step="s", type="t", title="报修", fields=fields)
    masked = CallMask().kept(asked)
    assert isinstance(masked, ev.TicketAsked)
    assert masked.fields == {
        "customer_name": "D***** W***",
        "contact_name": "郑先生",
        "phone": "8001",
        "account": "********",
        "address": "幸福里 * 幢 *-***",
        "fault": "红灯闪，致电154****6618",
        "appointment": "明天上午9点到11点",
    }
    field = ev.TicketField(name="customer_name", label="客户姓名", value="欧阳明远")
    drafted = ev.TicketDrafted(guide="g", step="s", type="t", title="报修", fields=(field,))
    masked = CallMask().kept(drafted)
    assert isinstance(masked, ev.TicketDrafted)
    assert (masked.fields[0].name, masked.fields[0].value) == ("customer_name", "欧阳**")


def test_the_working_form_keeps_values_but_nothing_that_was_said() -> None:
    mask = CallMask()
    quoted = ev.Evidence(
        utterance="u", speaker="customer", words="幺五四零三七二六六幺八", confidence=0.9
    )
    slot = ev.SlotFilled(
        slot="phone", value="15403726618", label="15403726618", by="heard", evidence=quoted
    )
    working = mask.working(slot)
    assert isinstance(working, ev.SlotFilled) and working.evidence
    assert working.value == "15403726618"
    assert working.evidence.words == "幺五四****六六幺八"
    typed = ev.Commanded(command=ev.SetSlot(slot="phone", value="15403726618"), by="a")
    assert mask.working(typed) == typed
    assert "0372" not in mask.kept(typed).model_dump_json()
    assert mask.working(heard("15403726618")) is None


def test_long_numbers_of_an_answer_are_masked_too() -> None:
    done = ev.DiagnosisDone(
        key="k", guide="g", step="s", connector="c", summary="", result={"tel": 15403726618, "n": 9}
    )
    masked = CallMask().kept(done)
    assert isinstance(masked, ev.DiagnosisDone)
    assert masked.result == {"tel": "154****6618", "n": 9}
