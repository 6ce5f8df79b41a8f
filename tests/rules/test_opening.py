"""What the record suggests, what it adds to speech, and when a guide may open by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from bench import BOOK, CUSTOMER, LINE_GUIDE, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.load import Book
from assist.guide.model import Guide, Priors
from assist.rules.tools import Tools
from assist.search.evidence import Decision, Finding, Heard, Terms

MINUTE = 60_000
PRIORS = Priors.model_validate({"tags": {"outage": {"zh": "区域停电", "en": "Power cut"}}})
TICKET = ev.OpenTicket(number="GD1", type="repair", title="网速慢", status="dispatched")
LAST = ev.LastCall(guide="line", title="线路不通", started_at="2026-11-20T09:00:00+08:00")


def guide(name: str, **opens_when: object) -> Guide:
    known = LINE_GUIDE.model_dump(by_alias=True, exclude_defaults=True)
    return Guide.model_validate({**known, "id": name, "title": name, "opens_when": opens_when})


class Script:
    """Finds what the test says; remembers on what terms it was asked."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = list(findings)
        self.terms: list[Terms] = []
        self.barred: list[set[str]] = []

    def __call__(
        self,
        utterances: Sequence[Heard],
        lang: str,
        opened: object,
        dismissed: Collection[str],
        terms: Terms,
    ) -> Finding:
        self.terms.append(terms)
        self.barred.append(set(dismissed))
        return self.findings.pop(0) if self.findings else Finding("silent")


def found(decision: Decision, name: str, at: str = "", *more: str) -> Finding:
    """`at` is the utterance that carries the best match."""
    matches = tuple(
        ev.Match(guide=each, score=0.9 - 0.2 * n, question="q")
        for n, each in enumerate((name, *more))
    )
    return Finding(decision, matches, utterance=at)


def bench(*guides: Guide, find: Script | None = None, like=unlike, **started: str) -> Bench:
    book = Book(
        {each.id: each for each in guides}, BOOK.tickets, BOOK.offers, {}, "b", priors=PRIORS
    )
    made = Bench(Tools(book, like, find or Script()))
    made.put(ev.CallStarted(agent="a", lang="zh", started_at=started.pop("started_at", "")))
    return made


def known(made: Bench, last: ev.LastCall | None = None, **about: object) -> list[ev.Fact]:
    customer = CUSTOMER.model_copy(update=about)
    return made.put(ev.CustomerFound(customer=customer, by="record", last_call=last))


def suggested(made: Bench) -> list[str]:
    return [match.guide for match in made.state.suggested]


# ---------------------------------------------------------------- the record


def test_a_tag_suggests_a_guide_before_the_first_word_and_says_why() -> None:
    made = bench(guide("power", tags={"outage": 2.0}), guide("other"), guide("third"))
    followed = known(made, tags=("outage", "vip"))
    why = ev.Reason(kind="tag", key="outage", zh="区域停电", en="Power cut", log_odds=2.0)
    share = round(2.718281828**2 / (2.718281828**2 + 2), 4)
    match = ev.Match(guide="power", title="power", score=share, question="", why=(why,))
    assert followed == [ev.GuidesSuggested(matches=(match,))]
    assert made.state.page is None


def test_below_the_bar_the_record_keeps_quiet_and_reasons_add_up_to_it() -> None:
    made = bench(guide("power", tags={"outage": 0.6}, tickets={"repair": 0.7}))
    assert known(made, tags=("outage",)) == []
    known(made, tags=("outage",), open_tickets=(TICKET, TICKET))
    assert [(r.kind, r.zh, r.log_odds) for r in made.state.suggested[0].why] == [
        ("ticket", "网速慢", 0.7),
        ("tag", "区域停电", 0.6),
    ], "two tickets of a type count once"


@pytest.mark.parametrize(
    ("today", "chips"),
    [("2026-11-20", ["line"]), ("2026-11-23", ["line"]), ("2026-11-24", []), ("2026-11-19", [])],
)
def test_the_last_call_counts_for_as_many_days_as_the_guide_says(
    today: str, chips: list[str]
) -> None:
    line = guide("line", last_call={"line": 1.5}, last_call_days=3)
    made = bench(line, started_at=f"{today}T08:00:00+08:00")
    known(made, last=LAST)
    assert suggested(made) == chips
    if chips:
        assert made.state.suggested[0].why[0].days == int(today[-2:]) - 20


def test_what_speaks_against_a_guide_weighs_and_is_not_told() -> None:
    made = bench(guide("power", tags={"outage": 2.0, "iptv": -1.2}))
    assert known(made, tags=("outage", "iptv")) == []


def test_slight_reasons_are_told_only_where_there_is_no_other() -> None:
    tags = {"mobile": 0.4, "gold": 0.3, "outage": 0.4, "iptv": -0.1}
    made = bench(guide("power", tags=tags), guide("other", tags={**tags, "outage": 2.0}))
    known(made, tags=tuple(tags))
    told = {match.guide: [reason.key for reason in match.why] for match in made.state.suggested}
    assert told == {"other": ["outage"], "power": ["mobile", "outage", "gold"]}


def test_the_prior_goes_to_search_capped_and_in_the_call_s_language_only() -> None:
    script = Script()
    english = guide("en", tags={"outage": 2.0}).model_copy(update={"lang": "en"})
    both = guide("power", tags={"outage": 3.0, "arrears": 2.0})
    made = bench(both, english, find=script)
    known(made, tags=("outage", "arrears"))
    made.say("customer", "你好")
    assert script.terms[0].prior == {"power": 3.0}


def test_the_record_s_chips_stay_over_greetings_and_go_when_nothing_said_speaks_for_any() -> None:
    made = bench(guide("power", tags={"outage": 2.0}))
    known(made, tags=("outage",))
    assert made.say("customer", "喂，你好") == []
    assert made.say("customer", "我想问一下那个发票") == []
    assert made.say("customer", "要开专用发票") == []
    assert suggested(made) == ["power"]
    assert made.say("customer", "抬头写我们公司") == [ev.GuidesSuggested(matches=())]


def test_speech_takes_over_from_the_record_and_keeps_its_reasons() -> None:
    script = Script(found("suggest", "other", "u3000", "power"), found("open", "power", "u6000"))
    made = bench(guide("power", tags={"outage": 2.0}), guide("other"), find=script)
    known(made, tags=("outage",))
    made.say("customer", "灯都不亮")
    assert suggested(made) == ["other", "power"]
    assert [len(match.why) for match in made.state.suggested] == [0, 1]
    made.say("customer", "整栋楼都停电了")
    opened = next(f for f in made.facts if isinstance(f, ev.GuideOpened))
    assert opened.match and [r.key for r in opened.match.why] == ["outage"]


def test_the_language_told_brings_the_suggestions_of_that_language() -> None:
    english = guide("en", tags={"outage": 2.0}).model_copy(update={"lang": "en"})
    made = bench(guide("zh", tags={"outage": 2.0}), english)
    known(made, tags=("outage",))
    made.put(ev.LanguageTold(lang="en"))
    assert suggested(made) == ["en"]


def test_a_customer_found_in_mid_call_does_not_disturb_what_speech_suggests() -> None:
    made = bench(
        guide("power", tags={"outage": 2.0}), guide("other"), find=Script(found("suggest", "other"))
    )
    made.say("customer", "那个")
    assert known(made, tags=("outage",)) == []
    assert suggested(made) == ["other"]


def test_a_suggestion_put_away_stays_away() -> None:
    made = bench(guide("power", tags={"outage": 2.0}), find=Script(found("open", "power")))
    known(made, tags=("outage",))
    followed = made.press(ev.CloseGuide(guide="power"))
    assert followed == [ev.GuideClosed(guide="power", reason="dismissed")]
    assert suggested(made) == []
    assert made.say("customer", "停电了") == []
    with pytest.raises(CommandRefused, match="not open"):
        made.press(ev.CloseGuide(guide="power"))


# ---------------------------------------------------------------- the policy


def put_away(opens_when: dict[str, object], script: Script) -> Bench:
    made = bench(guide("line", **opens_when), find=script)
    made.say("customer", "没网了")
    made.press(ev.CloseGuide(guide="line"))
    return made


def test_once_a_call_is_for_good() -> None:
    made = put_away({}, Script(found("open", "line", "u3000"), found("open", "line", "u603000")))
    made.at_ms += 10 * MINUTE
    assert made.say("customer", "又没网了") == []


def test_a_cooldown_counts_minutes_of_sound_from_the_moment_it_was_put_away() -> None:
    script = Script(*(found("open", "line", at) for at in ("u3000", "u122000", "u122000")))
    made = put_away({"once_a_call": False, "cooldown_min": 2}, script)
    made.at_ms = 119_000
    assert made.say("customer", "又没网了") == [], "1:59 after"
    assert script.barred[-1] == {"line"}
    made.at_ms = 124_000
    assert made.say("customer", "嗯") == [], "what was said too early does not count later"
    assert [terms.again for terms in script.terms[-2:]] == [{"line"}, set()]
    assert script.barred[-2:] == [set(), {"line"}]
    script.findings.append(found("open", "line", "u130000"))
    assert kinds(made.say("customer", "又没网了"))[0] == "guide_opened"
    assert made.state.opened == {"line": "u130000"}


def test_a_guide_that_only_old_words_speak_for_stands_before_no_other() -> None:
    stale, other = found("open", "line", "u3000", "other"), found("open", "other", "u603000")
    script = Script(found("open", "line", "u3000"), stale, other)
    made = bench(guide("line", once_a_call=False), guide("other"), find=script)
    made.say("customer", "没网了")
    made.press(ev.CloseGuide(guide="line"))
    made.at_ms = 10 * MINUTE
    made.say("customer", "停电了")
    assert [terms.again for terms in script.terms[1:]] == [{"line"}, set()]
    assert list(made.state.opened) == ["line", "other"]


def test_a_finished_guide_that_comes_back_begins_anew_and_one_put_away_goes_on() -> None:
    for reason, steps in (("finished", ["hello"]), ("dismissed", ["probe"])):
        script = Script(found("open", "line", "u3000"), found("open", "line", "u603000"))
        made = bench(guide("line", once_a_call=False, cooldown_min=2), find=script)
        made.say("customer", "没网了")
        made.press(ev.TickStep(guide="line", step="hello"))
        made.put(ev.GuideClosed.model_validate({"guide": "line", "reason": reason}))
        made.at_ms = 10 * MINUTE
        made.say("customer", "另一条宽带也没网了")
        assert [made.current] == steps


def test_what_rules_a_guide_out_leaves_a_chip_until_something_new_is_said() -> None:
    script = Script(
        found("open", "line", "u3000"),
        found("open", "line", "u3000"),
        found("open", "line", "u9000"),
    )
    made = bench(guide("line", not_said=["我只是问问"]), find=script)
    assert kinds(made.say("customer", "没网怎么报修，我只是问问")) == ["guides_suggested"]
    assert made.say("customer", "嗯") == []
    assert kinds(made.say("customer", "刚看了一下，我家也没网了"))[0] == "guide_opened"


@pytest.mark.parametrize(
    ("speaker", "follows"), [("customer", "guides_suggested"), ("agent", "guide_opened")]
)
def test_what_rules_a_guide_out_may_come_later_but_from_the_customer_only(
    speaker: ev.Speaker, follows: str
) -> None:
    script = Script(Finding("silent"), found("open", "line", "u3000"))
    made = bench(guide("line", not_said=["不是我家断网"]), find=script)
    made.say("customer", "断网了")
    assert kinds(made.say(speaker, "不是我家断网"))[0] == follows


def test_a_guide_of_higher_priority_is_judged_like_a_first_one_over_an_open_card() -> None:
    script = Script(found("open", "line", "u3000"))
    made = bench(
        guide("line", priority=2), guide("pay", priority=5), guide("plan", priority=2), find=script
    )
    made.say("customer", "没网了")
    assert script.terms[0].urgent == {"line", "pay", "plan"}
    made.say("customer", "还有人盗刷我的钱")
    assert script.terms[1].urgent == {"pay"}


def test_a_guide_out_of_its_window_is_not_suggested_from_the_record_either() -> None:
    late = guide("power", tags={"outage": 2.0}).model_dump(by_alias=True)
    late = Guide.model_validate({**late, "effective": {"until": "2026-01-31"}})
    made = bench(late, started_at="2026-02-01T09:00:00+08:00")
    assert known(made, tags=("outage",)) == []


# ---------------------------------------------------------------- the line that was rung


def greeted(text: str) -> Bench:
    made = bench(guide("power.outage"), guide("pay.refund"))
    tools = made.tools
    lines = [{"id": "power", "zh": "供电热线", "en": "Electricity", "greeting": ["供电"],
              "guides": ["power.*"], "log_odds": 1.5}]  # fmt: skip
    priors = Priors.model_validate({"lines": lines})
    made.tools = replace(tools, book=replace(tools.book, priors=priors))
    made.say("agent", text)
    return made


def test_the_greeting_tells_the_line_and_moves_its_guides() -> None:
    made = greeted("供电服务热线，您好，请讲。")
    made.say("customer", "我家一点亮都没有")
    terms = made.tools.find.terms[-1]
    assert terms.prior == {"power.outage": 1.5, "pay.refund": -1.5}
    assert not made.state.suggested


def test_an_agent_who_names_the_trade_later_tells_no_line() -> None:
    made = greeted("您好，请讲。")
    for text in ("我想问个事", "钱退哪儿去了"):
        made.say("customer", text)
    made.say("agent", "这个不归供电公司管。")
    made.say("customer", "那归谁管")
    assert made.tools.find.terms[-1].prior == {}
