"""Changes to corpus files touch the lines they are about and no other byte."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from assist.errors import CorpusError
from assist.search.corpus import Row, load_corpus, usable_rows
from assist.search.editing.change import add_rows, append, line_of, new_ids, set_status
from assist.search.editing.stats import stats

ONE = '{"id":"bb-007",  "text":"网断了","guide":"g.one","lang":"zh"}'
TWO = '{"guide": "g.one", "id": "bb-012", "text": "没网", "lang": "zh", "status": "draft"}'
OTHER = '{"id": "x", "text": "卡丢了", "guide": "g.two", "lang": "zh", "status": "retired"}'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    raw = "\ufeff" + ONE + "\r\n" + TWO + "\r\n\r\n"
    (tmp_path / "a.jsonl").write_bytes(raw.encode())
    (tmp_path / "b.jsonl").write_text(OTHER, encoding="utf-8")
    return tmp_path


def new(text: str, guide: str = "g.one", **values: object) -> Row:
    fields = {"id": "n", "text": text, "guide": guide, "lang": "zh", **values}
    return Row.model_validate(fields)


def test_only_the_line_of_the_row_is_written_anew(corpus: Path) -> None:
    before = (corpus / "a.jsonl").read_bytes().split(b"\n")
    changed = set_status(corpus, ["bb-012", "bb-012"], "live")
    assert [(each.row.id, each.row.status, each.line) for each in changed] == [
        ("bb-012", "draft", 2)
    ]
    after = (corpus / "a.jsonl").read_bytes().split(b"\n")
    assert [at for at in range(4) if before[at] != after[at]] == [1]
    assert after[1] == TWO.replace("draft", "live").encode() + b"\r"
    assert [each.name for each in sorted(corpus.iterdir())] == ["a.jsonl", "b.jsonl"]


def test_the_first_line_keeps_its_mark_and_rows_of_several_files_change(corpus: Path) -> None:
    assert len(set_status(corpus, ["bb-007", "x"], "retired")) == 1
    first = (corpus / "a.jsonl").read_bytes().split(b"\n")[0]
    assert first.startswith(b"\xef\xbb\xbf{") and first.endswith(b'"status": "retired"}\r')
    assert (corpus / "b.jsonl").read_text(encoding="utf-8") == OTHER
    assert load_corpus(corpus) == []


def test_an_unknown_id_changes_nothing(corpus: Path) -> None:
    before = (corpus / "a.jsonl").read_bytes()
    with pytest.raises(CorpusError, match=r"no row 'nix', 'nada' in"):
        set_status(corpus, ["bb-007", "nix", "nada"], "retired")
    assert (corpus / "a.jsonl").read_bytes() == before


def test_a_corpus_with_a_broken_line_is_not_changed(corpus: Path) -> None:
    (corpus / "b.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"b\.jsonl:1"):
        set_status(corpus, ["bb-007"], "retired")


def test_rights_and_links_stay(corpus: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    (corpus / "b.jsonl").rename(real)
    real.chmod(0o640)
    (corpus / "b.jsonl").symlink_to(real)
    set_status(corpus, ["x"], "draft")
    assert (corpus / "b.jsonl").is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert '"status": "draft"' in real.read_text(encoding="utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(corpus: Path) -> None:
    corpus.chmod(0o555)
    try:
        with pytest.raises(CorpusError, match=r"cannot be written"):
            set_status(corpus, ["bb-007"], "retired")
    finally:
        corpus.chmod(0o755)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"c\.jsonl: cannot be written"):
        append(tmp_path / "absent" / "c.jsonl", [new("好")])


def test_new_rows_go_where_their_guide_is_at_home(corpus: Path) -> None:
    rows = usable_rows(corpus)
    made = [new("断网", id="bb-013", added=date(2026, 1, 2)), new("卡没了", "g.two", id="x-1")]
    made.append(new("停电了", "g.three", id="g-three-001"))
    counts = add_rows(corpus, rows, made)
    assert {path.name: count for path, count in counts.items()} == {
        "a.jsonl": 1, "b.jsonl": 1, "g.three.jsonl": 1,
    }  # fmt: skip
    assert (corpus / "b.jsonl").read_text(encoding="utf-8") == f"{OTHER}\n{line_of(made[1])}\n"
    last = (corpus / "a.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert list(json.loads(last)) == [
        "id", "text", "guide", "lang", "source", "status", "added", "note",
    ]  # fmt: skip
    assert len(usable_rows(corpus)) == 6


def test_ids_go_on_and_are_never_used_again(corpus: Path) -> None:
    rows = usable_rows(corpus)
    assert new_ids(rows, "g.one", "zh", 2) == ["bb-013", "bb-014"]
    assert new_ids(rows, "g.two", "zh", 1) == ["g-two-001"]
    assert new_ids(rows, "g.two.en", "en", 1) == ["g-two-en-001"]
    assert new_ids(rows, "none", "en", 1) == ["none-en-001"]


def test_stats_count_what_is_there(corpus: Path) -> None:
    one, two = stats(each.row for each in usable_rows(corpus))
    assert (one.guide, one.live, one.draft, one.retired) == ("g.one", 1, 1, 0)
    assert (one.length_p10, one.length_p90, one.sources) == (2, 3, {"editor": 2})
    assert (two.guide, two.live, two.retired, two.length_p50) == ("g.two", 0, 1, 0)
