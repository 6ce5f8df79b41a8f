"""The guides in use: loaded whole or not at all.

A book with an error in it is refused with every problem named, so that a call never meets a step
that does not exist; warnings do not keep it closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assist.errors import GuideError
from assist.guide.check import check_shelf
from assist.guide.model import Guide, House, Offer, Priors, TicketType
from assist.guide.shelf import Shelf, read_shelf
from assist.guide.source import Document
from assist.problems import LANGS, Problem

__all__ = ["Book", "Problem", "load_book", "load_guide"]


@dataclass(frozen=True)
class Book:
    """All that an editor writes. `angry` and `upset` hold phrases by language, `priors` what holds
    for the customer's record in every guide.

    `hash` is of all files together: it tells which edition a call was led by.
    """

    guides: Mapping[str, Guide] = field(default_factory=dict)
    tickets: Mapping[str, TicketType] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    angry: Mapping[str, list[str]] = field(default_factory=dict)
    hash: str = ""
    upset: Mapping[str, list[str]] = field(default_factory=dict)
    priors: Priors = field(default_factory=Priors)
    house: House = field(default_factory=House)
    verdicts: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    """By language: phrases that tell `resolved` and `unresolved`."""

    def phrases(self) -> set[str]:
        """Everything that speech is compared with by its meaning, as it stands in the files."""
        heard = [each.hear for guide in self.guides.values() for each in guide.slots.values()]
        heard += [each.hear for guide in self.guides.values() for each in guide.steps]
        heard += [offer.hear for offer in self.offers.values()]
        found = {phrase for one in heard for phrases in one.values() for phrase in phrases}
        found |= {phrase for phrases in self.house.must_not_say.values() for phrase in phrases}
        for guide in self.guides.values():
            found.update(guide.must_not_say, *(step.must_not_say for step in guide.steps))
        found |= {p for told in self.verdicts.values() for said in told.values() for p in said}
        found |= {phrase for phrases in self.angry.values() for phrase in phrases}
        found |= {each for guide in self.guides.values() for each in guide.opens_when.not_said}
        found |= {offer.consent for offer in self.offers.values() if offer.consent}
        lines = (step.say for guide in self.guides.values() for step in guide.steps)
        return found | {line for line in lines if line}


def load_book(guides_dir: Path) -> Book:
    """Every guide, ticket type and offer of the folder.

    Raises GuideError whose message lists all errors as `path:line:column: [error] text (rule)`.
    """
    return book_of(read_shelf(guides_dir), str(guides_dir))


def book_of(shelf: Shelf, what: str) -> Book:
    """The guides of a shelf, `what` for messages. Raises GuideError as `load_book` does."""
    _refuse(check_shelf(shelf), what)
    return Book(
        guides={name: entry.item for name, entry in shelf.guides.items()},
        tickets={name: entry.item for name, entry in shelf.tickets.items()},
        offers={name: entry.item for name, entry in shelf.offers.items()},
        angry={str(lang): phrases for lang, phrases in shelf.moods.angry.items()},
        upset={str(lang): phrases for lang, phrases in shelf.moods.upset.items()},
        verdicts=shelf.moods.verdicts,
        hash=_hash_of(shelf.documents),
        priors=shelf.priors.item if shelf.priors else Priors(),
        house=shelf.house.item if shelf.house else House(),
    )


def load_guide(path: Path) -> Guide:
    """One guide, checked against the ticket types and offers of its folder.

    Raises GuideError with every error of this file; those of other files do not matter.
    """
    if not path.is_file():
        raise GuideError(f"{path}: there is no such guide.", "Check the path and the name.")
    shelf: Shelf = read_shelf(path.parent)
    _refuse((p for p in check_shelf(shelf) if p.path == str(path)), str(path))
    return shelf.guides[path.stem].item


def _refuse(problems: Iterable[Problem], what: str) -> None:
    errors = sorted(p for p in problems if p.level == "error")
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise GuideError(
            "\n".join([f"{what} cannot be used, {count}:", *map(str, errors)]),
            "Mend them; docs/guide-rules.md shows each rule with examples.",
            values={lang: "\n".join(each.told(lang) for each in errors) for lang in LANGS},
        )


def _hash_of(documents: Iterable[Document]) -> str:
    lines = sorted(f"{Path(d.path).name} {d.hash}" for d in documents)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
