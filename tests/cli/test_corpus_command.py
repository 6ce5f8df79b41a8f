"""`assist corpus`: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assist import events as ev
from assist.cli import app
from assist.config import Settings
from assist.errors import CorpusError, StoreError
from assist.journal import Journal
from assist.search.corpus import load_corpus, usable_rows
from assist.store import Store

ROWS = (
    '{"id": "power-001", "text": "电费怎么多了一倍", "guide": "power.bill-high", "lang": "zh"}',
    '{"id": "power-002", "text": "电表走得太快", "guide": "power.bill-high", "lang": "zh"}',
    '{"id": "bb-001", "text": "光猫上亮红灯", "guide": "broadband.no-internet", "lang": "zh",'
    ' "status": "draft"}',
)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of three rows with two guides beside it; the journal is somewhere else."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "all.jsonl").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    (tmp_path / "guides").mkdir()
    for guide in ("power.bill-high", "broadband.no-internet"):
        name = f"{guide}.yaml"
        (tmp_path / "guides" / name).write_bytes((Settings().guides_dir / name).read_bytes())
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["corpus", *map(str, words)])


def lines(folder: Path) -> list[str]:
    return (folder / "all.jsonl").read_text(encoding="utf-8").splitlines()


def test_check_prints_every_problem_and_the_worst_is_the_status(corpus: Path) -> None:
    done = run("check", corpus, "--quick", "--least", 1)
    assert done.exit_code == 2
    *found, last = done.output.splitlines()
    assert [line.rsplit("(", 1)[1] for line in found] == ["few-rows)"] * 2
    assert last == f"{corpus}: 3 条，2 个流程，2 个错误，0 个提醒"
    last = run("check", corpus, "--quick", "--least", 1, "--lang", "en").output.splitlines()[-1]
    assert last == f"{corpus}: 3 rows, 2 guides, 2 errors, 0 warnings"
    texts = ("网没了", "连不上", "猫坏了吧", "一直转圈", "电视也看不了")
    rows = [{"id": text, "text": text, "guide": "broadband.no-internet"} for text in texts]
    texts = ("抄错表了", "空调没开", "涨价了吗")
    rows += [{"id": text, "text": text, "guide": "power.bill-high"} for text in texts]
    with (corpus / "all.jsonl").open("a", encoding="utf-8") as out:
        out.writelines(json.dumps({**row, "lang": "zh"}) + "\n" for row in rows)
    assert run("check", corpus, "--quick", "--least", 5).exit_code == 0
    assert run("check", corpus, "--quick").exit_code == 1


def test_check_as_json(corpus: Path) -> None:
    done = run("check", corpus / "all.jsonl", "--quick", "--json")
    assert done.exit_code == 2
    (one, other) = json.loads(done.stdout)["problems"]
    assert one["rule"] == other["rule"] == "few-rows"
    assert (one["path"], one["line"], one["level"]) == (str(corpus / "all.jsonl"), 1, "error")


def test_the_product_s_own_corpus_has_no_error() -> None:
    done = run("check", "--quick", "--lang", "en")
    assert done.exit_code in (0, 1) and " 0 errors" in done.output


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    assert isinstance(run("check", tmp_path / "no").exception, CorpusError)


def test_stats(corpus: Path) -> None:
    done = run("stats", "--corpus", corpus)
    assert done.exit_code == 0 and "power.bill-high" in done.output
    (one, two) = json.loads(run("stats", "--corpus", corpus, "--json").stdout)["guides"]
    assert (one["guide"], one["live"], one["draft"]) == ("broadband.no-internet", 0, 1)
    assert (two["live"], two["length_p50"]) == (2, 7)
    assert isinstance(run("stats", "--guide", "nix", "--corpus", corpus).exception, CorpusError)


def test_import_is_all_or_nothing(corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "neu.csv"
    table.write_text(
        "问题,场景\n电费涨得离谱,power.bill-high\n,power.bill-high\n", encoding="utf-8"
    )
    bad = run("import", table, "--corpus", corpus)
    assert bad.exit_code == 2 and f"{table}:3:1: [error]" in bad.output
    assert "什么都没有导入" in bad.output and lines(corpus) == list(ROWS)
    table.write_text("问题\n电费涨得离谱\n抄表抄错了\n", encoding="utf-8")
    words = (
        "import",
        table,
        "--corpus",
        corpus,
        "--guide",
        "power.bill-high",
        "--source",
        "市场部",
    )
    dry = run(*words, "--dry-run")
    assert dry.exit_code == 0 and "power-004" in dry.output and lines(corpus) == list(ROWS)
    done = run(*words)
    assert done.exit_code == 0 and "2 drafts added" in done.output
    new = usable_rows(corpus)[3:]
    assert [(each.row.id, each.row.status, each.row.source) for each in new] == [
        ("power-003", "draft", "市场部"),
        ("power-004", "draft", "市场部"),
    ]
    assert len(load_corpus(corpus)) == 2
    again = run(*words)
    assert again.exit_code == 2 and "已经有了" in again.output


def test_add_publish_and_retire(corpus: Path) -> None:
    words = ("add", "空调没开电费也高", "--guide", "power.bill-high", "--corpus", corpus)
    done = run(*words, "--note", "没用电", "--quick")
    assert done.exit_code == 0 and "row 'power-003' added, draft" in done.output
    assert [row.id for row in load_corpus(corpus)] == ["power-001", "power-002"]
    twice = run(*words, "--live")
    assert isinstance(twice.exception, CorpusError) and "there already" in twice.exception.message
    out = run("publish", "power-003", "bb-001", "power-001", "--corpus", corpus)
    assert out.exit_code == 0 and "draft → live" in out.output and "1 already live" in out.output
    assert "assist index update" in out.output and len(load_corpus(corpus)) == 4
    gone = run("retire", "power-001", "--corpus", corpus)
    assert gone.exit_code == 0 and "live → retired" in gone.output
    assert lines(corpus)[1] == ROWS[1] and '"status": "retired"' in lines(corpus)[0]
    assert isinstance(run("retire", "nix", "--corpus", corpus).exception, CorpusError)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("电费高", "--guide", "power.bil-high"), "there is no guide"),
        (("My bill is high", "--guide", "power.bill-high"), "is zh, the text is en"),
        (("电表走得太快！", "--guide", "none"), "'power-002' (power.bill-high, live)"),
    ],
)
def test_add_refuses_what_check_would_name(corpus: Path, words: tuple[str, ...], says: str) -> None:
    done = run("add", *words, "--corpus", corpus, "--quick")
    assert isinstance(done.exception, CorpusError) and says in done.exception.message
    assert lines(corpus) == list(ROWS)


def test_a_language_that_is_not_known_or_no_text_is_wrong_usage(corpus: Path) -> None:
    assert run("add", "x", "--guide", "none", "--lang", "fr", "--corpus", corpus).exit_code == 2
    assert run("add", "  ", "--guide", "none", "--corpus", corpus).exit_code == 2


@pytest.mark.model
def test_add_warns_about_the_nearest_rows(corpus: Path) -> None:
    words = ("add", "光猫亮了红灯，电费照交", "--guide", "power.bill-high", "--corpus", corpus)
    done = run(*words, "--live")
    assert done.exit_code == 0 and "the nearest row is of 'broadband.no-internet'" in done.output
    assert "bb-001" in done.output and len(load_corpus(corpus)) == 3


def test_gaps_without_a_journal_and_with_a_wrong_file(corpus: Path) -> None:
    assert isinstance(run("gaps", "--corpus", corpus).exception, StoreError)
    assert isinstance(run("gaps", "--draft", "x.csv", "--corpus", corpus).exception, CorpusError)


@pytest.mark.model
def test_gaps_are_drafted_with_their_calls_and_only_once(corpus: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "var" / "assist.db")
    journal = Journal(store)
    for call, text in (
        ("c1", "我想在车库装一个充电桩"),
        ("c2", "家里想装充电桩，怎么申请"),
        ("live", "充电桩怎么装"),
    ):
        journal.append(call, 0, ev.CallStarted(agent="7", started_at=f"2026-11-2{call[-1:]}"))
        heard = ev.SegmentHeard(
            utterance="u", speaker="customer", start_ms=0, end_ms=9, text=text, confidence=0.9
        )
        journal.append(call, 9, heard)
        journal.append(call, 9, ev.CallWrapped(outcome="uncovered"))
        if call != "live":
            journal.append(call, 9, ev.CallEnded(reason="hangup"))
    store.close()
    file = tmp_path / "gaps.jsonl"
    shown = run("gaps", "--corpus", corpus)
    assert shown.exit_code == 0 and "2 utterances of 2 calls" in shown.output
    assert not file.exists() and "充电桩" in shown.output
    done = run("gaps", "--corpus", corpus, "--draft", file)
    assert done.exit_code == 0 and "2 drafts added" in done.output
    rows = [each.row for each in usable_rows(file)]
    assert {row.status for row in rows} == {"draft"} and load_corpus(file) == []
    assert {row.note for row in rows} == {"uncovered; calls c2, c1"}
    again = json.loads(run("gaps", "--corpus", corpus, "--draft", file, "--json").stdout)
    assert again["drafts"] == [] and again["gaps"][0]["calls"] == ["c2", "c1"]
    assert len(usable_rows(file)) == 2


@pytest.mark.model
def test_overlap_of_too_small_a_corpus_says_so(corpus: Path) -> None:
    assert isinstance(run("overlap", "--corpus", corpus).exception, CorpusError)
