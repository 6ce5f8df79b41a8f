"""Changes to corpus files: rows added, and what a row says, one line each.

Only the line concerned is written anew; every other byte stays as it was. A file is written aside
and renamed, and one that somebody else changed in between is left alone. No row is ever deleted,
and none becomes live unless the caller says so.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from assist.errors import CorpusError, first_problem
from assist.files import ChangedMeanwhile, replace_file
from assist.search.corpus import Placed, Row, usable_rows

Status = Literal["draft", "live", "retired"]

_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_BOM = b"\xef\xbb\xbf"
_WIDTH = 3


def new_ids(rows: Sequence[Placed], guide: str, lang: str, count: int) -> list[str]:
    """Ids that go on where the guide's own end ("bb-107" -> "bb-108"); retired ones count, so
    that no id is ever used again. A guide without rows begins with its own name."""
    matched = [match for each in rows if (match := _NUMBERED.match(each.row.id))]
    own = Counter(
        match[1]
        for each in rows
        if each.row.guide == guide and each.row.lang == lang
        if (match := _NUMBERED.match(each.row.id))
    )
    prefix = own.most_common(1)[0][0] if own else _begun(guide, lang)
    numbers = [match[2] for match in matched if match[1] == prefix]
    last = max((int(number) for number in numbers), default=0)
    width = max((len(number) for number in numbers), default=_WIDTH)
    return [f"{prefix}{last + at:0{width}}" for at in range(1, count + 1)]


def _begun(guide: str, lang: str) -> str:
    ending = "" if lang == "zh" or guide.endswith(f".{lang}") else f"-{lang}"
    return f"{guide.replace('.', '-')}{ending}-"


def home_of(rows: Sequence[Placed], source: Path, guide: str, lang: str) -> Path:
    """The file that holds most rows of the guide in that language, else a new one named after it.

    A corpus that is one file stays one.
    """
    if source.is_file():
        return source
    files = Counter(e.path for e in rows if e.row.guide == guide and e.row.lang == lang)
    if files:
        return files.most_common(1)[0][0]
    ending = "" if lang == "zh" or guide.endswith(f".{lang}") else f".{lang}"
    return source / f"{guide}{ending}.jsonl"


def add_rows(source: Path, rows: Sequence[Placed], new: Sequence[Row]) -> dict[Path, int]:
    """Puts new rows at the ends of the files where their guides are at home.

    `rows` is the corpus as read. Returns how many went where; raises CorpusError.
    """
    by_file: dict[Path, list[Row]] = defaultdict(list)
    for row in new:
        by_file[home_of(rows, source, row.guide, row.lang)].append(row)
    for path, own in by_file.items():
        append(path, own)
    return {path: len(own) for path, own in by_file.items()}


def append(path: Path, rows: Sequence[Row]) -> None:
    """Puts rows at the end of a file, which is made if it is not there. Raises CorpusError."""
    added = "".join(line_of(row) + "\n" for row in rows).encode()

    def with_rows(old: bytes) -> bytes:
        gap = b"" if not old or old.endswith(b"\n") else b"\n"
        return old + gap + added

    _rewrite(path, with_rows)


def line_of(row: Row) -> str:
    """The row as editors write it: every field, in the order of the manual."""
    return json.dumps(row.model_dump(mode="json", exclude_none=True), ensure_ascii=False)


def set_status(source: Path, ids: Sequence[str], status: Status) -> list[Placed]:
    """Gives these rows a status; returns those that had another one.

    Raises CorpusError, before anything is written, when one of the ids is not in the corpus.
    """
    known = _known(source, ids)
    changed = [each for each in known if each.row.status != status]
    _write_values(changed, {"status": status})
    return changed


def edit_row(source: Path, row_id: str, values: Mapping[str, str]) -> Row:
    """Gives a row another text, guide or note. A row whose text or guide has changed is a draft
    again: nobody else has seen it yet. Raises CorpusError."""
    (old,) = _known(source, [row_id])
    changed = {key: value for key, value in values.items() if getattr(old.row, key) != value}
    if {"text", "guide"} & changed.keys():
        changed["status"] = "draft"
    try:
        row = Row.model_validate(old.row.model_dump() | changed)
    except ValidationError as error:
        raise CorpusError(f"'{row_id}': {first_problem(error, 'row')}.", "Mend it.") from error
    if changed:
        _write_values([old], {key: getattr(row, key) for key in changed})
    return row


def _known(source: Path, ids: Sequence[str]) -> list[Placed]:
    """The rows with these ids, each once."""
    known = {each.row.id: each for each in usable_rows(source)}
    missing = [each for each in dict.fromkeys(ids) if each not in known]
    if missing:
        raise CorpusError(
            f"There is no row {', '.join(repr(each) for each in missing)} in {source}.",
            "Nothing was changed. `assist find` and `assist corpus check` show ids.",
        )
    return [known[each] for each in dict.fromkeys(ids)]


def _write_values(rows: Sequence[Placed], values: Mapping[str, str]) -> None:
    by_file: dict[Path, list[Placed]] = defaultdict(list)
    for each in rows:
        by_file[each.path].append(each)
    for path, own in by_file.items():
        _rewrite(path, lambda old, path=path, own=own: _with_values(old, path, own, values))


def _with_values(
    old: bytes, path: Path, rows: Sequence[Placed], changed: Mapping[str, str]
) -> bytes:
    lines = old.split(b"\n")
    for each in rows:
        line = lines[each.line - 1] if each.line <= len(lines) else b""
        start = _BOM if line.startswith(_BOM) else b""
        end = b"\r" if line.endswith(b"\r") else b""
        values = _values(line.removeprefix(_BOM))
        if values.get("id") != each.row.id:
            raise _changed(path)
        written = json.dumps({**values, **changed}, ensure_ascii=False)
        lines[each.line - 1] = start + written.encode() + end
    return b"\n".join(lines)


def _values(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _rewrite(path: Path, edit: Callable[[bytes], bytes]) -> None:
    try:
        replace_file(path, edit)
    except ChangedMeanwhile as error:
        raise _changed(path) from error
    except OSError as error:
        raise CorpusError(
            f"{path}: cannot be written ({error.strerror}).",
            "Check the folder and its access rights; the file is as it was.",
        ) from error


def _changed(path: Path) -> CorpusError:
    return CorpusError(
        f"{path}: somebody changed it meanwhile; it is left as it is.", "Give the command again."
    )
