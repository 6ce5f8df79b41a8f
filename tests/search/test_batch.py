"""Any corpus, from the command line: build, ask one text or a file of them, keep it up, look."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from search.made_up_calls import dialogues
from typer.testing import CliRunner, Result

from assist.cli import app
from assist.errors import IndexError_
from assist.search.batch import Asked, Tally, read_batch
from assist.search.corpus import Row, write_rows
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import load

COMMAND = [sys.executable, "-c", "from assist.cli import main; main()"]


def run(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin)


def test_lines_are_read_whatever_they_hold() -> None:
    raw = "text\tintent\n网断了\tnet\r\n\n\tnet\n没有期望\nabc\tx\ty\n".encode() + b"\xff\xfe!\tz\n"
    raw += ("长" * 2001).encode() + b"\tnet\nlast\tnet"
    assert read_batch(raw) == [
        Asked(2, "网断了", "net"),
        Asked(3, "", "", "has no text"),
        Asked(4, "", "net", "has no text"),
        Asked(5, "没有期望"),
        Asked(6, "abc", "x", "has 3 columns, expected a text and perhaps a guide"),
        Asked(7, "", "", "is not UTF-8 text"),
        Asked(8, "长" * 2001, "net", "has 2001 characters, at most 2000 are searched"),
        Asked(9, "last", "net"),
    ]


def test_marks_of_spreadsheets_and_missing_headers_do_no_harm() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_batch("网断了\tnet\n".encode(encoding)) == [Asked(1, "网断了", "net")]
        assert read_batch("Query\n网断了\n".encode(encoding)) == [Asked(2, "网断了")]
    assert read_batch(b"") == [] == read_batch(b"text\tlabel\n")


def test_the_tally_counts_what_was_expected() -> None:
    from assist.events import Match

    def found(decision: str, *guides: str) -> Finding:
        return Finding(decision, tuple(Match(guide=g, score=0.9, question="") for g in guides))  # type: ignore[arg-type]

    tally = Tally(("a", "b"))
    tally.add("a", found("open", "a", "b"))
    tally.add("a", found("open", "b", "a"))
    tally.add("none", found("open", "a"))
    tally.add("none", found("silent", "a"))
    tally.add("c", found("suggest", "a"))
    tally.add("", found("open", "a"))
    assert (tally.covered, tally.uncovered) == (3, 2)
    assert (tally.first, tally.among_three, tally.right_open, tally.wrong_open) == (1, 2, 1, 2)
    assert tally.unknown == {"c": 1}


@pytest.fixture(scope="module")
def house(few_rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A single corpus file of another house, and its index: no guides anywhere."""
    folder = tmp_path_factory.mktemp("another")
    names = {"power.bill-high": "bill", "broadband.no-internet": "net", "none": "none"}
    rows = [row.model_copy(update={"guide": names[row.guide]}) for row in few_rows]
    write_rows(folder / "rows.jsonl", rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSIST_ROOT", str(folder / "nowhere"))
        built = run("index", "build", "--corpus", folder / "rows.jsonl", "--out", folder / "index")
    assert built.exit_code == 0 and "58 questions" in built.output
    return folder


@pytest.fixture(autouse=True)
def _no_house_of_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSIST_ROOT", str(tmp_path / "nowhere"))
    monkeypatch.setenv("ASSIST_INDEX", str(tmp_path / "none"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.model
def test_one_text_is_found_in_any_index(house: Path) -> None:
    found = run(
        "find", "--index", house / "index", "电费这个月怎么多了一倍，电表走得太快了吧", "--json"
    )
    assert json.loads(found.stdout)["matches"][0]["guide"] == "bill"
    told = run("index", "info", "--index", house / "index")
    assert told.exit_code == 0 and "It fits embedder" in told.output
    compared = run("index", "info", "--index", house / "index", "--corpus", house / "rows.jsonl")
    assert "It fits corpus and embedder" in compared.output


@pytest.mark.model
def test_a_batch_finds_what_each_text_finds_alone(
    few_index: Path, embedder: SentenceEmbedder
) -> None:
    finder = Finder(load(few_index, embedder), embedder)
    texts = [heard.text for one in dialogues() for heard in one.turns]
    texts = [*texts, *texts[:3], "", "  ", "嗯"]
    alone, together = [finder.find(text) for text in texts], finder.find_many(texts)
    assert len(together) == len(texts) > 100
    for one, other in zip(alone, together, strict=True):
        assert one.decision == other.decision
        assert [m.guide for m in one.matches] == [m.guide for m in other.matches]
        for mine, its in zip(one.matches, other.matches, strict=True):
            assert mine.score == pytest.approx(its.score, abs=1e-3)
    assert finder.find_many(["上不了网"], "fr") == [Finding("silent")]
    assert finder.find_many([]) == []


@pytest.mark.model
def test_a_file_is_answered_line_by_line_and_tallied(house: Path, tmp_path: Path) -> None:
    file = tmp_path / "asked.tsv"
    file.write_bytes(
        "text\tguide\n电费这个月怎么多了一倍，电表走得太快了吧\tbill\n\n网页都打不开了\tnet\n"
        "附近有没有药店\tnone\nmy router is dead\tnet\n坏了\tnever\n".encode()
        + b"\xff\tnet\n"
    )
    done = run("find", "--index", house / "index", "--batch", file, "--json", "--top", "2")
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["line"] for answer in answers] == [2, 3, 4, 5, 6, 7, 8]
    assert answers[0]["decision"] == "open" and len(answers[0]["matches"]) == 2
    assert sorted(answers[0]["matches"][0]) == ["guide", "question", "score"]
    assert (answers[1]["decision"], answers[1]["problem"]) == ("silent", "has no text")
    assert answers[2]["matches"][0]["guide"] == "net" == answers[2]["expected"]
    assert answers[4] == {
        "line": 6, "text": "my router is dead", "decision": "silent", "matches": [],
        "expected": "net",
    }  # fmt: skip
    assert f"{file}:3: has no text" in done.stderr and ":8: is not UTF-8" in done.stderr
    assert "'never' is expected 1 times" in done.stderr
    assert "4 texts that a guide covers: first is right 50.0%" in done.stderr
    assert "5 texts in all: opened wrongly 0.0%." in done.stderr


@pytest.mark.model
def test_standard_input_without_expectations_as_columns(house: Path) -> None:
    raw = "网页都打不开了\n附近有没有药店\n".encode()
    done = run("find", "--index", house / "index", "--batch", "-", stdin=raw)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [len(line) for line in lines] == [4, 4] and lines[0][1] == "net"
    assert lines[1][0] == "silent" and "texts in all" not in done.stderr


@pytest.mark.model
def test_the_product_is_kept_apart_from_other_corpora(house: Path, tmp_path: Path) -> None:
    unnamed = run("index", "build", "--corpus", house / "rows.jsonl")
    assert unnamed.exit_code == 2 and "--out" in unnamed.output
    unnamed = run("index", "update", "--corpus", house / "rows.jsonl")
    assert unnamed.exit_code == 2 and "--index" in unnamed.output
    missing = run("find", "--index", tmp_path / "absent", "网断了")
    assert isinstance(missing.exception, IndexError_)
    assert missing.exception.remedy.endswith(f"--out {tmp_path / 'absent'}`.")
    gone = run("find", "--index", house / "index", "--batch", tmp_path / "absent.tsv")
    assert "cannot be read" in str(gone.exception)
    assert run("find", "--index", house / "index").exit_code == 2


@pytest.mark.model
def test_an_update_takes_rows_in_and_says_when_a_build_is_due(
    house: Path, few_rows: list[Row], tmp_path: Path
) -> None:
    import shutil

    index, corpus = tmp_path / "index", tmp_path / "rows.jsonl"
    shutil.copytree(house / "index", index)
    lines = (house / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    corpus.write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    done = run("index", "update", "--index", index, "--corpus", corpus)
    assert done.exit_code == 0 and "0 rows added, 1 removed, 0 texts embedded" in done.output
    assert done.stderr == ""
    corpus.write_text("\n".join(lines[4:-4]) + "\n", encoding="utf-8")
    done = run("index", "update", "--index", index, "--corpus", corpus)
    assert f"assist index build --corpus {corpus} --out {index}" in done.stderr
    told = run("index", "info", "--index", index, "--corpus", corpus)
    assert "0 rows added and 8 removed" in told.output and "learnt from" in told.stderr


def asked(house: Path, count: int) -> Path:
    file = house / f"{count}.tsv"
    file.write_text("".join(f"网页都打不开了，第{n}次了\n" for n in range(count)), encoding="utf-8")
    return file


def start(house: Path, file: Path, out: Path) -> subprocess.Popen[bytes]:
    words = ["find", "--index", str(house / "index"), "--batch", str(file), "--json"]
    with out.open("wb") as stdout:
        return subprocess.Popen(
            [*COMMAND, *words], stdout=stdout, stderr=subprocess.PIPE, env={**os.environ}
        )


@pytest.mark.model
def test_ctrl_c_leaves_whole_lines_and_says_nothing_strange(house: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    process = start(house, asked(house, 30_000), out)
    while process.poll() is None and not out.stat().st_size:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and b"Traceback" not in errors
    lines = out.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == "" and 0 < len(lines) < 30_000
    assert all(json.loads(line)["matches"] for line in lines[-3:])


@pytest.mark.model
def test_whoever_reads_may_stop_reading(house: Path) -> None:
    words = ["find", "--index", str(house / "index"), "--batch", str(asked(house, 3000)), "--json"]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        assert json.loads(process.stdout.readline())["line"] == 1
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
