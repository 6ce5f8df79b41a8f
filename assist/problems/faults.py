"""What pydantic finds in a file, said to the person who wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from assist.problems.model import Said, Texts, said

_OWN = "said"
_LONGEST = 60
"""Characters shown of what was found."""

_FAULTS: Texts = {
    "missing": ("缺少字段“{field}”，请补上", "field '{field}' is missing"),
    "extra_forbidden": (
        "没有“{field}”这个字段，请检查拼写，用不着就删掉",
        "unknown field '{field}'",
    ),
    "text": (
        "“{field}”要写一段文字，现在写的是 {found}；数字和 true 要当文字用时请加引号",
        "'{field}' should be a text (found {found}); a number or true stands in quotes",
    ),
    "bool": (
        "“{field}”只能写 true 或 false，现在写的是 {found}",
        "'{field}' should be true or false (found {found})",
    ),
    "whole": (
        "“{field}”要写一个整数，现在写的是 {found}",
        "'{field}' should be a whole number (found {found})",
    ),
    "number": (
        "“{field}”要写一个数字，现在写的是 {found}",
        "'{field}' should be a number (found {found})",
    ),
    "list": (
        "“{field}”要写成列表：每行一个“- ”，或写在 [ ] 里；现在写的是 {found}",
        "'{field}' should be a list: a line `- ` each, or in [ ] (found {found})",
    ),
    "mapping": (
        "“{field}”要写成“名称: 值”，每行一对；现在写的是 {found}",
        "'{field}' should be names and values, a line each (found {found})",
    ),
    "choice": (
        "“{field}”只能是 {expected}，现在写的是 {found}",
        "'{field}' should be {expected} (found {found})",
    ),
    "id": (
        "“{field}”只能用小写字母、数字、- 和 _，以字母开头；现在写的是 {found}",
        "'{field}' is made of small letters, digits, - and _, a letter first (found {found})",
    ),
    "form": (
        "“{field}”要符合格式 {pattern}，现在写的是 {found}",
        "'{field}' should match {pattern} (found {found})",
    ),
    "empty": ("“{field}”不能空着，请写上内容", "'{field}' must not be empty"),
    "greater_than": (
        "“{field}”要大于 {bound}，现在是 {found}",
        "'{field}' should be more than {bound} (found {found})",
    ),
    "greater_than_equal": (
        "“{field}”不能小于 {bound}，现在是 {found}",
        "'{field}' should be {bound} or more (found {found})",
    ),
    "less_than": (
        "“{field}”要小于 {bound}，现在是 {found}",
        "'{field}' should be less than {bound} (found {found})",
    ),
    "less_than_equal": (
        "“{field}”不能大于 {bound}，现在是 {found}",
        "'{field}' should be {bound} or less (found {found})",
    ),
    "date": (
        "“{field}”要写日期，如 2026-11-30；现在写的是 {found}",
        "'{field}' should be a date, as 2026-11-30 (found {found})",
    ),
    "other": (
        "“{field}”的值用不了，现在写的是 {found}；请照手册上的例子改",
        "{message} (found {found})",
    ),
}

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("string_type", "string_unicode"), "text"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "bool"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "whole"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "number"),
    **dict.fromkeys(("list_type", "tuple_type"), "list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "mapping"),
    **dict.fromkeys(("literal_error", "enum"), "choice"),
    **dict.fromkeys(("string_too_short", "too_short"), "empty"),
    **dict.fromkeys(
        (
            *("date_type", "date_parsing", "date_from_datetime_parsing"),
            *("date_from_datetime_inexact",),
        ),
        "date",
    ),
    "string_pattern_mismatch": "form",
}
"""pydantic's kind of error -> ours, where the name differs."""
_ID_PATTERN = r"^[a-z][a-z0-9_-]*$"


def refusal(zh: str, en: str, **values: object) -> PydanticCustomError:
    """What a validator of ours raises to say its mind in both languages."""
    both = said({_OWN: (zh, en)}, _OWN, values)
    return PydanticCustomError(_OWN, "{en}", both.as_json())


def fault_said(fault: Any) -> Said:
    """One of `ValidationError.errors()` as an editor reads it."""
    context = fault.get("ctx") or {}
    if fault["type"] == _OWN:
        return Said(context["zh"], context["en"])
    kind = _KINDS.get(fault["type"], fault["type"])
    if kind == "form" and context.get("pattern") == _ID_PATTERN:
        kind = "id"
    bounds = [context[each] for each in ("gt", "ge", "lt", "le") if each in context]
    values = {
        "field": _field(fault["loc"]),
        "found": _found(fault["input"]),
        "message": fault["msg"],
        "pattern": context.get("pattern", ""),
        "bound": bounds[0] if bounds else "",
        "expected": _either(str(context.get("expected", ""))),
    }
    return said(_FAULTS, kind if kind in _FAULTS else "other", values)


def _field(loc: tuple[str | int, ...]) -> str:
    """The name nearest to the fault; of a list's item, that of the list."""
    names = [part for part in loc if isinstance(part, str) and part != "[key]"]
    return names[-1] if names else ""


def _found(value: object) -> str:
    told = "null" if value is None else repr(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"


def _either(expected: str) -> Said:
    """pydantic's `'zh', 'en' or 'auto'`."""
    return Said(expected.replace(", ", "、").replace(" or ", " 或 "), expected)
