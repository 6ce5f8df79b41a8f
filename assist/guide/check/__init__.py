"""The checker: every problem of guides, ticket types and offers, with its place, never only one.

Reads and judges; it renders nothing and changes nothing. Each rule is written up, with an example
that passes and one that fails, in docs/guide-rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from assist.guide.check.craft import check_craft
from assist.guide.check.flow import check_flow
from assist.guide.check.names import Names, check_template
from assist.guide.check.opening import check_lines, check_opening
from assist.guide.check.speech import check_house, check_speech
from assist.guide.check.subguides import check_subguides
from assist.guide.check.tickets import check_ticket_type
from assist.guide.model import Guide, Slot, Step, TicketType
from assist.guide.shelf import Entry, Shelf, read_shelf
from assist.guide.source import Document, Loc
from assist.guide.walk import lent_slots
from assist.problems import Problem
from assist.problems.parsers import pattern_said

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
        at: Loc = ("effective", "until")
        days = {"until": str(window.until), "begins": str(window.from_)}
        yield document.problem(at, "effective-window", **days)
    yield from check_opening(shelf, guide, document)
    yield from check_flow(guide, document)
    yield from check_craft(guide, document)
    yield from check_subguides(shelf, guide, document)
    lent = lent_slots(guide, lambda name: (e := shelf.guides.get(name)) and e.item)
    names = _names(shelf, guide, lent)
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
                yield from _check_ticket(shelf, guide, document, i, step, names)
            case "offer":
                yield from _check_offer(shelf, guide, document, i, step, names)
    for loc, text, condition in _templates(guide):
        yield from check_template(document, loc, text, names, condition=condition)


def _check_fields(document: Document, i: int, step: Step) -> Iterator[Problem]:
    for name in sorted(step.model_fields_set - _ALWAYS - _FIELDS[step.kind]):
        key = "with" if name == "args" else name
        yield document.problem(("steps", i, key), "field-misplaced", field=key, kind=step.kind)
    for key in ("disposition", "handoff"):
        if "{{" in getattr(step, key):
            yield document.problem(("steps", i, key), "template-misplaced", field=key)


def _check_slot(
    guide: Guide, document: Document, name: str, slot: Slot, lent: Collection[str]
) -> Iterator[Problem]:
    loc: Loc = ("slots", name)
    if (slot.type == "choice") != bool(slot.choices):
        yield document.problem(loc, "slot-choices")
    try:
        re.compile(slot.pattern)
    except re.error as e:
        yield document.problem((*loc, "pattern"), "slot-pattern", fault=pattern_said(str(e)))
    if slot.source and "{{" not in slot.source and "{%" not in slot.source:
        yield document.problem((*loc, "from"), "from-literal", source=slot.source)
    asking = [step for step in guide.steps if step.ask == name]
    filled = name in lent or any(name in step.fills for step in guide.steps)
    if slot.type == "choice" and (asking or slot.hear):
        yield from _check_hearing(document, loc, slot, asking)
    mute = not (slot.hear if slot.type == "choice" else slot.type != "text" or slot.pattern)
    if mute and not (asking or filled or slot.source):
        yield document.problem(loc, "slot-source", slot=name)


def _check_hearing(
    document: Document, loc: Loc, slot: Slot, asking: list[Step]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for hear in (slot.hear, *(step.hear for step in asking)):
        for choice, phrases in hear.items():
            for phrase in phrases:
                if first.setdefault(phrase, choice) != choice:
                    both = {"first": first[phrase], "second": choice}
                    yield document.problem(loc, "phrase-twice", phrase=phrase, **both)
    for choice in [c for c in slot.choices if c not in first.values()]:
        yield document.problem((*loc, "choices", choice), "choice-unheard", choice=choice)


def _check_ask(guide: Guide, document: Document, i: int, step: Step) -> Iterator[Problem]:
    slot = guide.slots.get(step.ask)
    if slot is None:
        yield document.problem(("steps", i, "ask"), "ask-slot", slot=step.ask)
        return
    if not step.say:
        yield document.problem(("steps", i), "ask-say")
    for key in ("choices", "hear"):
        for choice in [c for c in getattr(step, key) if c not in slot.choices]:
            loc: Loc = ("steps", i, key, choice)
            yield document.problem(loc, "choice-unknown", slot=step.ask, choice=choice)
    if not step.otherwise and not step.next:
        yield document.problem(("steps", i), "ask-otherwise")


def _check_diagnose(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step
) -> Iterator[Problem]:
    loc: Loc = ("steps", i)
    if shelf.connectors is not None and step.diagnose not in shelf.connectors:
        yield document.problem((*loc, "diagnose"), "connector-unknown", name=step.diagnose)
    yield from _check_args(shelf, document, loc, step)
    if not step.manual:
        yield document.problem(loc, "diagnose-manual")
    if step.cases and step.cases[-1].when:
        yield document.problem((*loc, "cases", len(step.cases) - 1), "case-default.last")
    for j, case in enumerate(step.cases[:-1]):
        if not case.when:
            yield document.problem((*loc, "cases", j), "case-default.early")
    for name in [n for n in step.fills if n not in guide.slots]:
        yield document.problem((*loc, "fills", name), "fills-slot", slot=name)


def _check_args(shelf: Shelf, document: Document, loc: Loc, step: Step) -> Iterator[Problem]:
    taken = shelf.arguments.get(step.diagnose)
    if taken is None:
        return
    for name in [n for n in step.args if n not in taken]:
        values = {"name": step.diagnose, "taken": ", ".join(taken), "argument": name}
        yield document.problem((*loc, "with", name), "diagnose-args.unknown", **values)
    for name in [n for n, needed in taken.items() if needed and n not in step.args]:
        values = {"name": step.diagnose, "argument": name}
        yield document.problem((*loc, "diagnose"), "diagnose-args.missing", **values)


def _check_ticket(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step, names: Names
) -> Iterator[Problem]:
    at: Loc = ("steps", i)
    named: list[tuple[Loc, str]] = [((*at, "ticket"), step.ticket)]
    named += [((*at, "types", j, "type"), case.type) for j, case in enumerate(step.types)]
    fields: set[str] = set()
    for loc, name in named:
        if entry := shelf.tickets.get(name):
            fields |= set(entry.item.fields)
            yield from _check_ticket_type(guide, document, loc, step, entry, names)
        else:
            yield document.problem(loc, "ticket-unknown", name=name)
    if all(name in shelf.tickets for _, name in named):
        for name in [n for n in step.fill if n not in fields]:
            values = {"ticket": step.ticket, "field": name}
            yield document.problem((*at, "fill", name), "ticket-field", **values)


def _check_ticket_type(
    guide: Guide, document: Document, loc: Loc, step: Step, entry: Entry[TicketType], names: Names
) -> Iterator[Problem]:
    """One type that a step may file."""
    ticket = entry.item
    yield from _check_language(guide, document, loc, "ticket", ticket.id, ticket.lang)
    for j in range(len(ticket.route)):
        yield from _borrowed(document, loc, entry, names, ("route", j, "when"))
    for name, spec in ticket.fields.items():
        if spec.required and not spec.source and name not in step.fill:
            yield document.problem(loc, "ticket-source", ticket=ticket.id, field=name)
        if name not in step.fill:
            yield from _borrowed(document, loc, entry, names, ("fields", name, "from"))


def _check_offer(
    shelf: Shelf, guide: Guide, document: Document, i: int, step: Step, names: Names
) -> Iterator[Problem]:
    loc: Loc = ("steps", i, "offer")
    entry = shelf.offers.get(step.offer)
    if entry is None:
        yield document.problem(loc, "offer-unknown", offer=step.offer)
        return
    yield from _check_language(guide, document, loc, "offer", step.offer, entry.item.lang)
    for key in ("say", "consent", "eligible"):
        yield from _borrowed(document, loc, entry, names, (*entry.loc, key))


def _borrowed(
    document: Document, loc: Loc, entry: Entry, names: Names, at: Loc
) -> Iterator[Problem]:
    """Problems that a template of a ticket type or an offer has only within this guide."""
    value = entry.document.data
    for part in at:
        value = value.get(part, "") if isinstance(value, dict) else value[part]
    condition = at[-1] in ("eligible", "when")
    alone = set(check_template(entry.document, at, value, Names(), condition=condition))
    for found in check_template(entry.document, at, value, names, condition=condition):
        if found not in alone and found.rule in ("template-slot", "template-step"):
            key = f"{found.rule}.borrowed"
            yield document.problem(loc, key, name=entry.item.id, found=found.said)


def _check_language(
    guide: Guide, document: Document, loc: Loc, what: str, name: str, lang: str
) -> Iterator[Problem]:
    if lang != guide.lang:
        values = {"name": name, "theirs": lang, "own": guide.lang}
        yield document.problem(loc, f"language.{what}", **values)


def _names(shelf: Shelf, guide: Guide, lent: Mapping[str, Slot]) -> Names:
    return Names(
        slots={name: frozenset(slot.choices) for name, slot in {**lent, **guide.slots}.items()},
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
