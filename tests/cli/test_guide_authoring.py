"""`assist guide new | test | graph | schema | diff` and `check --json`: output and exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.cli.guide import app
from assist.cli.guide_write import SCHEMAS
from assist.guide.check import check
from assist.guide.load import load_book
from assist.guide.source import read_document
from assist.train.examine import examine

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "guides"


def run(*args: str):
    return CliRunner().invoke(app, list(args))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("tickets", "connectors"):
        shutil.copytree(GUIDES / name, tmp_path / name)
    for name in ("offers.yaml", "moods.yaml"):
        shutil.copy(GUIDES / name, tmp_path)
    (tmp_path / "tests").mkdir()
    shutil.copy(GUIDES / "tests" / "fixtures.yaml", tmp_path / "tests")
    return tmp_path


@pytest.mark.parametrize(("guide_id", "lang"), [("wifi.slow", "zh"), ("wifi.slow.en", "en")])
def test_a_new_guide_is_clean_and_passes_its_tests(folder: Path, guide_id: str, lang: str) -> None:
    made = run("new", guide_id, "--lang", lang, "--title", "Slow", "--folder", str(folder))
    assert made.exit_code == 0, made.output
    before = check(folder)
    assert [p for p in before if guide_id in p.path] == []
    exams, problems = examine(folder, load_book(folder), lambda text, phrases: [0.0] * len(phrases))
    assert problems == []
    assert [p.said.en for exam in exams for p in exam.problems] == []
    assert exams[0].coverage and exams[0].coverage.missing_steps == []
    again = run("new", guide_id, "--lang", lang, "--folder", str(folder))
    assert again.exit_code != 0 and "is there already" in str(again.exception)


def test_check_as_json(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: x\n", "utf-8")
    result = run("check", str(tmp_path), "--json")
    assert result.exit_code == 2
    assert {p["rule"] for p in json.loads(result.output)["problems"]} == {"schema"}


def test_every_shipped_file_fits_its_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    made = json.loads(run("schema").output)
    assert set(made) == set(SCHEMAS)
    places = {
        "ticket": "tickets/*.yaml",
        "connector": "connectors/*.yaml",
        "offers": "offers.yaml",
        "moods": "moods.yaml",
        "priors": "priors.yaml",
        "guide": "*.*.yaml",
        "guide-test-fixtures": "tests/fixtures.yaml",
    }
    for kind, pattern in places.items():
        check_one = jsonschema.Draft202012Validator(made[kind])
        for path in GUIDES.glob(pattern):
            data = json.loads(json.dumps(read_document(path)[0].data, default=str))
            assert [e.message for e in check_one.iter_errors(data)] == [], path


def test_a_schema_knows_no_field_of_the_loader() -> None:
    made = json.loads(run("schema", "guide").output)
    assert "hash" not in made["properties"] and "steps" in made["properties"]
    assert made["properties"]["lang"]["enum"] == ["zh", "en"]


def test_diff_speaks_of_the_walk_and_says_whether_anything_changed(tmp_path: Path) -> None:
    old = GUIDES / "broadband.no-internet.yaml"
    new = tmp_path / old.name
    text = old.read_text("utf-8")
    wanted = "choices: {yes: works, no: earlier}"
    assert wanted in text
    new.write_text(text.replace(wanted, "choices: {yes: works, no: visit}"), "utf-8")
    changed = run("diff", str(old), str(new))
    assert changed.exit_code == 1
    assert "step fixed: answer 仍未恢复 now leads to visit, not earlier" in changed.output
    assert run("diff", str(old), str(old)).exit_code == 0
    assert run("diff", "no-such-version", str(new)).exit_code == 2


def test_graph_into_a_page(tmp_path: Path) -> None:
    page = tmp_path / "guide.md"
    assert run("graph", str(GUIDES / "sim.lost.yaml"), "--out", str(page)).exit_code == 0
    assert page.read_text("utf-8").startswith("```mermaid\nflowchart TD\n")


def test_guide_tests_that_cannot_be_read_are_status_two(folder: Path) -> None:
    run("new", "wifi.slow", "--folder", str(folder))
    (folder / "tests" / "wifi.slow.yaml").write_text("guide: wifi.slow\ncases: 3\n", "utf-8")
    result = run("test", "--folder", str(folder))
    assert result.exit_code == 2 and "wifi.slow.yaml:2" in result.output
