from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assist.cli import app
from assist.errors import IndexError_
from assist.search.corpus import Row, write_rows

pytestmark = pytest.mark.model


@pytest.fixture
def guides_dir() -> Path:
    """The shipped guides; asked for before the settings are changed."""
    return Path(__file__).parents[2] / "guides"


@pytest.fixture
def root(tmp_path: Path, few_rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a small corpus and no index yet."""
    (tmp_path / "corpus").mkdir()
    write_rows(tmp_path / "corpus" / "all.jsonl", few_rows)
    monkeypatch.setenv("ASSIST_ROOT", str(tmp_path))
    monkeypatch.setenv("ASSIST_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def built(root: Path, few_index: Path) -> Path:
    (root / "index").symlink_to(few_index)
    return root


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_build_prints_the_trade_off_and_if_stale_builds_once(root: Path) -> None:
    first = run("index", "build", "--if-stale")
    assert first.exit_code == 0 and "58 questions" in first.output
    assert "a card opens in a call from" in first.output and "wrong card" in first.output
    stamp = (root / "index" / "manifest.json").stat().st_mtime_ns
    again = run("index", "build", "--if-stale")
    assert again.exit_code == 0 and "fits corpus and embedder" in again.output
    assert (root / "index" / "manifest.json").stat().st_mtime_ns == stamp


def test_info_says_whether_it_fits(built: Path, few_rows: list[Row]) -> None:
    good = run("index", "info")
    assert good.exit_code == 0 and "It fits corpus and embedder." in good.output
    assert "use-multilingual, 512 dimensions" in good.output
    write_rows(built / "corpus" / "all.jsonl", few_rows[1:])
    bad = run("index", "info")
    assert isinstance(bad.exception, IndexError_)
    assert "58 rows then, 57 now" in bad.exception.message


def test_find_as_json(built: Path) -> None:
    done = run("find", "电费这个月怎么多了一倍，电表走得太快了吧", "--json", "--top", "2")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["decision"] == "open"
    assert [sorted(match) for match in found["matches"]] == [["guide", "question", "score"]] * 2
    assert found["matches"][0]["guide"] == "power.bill-high"


def test_find_for_people(built: Path) -> None:
    done = run("find", "电费这个月怎么多了一倍，电表走得太快了吧")
    assert done.exit_code == 0
    assert "this guide opens by itself" in done.output and "because of" in done.output
    quiet = run("find", "附近有没有药店")
    assert quiet.exit_code == 0 and quiet.output.startswith("silent")


def test_find_without_an_index_finds_by_hand_and_says_what_to_run(
    root: Path, guides_dir: Path
) -> None:
    (root / "guides").symlink_to(guides_dir)
    done = run("find", "dfg", "--json")
    assert done.exit_code == 0 and "assist index build" in done.stderr
    found = json.loads(done.stdout)
    assert (found["decision"], found["by"]) == ("suggest", "hand")
    first = found["matches"][0]
    assert first["guide"] == "power.bill-high"
    assert "".join(first["question"][a:b] for a, b in first["spans"]).startswith("电费")
    english = json.loads(run("find", "internet", "--lang", "en", "--json").stdout)["matches"]
    assert english and all(match["guide"].endswith(".en") for match in english)
    assert "Nothing is like it." in run("find", "qqqqqq").stdout


def test_find_by_hand_leaves_a_good_index_alone(built: Path, guides_dir: Path) -> None:
    (built / "guides").symlink_to(guides_dir)
    done = run("find", "kdsbl", "--by-hand")
    assert done.exit_code == 0 and done.stderr == ""
    assert "broadband.no-internet" in done.stdout and "宽带上不了网" in done.stdout


def test_find_refuses_a_language_it_does_not_know(built: Path) -> None:
    done = run("find", "电费高", "--lang", "fr")
    assert done.exit_code == 2 and "zh or en" in done.output
