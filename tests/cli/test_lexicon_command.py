"""`assist lexicon`: what it prints and how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.cli.lexicon import app

CLEAN = "zh:\n  - {term: 光猫}\n"
WARNING = "zh:\n  - {term: 光猫, aliases: [光毛]}\n"
ERROR = "zh:\n  - {term: 光猫, aliases: [光毛]}\n  - {term: 猫}\n"


@pytest.mark.parametrize(
    ("text", "status", "lines"),
    [
        (CLEAN, 0, ["1 terms, 0 errors, 0 warnings"]),
        (WARNING, 1, ["(alias-needless)", "1 terms, 0 errors, 1 warning"]),
        (ERROR, 2, ["(alias-needless)", "(term)", "2 terms, 1 error, 1 warning"]),
    ],
)
def test_every_problem_is_a_line_and_the_worst_is_the_status(
    tmp_path: Path, text: str, status: int, lines: list[str]
) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["check", str(path), "--lang", "en"])
    printed = result.output.splitlines()
    assert (result.exit_code, len(printed)) == (status, len(lines))
    for line, end in zip(printed, lines, strict=True):
        assert line.startswith(str(path)) and line.endswith(end)


def test_the_product_s_own_lexicon_is_checked_by_default() -> None:
    result = CliRunner().invoke(app, ["check", "--lang", "en"])
    assert result.exit_code == 0 and "0 errors, 0 warnings" in result.output


def test_a_sentence_shows_what_is_corrected_and_why() -> None:
    result = CliRunner().invoke(app, ["show", "我家宽袋断了，公猫上的肚丝灯是红的"])
    assert result.exit_code == 0
    first, *rest = result.output.splitlines()
    assert first == "我家宽带断了，光猫上的LOS灯是红的"
    assert any("宽袋" in line and "kuan dai" in line for line in rest)
    assert any("公猫" in line and "alias" in line for line in rest)


def test_a_sentence_with_nothing_to_correct() -> None:
    result = CliRunner().invoke(app, ["show", "Nothing to see here", "--lang", "en"])
    assert result.output.splitlines() == ["Nothing to see here", "Nothing is corrected."]


def test_without_a_sentence_every_term_with_its_source() -> None:
    result = CliRunner().invoke(app, ["show"], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    assert any("光猫" in line and "editor" in line for line in result.output.splitlines())
    assert "guides and corpus" in result.output


def test_another_language_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["show", "--lang", "fr"]).exit_code == 2
