"""`assist guide check`: what it prints and how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.cli.guide import app

HEAD = "id: example\ntitle: 例子\nlang: zh\nowner: 示例\n"
SLOT = "slots: {phone: {label: 电话, type: phone}}\n"
DONE = "  - {id: done, end: solved}\n"
CLEAN = SLOT + "steps:\n  - {id: phone, ask: phone, say: 请报手机号, next: done}\n" + DONE
WARNING = SLOT + "steps:\n  - {id: phone, ask: phone, say: 请报手机号}\n" + DONE
ERROR = SLOT + "steps:\n  - {id: phone, ask: phone, say: '{{ nobody }}'}\n" + DONE


@pytest.mark.parametrize(
    ("text", "status", "lines"),
    [
        (CLEAN, 0, ["0 errors, 0 warnings"]),
        (WARNING, 1, ["(ask-otherwise)", "0 errors, 1 warning"]),
        (ERROR, 2, ["(ask-otherwise)", "(template-name)", "1 error, 1 warning"]),
    ],
)
def test_every_problem_is_a_line_and_the_worst_is_the_status(
    tmp_path: Path, text: str, status: int, lines: list[str]
) -> None:
    (tmp_path / "example.yaml").write_text(HEAD + text, "utf-8")
    result = CliRunner().invoke(app, ["check", str(tmp_path), "--lang", "en"])
    printed = result.output.splitlines()
    assert (result.exit_code, len(printed)) == (status, len(lines))
    for line, end in zip(printed, lines, strict=True):
        assert line.startswith(str(tmp_path)) and line.endswith(end)


def test_one_file_is_checked_alone(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(HEAD + ERROR, "utf-8")
    (tmp_path / "other.yaml").write_text(HEAD.replace("example", "other") + CLEAN, "utf-8")
    assert CliRunner().invoke(app, ["check", str(tmp_path / "other.yaml")]).exit_code == 0
    assert CliRunner().invoke(app, ["check", str(tmp_path / "example.yaml")]).exit_code == 2


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / "none"), "--lang", "en"])
    assert result.exit_code == 2 and "there is no such folder" in result.output
