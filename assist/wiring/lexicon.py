"""The lexicon as a process uses it: editors' terms, and what guides and corpus add by themselves.

The one place where the speech room's lexicon meets guides and questions. It reads; it never writes
a term into the editors' file. Mined terms weigh less than edited ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from assist.config import Settings
from assist.guide.load import Book, load_book
from assist.guide.model import Guide
from assist.search.corpus import OUT_OF_SCOPE, Row, load_corpus
from assist.speech.domain.correct_en import is_number
from assist.speech.domain.lexicon import Language, Lexicon, Term
from assist.speech.domain.lexicon_file import NUMBER_CHARACTERS
from assist.speech.words import chinese_runs, general_frequencies, segmented

LABEL_WEIGHT = 0.5
"""Weight of a title, label or choice of a guide: written by an editor, though not as a term."""
MINED_WEIGHT = 0.3
"""Weight of a unit found by counting."""
_SPOKEN_OF = 3
"""Texts of a guide, its questions among them, that must hold a word to make it the guide's."""

_LEAST = 3
_LEAST_PAIR = 4
_LEAST_SCRAPS = 5
"""Sightings of a pair of single characters: a word that no dictionary has, as 光猫 was once."""
_RARER = 20.0
_PMI = 4.0
_LONGEST_LABEL = 6
_MOST_LABEL_WORDS = 2
_TEMPLATE = re.compile(r"{[{%].*?[%}]}")
_ZH_LABEL = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}")
_EN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_LOOSE_ENDS = frozenset(
    "的了吗呢吧啊呀嘛是在有就都也还又把被给和跟与或但而我你您他她它们这那哪什怎么个些来去到从对为"
    "不没别要会能可想说让请再才很太最更上下里外一二三四五六七八九十百千万两几多少"
)


@dataclass(frozen=True)
class _Said:
    """A text of the trade, and the guide it belongs to ("" where to none)."""

    text: str
    guide: str
    lang: Language


def lexicon_path(settings: Settings) -> Path:
    return settings.corpus_dir / "lexicon.yaml"


def gather_lexicon(settings: Settings) -> Lexicon:
    """Edited terms, mined terms and the sentences they were seen in.

    Raises CorpusError or GuideError when the lexicon, a question or a guide cannot be used.
    """
    return fed(
        Lexicon.load(lexicon_path(settings)),
        load_book(settings.guides_dir),
        load_corpus(settings.corpus_dir),
    )


def fed(lexicon: Lexicon, book: Book, rows: Sequence[Row]) -> Lexicon:
    """`lexicon` with everything that guides and questions add to it."""
    said = [*_said_in(book), *(_Said(row.text, _guide_of(row), row.lang) for row in rows)]
    for lang in ("zh", "en"):
        mine = [each for each in said if each.lang == lang]
        lexicon = lexicon.with_terms(_labels(book, lang))
        lexicon = lexicon.with_terms(_counted(mine, lang))
        lexicon = lexicon.with_sentences(lang, (each.text for each in mine))
        lexicon = lexicon.with_terms(_whereabouts(lexicon, mine, lang))
    return lexicon


def _guide_of(row: Row) -> str:
    return "" if row.guide == OUT_OF_SCOPE else row.guide


def _said_in(book: Book) -> Iterator[_Said]:
    for guide in book.guides.values():
        for text in _texts_of(guide):
            yield _Said(_TEMPLATE.sub("，", text), guide.id, guide.lang)
    for ticket in book.tickets.values():
        for text in (ticket.title, *(field.label for field in ticket.fields.values())):
            yield _Said(text, "", ticket.lang)
    for offer in book.offers.values():
        heard = [phrase for phrases in offer.hear.values() for phrase in phrases]
        for text in (offer.title, offer.say, *offer.mentions, *heard, *offer.decline_reasons):
            yield _Said(_TEMPLATE.sub("，", text), "", offer.lang)


def _texts_of(guide: Guide) -> Iterator[str]:
    yield guide.title
    for slot in guide.slots.values():
        yield slot.label
        yield from slot.choices.values()
        yield from (phrase for phrases in slot.hear.values() for phrase in phrases)
    for step in guide.steps:
        yield from filter(None, (step.title, step.say))
        yield from (phrase for phrases in step.hear.values() for phrase in phrases)


def _labels(book: Book, lang: Language) -> Iterator[Term]:
    """Names that an editor gave to things: titles, slots, choices, ticket fields, offers."""
    named: list[tuple[str, str, str]] = []
    for guide in book.guides.values():
        if guide.lang == lang:
            slots = guide.slots.values()
            labels = [guide.title, *(slot.label for slot in slots)]
            labels += [choice for slot in slots for choice in slot.choices.values()]
            named += [(label, f"guide {guide.id}", guide.id) for label in labels]
    for ticket in book.tickets.values():
        if ticket.lang == lang:
            labels = [ticket.title, *(field.label for field in ticket.fields.values())]
            named += [(label, f"ticket {ticket.id}", "") for label in labels]
    named += [
        (label, f"offer {offer.id}", "")
        for offer in book.offers.values()
        if offer.lang == lang
        for label in (offer.title, *offer.mentions)
    ]
    general = general_frequencies(lang, "small")
    for label, source, guide in named:
        for name in _names_in(label, lang):
            if general.get(name.casefold(), 0.0) < 1e-5:
                guides = frozenset([guide] if guide else [])
                yield Term(name, lang, weight=LABEL_WEIGHT, source=source, guides=guides)


def _names_in(label: str, lang: Language) -> Iterator[str]:
    if lang == "zh":
        for name in _ZH_LABEL.findall(_TEMPLATE.sub("，", label)):
            chinese = sum(not c.isascii() for c in name)
            if not 2 <= chinese <= _LONGEST_LABEL or _LOOSE_ENDS & {name[0], name[-1]}:
                continue
            if len(segmented(name, general_frequencies("zh", "small"))) <= _MOST_LABEL_WORDS:
                yield name
    elif _EN_WORD.fullmatch(label.replace(" ", "")) and len(label.split()) <= 3:
        yield label


def _counted(said: Sequence[_Said], lang: Language) -> Iterator[Term]:
    """Words, and pairs of words, that the trade says far more often than everybody does."""
    words_of = _words_zh if lang == "zh" else _words_en
    general = general_frequencies(lang, "small")
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    glue = "" if lang == "zh" else " "
    for each in said:
        for words in words_of(each.text, general):
            counts.update(words)
            pairs.update(pairwise(words))
            if each.guide:
                for name in {*words, *(glue.join(pair) for pair in pairwise(words))}:
                    seen[name][each.guide] += 1
    total = sum(counts.values())
    if not total:
        return

    def mined(name: str) -> Term:
        where = frozenset(guide for guide, times in seen[name].items() if times >= _SPOKEN_OF)
        source = "guides and corpus" if seen[name] else "corpus"
        return Term(name, lang, weight=MINED_WEIGHT, source=source, guides=where)

    least_length = 2 if lang == "zh" else 4
    for word, count in counts.items():
        rarer = count / total > _RARER * general.get(word, 1e-8)
        if count >= _LEAST and rarer and len(word) >= least_length and _is_whole(word, lang):
            yield mined(word)
    for (first, second), count in pairs.items():
        name = first + glue + second
        longest = max(len(first), len(second))
        together = math.log(count * total / (counts[first] * counts[second]))
        if (
            count >= (_LEAST_PAIR if longest >= least_length else _LEAST_SCRAPS)
            and together > _PMI
            and general.get(name, 0.0) < 1e-6
            and _is_whole(first, lang)
            and _is_whole(second, lang)
        ):
            yield mined(name)


def _is_whole(word: str, lang: Language) -> bool:
    """Function words at its ends make a scrap of a sentence, not a unit."""
    if lang == "zh":
        return not _LOOSE_ENDS & {word[0], word[-1]} and not NUMBER_CHARACTERS & {*word}
    return (
        len(word) > 2
        and word.isalpha()
        and not is_number(word)
        and general_frequencies("en", "small").get(word, 0.0) < 3e-4
    )


def _words_zh(text: str, general: Mapping[str, float]) -> list[list[str]]:
    return [segmented(run, general) for run in chinese_runs([text])]


def _words_en(text: str, general: Mapping[str, float]) -> list[list[str]]:
    clauses = re.split(r"[^\w\s'’-]|\d+", text.casefold())
    return [_EN_WORD.findall(clause) for clause in clauses]


def _whereabouts(
    lexicon: Lexicon, said: Sequence[_Said], lang: Literal["zh", "en"]
) -> Iterable[Term]:
    """The terms again, with the guides whose texts and questions hold them, not just in passing."""
    texts: dict[str, list[str]] = defaultdict(list)
    for each in said:
        if each.guide:
            texts[each.guide].append(each.text.casefold())
    for term in lexicon.of(lang):
        name = term.term.casefold()
        where = frozenset(
            guide
            for guide, parts in texts.items()
            if sum(name in part for part in parts) >= _SPOKEN_OF
        )
        if where - term.guides:
            yield Term(term.term, lang, guides=where)
