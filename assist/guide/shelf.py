"""The guides folder as it lies on disk: every file read, every model that could be made of it.

Problems of single files (YAML, schema, names) are collected here; what depends on meaning is the
checker's. A broken file never hides the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import Field

from assist.guide.model import Guide, House, Offer, Part, Priors, TicketType
from assist.guide.rule_texts import RULE_TEXTS
from assist.guide.source import Document, Loc, M, build, parse_document, read_document
from assist.problems import Problem, said

SUFFIX = ".yaml"
T = TypeVar("T")
Paper = TypeVar("Paper", Guide, TicketType)


class Moods(Part):
    """Phrases by which a customer's mood is told, and whether they were helped, by language."""

    angry: dict[Literal["zh", "en"], list[str]] = Field(default_factory=dict)
    upset: dict[Literal["zh", "en"], list[str]] = Field(default_factory=dict)
    unresolved: dict[Literal["zh", "en"], list[str]] = Field(default_factory=dict)
    resolved: dict[Literal["zh", "en"], list[str]] = Field(default_factory=dict)

    @property
    def verdicts(self) -> dict[str, dict[str, list[str]]]:
        """By language: what tells that it works, and that it does not."""
        found: dict[str, dict[str, list[str]]] = {}
        for name, phrases in (("unresolved", self.unresolved), ("resolved", self.resolved)):
            for lang, words in phrases.items():
                found.setdefault(lang, {})[name] = words
        return found


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A thing with the place where it is written."""

    item: T
    document: Document
    loc: Loc = ()


@dataclass
class Shelf:
    """`connectors` and `priors` are None where they do not exist: then they cannot be checked.

    `names` are those of all guide files, of broken ones, too.
    """

    guides: dict[str, Entry[Guide]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    tickets: dict[str, Entry[TicketType]] = field(default_factory=dict)
    offers: dict[str, Entry[Offer]] = field(default_factory=dict)
    moods: Moods = field(default_factory=Moods)
    priors: Entry[Priors] | None = None
    house: Entry[House] | None = None
    connectors: frozenset[str] | None = None
    arguments: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Of each connector that can be read: what it takes, and whether it must be given."""
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def asked_for(self) -> dict[str, Literal["zh", "en"]]:
        """Language by guide, of all that questions may open."""
        guides = (entry.item for entry in self.guides.values())
        return {guide.id: guide.lang for guide in guides if guide.opens_when.by_speech}

    def read(self, path: Path) -> Document | None:
        """The document, or None when it is no YAML; then the problems say so."""
        document, problems = read_document(path)
        self.documents.append(document)
        self.problems += problems
        return document if document.readable or not problems else None


def read_shelf(guides_dir: Path) -> Shelf:
    """Reads guides, tickets/, offers, moods, priors, house and the names in connectors/."""
    shelf = Shelf()
    if not guides_dir.is_dir():
        told = said(RULE_TEXTS, "folder-missing", {})
        shelf.problems.append(Problem(str(guides_dir), 1, 1, "folder-missing", told))
        return shelf
    connectors = guides_dir / "connectors"
    if any(connectors.glob(f"*{SUFFIX}")):
        shelf.connectors = frozenset(p.stem for p in connectors.glob(f"*{SUFFIX}"))
        shelf.arguments = dict(_arguments(sorted(connectors.glob(f"*{SUFFIX}"))))
    for path in sorted((guides_dir / "tickets").glob(f"*{SUFFIX}")):
        if document := shelf.read(path):
            _shelve(shelf, shelf.tickets, TicketType, document, path.stem)
    apart = {"offers", "moods", "priors", "house"}
    for path in sorted(p for p in guides_dir.glob(f"*{SUFFIX}") if p.stem not in apart):
        shelf.names.add(path.stem)
        if document := shelf.read(path):
            _shelve(shelf, shelf.guides, Guide, document, path.stem)
    _read_offers(shelf, guides_dir / f"offers{SUFFIX}")
    _read_moods(shelf, guides_dir / f"moods{SUFFIX}")
    _read_priors(shelf, guides_dir / f"priors{SUFFIX}")
    _read_house(shelf, guides_dir / f"house{SUFFIX}")
    return shelf


def _arguments(paths: Sequence[Path]) -> Iterator[tuple[str, dict[str, bool]]]:
    """What is wrong with a connector is told where connectors are loaded."""
    for path in paths:
        data = read_document(path)[0].data
        if isinstance(data, dict):
            named = {key: data.get(key) for key in ("args", "optional")}
            lists = {k: list(map(str, v)) if isinstance(v, list) else [] for k, v in named.items()}
            yield (
                path.stem,
                dict.fromkeys(lists["optional"], False) | dict.fromkeys(lists["args"], True),
            )


def shelve_guide(shelf: Shelf, text: str, name: str) -> None:
    """Puts a guide given as text on the shelf, as the editor's preview does; `name` has the id."""
    document, problems = parse_document(text, name)
    shelf.documents.append(document)
    shelf.problems += problems
    if document.readable or not problems:
        _shelve(shelf, shelf.guides, Guide, document, Path(name).stem)


def with_guide(shelf: Shelf, text: str, path: Path) -> Shelf:
    """The shelf as it would be were this the text of the guide's file; the given one stays."""
    name = str(path)
    other = replace(
        shelf,
        guides={stem: entry for stem, entry in shelf.guides.items() if stem != path.stem},
        names={*shelf.names, path.stem},
        documents=[each for each in shelf.documents if each.path != name],
        problems=[each for each in shelf.problems if each.path != name],
    )
    shelve_guide(other, text, name)
    return other


def _shelve(
    shelf: Shelf, onto: dict[str, Entry[Paper]], model: type[Paper], document: Document, stem: str
) -> None:
    extra = {"hash": document.hash} if model is Guide else {}
    item = _built(shelf, model, document, (), **extra)
    if item is None:
        return
    if item.id != stem:
        told = document.problem(("id",), "id-is-file-name", id=item.id, stem=stem)
        shelf.problems.append(told)
    onto[stem] = Entry(item, document)


def _read_offers(shelf: Shelf, path: Path) -> None:
    if not path.is_file() or not (document := shelf.read(path)):
        return
    if not isinstance(document.data, list):
        shelf.problems.append(document.problem((), "schema.offers"))
        return
    for i in range(len(document.data)):
        offer = _built(shelf, Offer, document, (i,))
        if offer is None:
            continue
        if offer.id in shelf.offers:
            shelf.problems.append(document.problem((i, "id"), "duplicate-id.offer", id=offer.id))
        shelf.offers.setdefault(offer.id, Entry(offer, document, (i,)))


def _read_moods(shelf: Shelf, path: Path) -> None:
    if path.is_file() and (document := shelf.read(path)):
        shelf.moods = _built(shelf, Moods, document, ()) or Moods()


def _read_priors(shelf: Shelf, path: Path) -> None:
    document = shelf.read(path) if path.is_file() else None
    if document and (priors := _built(shelf, Priors, document, ())):
        shelf.priors = Entry(priors, document)


def _read_house(shelf: Shelf, path: Path) -> None:
    document = shelf.read(path) if path.is_file() else None
    if document and (house := _built(shelf, House, document, ())):
        shelf.house = Entry(house, document)


def _built(shelf: Shelf, model: type[M], document: Document, loc: Loc, **extra: str) -> M | None:
    item, problems = build(model, document, loc, **extra)
    shelf.problems += problems
    return item
