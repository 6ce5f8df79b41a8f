"""LocalAgreement-2: what two guesses in a row say alike is stable and stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assist.speech.agreement import Agreement


def stables(*guesses: str) -> list[str]:
    agreement = Agreement()
    result = []
    for guess in guesses:
        agreement.add(guess)
        result.append(agreement.stable)
    return result


def test_two_guesses_must_agree():
    assert stables("我家宽袋", "我家宽带上不", "我家宽带上不了网") == ["", "我家宽", "我家宽带上不"]


def test_a_moved_comma_or_a_traditional_character_breaks_no_agreement():
    assert stables("你好我家，寬帶", "你好，我家宽带断了")[-1] == "你好，我家宽带"


def test_english_agrees_by_words_and_case_does_not_matter():
    assert stables("My inter", "my internet is", "my internet is down")[1:] == [
        "my",
        "my internet",
    ]


def test_the_last_latin_word_may_still_grow():
    assert stables("call it inter", "call it inter")[-1] == "call it"


def test_a_number_may_grow_behind_what_is_stable():
    agreement = Agreement()
    for guess in ("号码154", "号码154", "号码15403"):
        shown = agreement.add(guess)
    assert shown == "号码15403"


def test_a_guess_against_what_is_stable_is_refused():
    agreement = Agreement()
    agreement.add("我家宽带")
    agreement.add("我家宽带断")
    assert agreement.add("你家") is None
    assert agreement.stable == "我家宽带"


def test_what_is_shown_is_written_as_what_is_stable():
    agreement = Agreement()
    agreement.add("你好，我家")
    agreement.add("你好，我家宽带")
    assert agreement.add("你好我家宽带断了") == "你好，我家宽带断了"


@given(st.lists(st.text(alphabet="宽带断了 wifi15，。", max_size=12), max_size=8))
def test_stable_never_retracts_and_every_guess_shown_begins_with_it(guesses: list[str]):
    agreement = Agreement()
    for guess in guesses:
        before = agreement.stable
        shown = agreement.add(guess)
        assert agreement.stable.startswith(before)
        assert shown is None or shown.startswith(agreement.stable)
