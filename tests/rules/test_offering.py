"""Offers: the house's moment, cap and cooldown over calls, consent, and no offer without a fact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bench import BOOK, CUSTOMER, LINE_GUIDE, PACK, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.model import Guide, House, OfferMoment
from assist.rules.tools import Tools

CONSENT = "办理后合约期两年，您同意吗？"
RAW = LINE_GUIDE.model_dump(by_alias=True, exclude_defaults=True)
BARE = Guide.model_validate(
    RAW
    | {
        "steps": [
            {k: v for k, v in step.items() if k not in ("only_if", "must_say")}
            for step in RAW["steps"]
        ]
    }
)


def bench(house: House | None = None, past: tuple[ev.PastOffer, ...] = (), **offer: Any) -> Bench:
    """A call at the step before the offer, in a guide whose offer step asks for nothing itself."""
    pack = PACK.model_copy(update=offer)
    book = replace(BOOK, guides={"line": BARE}, offers={"pack": pack}, house=house or House())
    made = Bench(Tools(book, unlike))
    made.put(ev.CallStarted(agent="a", started_at="2026-11-30T09:00:00+08:00"))
    made.put(ev.CustomerFound(customer=CUSTOMER, by="record", past_offers=past))
    made.press(ev.OpenGuide(guide="line"))
    made.press(ev.TickStep(guide="line", step="hello"))
    made.failed()
    made.press(ev.AnswerStep(guide="line", step="light", choice="green"))
    return made


def to_offer(made: Bench) -> list[str]:
    return kinds(made.press(ev.TickStep(guide="line", step="reboot")))


MADE = ["step_ticked:reboot", "step_shown:extra", "offer_made:extra"]
PASSED = ["step_ticked:reboot", "step_ticked:extra", "step_shown:done"]


def test_an_angry_customer_is_offered_nothing_unless_the_house_says_so() -> None:
    angry = bench()
    angry.say("customer", "我要投诉")
    assert to_offer(angry) == PASSED
    bold = bench(House(offers=OfferMoment(not_moods=[])))
    bold.say("customer", "我要投诉")
    assert to_offer(bold) == MADE


def test_nothing_is_offered_before_the_need_is_met() -> None:
    made = bench()
    unsolved = BARE.model_copy(
        update={"steps": [s.model_copy(update={"solves": False}) for s in BARE.steps]}
    )
    made.tools = Tools(replace(made.tools.book, guides={"line": unsolved}), unlike)
    assert to_offer(made) == PASSED


@pytest.mark.parametrize(
    ("offer", "days", "expected"),
    [
        ({"cap": 2}, ("2026-01-01",), MADE),
        ({"cap": 2}, ("2026-01-01", "2026-02-01"), PASSED),
        ({"cooldown_days": 90}, ("2026-09-01",), MADE),
        ({"cooldown_days": 90}, ("2026-09-02",), PASSED),
        ({}, ("2026-11-29", "2026-11-28", "2026-11-27"), MADE),
    ],
)
def test_cap_and_cooldown_count_what_earlier_calls_offered(
    offer: dict[str, int], days: tuple[str, ...], expected: list[str]
) -> None:
    past = tuple(ev.PastOffer(offer="pack", decision="declined", decided_on=day) for day in days)
    other = ev.PastOffer(offer="other", decision="accepted", decided_on="2026-11-29")
    assert to_offer(bench(past=(*past, other), **offer)) == expected


def test_a_yes_before_the_consent_wording_is_none_and_one_after_it_is() -> None:
    made = bench(consent=CONSENT)
    assert to_offer(made) == MADE
    made.say("agent", "要不要加装一个路由器？")
    assert made.say("customer", "好的装吧") == []
    with pytest.raises(CommandRefused, match="consent wording") as refused:
        made.press(ev.DecideOffer(offer="pack", decision="accepted"))
    assert refused.value.code == "offer.consent"
    said = made.say("agent", CONSENT)
    assert kinds(said) == ["consent_said:extra"]
    assert isinstance(said[0], ev.ConsentSaid) and said[0].evidence
    followed = made.say("customer", "好的装吧")
    assert kinds(followed)[0] == "offer_decided:extra"
    assert made.state.offers["pack"].decision == "accepted"


def test_a_no_needs_no_consent_and_a_click_confirms_one() -> None:
    made = bench(consent=CONSENT)
    to_offer(made)
    made.say("agent", "要不要加装一个路由器？")
    made.say("customer", "不用了")
    assert made.state.offers["pack"].decision == "declined"
    other = bench(consent=CONSENT)
    to_offer(other)
    assert kinds(other.press(ev.ConfirmConsent(offer="pack"))) == ["consent_said:extra"]
    other.press(ev.DecideOffer(offer="pack", decision="accepted"))
    assert other.state.offers["pack"].decision == "accepted"
    with pytest.raises(CommandRefused, match="waits for no consent"):
        other.press(ev.ConfirmConsent(offer="pack"))


@pytest.mark.parametrize("aloud", [True, False])
def test_left_open_at_the_end_it_is_ignored_with_the_words_if_it_was_made(aloud: bool) -> None:
    made = bench()
    to_offer(made)
    if aloud:
        made.say("agent", "要不要加装一个路由器？")
    followed = made.put(ev.CallEnded(reason="hangup"))
    decided = followed[0]
    assert isinstance(decided, ev.OfferDecided)
    assert (decided.decision, decided.by) == ("ignored", "system")
    assert (decided.evidence is not None) == aloud


def test_passed_by_when_its_card_is_closed() -> None:
    made = bench()
    to_offer(made)
    assert kinds(made.press(ev.CloseGuide(guide="line"))) == ["guide_closed", "offer_decided:extra"]


def test_undone_it_is_open_again_and_old_words_do_not_decide_it_anew() -> None:
    made = bench()
    to_offer(made)
    made.say("agent", "要不要加装一个路由器？")
    made.say("customer", "不用了")
    undone = made.press(ev.UndoStep(guide="line", step="extra"))
    assert kinds(undone) == ["step_undone:extra", "step_shown:extra", "offer_made:extra"]
    assert made.current == "extra" and made.state.offers["pack"].decision is None
    made.say("customer", "那就装一个")
    assert made.state.offers["pack"].decision == "accepted"
