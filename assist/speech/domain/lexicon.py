"""The trade's words: what callers say that a recogniser without the trade would not expect.

Terms are written by editors in `corpus/lexicon.yaml` and mined from guides and corpus (by
`wiring`). They serve as hotwords and as what misheard text may be corrected to. A lexicon is
frozen; adding gives a new one. Nothing here reads guides or corpus, or corrects anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from assist.errors import CorpusError
from assist.speech.domain.lexicon_file import EDITED, Entry, read_entries
from assist.speech.sound import spelled

Language = Literal["zh", "en"]

_SHOWN = 20
_NEAR_BOOST = 4.0


@dataclass(frozen=True)
class Term:
    """A word of the trade as it should be written.

    `weight` is how often it is said, against an ordinary term (1.0); `aliases` is what a
    recogniser writes in its place; `pinyin` its toneless syllables (Chinese characters only);
    `source` "editor" or what it was mined from; `guides` the ids of guides that speak of it.
    """

    term: str
    lang: Language
    aliases: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()
    weight: float = 1.0
    source: str = EDITED
    guides: frozenset[str] = frozenset()

    @property
    def folded(self) -> str:
        return folded(self.term)


def folded(text: str) -> str:
    """Case, spaces and hyphens make no second term: "Wi-Fi" is "WiFi"."""
    return "".join(text.casefold().replace("-", " ").split())


@dataclass(frozen=True)
class Lexicon:
    """`sentences` is language -> what is said and written in the trade: the context of terms."""

    terms: tuple[Term, ...] = ()
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Raises CorpusError listing every problem as `file:line:col: [error] text (rule)`."""
        entries, problems = read_entries(path)
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            shown = [*map(str, errors[:_SHOWN])]
            if len(errors) > _SHOWN:
                shown.append(f"and {len(errors) - _SHOWN} more")
            raise CorpusError(
                f"{len(errors)} problem{'s' if len(errors) > 1 else ''} in the lexicon:\n"
                + "\n".join(shown),
                "Mend these lines (`assist lexicon check` lists them all); corpus/README.md "
                "explains the fields.",
            )
        return cls(tuple(_term(entry) for entry in entries))

    def with_terms(self, mined: Iterable[Term]) -> Lexicon:
        """These terms too; of one that is there already only `guides` is taken over."""
        known = {(term.lang, term.folded): term for term in self.terms}
        for term in mined:
            key = (term.lang, term.folded)
            if key in known:
                known[key] = replace(known[key], guides=known[key].guides | term.guides)
            else:
                known[key] = term if term.pinyin else replace(term, pinyin=spelled(term.term))
        return replace(self, terms=tuple(known.values()))

    def with_sentences(self, lang: Language, sentences: Iterable[str]) -> Lexicon:
        """These sentences too, as context."""
        kept = (*self.sentences.get(lang, ()), *sentences)
        return replace(self, sentences={**self.sentences, lang: kept})

    def of(self, lang: str) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.lang == lang)

    def hotwords(self, lang: str, limit: int, near: Sequence[str] = ()) -> tuple[str, ...]:
        """At most `limit` terms, those worth most first.

        `near` has ids of guides, or texts (a guide's title, what was heard so far): their terms,
        and the terms of guides that share one with them, count for more.
        """
        wanted = {each for each in near if each in self._guides}
        texts = [folded(each) for each in near if each not in self._guides]
        named = {
            (term.lang, term.folded)
            for term in self.of(lang)
            if any(term.folded in text for text in texts)
        }
        about: dict[str, int] = {}
        for term in self.of(lang):
            if (term.lang, term.folded) in named:
                for guide in term.guides:
                    about[guide] = about.get(guide, 0) + 1
        if about:
            most = max(about.values())
            wanted |= {guide for guide, count in about.items() if count == most}

        def worth(term: Term) -> float:
            close = bool(wanted & term.guides) or (term.lang, term.folded) in named
            return term.weight * (_NEAR_BOOST if close else 1.0)

        ordered = sorted(self.of(lang), key=lambda term: (-worth(term), term.term))
        return tuple(term.term for term in ordered[: max(0, limit)])

    @cached_property
    def _guides(self) -> frozenset[str]:
        return frozenset().union(*(term.guides for term in self.terms))


def _term(entry: Entry) -> Term:
    pinyin = tuple(entry.pinyin.split()) or spelled(entry.term)
    return Term(entry.term, entry.lang, entry.aliases, pinyin, entry.weight)
