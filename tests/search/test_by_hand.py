"""Search by hand over the shipped guides and questions: no model, no index, nothing faked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.config import Settings
from assist.events import Match
from assist.guide.load import load_book
from assist.search.by_hand import QUESTION, TITLE, ByHand, Entry, Hit
from assist.search.corpus import load_corpus
from assist.search.keystrokes import keys_of, readings, spelled, terms, units
from assist.search.together import together
from assist.search.typed_bench import by_hand, measure, questions, substring
from assist.wiring.by_hand import entries, open_by_hand


@pytest.fixture(scope="module")
def known() -> list[Entry]:
    place = Settings()
    return list(entries(load_book(place.guides_dir), load_corpus(place.corpus_dir)))


@pytest.fixture(scope="module")
def search(known: list[Entry]) -> ByHand:
    return ByHand(known)


def few(*texts: str) -> ByHand:
    return ByHand(Entry(f"g{at}", "zh", text, TITLE) for at, text in enumerate(texts))


def marked(hit: Hit) -> list[str]:
    return [hit.text[begin:end] for begin, end in hit.spans]


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ("宽带上不了网", ["宽带上不了网"]),
        ("kuandaishangbuliaowang", ["宽带上不了网"]),
        ("kuan'dai shang bu liao wang", ["宽带上不了网"]),
        ("ＫＵＡＮＤＡＩＳＨＡＮＧＢＵ", ["宽带上不"]),
        ("kdsbl", ["宽带上不了"]),
        ("kuandsbl", ["宽带上不了"]),
        ("宽带sbl", ["宽带上不了"]),
        ("宽代上不了网", ["宽带上不了网"]),
        ("kuandaisangbuliao", ["宽带上不了"]),
        ("kundaishangbuliaowng", None),
        ("kuandiashangbu", None),
    ],
)
def test_each_way_of_typing_finds_the_guide_and_says_where(
    search: ByHand, typed: str, marks: list[str] | None
) -> None:
    hit = search.find(typed, "zh")[0]
    assert (hit.guide, hit.text) == ("broadband.no-internet", "宽带上不了网")
    assert marks is None or marked(hit) == marks
    assert hit.spans


@pytest.mark.parametrize(
    ("typed", "guide"),
    [
        ("no internet", "broadband.no-internet.en"),
        ("No Intrenet", "broadband.no-internet.en"),
        ("unexpected charge", "bill.unexpected-charge.en"),
        ("unexpcted", "bill.unexpected-charge.en"),
    ],
)
def test_english_with_and_without_typos(search: ByHand, typed: str, guide: str) -> None:
    assert search.find(typed, "en")[0].guide == guide


def test_a_character_with_several_readings_is_found_by_each() -> None:
    search = few("银行卡重复扣款", "调整套餐", "行程单")
    assert {readings("行")[0], "hang"} <= set(readings("行"))
    assert search.find("yinhangka")[0].guide == search.find("yinxingka")[0].guide == "g0"
    assert search.find("chongfu")[0].guide == search.find("zhongfu")[0].guide == "g0"
    assert search.find("tiaozheng")[0].guide == search.find("diaozheng")[0].guide == "g1"
    assert search.find("xingcheng")[0].guide == "g2"
    assert spelled("银行卡") == ["yin", "hang", "ka"]


def test_an_unusual_reading_stands_behind_the_usual_one() -> None:
    assert {"dan", "chan"} <= set(readings("单"))
    assert few("单独办理", "产独办理").find("chandu")[0].guide == "g1"


def test_mixed_words_need_not_stand_together() -> None:
    search = few("家里的WiFi晚上特别慢", "有线慢", "WiFi密码忘了")
    assert marked(search.find("wifi慢")[0]) == ["WiFi", "慢"]
    assert search.find("慢 wifi")[0].guide == "g0"


def test_a_title_goes_before_a_question_and_the_own_language_before_the_other() -> None:
    search = ByHand(
        [
            Entry("b", "zh", "换SIM卡", QUESTION),
            Entry("a", "zh", "换SIM卡", TITLE),
            Entry("a.en", "en", "Change a SIM", TITLE),
        ]
    )
    assert [hit.guide for hit in search.find("sim", "zh")] == ["a", "b", "a.en"]
    assert search.find("sim", "en")[0].guide == "a.en"


@pytest.mark.parametrize("typed", ["", "   ", "？！", "😀", "'", "qqqqqqqq", "\x00"])
def test_what_is_no_word_finds_nothing(search: ByHand, typed: str) -> None:
    assert search.find(typed, "zh") == []


def test_nothing_known_finds_nothing() -> None:
    assert ByHand([]).find("宽带") == []
    assert len(ByHand([Entry("g", "zh", "……", TITLE)])) == 0


@settings(max_examples=60, deadline=None)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_hits_are_in_order_and_spans_lie_in_the_text(typed: str) -> None:
    search = few("宽带上不了网", "话费多扣了", "SIM卡丢了 lost card")
    hits = search.find(typed, "zh")
    assert hits == search.find(typed, "zh")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.guide for hit in hits}) == len(hits)
    for hit in hits:
        assert 0 < hit.score <= 1 and hit.spans
        assert all(0 <= begin < end <= len(hit.text) for begin, end in hit.spans)
        assert all(end < begin for (_, end), (begin, _) in pairwise(hit.spans))


def test_the_order_of_entries_does_not_matter_and_threads_agree(known: list[Entry]) -> None:
    asked = ["kdsbl", "红灯", "wifi慢", "tuikuan", "no internet", "电费 高"]
    one, other = ByHand(known[:300]), ByHand(known[:300][::-1])
    expected = [[hit.score for hit in one.find(typed, "zh")] for typed in asked]
    assert [[hit.score for hit in other.find(typed, "zh")] for typed in asked] == expected
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda typed: one.find(typed, "zh"), asked * 8))
    assert found == [one.find(typed, "zh") for typed in asked] * 8


def test_places_are_those_of_the_text_as_written() -> None:
    assert [unit[1:] for unit in units("Ｗifi，慢")] == [(0, 4), (5, 6)]
    assert [part.keys for part in terms("WiFi 慢，kd", 40)] == ["wifi", "慢", "kd"]
    assert [part.keys for part in terms("一二三 四五", 4)] == ["一二三", "四"]
    assert dict(keys_of("上"))["shang"] < dict(keys_of("上"))["sang"] < dict(keys_of("上"))["s"]


def test_better_than_substring_search_and_quick(known: list[Entry], search: ByHand) -> None:
    asked = questions(known, 40)
    assert asked == questions(known, 40)
    ours = {each.kind: each for each in measure(by_hand(search), asked)}
    floor = {each.kind: each for each in measure(substring(known), asked)}
    for kind in ("zh initials", "zh half", "zh typo"):
        assert ours[kind].five >= 0.9 > 0.2 > floor[kind].five, ours[kind]
    for kind in ("zh words", "zh pinyin"):
        assert ours[kind].five >= floor[kind].five - 0.05, ours[kind]
    for each in ours.values():
        assert each.busy_p50_ms < 10, each  # of the processor: other work of the machine aside


def test_without_a_corpus_the_guides_are_searched_and_that_is_said(tmp_path) -> None:
    place = Settings()
    said: list[str] = []
    bare = Settings(root=tmp_path)
    search = open_by_hand(bare, load_book(place.guides_dir), said.append)
    assert search.find("kdsbl", "zh")[0].guide == "broadband.no-internet"
    assert len(said) == 1 and "guides' own words" in said[0]


def test_meaning_adds_to_what_was_typed_and_never_takes_its_place() -> None:
    hits = [Hit("sure", "宽带", ((0, 2),), 0.9), Hit("weak", "宽大", ((0, 1),), 0.5)]
    matches = [
        Match(guide="meant", score=0.9, question="没网"),
        Match(guide="sure", score=0.4, question="断网"),
        Match(guide="doubtful", score=0.2, question="慢"),
        Match(guide="hardly", score=0.01, question="停电"),
    ]
    found = together(hits, matches)
    assert [(each.guide, each.by, each.score) for each in found] == [
        ("sure", "both", 0.4),
        ("meant", "meaning", 0.9),
        ("weak", "hand", None),
        ("doubtful", "meaning", 0.2),
    ]
    assert [each.guide for each in together(hits)] == ["sure", "weak"]
    assert together([]) == []
