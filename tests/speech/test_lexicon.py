"""The lexicon file and what it becomes: every problem with its place, terms merged, hotwords."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.config import Settings
from assist.errors import CorpusError
from assist.problems import exit_code
from assist.speech.domain.lexicon import Lexicon, Term
from assist.speech.domain.lexicon_file import read_entries
from assist.speech.sound import EXACT, LOOSE, NEAR, neighbours, readings, spelled

FILE = """\
zh:
  - {term: 光猫, weight: 5, aliases: [公猫, 国猫]}
  - {term: 校表, pinyin: jiao biao}
en:
  - {term: router, aliases: [rooter]}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "lexicon.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_terms_come_with_pinyin_weight_and_aliases(tmp_path: Path):
    lexicon = Lexicon.load(written(tmp_path, FILE))
    assert lexicon.terms == (
        Term("光猫", "zh", ("公猫", "国猫"), ("guang", "mao"), 5.0),
        Term("校表", "zh", (), ("jiao", "biao"), 1.0),
        Term("router", "en", ("rooter",), (), 1.0),
    )


def test_the_product_s_own_lexicon_is_clean_and_large():
    entries, problems = read_entries(Settings().corpus_dir / "lexicon.yaml")
    assert problems == []
    assert sum(entry.lang == "zh" for entry in entries) >= 200
    assert sum(entry.lang == "en" for entry in entries) >= 60


@pytest.mark.parametrize(
    ("text", "line", "rule", "says"),
    [
        ("zh:\n  - {term: [\n", 3, "yaml", ""),
        ("- 光猫\n", 1, "schema", "zh"),
        ("fr:\n  - {term: box}\n", 1, "schema", "fr"),
        ("zh: 光猫\n", 1, "schema", "no list"),
        ("zh:\n  - 光猫\n", 2, "schema", "{term"),
        ("zh:\n  - {weight: 2}\n", 2, "schema", "term"),
        ("zh:\n  - {term: 光猫, wait: 2}\n", 2, "schema", "wait"),
        ("zh:\n  - {term: 光猫, weight: 0}\n", 2, "schema", "weight"),
        ("zh:\n  - {term: 光猫, weight: heavy}\n", 2, "schema", "weight"),
        ("zh:\n  - {term: ' '}\n", 2, "schema", "blank"),
        ("zh:\n  - {term: 光猫, term: 宽带}\n", 2, "schema", "twice"),
        ("zh:\n  - {term: 光猫}\n  - {term: 光猫}\n", 3, "duplicate", "line 2"),
        ("en:\n  - {term: WiFi}\n  - {term: Wi-Fi}\n", 3, "duplicate", "line 2"),
        ("zh:\n  - {term: 光猫, aliases: [宽带]}\n  - {term: 宽带}\n", 2, "alias", "line 3"),
        (
            "zh:\n  - {term: 光猫, aliases: [国猫]}\n  - {term: 宽带, aliases: [国猫]}\n",
            3,
            "duplicate",
            "line 2",
        ),
        ("zh:\n  - {term: 光猫, aliases: [三猫]}\n", 2, "alias", "number"),
        ("en:\n  - {term: router, aliases: [路由]}\n", 2, "alias", "Chinese"),
        ("zh:\n  - {term: 猫}\n", 2, "term", "one character"),
        ("zh:\n  - {term: 光猫, pinyin: guang}\n", 2, "pinyin", "1 syllables"),
        ("zh:\n  - {term: 光猫, pinyin: guang gou}\n", 2, "pinyin", "mao"),
        ("zh:\n  - {term: 光猫, pinyin: guāng māo}\n", 2, "pinyin", "toneless"),
    ],
)
def test_every_problem_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, rule: str, says: str
):
    path = written(tmp_path, text)
    _, problems = read_entries(path)
    assert [(problem.line, problem.rule) for problem in problems] == [(line, rule)]
    assert says in problems[0].said.en
    assert exit_code(problems) == 2
    with pytest.raises(CorpusError) as raised:
        Lexicon.load(path)
    assert f"{path}:{line}:" in raised.value.message
    assert "assist lexicon check" in raised.value.remedy


def test_an_alias_that_sounds_the_same_is_needless_but_usable(tmp_path: Path):
    path = written(tmp_path, "zh:\n  - {term: 光猫, aliases: [光毛]}\n")
    _, problems = read_entries(path)
    assert [problem.rule for problem in problems] == ["alias-needless"]
    assert exit_code(problems) == 1
    assert Lexicon.load(path).terms[0].aliases == ("光毛",)


def test_bytes_that_are_no_text_and_a_missing_file_are_said(tmp_path: Path):
    path = tmp_path / "lexicon.yaml"
    with pytest.raises(CorpusError, match="cannot be read"):
        Lexicon.load(path)
    path.write_bytes(b"zh:\n  - {term: \xff\xfe}\n")
    with pytest.raises(CorpusError, match=r":2:1: \[error\] is not UTF-8"):
        Lexicon.load(path)


def test_a_mined_term_never_replaces_an_edited_one(tmp_path: Path):
    lexicon = Lexicon.load(written(tmp_path, FILE)).with_terms(
        [
            Term("光猫", "zh", weight=0.3, source="corpus", guides=frozenset(["a"])),
            Term("尾纤", "zh", weight=0.3, source="corpus"),
        ]
    )
    by_name = {term.term: term for term in lexicon.terms}
    assert by_name["光猫"].weight == 5 and by_name["光猫"].source == "editor"
    assert by_name["光猫"].guides == {"a"}
    assert by_name["尾纤"].pinyin == ("wei", "xian")


def test_hotwords_are_the_weightiest_and_those_near_the_call():
    lexicon = Lexicon(
        (
            Term("宽带", "zh", weight=5, guides=frozenset(["net"])),
            Term("电表", "zh", weight=2, guides=frozenset(["power"])),
            Term("户号", "zh", weight=1, guides=frozenset(["power"])),
            Term("router", "en"),
        )
    )
    assert lexicon.hotwords("zh", 2) == ("宽带", "电表")
    assert lexicon.hotwords("zh", 3, ["power"]) == ("电表", "宽带", "户号")
    assert lexicon.hotwords("zh", 1, ["我家电表坏了"]) == ("电表",)
    assert lexicon.hotwords("zh", 0) == ()
    assert lexicon.hotwords("en", 9) == ("router",)
    assert lexicon.hotwords("fr", 9) == ()


def test_syllables_that_sound_alike():
    table = neighbours(["guang", "kuan", "nan", "hui"])
    graded = {heard: dict(table.get(heard, ())) for heard in ("guang", "gong", "lan", "fei", "bo")}
    assert graded == {
        "guang": {"guang": EXACT, "kuan": LOOSE},
        "gong": {"guang": LOOSE},
        "lan": {"nan": NEAR},
        "fei": {"hui": NEAR},
        "bo": {},
    }


def test_readings_and_spelling():
    assert readings("行")[0] == "xing" and "hang" in readings("行")
    assert spelled("银行卡") == ("yin", "hang", "ka")
    assert spelled("LOS灯") == ("deng",)
