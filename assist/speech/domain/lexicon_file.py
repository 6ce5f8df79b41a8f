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
from assist.problems import Level, Problem, fault_said, refusal, rule_of, said
from assist.problems.parsers import yaml_said
from assist.speech.domain.lexicon_texts import LEXICON_TEXTS
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
            raise refusal("词是空的，或者前后有空格；请改好", "is blank or has spaces around it")
        return value

    @field_validator("aliases")
    @classmethod
    def _no_blank(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if any(not value.strip() for value in values):
            raise refusal("别名里有空的，请删掉", "holds a blank alias")
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
        problems.append(Problem(path, line, 1, "yaml", said(LEXICON_TEXTS, "yaml.encoding", {})))
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        fault = getattr(error, "problem", None) or " ".join(str(error).split())
        told = said(LEXICON_TEXTS, "yaml", {"fault": yaml_said(fault)})
        problems.append(Problem(path, line, column, "yaml", told))
        return
    if not isinstance(root, yaml.MappingNode):
        problems.append(Problem(path, 1, 1, "schema", said(LEXICON_TEXTS, "schema.whole", {})))
        return
    for key, value in root.value:
        lang = next((each for each in LANGUAGES if each == key.value), None)
        if lang is None:
            problems.append(_at(path, key, "schema.language", name=key.value))
        elif not isinstance(value, yaml.SequenceNode):
            problems.append(_at(path, key, "schema.list", lang=lang))
        else:
            for node in value.value:
                if entry := _entry(path, lang, node, problems):
                    yield _Placed(entry, node.start_mark.line + 1, node.start_mark.column + 1)


def _entry(path: str, lang: str, node: yaml.Node, problems: list[Problem]) -> Entry | None:
    if not isinstance(node, yaml.MappingNode):
        problems.append(_at(path, node, "schema.entry"))
        return None
    keys = [key.value for key, _ in node.value]
    for name in sorted({key for key in keys if keys.count(key) > 1}):
        problems.append(_at(path, node, "schema.twice", field=name))
    values: dict[str, Any] = {key.value: _plain(value) for key, value in node.value}
    try:
        return Entry(**{**values, "lang": lang})
    except ValidationError as error:
        nodes = {key.value: value for key, value in node.value}
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else "entry"
            problems.append(_at(path, nodes.get(name, node), "schema", fault=fault_said(fault)))
        return None


def _plain(node: yaml.Node) -> Any:
    """Words stay words (`no`, `5G`, `1e3`); pydantic makes numbers of what must be one."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(each) for each in node.value)
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return node.value


def _at(path: str, node: yaml.Node, key: str, **values: Any) -> Problem:
    mark = node.start_mark
    told = said(LEXICON_TEXTS, key, values)
    return Problem(path, mark.line + 1, mark.column + 1, rule_of(key), told)


def _folded(text: str) -> str:
    return "".join(text.casefold().replace("-", " ").split())


def _clashes(path: str, placed: list[_Placed]) -> Iterator[Problem]:
    """Terms written twice, aliases that are terms, aliases of two terms."""
    terms: dict[tuple[str, str], _Placed] = {}
    for each in placed:
        key = (each.entry.lang, _folded(each.entry.term))
        if key in terms:
            yield _problem(path, each, "duplicate.term", line=terms[key].line)
        terms.setdefault(key, each)
    owners: dict[tuple[str, str], _Placed] = {}
    for each in placed:
        for alias in each.entry.aliases:
            key = (each.entry.lang, alias.casefold())
            own = terms.get((each.entry.lang, _folded(alias)))
            if own is not None and own.entry.term != each.entry.term:
                yield _problem(path, each, "alias.term", alias=alias, line=own.line)
            if key in owners:
                line = owners[key].line
                yield _problem(path, each, "duplicate.alias", alias=alias, line=line)
            owners.setdefault(key, each)


def _problem(
    path: str, placed: _Placed, key: str, level: Level = "error", **values: Any
) -> Problem:
    told = said(LEXICON_TEXTS, key, {"term": placed.entry.term, **values})
    return Problem(path, placed.line, placed.column, rule_of(key), told, level)


def _faults(path: str, placed: _Placed) -> Iterator[Problem]:
    """What is wrong with one entry by itself."""
    entry = placed.entry
    latin = any(character.isascii() for character in entry.term)

    def fault(key: str, level: Level = "error", **values: Any) -> Problem:
        return _problem(path, placed, key, level, **values)

    for alias in entry.aliases:
        if any(c.isdigit() or c in NUMBER_CHARACTERS for c in alias):
            yield fault("alias.number", alias=alias)
        if entry.lang == "en" and _CJK.search(alias):
            yield fault("alias.chinese", alias=alias)
        if alias == entry.term:
            yield fault("alias.same", alias=alias)
        elif entry.lang == "zh" and spelled(alias) == spelled(entry.term) and not latin:
            yield fault("alias-needless", "warning", alias=alias)
    characters = _CJK.findall(entry.term)
    if entry.lang == "en" and characters:
        yield fault("term.chinese")
    if entry.lang == "zh" and len(characters) == 1 and len(entry.term) == 1:
        yield fault("term.short")
    if not entry.pinyin:
        return
    syllables = _SYLLABLE.findall(entry.pinyin)
    if " ".join(syllables) != entry.pinyin or len(syllables) != len(characters):
        spoken, written = len(entry.pinyin.split()), len(characters)
        yield fault("pinyin", pinyin=entry.pinyin, syllables=spoken, characters=written)
        return
    for character, syllable in zip(characters, syllables, strict=True):
        if syllable.replace("ü", "v") not in readings(character):
            known = ", ".join(readings(character))
            values = {"character": character, "syllable": syllable, "known": known}
            yield fault("pinyin.reading", **values)
