"""What the record adds to speech: it lifts, it lets a card open sooner, it never speaks alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assist.search.corpus import Row
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding, Heard, Terms
from assist.search.finder import Finder
from assist.search.index import load

pytestmark = pytest.mark.model

POWER, NET = "power.bill-high", "broadband.no-internet"


@pytest.fixture(scope="module")
def finder(few_index: Path, few_rows: list[Row], embedder: SentenceEmbedder) -> Finder:
    """Real figures per guide, with bars that lie apart: suggest 0.3, open 0.9, second card 0.97."""
    index = load(few_index, embedder, few_rows)
    part = index.languages["zh"]
    call = part.calibration.call.model_copy(update={"suggest": 0.3, "open": 0.9})
    calibration = part.calibration.model_copy(update={"call": call, "change": 0.97})
    known = {**index.languages, "zh": replace(part, calibration=calibration)}
    return Finder(replace(index, languages=known), embedder)


def listen(finder: Finder, text: str, terms: Terms, **opened: str) -> Finding:
    return finder.listen([Heard("u0", "customer", text)], "zh", opened, terms=terms)


def score(finding: Finding, guide: str = POWER) -> float:
    return next(match.score for match in finding.matches if match.guide == guide)


def test_prior_and_speech_add_up_in_log_odds(finder: Finder) -> None:
    plain, lifted, lowered = (
        score(listen(finder, "用电的问题", Terms({POWER: prior}))) for prior in (0.0, 2.0, -1.0)
    )
    odds = [value / (1 - value) for value in (plain, lifted, lowered)]
    assert odds[1] / odds[0] == pytest.approx(2.718281828**2, rel=0.01)
    assert odds[2] / odds[0] == pytest.approx(2.718281828**-1, rel=0.01)


def test_with_a_prior_a_card_opens_on_less(finder: Finder) -> None:
    assert listen(finder, "我想问一下家里的电", Terms()).decision == "suggest"
    assert listen(finder, "我想问一下家里的电", Terms({POWER: 2.0})).decision == "open"


def test_where_speech_alone_is_a_mere_hint_the_record_opens_nothing(finder: Finder) -> None:
    assert listen(finder, "用电的问题", Terms()).decision == "silent"
    strong = listen(finder, "用电的问题", Terms({POWER: 6.0}))
    assert score(strong) > 0.9 and strong.decision == "suggest"


@pytest.mark.parametrize("text", ["您好", "我想开个发票"])
def test_a_greeting_or_another_subject_stays_silent_under_a_strong_prior(
    finder: Finder, text: str
) -> None:
    assert listen(finder, text, Terms({POWER: 3.0, NET: 3.0})).decision == "silent"


def test_an_urgent_guide_opens_over_a_card_as_readily_as_a_first_one(finder: Finder) -> None:
    said = [Heard("u0", "customer", "家里上不了网"), Heard("u1", "customer", "我想问一下家里的电")]
    calm = finder.listen(said, "zh", {NET: "u0"})
    urgent = finder.listen(said, "zh", {NET: "u0"}, terms=Terms(urgent=frozenset({POWER})))
    first = finder.listen(said[1:], "zh")
    assert calm.decision == "silent" and score(urgent) > score(calm)
    assert score(urgent) == pytest.approx(score(first), abs=1e-3)


def test_a_guide_that_may_come_back_is_proposed_again(finder: Finder) -> None:
    said = [
        Heard("u0", "customer", "家里上不了网"),
        Heard("u1", "customer", "又上不了网了，断网了"),
    ]
    opened = {NET: "u0"}
    assert all(match.guide != NET for match in finder.listen(said, "zh", opened).matches)
    again = finder.listen(said, "zh", opened, terms=Terms(again=frozenset({NET})))
    assert again.matches[0].guide == NET and again.utterance == "u1"
