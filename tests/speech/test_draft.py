"""An utterance put together from its clauses, whatever order the answers come in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assist.speech.draft import Draft


def test_clauses_are_joined_as_the_language_writes_a_pause():
    for lang, whole in (("zh", "一句，two"), ("en", "一句 two")):
        draft = Draft(lang)
        draft.add(0, 500, "一句", closes=True)
        draft.add(1, 1_500, "two", closes=True)
        assert (draft.shown, draft.stable) == (whole, whole)


def test_a_clause_that_ends_with_punctuation_gets_no_second_mark():
    draft = Draft("zh")
    draft.add(0, 500, "好的。", closes=True)
    draft.add(1, 1_500, "再见", closes=False)
    assert draft.shown == "好的。再见"


def test_nothing_behind_an_open_clause_is_stable():
    draft = Draft("zh")
    draft.add(0, 500, "我家宽带", closes=False)
    draft.add(1, 1_500, "断了", closes=True)
    assert (draft.shown, draft.stable) == ("我家宽带，断了", "")
    draft.add(0, 900, "我家宽带昨天", closes=True)
    assert draft.stable == "我家宽带昨天，断了"


def test_the_prefix_of_a_clause_is_its_own():
    draft = Draft("zh")
    assert draft.issue(0, 500) == ""
    draft.add(0, 500, "我家", closes=False)
    draft.add(0, 900, "我家宽带", closes=False)
    assert draft.issue(0, 1_400) == "我家"
    assert draft.issue(1, 2_000) == ""
    assert draft.is_overtaken(0, 900)
    assert not draft.is_overtaken(0, 1_400)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(0, 20),
            st.text("宽带断了ab。", max_size=8),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_stable_only_grows_and_shown_begins_with_it(
    answers: list[tuple[int, int, str, bool]],
):
    draft = Draft("zh")
    for clause, end_ms, text, closes in answers:
        before = draft.stable
        draft.add(clause, end_ms, text, closes)
        assert draft.stable.startswith(before)
        assert draft.shown.startswith(draft.stable)
