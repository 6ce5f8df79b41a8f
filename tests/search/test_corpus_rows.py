from __future__ import annotations

import json
from pathlib import Path

import pytest

from assist.errors import CorpusError
from assist.search.corpus import corpus_hash, guides_of, load_corpus, write_rows


def row(**values: object) -> str:
    return json.dumps(
        {"id": "a", "text": "网断了", "guide": "g.one", "lang": "zh"} | values, ensure_ascii=False
    )


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_folder_is_read_file_by_file_and_only_live_rows_count(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", row(id="b1", guide="g.two"), "")
    write(
        tmp_path / "a.jsonl",
        row(id="a1"),
        row(id="a2", status="draft"),
        row(id="a3", status="retired"),
        row(id="a4", guide="none"),
    )
    (tmp_path / "README.md").write_text("not a row")
    rows = load_corpus(tmp_path)
    assert [one.id for one in rows] == ["a1", "a4", "b1"]
    assert guides_of(rows) == ["g.one", "g.two"]


def test_one_file_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(("\ufeff" + row(id="a1") + "\r\n" + row(id="a2") + "\r\n").encode())
    assert len(load_corpus(file)) == 2


def test_every_problem_is_named_with_file_and_line(tmp_path: Path) -> None:
    write(
        tmp_path / "a.jsonl",
        row(id="a1"),
        '{"id": "a2",',
        json.dumps({"id": "a3", "guide": "g", "lang": "zh"}),
        row(id="a4", text="   "),
        row(id="a1"),
        row(id="a5", lang="fr"),
        row(id="a6", colour="red"),
        '["a7"]',
    )
    write(tmp_path / "b.jsonl", row(id="a4"), row(id="a1"))
    with pytest.raises(CorpusError) as caught:
        load_corpus(tmp_path)
    said = caught.value.message.splitlines()
    assert said[0].startswith("8 problems")
    expected = (
        ("a.jsonl:2", "not JSON"),
        ("a.jsonl:3", "field 'text' is missing"),
        ("a.jsonl:4", "'text' is blank"),
        ("a.jsonl:5", f"'a1' is already used at {tmp_path / 'a.jsonl'}:1"),
        ("a.jsonl:6", "lang"),
        ("a.jsonl:7", "colour"),
        ("a.jsonl:8", "list"),
        ("b.jsonl:2", "'a1' is already used"),
    )
    for line, (place, words) in zip(said[1:], expected, strict=True):
        assert place in line and words in line


def test_a_long_list_of_problems_is_cut_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *["{"] * 25)
    with pytest.raises(CorpusError, match=r"25 problems(.|\n)*and 5 more"):
        load_corpus(tmp_path)


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(row(id="a1").encode() + b"\n" + "网".encode("gbk"))
    with pytest.raises(CorpusError, match=r"a\.jsonl:2: is not UTF-8"):
        load_corpus(tmp_path)


def test_a_place_without_corpus_is_named(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "absent"):
        with pytest.raises(CorpusError, match="No corpus at") as caught:
            load_corpus(place)
        assert "ASSIST_ROOT" in caught.value.remedy


def test_the_hash_follows_what_is_searched_and_nothing_else(tmp_path: Path) -> None:
    def of(*lines: str) -> str:
        return corpus_hash(load_corpus(write(tmp_path / "a.jsonl", *lines)))

    before = of(row(id="a"), row(id="b"))
    assert of(row(id="b"), row(id="a", note="another note")) == before
    assert of(row(id="a"), row(id="b", text="电断了")) != before
    assert of(row(id="a"), row(id="b", status="draft")) != before


def test_rows_survive_writing(tmp_path: Path) -> None:
    rows = load_corpus(write(tmp_path / "a.jsonl", row(id="a", note="备注", added="2026-01-02")))
    write_rows(tmp_path / "out.jsonl", rows)
    assert load_corpus(tmp_path / "out.jsonl") == rows
