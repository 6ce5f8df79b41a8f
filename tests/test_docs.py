"""What is undocumented fails: commands, settings, event kinds, and links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from assist import events as ev
from assist.cli import app
from assist.config import Settings
from assist.speech.decoding import DecodeOptions
from assist.speech.domain.correct import CorrectOptions
from assist.speech.options import ListenOptions
from assist.speech.schedule import ScheduleOptions

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "guides").glob("*.md"),
        *(ROOT / "corpus").glob("*.md"),
    ]
)


def text_of(*pages: Path) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def commands(command: Any, path: str = "assist") -> Iterator[tuple[str, Any]]:
    """(path, command) of every command that does something, groups walked through."""
    if subcommands := getattr(command, "commands", None):
        for name, sub in subcommands.items():
            yield from commands(sub, f"{path} {name}")
    else:
        yield path, command


COMMANDS = list(commands(typer.main.get_command(app)))


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_and_option_is_documented(path: str, command: Any) -> None:
    page = text_of(ROOT / "docs" / "commands.md")
    section = re.search(rf"^## `{re.escape(path)}\b.*?(?=^## |\Z)", page, re.M | re.S)
    assert section, f"docs/commands.md has no section for `{path}`"
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in section.group() or f" {option}" in section.group(), (
                    f"`{path}` has an option {option} that docs/commands.md does not mention"
                )


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`ASSIST_{name.upper()}`" in text_of(ROOT / "docs" / "settings.md")


@pytest.mark.parametrize("options", [ListenOptions, DecodeOptions, ScheduleOptions, CorrectOptions])
def test_every_listening_parameter_is_documented_with_its_default(options: type) -> None:
    page = text_of(ROOT / "docs" / "listening.md")
    for field in fields(options):
        rows = re.findall(rf"^\| `{field.name}` \| (\S+) \|", page, re.M)
        assert str(field.default) in [row.replace("_", "") for row in rows], field.name


def _kinds(union: object) -> list[str]:
    return [member.model_fields["kind"].default for member in get_args(get_args(union)[0])]


@pytest.mark.parametrize("kind", [*_kinds(ev.Fact), *_kinds(ev.Command)])
def test_every_event_kind_is_documented(kind: str) -> None:
    assert f"`{kind}`" in text_of(ROOT / "docs" / "events.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page}: {target} is not there"


def test_every_page_is_reached_from_the_readme() -> None:
    readme = text_of(ROOT / "README.md")
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in readme, page.name


def test_every_dependency_is_named_with_its_reason() -> None:
    project = text_of(ROOT / "pyproject.toml")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.M | re.S)
    assert block
    page = text_of(ROOT / "docs" / "house.md")
    for name in re.findall(r'"([A-Za-z0-9.-]+)', block.group(1)):
        assert f"`{name}`" in page, f"docs/house.md does not say what {name} is for"


def test_commands_shown_in_the_readme_exist() -> None:
    known = {path for path, _ in COMMANDS}
    groups = {path.rsplit(" ", 1)[0] for path in known}
    for words in re.findall(r"`(assist [a-z][^`]*)`", text_of(*PAGES)):
        parts = words.split()
        candidates = {" ".join(parts[:n]) for n in (2, 3)}
        assert candidates & (known | groups), f"`{words}` is no command"
