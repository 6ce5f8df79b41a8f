"""Walks a guide along every branch, as the rules do, and hands over each step it comes to.

Not a test by itself. A step is met with what is known at that moment: a customer or none, slots,
what each diagnosis answered; all that is rendered there is rendered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx

from assist.desk import load_connectors
from assist.desk.sandbox import create_app
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.rows import CustomerRow
from assist.errors import GuideError
from assist.events import Customer
from assist.guide import render
from assist.guide.load import Book
from assist.guide.model import Guide, Step
from assist.guide.walk import following, lent_slots

NOW = datetime(2026, 11, 5, 15, 42, tzinfo=timezone(timedelta(hours=8)))
SAID = {
    "phone": "13900000000",
    "account": "3302000000",
    "amount": "84",
    "number": "10326",
    "when": "昨天晚上",
    "name": "林晓",
    "address": "柳荫街5号302",
    "text": "视频会员包",
}
Result = dict[str, Any]


@dataclass(frozen=True)
class House:
    """The sandbox's customers by id, and by connector the answer for each of them that has one."""

    customers: dict[str, Customer]
    answers: dict[str, dict[str, Result]]


def sandbox_house(guides: Path, folder: Path) -> House:
    records = Records(folder / "desk.db", lambda: NOW)
    phones = [row.phone for row in records.find(CustomerRow, "1", [])]
    records.close()
    return asyncio.run(_ask_everything(guides, folder / "desk.db", phones))


async def _ask_everything(guides: Path, database: Path, phones: Sequence[str]) -> House:
    transport = httpx.ASGITransport(create_app(database, clock=lambda: NOW))
    connectors = load_connectors(guides / "connectors")
    house = House({}, {name: {} for name in connectors})
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as desk:
        for phone in phones:
            (found,) = (await desk.get("/customers", params={"number": phone})).json()["customers"]
            known = {k: v for k, v in found.items() if k in Customer.model_fields}
            customer = Customer.model_validate(known)
            house.customers[customer.id] = customer
            given = {
                "account": customer.broadband_account or customer.power_account,
                **{"phone": phone, "circuit_id": customer.circuit_id, "city": customer.city},
                "instance": phone,
            }
            for name, connector in connectors.items():
                args = {arg: given[arg] for arg in connector.args}
                if all(args.values()):
                    path, query = connector.request(args)
                    reply = await desk.get(path, params=query)
                    if reply.status_code == 200:
                        house.answers[name][customer.id] = reply.json()
    return house


@dataclass(frozen=True)
class Moment:
    """Where a walk stands and what is known there."""

    step: str
    customer: Customer | None = None
    slots: tuple[tuple[str, str], ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    solved: bool = False
    mood: str = "calm"
    path: tuple[str, ...] = field(default=(), compare=False)


@dataclass
class Walk:
    """`answers` maps connector to answers by name; a diagnosis may also fail."""

    book: Book
    guide: Guide
    answers: Mapping[str, Mapping[str, Result]]
    texts: set[tuple[str, str]] = field(default_factory=set)
    _contexts: dict[Any, tuple[dict[str, str], render.Context]] = field(default_factory=dict)

    def every_way(self, customer: Customer | None, mood: str = "calm") -> Iterator[Moment]:
        """Each moment at an end step, for every combination of answers."""
        todo, seen = [Moment(self.guide.steps[0].id, customer, mood=mood)], set[Moment]()
        while todo:
            moment = todo.pop()
            if moment in seen:
                continue
            seen.add(moment)
            step = self.guide.step(moment.step)
            if step.end and self.applies(moment, step):
                self._render(moment, step)
                yield moment
                continue
            todo += self.after(moment, step)

    def after(self, moment: Moment, step: Step) -> list[Moment]:
        if not self.applies(moment, step):
            below = self.guide.step(step.next) if step.next else self.guide.after(step.id)
            assert below, f"{self.guide.id}: nothing below {step.id}"
            return [replace(moment, step=below.id, path=(*moment.path, f"({step.id})"))]
        self._render(moment, step)
        moment = replace(moment, path=(*moment.path, step.id), solved=moment.solved or step.solves)
        if step.kind == "ask":
            return self._answered(moment, step)
        if step.kind == "diagnose":
            return self._diagnosed(moment, step)
        if step.kind == "guide":
            inner = Walk(self.book, self.book.guides[step.guide], self.answers)
            ends = inner.every_way(moment.customer, moment.mood)
            ways = [replace(moment, slots=(*moment.slots, *end.slots)) for end in ends]
            return [self._on(way, step) for way in ways]
        return [self._on(moment, step)]

    def _answered(self, moment: Moment, step: Step) -> list[Moment]:
        slot = self.guide.slots[step.ask]
        if known := self.known(moment).get(step.ask):
            return [self._on(moment, step, choice=known)]
        ways = [self._on(moment, step)]
        for answer in slot.choices or [SAID[slot.type]]:
            there = replace(moment, slots=(*moment.slots, (step.ask, answer)))
            ways.append(self._on(there, step, choice=answer))
        return ways

    def _diagnosed(self, moment: Moment, step: Step) -> list[Moment]:
        ways = [self._on(moment, step, failed=True)]
        for name in self.answers[step.diagnose]:
            there = replace(moment, results=(*moment.results, (step.id, name)))
            context = self.context(there)
            for slot, template in {"summary": step.summary, **step.fills}.items():
                self._text(f"{step.id} {slot}", template, context)
            ways.append(self._on(there, step))
        return ways

    def _on(self, moment: Moment, step: Step, choice: str = "", failed: bool = False) -> Moment:
        context = self.context(moment)
        to = following(self.guide, step, context, choice=choice, failed=failed)
        assert to, f"{self.guide.id}: nothing after {step.id}"
        return replace(moment, step=to.id)

    def applies(self, moment: Moment, step: Step) -> bool:
        context = self.context(moment)
        eligible = self.book.offers[step.offer].eligible if step.offer else ""
        return render.test(step.only_if, context) and render.test(eligible, context)

    def _render(self, moment: Moment, step: Step) -> None:
        context = self.context(moment)
        self._text(step.id, step.say, context)
        if step.offer:
            self._text(step.id, self.book.offers[step.offer].say, context)
        for name, template in step.args.items():
            self._text(f"{step.id} with {name}", template, context)
        if step.ticket:
            for name, spec in self.book.tickets[step.ticket].fields.items():
                self._text(f"{step.id} {name}", step.fill.get(name) or spec.source, context)
        for name, value in self.known(moment).items():
            self.texts.add((f"slot {name}", value))

    def _text(self, place: str, template: str, context: render.Context) -> None:
        if template:
            where = f"{self.guide.id}, {place}"
            self.texts.add((place, render.render_text(template, context, where)))

    def known(self, moment: Moment) -> dict[str, str]:
        """The slots: answered, then filled by a diagnosis, then by the record, as the rules do."""
        return self._at(moment)[0]

    def context(self, moment: Moment) -> render.Context:
        return self._at(moment)[1]

    def _at(self, moment: Moment) -> tuple[dict[str, str], render.Context]:
        key = (moment.slots, moment.results, moment.solved, moment.mood, moment.customer is None)
        if key not in self._contexts:
            slots = self._filled(moment)
            self._contexts[key] = slots, self._context(moment, slots)
        return self._contexts[key]

    def _filled(self, moment: Moment) -> dict[str, str]:
        slots = dict(moment.slots)
        for i, (step, _) in enumerate(moment.results, 1):
            context = self._context(replace(moment, results=moment.results[:i]), slots)
            for name, template in self.guide.step(step).fills.items():
                value = self._value(template, context)
                slots = {name: value} | slots if value else slots
        context = self._context(moment, slots)
        for name, slot in self.guide.slots.items():
            if name not in slots and (value := self._value(slot.source, context)):
                slots[name] = value
        return slots

    def _value(self, template: str, context: render.Context) -> str:
        try:
            return render.render_text(template, context)
        except GuideError:
            return ""  # not known yet; the rules try again later

    def _label(self, name: str, value: str) -> str:
        slot = self.guide.slots.get(name) or lent_slots(self.guide, self.book.guides.get)[name]
        return slot.choices.get(value, value)

    def _context(self, moment: Moment, slots: Mapping[str, str]) -> render.Context:
        diagnosed = {
            step: self.answers[self.guide.step(step).diagnose][name]
            for step, name in moment.results
        }
        return render.make_context(
            customer=moment.customer,
            number="13900000000",
            lang=self.guide.lang,
            slots={name: (value, self._label(name, value)) for name, value in slots.items()},
            results=diagnosed,
            last=moment.results[-1][0] if moment.results else None,
            solved=moment.solved,
            mood=moment.mood,
        )


def newcomer(
    book: Book,
    house: House,
    guide_id: str,
    who: str,
    said: Mapping[str, str],
    dead: Iterable[str] = (),
) -> Moment:
    """The way of one who only has what was said; `who` is empty for a caller nobody knows.

    Connectors in `dead` do not answer.
    """
    guide = book.guides[guide_id]
    answers = {
        c: {who: a[who]} if who in a and c not in dead else {} for c, a in house.answers.items()
    }
    walk = Walk(book, guide, answers)
    moment = Moment(guide.steps[0].id, house.customers.get(who), slots=tuple(said.items()))
    while True:
        step = guide.step(moment.step)
        if step.end and walk.applies(moment, step):
            return moment
        ways = walk.after(moment, step)
        # A diagnosis fails first in the list, an unanswered question comes first.
        moment = ways[-1] if step.kind == "diagnose" else ways[0]
