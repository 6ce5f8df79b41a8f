"""Where templates of guides run: without a word of Python, and without a way to work for hours.

Editors are trusted with wording, not with the process that carries live calls. So what could take
all memory or never end (powers, products of texts, methods of texts, loops in loops) is refused.
"""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = (
    *("abs", "default", "first", "float", "int", "join", "last", "length", "list", "lower"),
    *("max", "min", "rejectattr", "replace", "round", "select", "selectattr", "sort", "sum"),
    *("trim", "unique", "upper"),
)
LONGEST = 5_000
"""Characters of one text or condition."""
_LARGEST = 1e12
_REFUSED = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.CallBlock, nodes.FilterBlock)


class GuideEnvironment(ImmutableSandboxedEnvironment):
    """Strict about names, without globals, unable to change what it is given."""

    intercepted_binops = frozenset({"**", "*", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=StrictUndefined, **options)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        plain = all(
            isinstance(value, int | float) and abs(value) < _LARGEST for value in (left, right)
        )
        if operator == "**" or not plain:
            raise SecurityError(f"'{operator}' is for small numbers only, and powers for none")
        return super().call_binop(context, operator, left, right)

    def is_safe_callable(self, obj: Any) -> bool:
        """The one thing to call is `get` of a table that stands in the text itself."""
        return isinstance(getattr(obj, "__self__", None), dict) and obj.__name__ == "get"

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        check_length(source)
        tree = super()._parse(source, name, filename)
        if any(tree.find_all(_REFUSED)):
            raise TemplateSyntaxError("only values, if and for stand in a text", 1)
        for loop in tree.find_all(nodes.For):
            if any(inner is not loop for inner in loop.find_all(nodes.For)):
                raise TemplateSyntaxError("a loop within a loop", 1)
        return tree


def check_length(source: str) -> None:
    """Raises TemplateSyntaxError."""
    if len(source) > LONGEST:
        raise TemplateSyntaxError(f"longer than {LONGEST} characters", 1)
