"""A guide's text walked through in the panel: no call, no speech models, no back office.

Nothing is kept between two requests: the page sends the text and what was done so far, and gets the
call that comes of it. So an edit shows at the very step at which its writer is. Customers and the
systems' answers are those of the guide's tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assist import events as ev
from assist.desk.numbers import digits_of
from assist.desk.recorded import IDENTIFIERS
from assist.errors import AssistError, DeskDown
from assist.guide import walk
from assist.guide.load import book_of
from assist.guide.shelf import Shelf
from assist.ports import DiagnosisResult, FiledTicket
from assist.rules.tools import Tools
from assist.train.cases import DOWN, Fixtures, fixtures_of
from assist.train.sandbox import Sandbox

MOST_DEEDS = 300
_TURN_MS = 6_000
_NUMBER = "PREVIEW-1"


class Deed(BaseModel):
    """One thing done in the panel, or said: `say` is what `speaker` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: ev.Command | None = None
    say: str = Field(default="", max_length=1_000)
    speaker: Literal["customer", "agent"] = "customer"


class Scene(BaseModel):
    """Who calls ("" for a stranger, None for the first who fits) and what each system answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    caller: str | None = None
    answers: dict[str, str] = Field(default_factory=dict)
    deeds: Annotated[list[Deed], Field(max_length=MOST_DEEDS)] = Field(default_factory=list)


@dataclass(frozen=True)
class Cast:
    """Whom and what a preview can be played with."""

    customers: Mapping[str, ev.Customer]
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]]

    @classmethod
    def of(cls, fixtures: Fixtures) -> Cast:
        customers = {}
        for name, record in fixtures.customers.items():
            try:
                customers[name] = ev.Customer.model_validate({"id": name, **record})
            except ValidationError:
                continue  # the guide's tests tell what is wrong with it
        return cls(customers, fixtures.answers)


class _Office:
    """Answers as the scene says: the first named answer of a system where it says nothing."""

    def __init__(self, cast: Cast, answers: Mapping[str, str]) -> None:
        self._cast, self._answers = cast, answers

    async def find_customer(self, number: str) -> ev.Customer | None:
        wanted = digits_of(number)
        for customer in self._cast.customers.values():
            if wanted and wanted in {digits_of(getattr(customer, name)) for name in IDENTIFIERS}:
                return customer
        return None

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult:
        known = self._cast.answers.get(connector, {})
        chosen = self._answers.get(connector) or next(iter(known), DOWN)
        if chosen not in known:
            raise DeskDown(
                f"{connector} does not answer.", "The preview goes on by hand.", code="desk.down"
            )
        return DiagnosisResult(dict(known[chosen]), "")

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(_NUMBER, "preview")

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(number, "preview")

    async def open_tickets(self, customer: str) -> tuple[ev.OpenTicket, ...]:
        found = [c for c in self._cast.customers.values() if c.id == customer]
        return found[0].open_tickets if found else ()

    def last_call(self, customer: str, before: str) -> ev.LastCall | None:
        return None

    def last_calls(self, customer: str, before: str) -> tuple[ev.LastCall, ...]:
        return ()

    def past_offers(self, customer: str, before: str) -> tuple[ev.PastOffer, ...]:
        return ()

    def earlier(self, call: str, guide: str) -> ev.EarlierCall | None:
        return None


def rehearse(shelf: Shelf, path: Path, scene: Scene, tools: Tools, now: str) -> dict[str, Any]:
    """The call's events; `refused` are the deeds that no longer fit the text, by their place.

    `shelf` holds the text that is tried in the place of `path`, `now` is the call's beginning.
    Raises GuideError where the guides cannot be used with it. Blocks: for threads only.
    """
    guide = path.stem
    book = book_of(shelf, guide)
    cast = Cast.of(fixtures_of(path.parent, guide))
    caller = _caller(cast, scene.caller, book.guides[guide].lang)
    played = Sandbox("preview", Tools(book, tools.like), _Office(cast, scene.answers))
    started = ev.CallStarted(
        agent="preview",
        number=caller.phone if caller else "",
        lang=book.guides[guide].lang,
        started_at=now,
        source=f"preview of {guide}",
        guides_hash=book.hash,
    )
    played.put(started, 0)
    played.press(ev.OpenGuide(guide=guide), "agent", 0)
    refused = []
    for number, deed in enumerate(scene.deeds, start=1):
        try:
            _do(played, deed, number)
        except AssistError as error:
            refused.append({"deed": number - 1, **error.as_json()})
    return {
        "events": [ev.EVENT.dump_python(event, mode="json") for event in played.events],
        "refused": refused,
        "outlines": {
            name: {"id": name, "title": one.title, "lang": one.lang, "steps": walk.outline(one)}
            for name, one in book.guides.items()
            if any(page.guide == name for page in played.state.all_pages)
        },
        "cast": _told(cast, book.guides[guide].lang),
    }


def _do(played: Sandbox, deed: Deed, number: int) -> None:
    at_ms = number * _TURN_MS
    if deed.command is not None:
        played.press(deed.command, "agent", at_ms)
    elif deed.say.strip():
        heard = ev.SegmentHeard(
            utterance=f"{deed.speaker[0]}{at_ms}",
            speaker=deed.speaker,
            start_ms=at_ms - _TURN_MS + 500,
            end_ms=at_ms,
            text=deed.say.strip(),
            confidence=1.0,
        )
        played.put(heard, at_ms)


def _caller(cast: Cast, name: str | None, lang: str) -> ev.Customer | None:
    if name is None:
        return next((c for c in cast.customers.values() if _speaks(c, lang)), None)
    return cast.customers.get(name)


def _speaks(customer: ev.Customer, lang: str) -> bool:
    return customer.name.isascii() == (lang == "en")


def _told(cast: Cast, lang: str) -> dict[str, Any]:
    return {
        "customers": {n: c.name for n, c in cast.customers.items() if _speaks(c, lang)},
        "answers": {connector: [*named, DOWN] for connector, named in sorted(cast.answers.items())},
    }
