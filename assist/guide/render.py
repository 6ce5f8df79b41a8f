"""Texts and conditions of guides, rendered in a sandbox over what a call knows.

A template never sees more than its context and can change nothing. A name that does not exist, and
a condition that cannot be judged, is a GuideError: never an empty text, never a silent else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateError
from jinja2.environment import TemplateExpression

from assist.errors import GuideError
from assist.events import Customer
from assist.guide.sandbox import GuideEnvironment, check_length

Context = Mapping[str, Any]
"""What templates may name: see `NAMES`. Made by `make_context`."""

NAMES = frozenset({"customer", "call", "slots", "result", "results", "offers", "solved", "mood"})
CUSTOMER_FIELDS = frozenset(Customer.model_fields) | {"known"}
CALL_FIELDS = frozenset({"number", "lang"})

_TEMPLATE_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
_MARKS = "\u3000-\u303f\uff00-\uffef"
_ZH = f"{_MARKS}\u4e00-\u9fff“”‘’—…"
_GAP_IN_CHINESE = re.compile(rf"(?<=[{_ZH}]) +(?=[{_ZH}])|(?<=[{_MARKS}]) +| +(?=[{_MARKS}])")


class SlotView:
    """A slot in a template: its label when written, its value when compared, false when empty."""

    __slots__ = ("label", "value")

    def __init__(self, value: str = "", label: str = "") -> None:
        self.value = value
        self.label = label or value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.label

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, SlotView) else other)

    def __hash__(self) -> int:
        return hash(self.value)


class Record:
    """Keys as attributes and nothing else, so that a key may be called `items`.

    A missing key is undefined (an error when used, false for `is defined`) unless there is an
    `other` value for it. An empty record is false.
    """

    __slots__ = ("_data", "_other")

    def __init__(self, data: Mapping[str, Any], other: Any = None) -> None:
        self._data = data
        self._other = other

    def __getitem__(self, key: str) -> Any:
        if key not in self._data and self._other is not None:
            return self._other
        return _view(self._data[key])

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def _view(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Record(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_view(v) for v in value)
    return value


def make_context(
    *,
    customer: Customer | None = None,
    number: str = "",
    lang: str = "zh",
    slots: Mapping[str, tuple[str, str]] | None = None,
    results: Mapping[str, Mapping[str, Any]] | None = None,
    last: str | None = None,
    offers: Mapping[str, str] | None = None,
    solved: bool = False,
    mood: str = "calm",
) -> dict[str, Any]:
    """The names a template may use.

    `slots` maps name to (value, label), `results` step id to what its diagnosis said, `last` is
    the id of the latest diagnosis, `offers` maps offer id to the decision. An unknown caller is a
    customer with `known` false and every field empty; a slot, result or offer that is not there
    is empty and false.
    """
    if customer is None:
        known = dict.fromkeys(Customer.model_fields, "") | {"tags": (), "open_tickets": ()}
    else:
        known = customer.model_dump()
    results = results or {}
    return {
        "customer": Record({**known, "known": customer is not None}),
        "call": Record({"number": number, "lang": lang}),
        "slots": Record({k: SlotView(*v) for k, v in (slots or {}).items()}, SlotView()),
        "result": Record(results.get(last, {}) if last else {}),
        "results": Record(results, Record({})),
        "offers": Record(offers or {}, ""),
        "solved": solved,
        "mood": mood,
    }


def render_text(template: str, context: Context, where: str = "") -> str:
    """The text with its names filled in, on one line, without gaps between Chinese characters.

    Raises GuideError naming `where` (guide and step) when a name is missing or the text is no
    template.
    """
    try:
        text = template_of(template).render(context) if "{" in template else template
    except _TEMPLATE_FAULTS as e:
        raise _fault("text", template, where, e) from e
    return _GAP_IN_CHINESE.sub("", " ".join(text.split()))


def test(condition: str, context: Context, where: str = "") -> bool:
    """Whether the condition holds; an empty one does. Raises GuideError if it cannot be judged."""
    if not condition.strip():
        return True
    try:
        return bool(expression_of(condition)(context))
    except _TEMPLATE_FAULTS as e:
        raise _fault("condition", condition, where, e) from e


def clause(text: str) -> str:
    """A sentence without its full stop, to go on writing after it."""
    return str(text).strip().rstrip("。.；;！!")


def _written(value: Any) -> Any:
    """Numbers as people say them (84.0 is 84), nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return value


@lru_cache(maxsize=1)
def environment() -> GuideEnvironment:
    """The one environment."""
    env = GuideEnvironment(finalize=_written, trim_blocks=True, lstrip_blocks=True)
    env.filters["clause"] = clause
    return env


@lru_cache(maxsize=4096)
def template_of(template: str) -> Template:
    """Compiled, once a text. Raises jinja2.TemplateSyntaxError."""
    return environment().from_string(template)


@lru_cache(maxsize=4096)
def expression_of(condition: str) -> TemplateExpression:
    """Compiled, once a condition. Raises jinja2.TemplateSyntaxError."""
    check_length(condition)
    return environment().compile_expression(condition, undefined_to_none=False)


def _fault(what: str, source: str, where: str, error: Exception) -> GuideError:
    shown = " ".join(source.split())
    place = f"{where}: " if where else ""
    return GuideError(
        f"{place}the {what} “{shown}” cannot be worked out: {error}.",
        "Mend it in the guide; `assist guide check` shows the place.",
    )
