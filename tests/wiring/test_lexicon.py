"""What guides and corpus add to the lexicon, and how well the whole corrects the test set."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assist.config import Settings
from assist.errors import CorpusError
from assist.guide.load import load_book
from assist.search.corpus import Row
from assist.speech.domain.correct import Corrector, revert
from assist.speech.domain.lexicon import Lexicon
from assist.speech.score import error_rate
from assist.wiring.lexicon import LABEL_WEIGHT, MINED_WEIGHT, fed, gather_lexicon

TESTS = Path(__file__).resolve().parents[1]
NUMBERS = set("〇零一二三四五六七八九十百千万亿两幺0123456789")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return gather_lexicon(Settings())


@pytest.fixture(scope="module")
def corrector(lexicon: Lexicon) -> Corrector:
    return Corrector(lexicon)


def test_guides_and_corpus_add_terms_that_weigh_less(lexicon: Lexicon):
    by_name = {(term.lang, term.term): term for term in lexicon.terms}
    label = by_name["zh", "故障现象"]
    assert label.weight == LABEL_WEIGHT and label.source.startswith(("guide ", "ticket "))
    sources = Counter(term.source.split()[0] for term in lexicon.terms)
    assert {"editor", "guide", "guides", "ticket"} <= set(sources)
    mined = [term for term in lexicon.terms if term.source.startswith(("guides", "corpus"))]
    assert len(mined) >= 50
    assert all(term.weight == MINED_WEIGHT for term in mined)
    assert all(term.pinyin for term in mined if term.lang == "zh")
    assert not [term.term for term in mined if NUMBERS & set(term.term)]


def test_terms_know_the_guides_that_speak_of_them(lexicon: Lexicon):
    by_name = {(term.lang, term.term): term for term in lexicon.terms}
    assert "broadband.no-internet" in by_name["zh", "光猫"].guides
    assert "power.bill-high" in by_name["zh", "电表"].guides
    assert "broadband.no-internet.en" in by_name["en", "router"].guides
    near = lexicon.hotwords("zh", 5, ["power.bill-high"])
    assert near[0] in ("电表", "电费") and "光猫" not in near


def test_a_word_often_said_in_questions_alone_is_mined():
    rows = [
        Row(id=f"x-{n}", text=f"我的热熔盒{verb}了。", guide="broadband.no-internet", lang="zh")
        for n, verb in enumerate(("坏", "裂", "掉", "松", "断"))
    ]
    book = load_book(Settings().guides_dir)
    before = {term.term for term in fed(Lexicon(), book, []).terms}
    after = {term.term for term in fed(Lexicon(), book, rows).terms} - before
    assert any("热熔" in term for term in after)


def test_a_broken_lexicon_is_said_with_its_place(tmp_path: Path):
    settings = Settings()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lexicon.yaml").write_text("zh:\n  - {term: 猫}\n", "utf-8")
    (tmp_path / "guides").symlink_to(settings.guides_dir)
    with pytest.raises(CorpusError, match=r"lexicon\.yaml:2:"):
        gather_lexicon(Settings(root=tmp_path))


def test_it_repairs_more_than_it_breaks(
    corrector: Corrector, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kinds: misheard (by hand), simulated (`speech/mishearing.py`), right, ordinary."""
    lines = (TESTS / "speech" / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    repaired: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    errors: Counter[tuple[str, str]] = Counter()
    for row in map(json.loads, lines):

        def wrong(text: str, row: dict[str, str] = row) -> int:
            return error_rate(row["said"], text, row["lang"], strict=True).errors

        corrected = corrector.correct(row["heard"], row["lang"])
        kind = f"{row['lang']} {row['kind']}"
        errors["before", kind] += wrong(row["heard"])
        errors["after", kind] += wrong(corrected.text)
        for each in corrected.corrections:
            assert not NUMBERS & set(each.heard + each.meant)
            without, _ = revert(corrected.text, corrected.corrections, each.at)
            better = wrong(without) - wrong(corrected.text)
            repaired[kind] += better > 0
            broken[kind] += better <= 0
    with capsys.disabled():
        for kind in sorted({kind for _, kind in errors}):
            print(
                f"\n{kind}: errors {errors['before', kind]} -> {errors['after', kind]}, "
                f"{repaired[kind]} corrections repair, {broken[kind]} break",
                end="",
            )
        print()
    assert repaired.total() > 10 * broken.total()
    assert errors["after", "zh misheard"] < 0.3 * errors["before", "zh misheard"]
    assert errors["after", "en misheard"] < 0.3 * errors["before", "en misheard"]
    assert errors["after", "zh simulated"] < 0.8 * errors["before", "zh simulated"]
    assert errors["after", "zh right"] == 0
    assert broken["zh ordinary"] <= 4 and broken["en ordinary"] == 0
