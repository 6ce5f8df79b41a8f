"""Questions that come in as a table, CSV or Excel, made into draft rows.

All or nothing: every cell that cannot be used is named by row and column as the spreadsheet counts
them, and then nothing is imported. Whatever the table says, a row that comes in is a draft.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from assist.errors import CorpusError
from assist.problems import Level, Problem, Said, rule_of, said
from assist.search.corpus import OUT_OF_SCOPE, Placed, Row
from assist.search.editing.alike import folded
from assist.search.editing.change import new_ids
from assist.search.row_texts import PLACE_TEXTS, ROW_TEXTS
from assist.search.text import language_of

Table = Sequence[Sequence[str]]
"""Cells as text, row by row, the header first."""
Lang = Literal["zh", "en"]

MOST_ROWS = 20_000
MOST_COLUMNS = 50
MOST_UNPACKED = 100_000_000
"""Bytes of a workbook's parts: its own size says little."""

HEADERS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "question", "questions", "utterance", "sentence", "query", "similar question",
        "问题", "相似问", "相似问题", "相似问法", "问法", "扩展问", "文本", "句子",
        "客户说法", "说法", "内容",
    ),
    "guide": (
        "guide", "scenario", "intent", "category", "label",
        "指引", "场景", "业务场景", "意图", "分类", "类别", "标签",
    ),
    "lang": ("lang", "language", "语言", "语种"),
    "note": ("note", "notes", "remark", "remarks", "comment", "备注", "说明", "原因"),
    "source": ("source", "origin", "来源", "出处"),
    "": ("id", "no", "no.", "status", "added", "date", "编号", "序号", "状态", "添加日期", "日期"),
}  # fmt: skip
"""Names of columns for each field of a row; those under "" are known and not taken over."""
LANGUAGES: Mapping[str, Lang] = {
    **dict.fromkeys(("zh", "zh-cn", "cn", "chinese", "中文", "汉语", "普通话", "国语"), "zh"),
    **dict.fromkeys(("en", "en-us", "en-gb", "english", "英文", "英语"), "en"),
}

_SHEET_ENDINGS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Given:
    """What holds where the table has no such column or an empty cell; `added` is today."""

    guide: str = ""
    lang: Lang | None = None
    source: str = "import"
    added: date | None = None


def read_table(path: Path) -> Table:
    """The first sheet of a workbook, or a CSV file in UTF-8, UTF-16 or GB18030.

    Raises CorpusError when it cannot be read, or is neither.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".tsv", ".txt", *_SHEET_ENDINGS):
        raise CorpusError(
            f"{path}: neither .csv nor .xlsx.", "Save the table as one of these in the spreadsheet."
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: cannot be read ({error.strerror}).", "Check the path."
        ) from error
    return _workbook(path, raw) if ending in _SHEET_ENDINGS else _csv(path, raw)


def drafts(
    table: Table,
    path: Path,
    given: Given,
    rows: Sequence[Placed],
    guides: Mapping[str, str] | None,
) -> tuple[list[Row], list[Problem]]:
    """Draft rows with new ids, and every problem; with an error among these nothing may be used.

    `rows` is the corpus as it stands, `guides` maps id to language where the guides are known.
    """
    columns, problems = _columns(table, path, given)
    if any(each.level == "error" for each in problems):
        return [], problems
    reader = _Reader(path, columns, given, guides, problems, len(table[0]))
    reader.known = {(e.row.lang, folded(e.row.text)): _where(e) for e in rows}
    found = [
        row for number, cells in enumerate(table[1:], start=2) if (row := reader.row(number, cells))
    ]
    if not found and not problems:
        problems.append(_problem(path, 1, 1, "table.empty"))
    return _numbered(found, rows), problems


def _where(placed: Placed) -> Said:
    row = placed.row
    values = {"id": row.id, "guide": row.guide, "status": row.status, "place": placed.place}
    return said(PLACE_TEXTS, "row", values)


def _problem(
    path: Path, line: int, column: int, key: str, level: Level = "error", **values: Any
) -> Problem:
    told = said(ROW_TEXTS, key, values)
    return Problem(str(path), line, column, rule_of(key), told, level)


def _numbered(found: Sequence[Row], rows: Sequence[Placed]) -> list[Row]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(found):
        groups[row.guide, row.lang].append(at)
    ids = [""] * len(found)
    for (guide, lang), own in groups.items():
        for at, made in zip(own, new_ids(rows, guide, lang, len(own)), strict=True):
            ids[at] = made
    return [row.model_copy(update={"id": made}) for row, made in zip(found, ids, strict=True)]


def _columns(table: Table, path: Path, given: Given) -> tuple[dict[str, int], list[Problem]]:
    """Field -> position of its column."""
    problems: list[Problem] = []

    def problem(at: int, key: str, level: Level = "error", **values: Any) -> None:
        problems.append(_problem(path, 1, at + 1, key, level, **values))

    columns: dict[str, int] = {}
    for at, name in enumerate(table[0] if table else ()):
        key = " ".join(name.lower().replace("_", " ").split())
        field = next((field for field, names in HEADERS.items() if key in names), None)
        if field is None and key:
            problem(at, "header", "warning", name=name)
        elif field and field in columns:
            problem(at, "header.twice", name=name, field=field)
        elif field:
            columns[field] = at
    if "text" not in columns:
        names = ", ".join(HEADERS["text"][:2] + HEADERS["text"][7:9])
        problem(0, "header.text", names=names)
    if "guide" not in columns and not given.guide:
        problem(0, "header.guide")
    return columns, problems


class _Reader:
    """One row after another; `known` are the texts that are there already, and where."""

    def __init__(
        self,
        path: Path,
        columns: Mapping[str, int],
        given: Given,
        guides: Mapping[str, str] | None,
        problems: list[Problem],
        width: int,
    ) -> None:
        self.known: dict[tuple[str, str], Said] = {}
        self._path, self._columns, self._given = path, columns, given
        self._guides, self._problems, self._width = guides, problems, width

    def row(self, number: int, cells: Sequence[str]) -> Row | None:
        """None for an empty row, and for one that cannot be used."""
        if not any(cell.strip() for cell in cells):
            return None
        values = {
            field: cells[at].strip() if at < len(cells) else ""
            for field, at in self._columns.items()
        }
        before = len(self._problems)
        if any(cell.strip() for cell in cells[self._width :]):
            self._problems.append(_problem(self._path, number, self._width + 1, "table.wide"))
            return None
        text, guide = " ".join(values["text"].split()), values.get("guide") or self._given.guide
        if not text:
            self._fault(number, "text", "table.text")
            return None
        lang = self._lang(number, values.get("lang", ""), text, guide)
        self._guide(number, guide, lang)
        here = said(PLACE_TEXTS, "table", {"number": number})
        if (there := self.known.setdefault((lang, folded(text)), here)) != here:
            self._fault(number, "text", "duplicate-text.known", text=text, place=there)
        if len(self._problems) > before:
            return None
        return Row(
            id="new",
            text=text,
            guide=guide,
            lang=lang,
            source=values.get("source") or self._given.source,
            status="draft",
            added=self._given.added,
            note=values.get("note", ""),
        )

    def _lang(self, number: int, cell: str, text: str, guide: str) -> Lang:
        written: Lang = "zh" if language_of(text) == "zh" else "en"
        lang = LANGUAGES.get(cell.lower()) if cell else self._given.lang or written
        if lang is None:
            self._fault(number, "lang", "language.unknown", cell=cell)
            return written
        own = (self._guides or {}).get(guide, lang)
        if written != lang:
            values = {"text": text, "written": written, "lang": lang}
            self._fault(number, "text", "language.written", **values)
        elif own != lang:
            self._fault(number, "text", "language.other", guide=guide, own=own, lang=lang)
        return lang

    def _guide(self, number: int, guide: str, lang: str) -> None:
        if not guide:
            self._fault(number, "guide", "table.guide")
        elif self._guides is not None and guide not in (*self._guides, OUT_OF_SCOPE):
            self._fault(number, "guide", "guide-unknown.named", guide=guide)

    def _fault(self, number: int, field: str, key: str, **values: Any) -> None:
        column = self._columns.get(field, self._columns["text"]) + 1
        self._problems.append(_problem(self._path, number, column, key, **values))


def _csv(path: Path, raw: bytes) -> Table:
    """Spreadsheets in China save CSV in GB18030 unless told otherwise."""
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CorpusError(f"{path}: is not text in UTF-8, UTF-16 or GB18030.", "Save it as UTF-8.")
    header = text.split("\n", 1)[0]
    mark = max(",;\t", key=header.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise CorpusError(f"{path}: is no CSV ({error}).", "Save the table again.") from error


def _workbook(path: Path, raw: bytes) -> Table:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise ValueError("it unpacks to too much")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        # What a workbook says of its size may be untrue, and cells are filled up to it.
        rows = sheet.iter_rows(
            values_only=True,
            max_row=min(sheet.max_row or MOST_ROWS + 1, MOST_ROWS + 1),
            max_col=min(sheet.max_column or MOST_COLUMNS + 1, MOST_COLUMNS + 1),
        )
        found = [[_cell(each) for each in row] for row in rows]
        if any(map(any, found[MOST_ROWS:])) or any(any(row[MOST_COLUMNS:]) for row in found):
            raise ValueError(f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
        return found
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise CorpusError(
            f"{path}: is no Excel workbook that can be read ({error}).", "Save it as .xlsx again."
        ) from error


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
