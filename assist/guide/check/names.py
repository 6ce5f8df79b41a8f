"""Checks of one template or condition: does it parse, and does all that it names exist?

Looks at the syntax tree only; nothing is rendered. Asked by `check` for every text of a guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.parser import Parser

from assist.guide.render import (
    CALL_FIELDS,
    CUSTOMER_FIELDS,
    NAMES,
    environment,
)
from assist.guide.rule_texts import RULE_TEXTS
from assist.guide.source import Document, Loc
from assist.problems import Problem, Said, said
from assist.problems.parsers import template_said

DECISIONS = frozenset({"accepted", "declined", "ignored", ""})
MOODS = frozenset({"calm", "angry"})


@dataclass(frozen=True)
class Names:
    """What exists for a template: slots with their choices, diagnosis steps, offers.

    None where it cannot be known, as for a ticket type outside any guide.
    """

    slots: Mapping[str, frozenset[str]] | None = None
    steps: frozenset[str] | None = None
    offers: frozenset[str] | None = None


@dataclass(frozen=True)
class Named:
    """What a template names, gathered once a text: members, comparisons, unknown variables."""

    unknown: frozenset[str] = frozenset()
    members: tuple[nodes.Getattr | nodes.Getitem, ...] = ()
    comparisons: tuple[nodes.Compare, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What the key of RULE_TEXTS says with these values; `needle` is a regular expression that
    finds the place within the raw text."""

    key: str
    values: tuple[tuple[str, str], ...]
    needle: str = ""

    @property
    def said(self) -> Said:
        return said(RULE_TEXTS, self.key, dict(self.values))


def _finding(key: str, needle: str, **values: str) -> Finding:
    return Finding(key, tuple(values.items()), needle)


def check_template(
    document: Document, loc: Loc, source: str, names: Names, *, condition: bool
) -> Iterator[Problem]:
    """Every problem of the template or condition that stands at `loc` of the document."""
    if not source.strip() or not (condition or "{" in source):
        return
    try:
        named = _named(source, condition)
    except TemplateSyntaxError as e:
        line, column = document.place(loc)
        where = _line_of_error(document, loc, condition) or line
        key = "template-syntax.braces" if condition and "{{" in source else "template-syntax"
        told = said(RULE_TEXTS, key, {"fault": template_said(e.message or "")})
        at = column if where == line else 1
        yield Problem(document.path, where, at, "template-syntax", told)
        return
    for found in sorted(set(findings(named, names)), key=lambda f: (f.key, f.values)):
        yield document.problem(loc, found.key, needle=found.needle, **dict(found.values))


def tree_of(source: str, condition: bool = False) -> nodes.Template:
    """The syntax tree. Raises TemplateSyntaxError."""
    env = environment()
    if not condition:
        return env.parse(source)
    parser = Parser(env, source, state="variable")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        raise TemplateSyntaxError("chunk after expression", parser.stream.current.lineno)
    tree = nodes.Template([nodes.Output([expression], lineno=1)], lineno=1)
    tree.set_environment(env)
    return tree


@lru_cache(maxsize=100_000)
def _named(source: str, condition: bool) -> Named:
    """What a template names. Raises TemplateSyntaxError, with what only the compiler finds, too:
    it is what looks for undeclared variables."""
    tree = tree_of(source, condition)
    unknown = frozenset(meta.find_undeclared_variables(tree)) - NAMES
    if not any(True for _ in tree.find_all(nodes.Name)):
        return Named()
    members = tuple(tree.find_all((nodes.Getattr, nodes.Getitem)))
    return Named(
        unknown=unknown,
        members=members,
        comparisons=tuple(tree.find_all(nodes.Compare)) if members or "mood" in source else (),
    )


def _line_of_error(document: Document, loc: Loc, condition: bool) -> int:
    """The line in the file: the raw text has the line breaks that YAML folds away."""
    raw, first = document.source_of(loc)
    if not condition:
        try:
            environment().from_string(raw)
        except TemplateSyntaxError as e:
            return first + e.lineno - 1
    return 0


def findings(named: Named, names: Names) -> Iterator[Finding]:
    """What the template names that does not exist."""
    for name in named.unknown:
        known = ", ".join(sorted(NAMES))
        yield _finding("template-name", rf"\b{name}\b", name=name, known=known)
    for node in named.members:
        yield from _member(node, names)
    for node in named.comparisons:
        yield from _comparison(node, names)


def _member(node: nodes.Getattr | nodes.Getitem, names: Names) -> Iterator[Finding]:
    owner, key = _owner(node), _key(node)
    if key is None:
        return
    if isinstance(node.node, (nodes.Getattr, nodes.Getitem)) and _owner(node.node) == "slots":
        if key not in ("value", "label"):
            yield _finding("template-field.slot", rf"\b{re.escape(key)}\b", name=key)
        return
    needle = rf"{owner}\s*(?:\.\s*|\[\s*['\"]){re.escape(key)}\b"
    if owner == "slots" and names.slots is not None and key not in names.slots:
        yield _finding("template-slot", needle, name=key)
    elif owner == "customer" and key not in CUSTOMER_FIELDS:
        yield _finding("template-field.customer", needle, name=key)
    elif owner == "call" and key not in CALL_FIELDS:
        yield _finding("template-field.call", needle, name=key)
    elif owner == "results" and names.steps is not None and key not in names.steps:
        yield _finding("template-step", needle, name=key)
    elif owner == "offers" and names.offers is not None and key not in names.offers:
        yield _finding("offer-unknown.named", needle, name=key)


def _comparison(node: nodes.Compare, names: Names) -> Iterator[Finding]:
    allowed = _choices(node.expr, names)
    if allowed is None:
        return
    for operand in node.ops:
        for constant in _constants(operand):
            if constant not in allowed:
                choices = ", ".join(sorted(a for a in allowed if a))
                needle = re.escape(constant)
                yield _finding("template-choice", needle, value=constant, choices=choices)


def _choices(node: nodes.Expr, names: Names) -> frozenset[str] | None:
    """The values a compared expression can have, None when they are not a fixed set."""
    if isinstance(node, nodes.Name) and node.name == "mood":
        return MOODS
    if not isinstance(node, (nodes.Getattr, nodes.Getitem)):
        return None
    if _key(node) == "value" and isinstance(node.node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    owner, key = _owner(node), _key(node)
    if owner == "offers":
        return DECISIONS
    if owner == "slots" and names.slots is not None and key is not None:
        choices = names.slots.get(key, frozenset())
        return choices | {""} if choices else None
    return None


def _constants(operand: nodes.Operand) -> Iterator[str]:
    expr = operand.expr
    items = expr.items if isinstance(expr, (nodes.List, nodes.Tuple)) else [expr]
    for item in items:
        if isinstance(item, nodes.Const) and isinstance(item.value, str):
            yield item.value


def _owner(node: nodes.Node) -> str:
    inner = getattr(node, "node", None)
    return inner.name if isinstance(inner, nodes.Name) else ""


def _key(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    arg = node.arg
    return arg.value if isinstance(arg, nodes.Const) and isinstance(arg.value, str) else None
