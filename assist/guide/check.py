"""The checker: every problem of guides, ticket types and offers, with its place, never only one.

Reads and judges; it renders nothing and changes nothing. Each rule is written up, with an example
that passes and one that fails, in docs/guide-rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assist.guide.check_craft import check_craft
from assist.guide.check_flow import check_flow
from assist.guide.check_names import Names, check_template
from assist.guide.check_opening import check_lines, check_opening
from assist.guide.check_speech import check_house, check_speech
from assist.guide.check_subguides import check_subguides, lent_slots
from assist.guide.check_tickets import check_ticket_type
from assist.guide.model import Guide, Slot, Step, TicketType
from assist.guide.shelf import SUFFIX, Entry, Shelf, read_shelf
from assist.guide.source import Document, Loc
from assist.problems import Problem

RULES = {
    "folder-missing": "error",
    "yaml-syntax": "error",
    "yaml-duplicate-key": "error",
    "schema": "error",
    "id-is-file-name": "error",
    "duplicate-id": "error",
    "effective-window": "error",
    "weight-size": "error",
    "tag-unnamed": "warning",
    "line-idle": "warning",
    "guide-unknown": "error",
    "guide-cycle": "error",
    "not-said-short": "error",
    "cooldown-once": "warning",
    "must-not-say-short": "error",
    "must-not-say-script": "error",
    "policy-expired": "warning",
    "target-unknown": "error",
    "step-unreachable": "warning",
    "dead-end": "error",
    "endless-round": "error",
    "end-missing": "error",
    "field-misplaced": "error",
    "ask-slot": "error",
    "ask-say": "error",
    "ask-otherwise": "warning",
    "choice-unknown": "error",
    "choice-unheard": "warning",
    "phrase-twice": "error",
    "case-default": "error",
    "diagnose-manual": "error",
    "fills-slot": "error",
    "connector-unknown": "error",
    "ticket-unknown": "error",
    "ticket-field": "error",
    "ticket-source": "error",
    "field-choices": "error",
    "deadline-order": "warning",
    "offer-unknown": "error",
    "language": "warning",
    "slot-choices": "error",
    "slot-pattern": "error",
    "slot-source": "warning",
    "from-literal": "warning",
    "template-syntax": "error",
    "template-name": "error",
    "template-slot": "error",
    "template-field": "error",
    "template-step": "error",
    "template-choice": "error",
    "template-misplaced": "warning",
    "diagnose-args": "error",
    "case-twice": "error",
    "phrase-within": "warning",
    "script-long": "warning",
    "end-without-ticket": "warning",
    "end-without-handoff": "warning",
    "ticket-unclosed": "warning",
    "offer-early": "warning",
    "offer-mood": "warning",
}
"""Every rule and its level."""

_ALWAYS = {"id", "title", "only_if", "say", "must_not_say", "policy"}
_FIELDS = {
    "say": {"must_say", "solves", "next"},
    "ask": {"ask", "must_say", "hear", "choices", "otherwise", "next"},
    "diagnose": {
        *("diagnose", "args", "timeout_s", "summary", "fills", "cases", "manual", "next"),
    },
    "offer": {"offer", "next"},
    "ticket": {"ticket", "types", "fill", "solves", "next"},
    "handoff": {"handoff", "must_say", "next"},
    "guide": {"guide", "next"},
    "end": {"end", "must_say", "disposition"},
}


def check(path: Path, today: date | None = None) -> list[Problem]:
    """All problems of a guides folder, or of one file of it, in order of place.

    What has expired is told for the day given; without one nothing has.
    """
    if path.is_dir() or not path.exists():
        return sorted(check_shelf(read_shelf(path), today))
    folder = path.parent.parent if path.parent.name == "tickets" else path.parent
    return [p for p in sorted(check_shelf(read_shelf(folder), today)) if p.path == str(path)]


def check_shelf(shelf: Shelf, today: date | None = None) -> list[Problem]:
    """The problems found on reading and those of meaning, each once."""
    found = [*shelf.problems, *check_house(shelf), *check_lines(shelf)]
    for entry in shelf.guides.values():
        found += _check_entry(shelf, entry, today)
    for entry in shelf.tickets.values():
        found += check_ticket_type(shelf, entry)
    for entry in shelf.offers.values():
        names, at = Names(offers=frozenset(shelf.offers)), entry.loc
        for key in ("say", "consent", "eligible"):
            text = getattr(entry.item, key)
            found += check_template(
                entry.document, (*at, key), text, names, condition=key == "eligible"
            )
    return list(dict.fromkeys(found))


def check_guide(shelf: Shelf, path: Path, today: date | None = None) -> list[Problem]:
    """The problems of one guide's file, by place, without judging the others."""
    found = [problem for problem in shelf.problems if problem.path == str(path)]
    entry = shelf.guides.get(path.stem)
    if entry is not None:
        found += _check_entry(shelf, entry, today)
    return sorted(dict.fromkeys(p for p in found if p.path == str(path)))


def _check_entry(shelf: Shelf, entry: Entry[Guide], today: date | None) -> Iterator[Problem]:
    yield from _check_guide(shelf, entry.item, entry.document)
    yield from check_speech(shelf, entry.item, entry.document, today)


def _check_guide(shelf: Shelf, guide: Guide, document: Document) -> Iterator[Problem]:
    window = guide.effective
    if window.from_ and window.until and window.until < window.from_:
        message = f"it ends on {window.until}, before it begins on {window.from_}"
        yield document.problem(("effective", "until"), "effective-window", message)
    yield from check_opening(shelf, guide, document)
    yield from check_flow(guide, document)
    yield from check_craft(guide, document)
    yield from check_subguides(shelf, guide, document)
    lent = lent_slots(shelf, guide)
    for name, slot in guide.slots.items():
        yield from _check_slot(guide, document, name, slot, lent)
    for i, step in enumerate(guide.steps):
        yield from _check_fields(document, i, step)
        match step.kind:
            case "ask":
                yield from _check_ask(guide, document, i, step)
            case "diagnose":
                yield from _check_diagnose(shelf, guide, document, i, step)
            case "ticket":
                yield from _check_ticket(shelf, guide, document, i, step)
            case "offer":
                yield from _check_offer(shelf, guide, document, i, step)
    names = _names(shelf, guide)
    for loc, text, condition in _templates(guide):
        yield from check_template(document, loc, text, names, condition=condition)


def _check_fields(document: Document, i: int, step: Step) -> Iterator[Problem]:
    for name in sorted(step.model_fields_set - _ALWAYS - _FIELDS[step.kind]):
        key = "with" if name == "args" else name
        message = f"'{key}' means nothing in a step of kind '{step.kind}'"
        yield document.problem(("steps", i, key), "field-misplaced", message)
    for key in ("disposition", "handoff"):
        if "{{" in getattr(step, key):
            message = f"'{key}' is taken as written; braces are for say, from, with, fill"
            yield document.problem(("steps", i, key), "template-misplaced", message, "warning")


def _check_slot(
    guide: Guide, document: Document, name: str, slot: Slot, lent: frozenset[str]
) -> Iterator[Problem]:
    loc: Loc = ("slots", name)
    if (slot.type == "choice") != bool(slot.choices):
        message = "a slot of type choice needs choices, and only such a slot has them"
        yield document.problem(loc, "slot-choices", message)
    try:
        re.compile(slot.pattern)
    except re.error as e:
        yield document.problem((*loc, "pattern"), "slot-pattern", f"no regular expression: {e}")
    if slot.source and "{{" not in slot.source and "{%" not in slot.source:
        message = f"'{slot.source}' is taken literally; did you mean {{{{ {slot.source} }}}}?"
        yield document.problem((*loc, "from"), "from-literal", message, "warning")
    asking = [step for step in guide.steps if step.ask == name]
    filled = name in lent or any(name in step.fills for step in guide.steps)
    if slot.type == "choice" and (asking or slot.hear):
        yield from _check_hearing(document, loc, slot, asking)
    mute = not (slot.hear if slot.type == "choice" else slot.type != "text" or slot.pattern)
    if mute and not (asking or filled or slot.source):
        message = f"nothing ever fills slot '{name}': no step asks, no source, nothing to hear"
        yield document.problem(loc, "slot-source", message, "warning")


def _check_hearing(
    document: Document, loc: Loc, slot: Slot, asking: list[Step]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for hear in (slot.hear, *(step.hear for step in asking)):
        for choice, phrases in hear.items():
            for phrase in phrases:
                if first.setdefault(phrase, choice) != choice:
                    message = f"'{phrase}' stands for both '{first[phrase]}' and '{choice}'"
                    yield document.problem(loc, "phrase-twice", message)
    for choice in [c for c in slot.choices if c not in first.values()]:
        message = f"no phrase tells choice '{choice}'; it can only be clicked"
        yield document.problem((*loc, "choices", choice), "choice-unheard", message, "warning")


def _check_ask(guide: Guide, document: Document, i: int, step: Step) -> Iterator[Problem]:
    slot = guide.slots.get(step.ask)
    if slot is None:
        message = f"slot '{step.ask}' is not among the guide's slots"
        yield document.problem(("steps", i, "ask"), "ask-slot", message)
        return
    if not step.say:
        message = "an ask needs `say`, the sentence that asks"
        yield document.problem(("steps", i), "ask-say", message)
    for key in ("choices", "hear"):
        for choice in [c for c in getattr(step, key) if c not in slot.choices]:
            message = f"slot '{step.ask}' has no choice '{choice}'"
            yield document.problem(("steps", i, key, choice), "choice-unknown", message)
    if not step.otherwise and not step.next:
        message = "say with `otherwise` where it goes when the customer cannot tell"
        yield document.problem(("steps", i), "ask-otherwise", message, "warning")


def _check_diagnose(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step
) -> Iterator[Problem]:
    loc: Loc = ("steps", i)
    if shelf.connectors is not None and step.diagnose not in shelf.connectors:
        message = f"connectors/ has no '{step.diagnose}{SUFFIX}'"
        yield document.problem((*loc, "diagnose"), "connector-unknown", message)
    yield from _check_args(shelf, document, loc, step)
    if not step.manual:
        message = "say with `manual` where it goes when the system does not answer"
        yield document.problem(loc, "diagnose-manual", message)
    if step.cases and step.cases[-1].when:
        message = "the last case needs no `when`: it takes what no other case took"
        yield document.problem((*loc, "cases", len(step.cases) - 1), "case-default", message)
    for j, case in enumerate(step.cases[:-1]):
        if not case.when:
            message = "a case without `when` takes all; the cases below it are never reached"
            yield document.problem((*loc, "cases", j), "case-default", message)
    for name in [n for n in step.fills if n not in guide.slots]:
        message = f"slot '{name}' is not among the guide's slots"
        yield document.problem((*loc, "fills", name), "fills-slot", message)


def _check_args(shelf: Shelf, document: Document, loc: Loc, step: Step) -> Iterator[Problem]:
    taken = shelf.arguments.get(step.diagnose)
    if taken is None:
        return
    for name in [n for n in step.args if n not in taken]:
        message = f"{step.diagnose} takes {', '.join(taken)}, not '{name}'"
        yield document.problem((*loc, "with", name), "diagnose-args", message)
    for name in [n for n, needed in taken.items() if needed and n not in step.args]:
        message = f"{step.diagnose} needs '{name}'; say with `with` where it comes from"
        yield document.problem((*loc, "diagnose"), "diagnose-args", message)


def _check_ticket(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step
) -> Iterator[Problem]:
    at: Loc = ("steps", i)
    named: list[tuple[Loc, str]] = [((*at, "ticket"), step.ticket)]
    named += [((*at, "types", j, "type"), case.type) for j, case in enumerate(step.types)]
    fields: set[str] = set()
    for loc, name in named:
        if entry := shelf.tickets.get(name):
            fields |= set(entry.item.fields)
            yield from _check_ticket_type(shelf, guide, document, loc, step, entry)
        else:
            message = f"tickets/ has no '{name}{SUFFIX}'"
            yield document.problem(loc, "ticket-unknown", message)
    if all(name in shelf.tickets for _, name in named):
        for name in [n for n in step.fill if n not in fields]:
            message = f"ticket type '{step.ticket}' has no field '{name}'"
            yield document.problem((*at, "fill", name), "ticket-field", message)


def _check_ticket_type(
    shelf: Shelf, guide: Guide, document: Document, loc: Loc, step: Step, entry: Entry[TicketType]
) -> Iterator[Problem]:
    """One type that a step may file."""
    ticket = entry.item
    yield from _check_language(guide, document, loc, f"ticket type '{ticket.id}'", ticket.lang)
    for j in range(len(ticket.route)):
        yield from _borrowed(shelf, guide, document, loc, entry, ("route", j, "when"))
    for name, spec in ticket.fields.items():
        if spec.required and not spec.source and name not in step.fill:
            message = f"required field '{name}' of '{ticket.id}' has no source; add it to `fill`"
            yield document.problem(loc, "ticket-source", message)
        if name not in step.fill:
            yield from _borrowed(shelf, guide, document, loc, entry, ("fields", name, "from"))


def _check_offer(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step
) -> Iterator[Problem]:
    loc: Loc = ("steps", i, "offer")
    entry = shelf.offers.get(step.offer)
    if entry is None:
        message = f"offers{SUFFIX} has no '{step.offer}'"
        yield document.problem(loc, "offer-unknown", message)
        return
    yield from _check_language(guide, document, loc, f"offer '{step.offer}'", entry.item.lang)
    for key in ("say", "consent", "eligible"):
        yield from _borrowed(shelf, guide, document, loc, entry, (*entry.loc, key))


def _borrowed(
    shelf: Shelf, guide: Guide, document: Document, loc: Loc, entry: Entry, at: Loc
) -> Iterator[Problem]:
    """Problems that a template of a ticket type or an offer has only within this guide."""
    value = entry.document.data
    for part in at:
        value = value.get(part, "") if isinstance(value, dict) else value[part]
    condition = at[-1] in ("eligible", "when")
    alone = set(check_template(entry.document, at, value, Names(), condition=condition))
    names = _names(shelf, guide)
    for found in check_template(entry.document, at, value, names, condition=condition):
        if found not in alone and found.rule in ("template-slot", "template-step"):
            message = f"'{entry.item.id}' needs it: {found.message}"
            yield document.problem(loc, found.rule, message)


def _check_language(
    guide: Guide, document: Document, loc: Loc, what: str, lang: str
) -> Iterator[Problem]:
    if lang != guide.lang:
        message = f"{what} is written in '{lang}', this guide in '{guide.lang}'"
        yield document.problem(loc, "language", message, "warning")


def _names(shelf: Shelf, guide: Guide) -> Names:
    return Names(
        slots={name: frozenset(slot.choices) for name, slot in guide.slots.items()},
        steps=frozenset(step.id for step in guide.steps if step.kind == "diagnose"),
        offers=frozenset(shelf.offers),
    )


def _templates(guide: Guide) -> Iterator[tuple[Loc, str, bool]]:
    """Every template of the guide: place, text, whether it is a condition."""
    for name, slot in guide.slots.items():
        yield ("slots", name, "from"), slot.source, False
    for i, step in enumerate(guide.steps):
        for key in ("title", "say", "summary"):
            yield ("steps", i, key), getattr(step, key), False
        yield ("steps", i, "only_if"), step.only_if, True
        if step.policy:
            yield ("steps", i, "policy", "text"), step.policy.text, False
        for key, texts in (("with", step.args), ("fills", step.fills), ("fill", step.fill)):
            for name, text in texts.items():
                yield ("steps", i, key, name), text, False
        for key, cases in (("cases", step.cases), ("types", step.types)):
            for j, case in enumerate(cases):
                yield ("steps", i, key, j, "when"), case.when, True
