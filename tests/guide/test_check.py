"""The checker: each rule with its documented examples, every place, every level."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from assist.guide.check import check
from assist.guide.rule_texts import RULES
from assist.problems import Problem, exit_code

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "guide-rules.md").read_text("utf-8")
HEAD = {"id": "id: example", "title": "title: 例子", "lang": "lang: zh", "owner": "owner: 示例"}
TODAY = date(2026, 11, 30)
END = "steps: [{id: done, end: solved}]"


def sections() -> dict[str, tuple[str, dict[str, str]]]:
    """Rule -> level and examples, as the page has them."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for part in re.split(r"^### ", PAGE, flags=re.M)[1:]:
        heading = re.match(r"`([a-z-]+)`, (error|warning)\n", part)
        assert heading, part[:40]
        examples = dict(re.findall(r"```yaml (fails|passes)\n(.*?)```", part, re.S))
        found[heading[1]] = heading[2], examples
    return found


SECTIONS = sections()


def whole(fragment: str) -> str:
    """The example with the head and the step that the page leaves out."""
    head = [line for key, line in HEAD.items() if not re.search(rf"^{key}:", fragment, re.M)]
    end = [] if re.search(r"^steps:", fragment, re.M) else [END]
    return "\n".join([*head, fragment, *end])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A guides folder with the shipped ticket types, offers and connectors, but no guide."""
    for name in ("tickets", "connectors"):
        shutil.copytree(ROOT / "guides" / name, tmp_path / name)
    for name in ("offers.yaml", "moods.yaml", "house.yaml"):
        shutil.copy(ROOT / "guides" / name, tmp_path)
    priors = yaml.safe_load((ROOT / "guides" / "priors.yaml").read_text("utf-8"))
    del priors["lines"]
    _write(tmp_path / "priors.yaml", priors)
    return tmp_path


def test_every_rule_is_documented_with_its_level() -> None:
    assert {rule: level for rule, (level, _) in SECTIONS.items()} == RULES


@pytest.mark.parametrize("rule", [r for r in RULES if r != "folder-missing"])
def test_examples_of_the_rule(rule: str, folder: Path) -> None:
    level, examples = SECTIONS[rule]
    _put(folder, examples["fails"])
    found = [p for p in check(folder, TODAY) if p.rule == rule]
    assert found and {p.level for p in found} == {level}
    _put(folder, examples["passes"])
    assert check(folder, TODAY) == []


def _put(folder: Path, example: str) -> None:
    """A guide, or a ticket type or the priors where the first line says so."""
    if example.startswith("# priors.yaml"):
        (folder / "example.yaml").write_text(whole(""), "utf-8")
        kept = yaml.safe_load((folder / "priors.yaml").read_text("utf-8"))
        _write(folder / "priors.yaml", kept | yaml.safe_load(example))
    elif example.startswith("# tickets/example.yaml"):
        (folder / "tickets" / "example.yaml").write_text(f"id: example\n{example}", "utf-8")
    else:
        (folder / "example.yaml").write_text(whole(example), "utf-8")


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def test_a_folder_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    problems = check(tmp_path / "none")
    assert [p.rule for p in problems] == ["folder-missing"]
    assert exit_code(problems) == 2


BROKEN = """\
id: example
title: 例子
lang: zh
owner: 示例
slots:
  light: {label: 光猫灯, choices: {red: 红灯}, hear: {red: [亮红灯]}}
  phone: {lable: 电话, type: phone}
steps:
  - id: hello
    say: >-
      您好，
      {{ slots.lihgt }}，
      我们看一下。
    next: lnie
  - id: light
    ask: light
    say: |
      光猫亮
      {% if solved %什么灯？
    otherwise: done
  - id: done
    end: solved
    only_if: "mood = 'calm'"
"""


def test_all_problems_of_a_file_come_with_their_places(folder: Path) -> None:
    path = folder / "example.yaml"
    path.write_text(BROKEN, "utf-8")
    found = [(p.line, p.column, p.rule) for p in check(path)]
    assert found == [
        (7, 3, "schema"),
        (7, 11, "schema"),
        (12, 10, "template-slot"),
        (14, 5, "target-unknown"),
        (19, 1, "template-syntax"),
        (21, 5, "dead-end"),
        (23, 5, "template-syntax"),
    ]
    assert str(check(path)[3]) == (
        f"{path}:14:5: [error] step 'lnie' does not exist (target-unknown)"
    )


OPENS = """\
opens_when:
  tags: {broadband_outage: +2.0, outtage: 4}
  last_call:
    example: +1.0
    nobody: +0.5
  not_said: [不是我家断网, 不]
  not_after: [hello-only]
"""


def test_what_opens_a_guide_is_checked_at_each_name_and_phrase(folder: Path) -> None:
    path = folder / "example.yaml"
    path.write_text(whole(OPENS), "utf-8")
    first = len(HEAD)
    assert [(p.line - first, p.column, p.rule) for p in check(path)] == [
        (2, 34, "tag-unnamed"),
        (2, 34, "weight-size"),
        (5, 5, "guide-unknown"),
        (6, 22, "not-said-short"),
        (7, 3, "schema"),
    ]


def test_names_of_tags_need_both_languages(folder: Path) -> None:
    (folder / "priors.yaml").write_text("tags:\n  outage: {zh: 停电}\n", "utf-8")
    found = [(Path(p.path).name, p.line, p.rule) for p in check(folder)]
    assert found == [("priors.yaml", 2, "schema")]


def test_ticket_types_and_offers_are_checked_by_themselves(folder: Path) -> None:
    (folder / "tickets" / "odd.yaml").write_text(
        "id: odd\ntitle: 怪\ngroup: 组\ndeadline_h: 4\nfields:\n"
        '  name: {label: 名, from: "{{ custmer.name }}"}\n',
        "utf-8",
    )
    with (folder / "offers.yaml").open("a", encoding="utf-8") as offers:
        offers.write(
            "\n- {id: fttr, title: 又一个, say: '{{ x }}', eligible: 'customer.vip',"
            " mentions: [全屋], hear: {accepted: [好], declined: [不]}}\n"
        )
    assert [(Path(p.path).name, p.rule) for p in check(folder)] == [
        ("offers.yaml", "duplicate-id"),
        ("odd.yaml", "template-name"),
    ]


def test_an_offer_of_a_new_name_is_checked(folder: Path) -> None:
    (folder / "offers.yaml").write_text(
        "- {id: x, title: 新, say: '{{ x }}', eligible: 'customer.vip',"
        " mentions: [新], hear: {accepted: [好], declined: [不]}}\n",
        "utf-8",
    )
    assert [p.rule for p in check(folder)] == ["template-name", "template-field"]


def test_a_file_that_is_not_utf8_is_a_problem_with_its_line(folder: Path) -> None:
    (folder / "example.yaml").write_bytes("id: example\ntitle: 宽带\n".encode("gb18030"))
    (problem,) = check(folder)
    assert (problem.line, problem.rule) == (2, "yaml-syntax")


@pytest.mark.parametrize("text", ["", "# nur ein Kommentar\n", "- a\n- b\n", "just words\n"])
def test_a_file_without_keys_is_a_problem(folder: Path, text: str) -> None:
    (folder / "example.yaml").write_text(text, "utf-8")
    assert [p.rule for p in check(folder)] == ["schema"]


def test_exit_code_is_by_the_worst(folder: Path) -> None:
    found: list[Problem] = []
    codes = [exit_code(found)]
    for rule in ("ask-otherwise", "ask-say"):
        (folder / "example.yaml").write_text(whole(SECTIONS[rule][1]["fails"]), "utf-8")
        found += check(folder)
        codes.append(exit_code(found))
    assert codes == [0, 1, 2]
