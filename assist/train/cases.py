"""Guide tests as an editor writes them: who calls, what the systems answer, what is said, and where
that should lead.

`guides/tests/ID.yaml` holds the cases of guide ID, `guides/tests/fixtures.yaml` customers and
answers that several files share. Only reads and checks names; `trial` plays the cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from assist.errors import GuideError
from assist.events import Customer, OfferDecision, Outcome, PastOffer
from assist.guide.load import Book
from assist.guide.model import Guide, Part
from assist.guide.source import Document, Loc, build, read_document
from assist.guide.walk import lent_slots
from assist.problems import Problem, Texts, refusal, rule_of, said

FOLDER = "tests"
SHARED = "fixtures.yaml"
DOWN = "down"
"""Stands for an answer: the system does not answer within its timeout."""

Answers = dict[str, dict[str, dict[str, Any]]]

_TEXTS: Texts = {
    "guide-unknown": (
        "“{guide}”和文件名不一样，或者没有这个流程；请核对名称",
        "'{guide}' is not the file's name, or no such guide is there",
    ),
    "duplicate-id": (
        "有两个用例都叫“{case}”，请给其中一个换名字",
        "two cases are called '{case}'",
    ),
    "fixture-unknown.caller": (
        "customers 里没有“{name}”，请先写上这位客户，或核对名称",
        "customers has no '{name}'",
    ),
    "fixture-unknown": (
        "{connector} 的 answers 里没有“{name}”，请先写上这个结果，或核对名称",
        "answers of {connector} has no '{name}'",
    ),
    "target-unknown": (
        "“{name}”既不是 {guide} 的步骤，也不是它的推荐；请核对名称",
        "'{name}' is neither step nor offer of {guide}",
    ),
    "slot-unknown": (
        "{guide} 的 slots 里没有“{slot}”，请核对名称",
        "{guide} has no slot '{slot}'",
    ),
}


class Turn(Part):
    """One thing that happens; which, is told by the key.

    Between turns the agent does what the panel shows: reads scripts and questions aloud as they
    stand and files a complete ticket. An `agent` turn is said in place of that script.
    """

    customer: str = Field(default="", description="said once the agent has asked or offered")
    interrupts: str = Field(default="", description="said by the customer before the agent goes on")
    agent: str = Field(default="", description="in the agent's own words, in place of the script")
    answer: str | None = Field(
        default=None, description='a choice clicked, or "" where the customer cannot say'
    )
    tick: str = Field(default="", description="a step ticked by hand")
    undo: str = Field(default="", description="back to this step")
    offer: OfferDecision | Literal[""] = ""
    file: dict[str, str] | None = Field(
        default=None, description="the ticket is filed with these fields filled in by hand"
    )
    set: dict[str, str] = Field(default_factory=dict, description="slots filled in by hand")
    at: str = Field(default="", description="no event: the step shown now must be this one")

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @model_validator(mode="after")
    def _is_one(self) -> Turn:
        if len(self.model_fields_set) != 1:
            found = ", ".join(sorted(self.model_fields_set)) or "nothing"
            raise refusal(
                "一个回合只能写一件事，现在写了 {found}；请分成几个回合",
                "a turn is one thing, found {found}",
                found=found,
            )
        return self


class ExpectedTicket(Part):
    type: str
    fields: dict[str, str] = Field(default_factory=dict)
    empty: list[str] = Field(default_factory=list, description="fields that nothing must fill")
    append_to: str = Field(default="", description="number of the open ticket it becomes a note to")


class Expected(Part):
    """What is left out is not looked at, but for `ticket`: no ticket is filed unless it says so."""

    path: list[str] = Field(min_length=1, description="every step gone through, in order")
    absent: list[str] = Field(
        default_factory=list, description="steps and offers that must never be shown"
    )
    shown: dict[str, str] = Field(
        default_factory=dict, description="by step, what the agent must be given to say"
    )
    slots: dict[str, str] = Field(default_factory=dict, description="value or label")
    offers: dict[str, OfferDecision] = Field(default_factory=dict)
    ticket: ExpectedTicket | None = None
    solved: bool | None = Field(default=None, description="whether a step that solves was done")
    outcome: Outcome
    disposition: str = ""


class GuideCase(Part):
    """`caller` names a customer; without one the caller is not on record."""

    case: str
    caller: str = ""
    customer: dict[str, Any] = Field(
        default_factory=dict, description="fields of the record that differ from the caller's"
    )
    number: str = Field(default="", description="calling number; else the caller's phone")
    desk: dict[str, str | dict[str, Any] | list[str]] = Field(
        default_factory=dict,
        description="by connector: a named answer, `down`, the answer itself, or one after another",
    )
    past_offers: list[PastOffer] = Field(
        default_factory=list, description="what earlier calls have offered the caller"
    )
    before: list[Turn] = Field(default_factory=list, description="before the guide is opened")
    turns: list[Turn] = Field(default_factory=list)
    expect: Expected


class Fixtures(Part):
    """`customers` by name; `answers` by connector and name, of the keys that guides look at."""

    customers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    answers: Answers = Field(default_factory=dict)


class CaseFile(Fixtures):
    guide: str
    cases: list[GuideCase] = Field(min_length=1)


@dataclass(frozen=True)
class Cases:
    """The cases of one guide with all they refer to, and where they are written."""

    guide: str
    cases: tuple[GuideCase, ...]
    document: Document
    customers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def caller(self, case: GuideCase) -> Customer | None:
        """Raises GuideError for a record that is none."""
        if not case.caller and not case.customer:
            return None
        record = {"id": case.caller, **self.customers.get(case.caller, {}), **case.customer}
        try:
            return Customer.model_validate(record)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise GuideError(
                f"{self.document.path}: customer of “{case.case}”: {place}: {first['msg']}",
                "Use the fields of a customer's record; guides/README.md names them.",
            ) from error


def read_cases(guides_dir: Path, book: Book) -> tuple[list[Cases], list[Problem]]:
    """Every file of guides/tests, and all that is wrong with them; files with a problem are left
    out."""
    folder = guides_dir / FOLDER
    shared, problems = _shared(folder / SHARED)
    found: list[Cases] = []
    for path in sorted(p for p in folder.glob("*.yaml") if p.name != SHARED):
        cases, faults = _read(path, book, shared)
        problems += faults
        if cases and not faults:
            found.append(cases)
    return found, problems


def fixtures_of(guides_dir: Path, guide: str) -> Fixtures:
    """Customers and answers that the guide's tests may name, as far as they can be read."""
    shared, _ = _shared(guides_dir / FOLDER / SHARED)
    path = guides_dir / FOLDER / f"{guide}.yaml"
    own = build(CaseFile, read_document(path)[0])[0] if path.is_file() else None
    return _merged(shared, own) if own else shared


def _merged(shared: Fixtures, own: Fixtures) -> Fixtures:
    answers: Answers = {
        name: {**shared.answers.get(name, {}), **own.answers.get(name, {})}
        for name in {*shared.answers, *own.answers}
    }
    return Fixtures(customers={**shared.customers, **own.customers}, answers=answers)


def _shared(path: Path) -> tuple[Fixtures, list[Problem]]:
    if not path.is_file():
        return Fixtures(), []
    document, problems = read_document(path)
    if not document.readable:
        return Fixtures(), problems
    built, faults = build(Fixtures, document)
    return built or Fixtures(), [*problems, *faults]


def _read(path: Path, book: Book, shared: Fixtures) -> tuple[Cases | None, list[Problem]]:
    document, problems = read_document(path)
    if not document.readable and problems:
        return None, problems
    file, faults = build(CaseFile, document)
    problems += faults
    if file is None:
        return None, problems
    known = _merged(shared, file)
    cases = Cases(file.guide, tuple(file.cases), document, known.customers, known.answers)
    return cases, [*problems, *_unknown_names(cases, path, book)]


def _unknown_names(cases: Cases, path: Path, book: Book) -> Iterator[Problem]:
    guide = book.guides.get(cases.guide)
    if guide is None or path.stem != cases.guide:
        yield _problem(cases, ("guide",), "guide-unknown", guide=cases.guide)
        return
    seen: set[str] = set()
    slots = {*guide.slots, *lent_slots(guide, book.guides.get)}
    for i, case in enumerate(cases.cases):
        at: Loc = ("cases", i)
        if case.case in seen:
            yield _problem(cases, (*at, "case"), "duplicate-id", case=case.case)
        seen.add(case.case)
        if case.caller and case.caller not in cases.customers:
            yield _problem(cases, (*at, "caller"), "fixture-unknown.caller", name=case.caller)
        for connector, given in case.desk.items():
            known = {DOWN, *cases.answers.get(connector, ())}
            named = [given] if isinstance(given, str) else given if isinstance(given, list) else []
            for name in [n for n in named if n not in known]:
                loc = (*at, "desk", connector)
                yield _problem(cases, loc, "fixture-unknown", connector=connector, name=name)
        yield from _unknown_in_expected(cases, at, case, guide, slots)


def _unknown_in_expected(
    cases: Cases, at: Loc, case: GuideCase, guide: Guide, slots: Collection[str]
) -> Iterator[Problem]:
    steps = {step.id for step in guide.steps}
    offers = {step.offer for step in guide.steps if step.offer}
    expected = case.expect
    for j, step in enumerate(expected.absent):
        if step not in steps | offers:
            loc = (*at, "expect", "absent", j)
            yield _problem(cases, loc, "target-unknown", name=step, guide=guide.id)
    for slot in expected.slots:
        if slot not in slots:
            loc = (*at, "expect", "slots", slot)
            yield _problem(cases, loc, "slot-unknown", slot=slot, guide=guide.id)


def _problem(cases: Cases, loc: Loc, key: str, **values: str) -> Problem:
    return cases.document.marked(loc, rule_of(key), said(_TEXTS, key, values))
