"""Every rule of `corpus check`: what breaks it, what keeps it, and that the manual has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assist.problems import Problem
from assist.search.corpus import Row, write_rows
from assist.search.editing.check import RULES, check
from assist.search.embedder import SentenceEmbedder

GUIDES = {"plan.change": "zh", "sim.lost": "zh", "plan.change.en": "en"}


def row(id: str, text: str, guide: str = "plan.change", **values: object) -> Row:
    fields = {"id": id, "text": text, "guide": guide, "lang": "zh", **values}
    return Row.model_validate(fields)


def problems(folder: Path, *rows: Row, least: int = 1) -> list[Problem]:
    write_rows(folder / "a.jsonl", rows)
    return list(check(folder, GUIDES, None, least=least).problems)


def rules(found: list[Problem]) -> list[tuple[int, str]]:
    """Line and rule of what concerns single rows."""
    return [(each.line, each.rule) for each in found if each.rule != "few-rows"]


def test_broken_lines_are_named_and_the_others_judged(tmp_path: Path) -> None:
    good = row("a", "想换个便宜点的套餐").model_dump_json()
    lines = [good, "{", '{"id": "b"}', good.replace("plan.change", "plan.chnage")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes("网断了".encode("gbk"))
    found = check(tmp_path, GUIDES, None, least=1).problems
    assert [(Path(p.path).name, p.line, p.rule) for p in found if p.rule != "few-rows"] == [
        ("a.jsonl", 2, "json"),
        *[("a.jsonl", 3, "schema")] * 3,
        ("a.jsonl", 4, "duplicate-id"),
        ("b.jsonl", 1, "encoding"),
    ]


def test_a_text_counts_as_the_same_whatever_its_marks_and_width(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        row("a", "换成5G套餐，行吗？"),
        row("b", "换成５Ｇ套餐 行吗", "sim.lost", status="draft"),
        row("c", "换成5G套餐行吗", status="retired"),
        row("d", "换成4G套餐，行吗？ 我流量老不够"),
    )
    assert rules(found) == [(2, "duplicate-text")]
    (one,) = [each for each in found if each.rule == "duplicate-text"]
    assert "'b' of 'sim.lost' says the same as 'a' of 'plan.change'" in one.said.en
    assert f"{tmp_path / 'a.jsonl'}:1" in one.said.en and one.level == "error"


def test_guide_and_language_must_fit(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        row("a", "想换个便宜点的套餐", "plan.chnage"),
        row("b", "I want a cheaper plan"),
        row("c", "换个套餐", "plan.change.en"),
        row("d", "附近有药店吗", "none"),
        row("e", "手机丢了", "gone", status="retired"),
    )
    assert rules(found) == [(1, "guide-unknown"), (2, "language"), (3, "language")]


def test_unknown_guides_are_no_problem_where_the_guides_are_not_known(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.jsonl", [row(str(at), f"第{at}句话啊", "intent") for at in range(9)])
    assert not check(tmp_path, None, None, least=1).problems


def test_few_rows_are_a_warning_and_too_few_to_learn_from_an_error(tmp_path: Path) -> None:
    texts = "流量不够了", "想便宜一点", "给孩子办一张", "那个最低的还有吗", "打电话多上网少"
    rows = [row(f"a{at}", text) for at, text in enumerate(texts)]
    rows += [row("s", "手机丢了", "sim.lost"), row("d", "卡不见了", "sim.lost", status="draft")]
    few = [each for each in problems(tmp_path, *rows, least=6) if each.rule == "few-rows"]
    assert [(each.level, each.line) for each in few] == [
        ("warning", 1),
        ("warning", 1),
        ("error", 6),
    ]
    assert "'plan.change.en' has no row at all" in few[0].said.en
    assert "'plan.change' (zh) has 5 live rows, 6 are wanted" in few[1].said.en
    assert "'sim.lost' (zh) has 1 live rows" in few[2].said.en


def test_rows_that_begin_alike(tmp_path: Path) -> None:
    ends = "套餐", "流量用了多少", "上个月的账", "副卡的事", "国际漫游", "积分还有没有"
    rows = [row(f"a{at}", f"你好，能帮忙查{end}") for at, end in enumerate(ends)]
    found = [each for each in problems(tmp_path, *rows) if each.rule == "same-start"]
    assert len(found) == 1 and found[0].line == 1
    assert "6 of 6 rows of 'plan.change' begin with “能帮忙查”" in found[0].said.en
    assert "a4 and 1 more" in found[0].said.en
    assert not [p for p in problems(tmp_path, *rows[:4]) if p.rule == "same-start"]


def test_rows_that_differ_in_one_word(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        row("a", "昨天晚上家里突然断网了"),
        row("b", "前天晚上家里突然断网了"),
        row("c", "晚上家里突然断网了"),
        row("d", "昨天晚上家里突然断网了", "sim.lost"),
        row("e", "云主机卡死了"),
        row("f", "云主机被黑了"),
        row("g", "My bill has doubled this month", "plan.change.en", lang="en"),
        row("h", "My bill has tripled this month", "plan.change.en", lang="en"),
    )
    assert rules(found) == [
        (2, "one-word"),
        (3, "one-word"),
        (4, "duplicate-text"),
        (8, "one-word"),
    ]


@pytest.mark.model
def test_near_duplicates_across_guides_name_both_rows(
    tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    rows = [
        row("a", "我的手机卡在火车上弄丢了怎么办"),
        row("b", "我的手机卡在火车上弄丢了，咋办呀", "sim.lost"),
        row("c", "我的手机卡在火车上弄丢了，怎么弄"),
        row("d", "下个月换个流量多点的", "sim.lost"),
    ]
    write_rows(tmp_path / "a.jsonl", rows)
    found = check(tmp_path, GUIDES, embedder, least=1).problems
    near = [each for each in found if each.rule == "near-duplicate"]
    assert [each.line for each in near] == [2, 3]
    assert "'b' of 'sim.lost' says nearly the same as 'a' of 'plan.change'" in near[0].said.en
    assert f"{tmp_path / 'a.jsonl'}:1" in near[0].said.en


@pytest.mark.model
def test_rows_that_all_say_the_same(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    ends = "吗", "呢", "呀", "吧", "啊", "不", "么", "可以吗", "行吗", "好吗", "成不成", "行不行"
    rows = [row(f"a{at}", f"能不能帮我把套餐换成便宜的{end}") for at, end in enumerate(ends)]
    write_rows(tmp_path / "a.jsonl", rows)
    found = check(tmp_path, GUIDES, embedder, least=1).problems
    (one,) = [each for each in found if each.rule == "low-spread"]
    assert one.level == "warning" and "the 12 rows of 'plan.change' (zh)" in one.said.en


def test_every_rule_is_in_the_manual() -> None:
    manual = Path(__file__).resolve().parents[2] / "corpus" / "README.md"
    text = manual.read_text(encoding="utf-8")
    for rule in RULES:
        assert f"\n| `{rule}` | " in text, rule


def test_no_other_rule_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps([1]) + "\n", encoding="utf-8")
    assert {each.rule for each in check(tmp_path, GUIDES, None).problems} <= set(RULES)
