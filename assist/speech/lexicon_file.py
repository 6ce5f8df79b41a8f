"""Reading `corpus/lexicon.yaml`, and everything that can be wrong with it, line by line.

It never raises for what an editor wrote and never repairs it: every problem comes back with its
place, and the entries that could be read come with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assist.errors import CorpusError
from assist.problems import Level, Problem
from assist.speech.sound import readings, spelled

EDITED = "editor"
NUMBER_CHARACTERS = frozenset("〇零一二三四五六七八九十百千万亿两幺")
LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SYLLABLE = re.compile(r"[a-zü]+")


class Entry(BaseModel):
    """A term as an editor writes it; see corpus/README.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    lang: Literal["zh", "en"]
    aliases: tuple[str, ...] = ()
    pinyin: str = ""
    weight: float = Field(default=1.0, gt=0, le=10)

    @field_validator("term")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip() or value != value.strip():
            raise ValueError("is blank or has spaces around it")
        return value

    @field_validator("aliases")
    @classmethod
    def _no_blank(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if any(not value.strip() for value in values):
            raise ValueError("holds a blank alias")
        return values


@dataclass(frozen=True)
class _Placed:
    """An entry with its line and column."""

    entry: Entry
    line: int
    column: int


def read_entries(path: Path) -> tuple[list[Entry], list[Problem]]:
    """What could be read, and every problem. Raises CorpusError when there is no such file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: the lexicon cannot be read ({error.strerror}).",
            "Name a lexicon file, or set ASSIST_ROOT to the folder that holds corpus/.",
        ) from error
    problems: list[Problem] = []
    placed = list(_entries(str(path), raw, problems))
    problems += _clashes(str(path), placed)
    for each in placed:
        problems += _faults(str(path), each)
    return [each.entry for each in placed], sorted(problems)


def _entries(path: str, raw: bytes, problems: list[Problem]) -> Iterator[_Placed]:
    try:
        text = raw.decode("utf-8-sig")
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(path, line, 1, "yaml", "is not UTF-8 text"))
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or " ".join(str(error).split())
        problems.append(Problem(path, line, column, "yaml", what))
        return
    if not isinstance(root, yaml.MappingNode):
        problems.append(Problem(path, 1, 1, "schema", "expected `zh:` and `en:` with terms"))
        return
    for key, value in root.value:
        lang = next((each for each in LANGUAGES if each == key.value), None)
        if lang is None:
            message = f"'{key.value}' is no language of the lexicon, expected zh or en"
            problems.append(_at(path, key, "schema", message))
        elif not isinstance(value, yaml.SequenceNode):
            problems.append(_at(path, key, "schema", f"{lang} holds no list of terms"))
        else:
            for node in value.value:
                if entry := _entry(path, lang, node, problems):
                    yield _Placed(entry, node.start_mark.line + 1, node.start_mark.column + 1)


def _entry(path: str, lang: str, node: yaml.Node, problems: list[Problem]) -> Entry | None:
    if not isinstance(node, yaml.MappingNode):
        problems.append(_at(path, node, "schema", "expected `{term: …}`"))
        return None
    keys = [key.value for key, _ in node.value]
    for name in sorted({key for key in keys if keys.count(key) > 1}):
        problems.append(_at(path, node, "schema", f"field '{name}' is written twice"))
    values: dict[str, Any] = {key.value: _plain(value) for key, value in node.value}
    try:
        return Entry(**{**values, "lang": lang})
    except ValidationError as error:
        nodes = {key.value: value for key, value in node.value}
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else "entry"
            problems.append(_at(path, nodes.get(name, node), "schema", f"{name}: {fault['msg']}"))
        return None


def _plain(node: yaml.Node) -> Any:
    """Words stay words (`no`, `5G`, `1e3`); pydantic makes numbers of what must be one."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(each) for each in node.value)
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return node.value


def _at(path: str, node: yaml.Node, rule: str, message: str) -> Problem:
    mark = node.start_mark
    return Problem(path, mark.line + 1, mark.column + 1, rule, message)


def _folded(text: str) -> str:
    return "".join(text.casefold().replace("-", " ").split())


def _clashes(path: str, placed: list[_Placed]) -> Iterator[Problem]:
    """Terms written twice, aliases that are terms, aliases of two terms."""
    terms: dict[tuple[str, str], _Placed] = {}
    for each in placed:
        entry, key = each.entry, (each.entry.lang, _folded(each.entry.term))
        if key in terms:
            message = f"term '{entry.term}' is there already, on line {terms[key].line}"
            yield Problem(path, each.line, each.column, "duplicate", message)
        terms.setdefault(key, each)
    owners: dict[tuple[str, str], _Placed] = {}
    for each in placed:
        for alias in each.entry.aliases:
            key = (each.entry.lang, alias.casefold())
            own = terms.get((each.entry.lang, _folded(alias)))
            if own is not None and own.entry.term != each.entry.term:
                message = f"alias '{alias}' is a term of its own, on line {own.line}"
                yield Problem(path, each.line, each.column, "alias", message)
            if key in owners:
                message = f"alias '{alias}' is used already, on line {owners[key].line}"
                yield Problem(path, each.line, each.column, "duplicate", message)
            owners.setdefault(key, each)


def _faults(path: str, placed: _Placed) -> Iterator[Problem]:
    """What is wrong with one entry by itself."""
    entry = placed.entry

    latin = any(character.isascii() for character in entry.term)

    def fault(rule: str, message: str, level: Level = "error") -> Problem:
        return Problem(path, placed.line, placed.column, rule, message, level)

    for alias in entry.aliases:
        if any(c.isdigit() or c in NUMBER_CHARACTERS for c in alias):
            yield fault("alias", f"alias '{alias}' holds a number; numbers are never corrected")
        if entry.lang == "en" and _CJK.search(alias):
            yield fault("alias", f"alias '{alias}' of an English term is Chinese")
        if alias == entry.term:
            yield fault("alias", f"alias '{alias}' is the term itself")
        elif entry.lang == "zh" and spelled(alias) == spelled(entry.term) and not latin:
            message = f"alias '{alias}' sounds as '{entry.term}' does and is found without it"
            yield fault("alias-needless", message, "warning")
    characters = _CJK.findall(entry.term)
    if entry.lang == "en" and characters:
        yield fault("term", f"English term '{entry.term}' holds Chinese characters")
    if entry.lang == "zh" and len(characters) == 1 and len(entry.term) == 1:
        yield fault("term", f"term '{entry.term}' is one character; too little to be told by sound")
    if not entry.pinyin:
        return
    syllables = _SYLLABLE.findall(entry.pinyin)
    if " ".join(syllables) != entry.pinyin or len(syllables) != len(characters):
        yield fault(
            "pinyin",
            f"pinyin '{entry.pinyin}' has {len(entry.pinyin.split())} syllables, '{entry.term}' "
            f"has {len(characters)} characters; write toneless syllables with spaces between",
        )
        return
    for character, syllable in zip(characters, syllables, strict=True):
        if syllable.replace("ü", "v") not in readings(character):
            known = ", ".join(readings(character))
            yield fault("pinyin", f"'{character}' is not read {syllable}; it is read {known}")
