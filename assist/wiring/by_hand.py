"""What can be searched by hand: the guides' own words and the corpus. No model, no index.

Reads guides and corpus; where the corpus cannot be used the guides alone are searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assist.config import Settings
from assist.errors import AssistError
from assist.guide.load import Book
from assist.search.by_hand import LABEL, QUESTION, TICKET, TITLE, ByHand, Entry
from assist.search.corpus import OUT_OF_SCOPE, Row, load_corpus


def entries(book: Book, rows: Sequence[Row]) -> Iterator[Entry]:
    """Titles, labels of slots and steps, tickets and offers of each guide; its questions."""
    for guide in book.guides.values():
        yield Entry(guide.id, guide.lang, guide.title, TITLE)
        for slot in guide.slots.values():
            yield Entry(guide.id, guide.lang, slot.label, LABEL)
        for step in guide.steps:
            yield Entry(guide.id, guide.lang, step.title, LABEL)
            for name in step.ticket_types:
                yield Entry(guide.id, guide.lang, book.tickets[name].title, TICKET)
            if step.offer in book.offers:
                yield Entry(guide.id, guide.lang, book.offers[step.offer].title, LABEL)
    for row in rows:
        if row.guide in book.guides and row.guide != OUT_OF_SCOPE:
            yield Entry(row.guide, row.lang, row.text, QUESTION)


def open_by_hand(settings: Settings, book: Book, say: Callable[[str], object]) -> ByHand:
    """Never fails for want of a corpus; that is said."""
    try:
        rows = load_corpus(settings.corpus_dir)
    except AssistError as error:
        say(f"{error} Search by hand knows the guides' own words only until then.")
        rows = []
    return ByHand(entries(book, rows))
