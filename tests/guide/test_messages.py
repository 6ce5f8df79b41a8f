"""What checks say to an editor, in Chinese and English alike."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from pydantic import BaseModel, ValidationError

from assist.cli.problems import language
from assist.guide.model import Guide, TicketType
from assist.guide.render import environment
from assist.guide.rule_texts import RULE_TEXTS, RULES
from assist.guide.source import build, parse_document
from assist.problems import Texts, fault_said, rule_of, said
from assist.problems.parsers import pattern_said, template_said, yaml_said
from assist.search.editing.check import RULES as ROW_RULES
from assist.search.row_texts import PLACE_TEXTS, ROW_TEXTS
from assist.speech.domain.lexicon_texts import LEXICON_TEXTS
from assist.train.failure_texts import FAILURE_TEXTS, PARTS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TABLES: dict[str, Texts] = {
    **{"rules": RULE_TEXTS, "rows": ROW_TEXTS, "places": PLACE_TEXTS},
    **{"lexicon": LEXICON_TEXTS, "failures": FAILURE_TEXTS, "parts": PARTS},
}


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_tell_of_the_same_values(table: str) -> None:
    for key, (zh, en) in TABLES[table].items():
        assert not CHINESE.search(en.replace("场景", "")), key
        assert CHINESE.search(zh) or names(zh), key
        both = said(TABLES[table], key, {name: name for name in names(zh) | names(en)})
        assert both.zh and both.en
        assert names(zh) <= names(en) | {"count"}, key


def test_every_rule_says_something() -> None:
    assert {rule_of(key) for key in RULE_TEXTS} == set(RULES)
    assert set(ROW_RULES) <= {rule_of(key) for key in ROW_TEXTS}


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a: b: c", "冒号"),
        ("a: 'x", "引号没有收尾"),
        ("a: {b: c", "没有用 } 收尾"),
        ("a:\n  - b\n c: d", "没有对齐"),
        ("a: *x", "以 * 开头的“x”"),
        ("a: !foo 1", "以 ! 开头"),
        ("a:\n\t- b", "制表符"),
        ("a: @x", "不能以“@”开头"),
        ('a: "\\q"', "改用单引号"),
        ("a: 2026-13-01", "没有这一天"),
        ("---\na: 1\n---\nb: 2", "只能写一份"),
        ("a: |x\n y", "换行"),
        ("a: - b", "另起一行"),
        ("a: {{ b }} c", "加引号"),
        ("a: 1\na: 2", "“a”写了两次，第 1 行"),
    ],
)
def test_what_is_no_yaml_is_said_so_that_it_can_be_mended(text: str, zh: str) -> None:
    (problem, *_) = parse_document(text)[1]
    assert zh in problem.said.zh and not re.search(r"[a-z]{5}", problem.said.zh)
    assert problem.said.en and not CHINESE.search(problem.said.en)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("{{ a", "没有写完"),
        ("{% if a %}b", "少了 {% endif %}"),
        ("{{ a b }}", "“b”这里接不上"),
        ("{% set a = 1 %}", "只能取值"),
        ("{% foo %}", "没有 {% foo %} 这种写法"),
        ("{{ a | foo }}", "没有过滤器“foo”"),
        ("{{ }}", "缺了内容"),
        ("{{ a ? b }}", "不认识字符"),
        ("a" * 5001, "最多 5000 个字符"),
    ],
)
def test_what_is_no_template_is_said(text: str, zh: str) -> None:
    with pytest.raises(Exception) as caught:
        environment().from_string(text)
    assert zh in template_said(str(caught.value)).zh


def test_what_no_parser_was_known_to_say_is_told_in_general() -> None:
    for of in (yaml_said, template_said, pattern_said):
        assert CHINESE.search(of("something new").zh) and of("something new").en == "something new"


@pytest.mark.parametrize(
    ("model", "values", "zh"),
    [
        (Guide, {"steps": 3}, "“steps”要写成列表"),
        (Guide, {"steps": []}, "“steps”不能空着"),
        (Guide, {"lang": "fr"}, "“lang”只能是 'zh' 或 'en'，现在写的是 'fr'"),
        (Guide, {"owner": 7}, "“owner”要写一段文字，现在写的是 7"),
        (Guide, {"take_from": 2}, "“take_from”不能大于 1"),
        (Guide, {"effective": {"from": "soon"}}, "“from”要写日期"),
        (Guide, {"effective": 1}, "“effective”要写成“名称: 值”"),
        (Guide, {"steps": [{"id": "A"}]}, "以字母开头；现在写的是 'A'"),
        (Guide, {"steps": [{"id": "a"}]}, "步骤“a”没写要做什么"),
        (Guide, {"steps": [{"id": "a", "ask": "x", "end": "solved"}]}, "同时写了 ask、end"),
        (Guide, {"steps": [{"id": "a", "say": "x", "must_say": "7"}]}, "只能写 true 或 false"),
        (Guide, {"slots": {"a": {"label": "a", "hear": {"b": []}}}}, "b 不在 choices 里"),
        (TicketType, {"deadline_h": 0}, "“deadline_h”要大于 0"),
        (TicketType, {"deadlines_h": {"soon": 1}}, "“soon”只能是"),
    ],
)
def test_a_field_that_cannot_be_used_is_said(
    model: type[BaseModel], values: dict[str, object], zh: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    told = [fault_said(fault) for fault in caught.value.errors()]
    assert any(zh in each.zh for each in told), told
    assert all(CHINESE.search(each.zh) and not CHINESE.search(each.en) for each in told)
    document, _ = parse_document("id: a\ntitle: b\nsteps: 3\n")
    assert all("用不了" not in p.said.zh for p in build(Guide, document)[1])


def test_the_house_says_in_which_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASSIST_LANG", raising=False)
    assert language(None) == "zh" and language("en") == "en"
    monkeypatch.setenv("ASSIST_LANG", "en")
    assert language(None) == "en" and language("zh") == "zh"
