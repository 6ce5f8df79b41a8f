"""Tables that come in: real workbooks and CSV files, good and bad."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from assist.errors import CorpusError
from assist.search.corpus import Placed, Row
from assist.search.editing.sheet import MOST_ROWS, Given, drafts, read_table

GUIDES = {"sim.lost": "zh", "plan.change": "zh", "plan.change.en": "en"}
THERE = [
    Placed(
        Row(id="sim-041", text="手机卡丢了", guide="sim.lost", lang="zh"), Path("c/sim.jsonl"), 41
    )
]
GIVEN = Given(added=date(2026, 11, 25))


def sheet(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_a_workbook_with_chinese_headers(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "客户问法.xlsx",
        ("编号", "相似问法", "业务场景", "备注", "语种", "状态", "负责人"),
        (1, "  卡掉水里了，\n还能用吗 ", "sim.lost", "进水", "中文", "live", "小王"),
        (None, None, None, None, None, None, None),
        (2, "卡被狗咬了", "sim.lost", None, None, None, None),
        (3, "套餐太贵了", "plan.change", None, "zh", None, None),
        (4, "Too dear for me", "plan.change.en", None, "英文", None, None),
        (5, 10086, "none", None, "en", None, None),
    )
    rows, problems = drafts(read_table(path), path, GIVEN, THERE, GUIDES)
    assert [str(each) for each in problems] == [
        f"{path}:1:7: [warning] column '负责人' is not known and is left out (header)"
    ]
    assert [(row.id, row.guide, row.lang) for row in rows] == [
        ("sim-042", "sim.lost", "zh"),
        ("sim-043", "sim.lost", "zh"),
        ("plan-change-001", "plan.change", "zh"),
        ("plan-change-en-001", "plan.change.en", "en"),
        ("none-en-001", "none", "en"),
    ]
    assert rows[0] == Row(
        id="sim-042", text="卡掉水里了， 还能用吗", guide="sim.lost", lang="zh", source="import",
        status="draft", added=date(2026, 11, 25), note="进水",
    )  # fmt: skip
    assert {row.status for row in rows} == {"draft"} and rows[4].text == "10086"


def test_every_bad_cell_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = (
        "note,Question,guide,language",
        "x,卡掉水里了,sim.lots,zh",
        "x,,sim.lost,zh",
        "x,手机卡、丢了！,sim.lost,zh",
        "x,掰断了,sim.lost,法语",
        "x,My phone is gone,sim.lost,zh",
        "x,又补一张,,zh",
        'x,"卡，掉水里了",plan.change,zh',
        "x,换个套餐,plan.change.en,zh",
        "x,卡没了,救命,plan.change,zh,多的",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    rows, problems = drafts(read_table(path), path, GIVEN, THERE, GUIDES)
    assert [(each.line, each.column, each.rule) for each in problems] == [
        (2, 3, "guide-unknown"),
        (3, 2, "table"),
        (4, 2, "duplicate-text"),
        (5, 4, "language"),
        (6, 2, "language"),
        (7, 3, "table"),
        (8, 2, "duplicate-text"),
        (9, 2, "language"),
        (10, 5, "table"),
    ]
    assert rows == []
    said = {each.line: each.said.en for each in problems}
    assert "row 'sim-041' (sim.lost, live) at c/sim.jsonl:41" in said[4]
    assert "row 2 of this table" in said[8]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'问题{mark}备注\r\n"卡丢了{mark}急"{mark}急事\r\n'.encode(encoding))
    given = Given("sim.lost", source="年会收集")
    (row,), problems = drafts(read_table(path), path, given, [], GUIDES)
    assert not problems
    assert (row.text, row.note, row.source) == (
        " ".join(f"卡丢了{mark}急".split()),
        "急事",
        "年会收集",
    )


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("foo,bar", "no column holds the question"),
        ("问题,text,guide", "a second one for text"),
        ("问题", "no column names the guide"),
        ("", "no column holds the question"),
    ],
)
def test_a_header_that_cannot_be_used(tmp_path: Path, header: str, says: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(header + "\n网断了,x,y\n", encoding="utf-8")
    rows, problems = drafts(read_table(path), path, GIVEN, [], GUIDES)
    assert not rows and any(says in each.said.en and each.line == 1 for each in problems)


def test_a_table_without_rows_is_a_problem(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ("问题", "场景"))
    rows, problems = drafts(read_table(path), path, GIVEN, [], GUIDES)
    assert not rows and "no row below the header" in problems[0].said.en


def test_a_workbook_that_says_it_is_huge_is_read_as_far_as_it_is_filled(tmp_path: Path) -> None:
    honest, lying = (
        sheet(tmp_path / "a.xlsx", ("问题", "场景"), ("卡丢了", "sim.lost")),
        io.BytesIO(),
    )
    with zipfile.ZipFile(honest) as there, zipfile.ZipFile(lying, "w") as made:
        for name in there.namelist():
            part = there.read(name).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
            made.writestr(name, part)
    (tmp_path / "b.xlsx").write_bytes(lying.getvalue())
    table = read_table(tmp_path / "b.xlsx")
    assert table[1][:2] == ["卡丢了", "sim.lost"] and not any(map(any, table[2:]))
    full = sheet(tmp_path / "c.xlsx", *(["x"] for _ in range(MOST_ROWS + 1)))
    with pytest.raises(CorpusError, match="more than"):
        read_table(full)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"PK\x03\x04 no workbook", "no Excel workbook"),
        ("a.xls", b"", "neither .csv nor .xlsx"),
        ("a.csv", b"\xff\xfe\x00", "is not text"),
        ("a.csv", '问题,场景\n"网断了,x\n'.encode(), "is no CSV"),
        ("a.csv", b"\x81", "is not text"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=says):
        read_table(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"b\.csv: cannot be read"):
        read_table(tmp_path / "b.csv")
