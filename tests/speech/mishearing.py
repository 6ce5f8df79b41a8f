"""What Whisper makes of Chinese telephone speech, simulated for tuning and testing corrections.

Unlike `search.noise`, which drops and swaps single characters, this one errs as a language model
does: it writes another, usual word that sounds the same. Deterministic from its generator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from assist.speech.domain.lexicon_file import NUMBER_CHARACTERS
from assist.speech.sound import LOOSE, NEAR, neighbours, spelled
from assist.speech.words import CJK_RUN, general_frequencies, segmented


class Whisperlike:
    """`terms` are words that the simulated speaker uses and the recogniser may not know."""

    def __init__(self, rng: np.random.Generator, terms: Sequence[str] = ()) -> None:
        self._rng = rng
        general = general_frequencies("zh", "small")
        self._known = {**general, **{term: 1e-4 for term in terms}}
        self._alike: dict[tuple[str, ...], list[tuple[str, float]]] = defaultdict(list)
        for word, share in general.items():
            if CJK_RUN.fullmatch(word) and len(word) <= 3:
                self._alike[spelled(word)].append((word, share))
        singles = [key[0] for key in self._alike if len(key) == 1]
        self._neighbours = neighbours(singles)

    def hear(self, text: str, rate: float) -> str:
        """`text` with about `rate` (0..1) of its Chinese words misheard; numbers stay."""
        return CJK_RUN.sub(
            lambda run: "".join(
                self._mishear(word) if self._rng.random() < rate else word
                for word in segmented(run.group(), self._known)
            ),
            text,
        )

    def _mishear(self, word: str) -> str:
        if NUMBER_CHARACTERS & {*word}:
            return word
        chance = self._rng.random()
        if chance < 0.4 and len(word) > 1:
            return self._like(spelled(word), instead_of=word)
        at = int(self._rng.integers(len(word)))
        sound = spelled(word[at])[0]
        if chance > 0.95:
            return word[:at] + word[at + 1 :]
        if chance > 0.75:
            grade = NEAR if chance < 0.88 else LOOSE
            others = [s for s, g in self._neighbours.get(sound, ()) if g == grade]
            if others:
                sound = others[int(self._rng.integers(len(others)))]
        return word[:at] + self._like((sound,), instead_of=word[at]) + word[at + 1 :]

    def _like(self, sounds: tuple[str, ...], instead_of: str) -> str:
        """A word with that sound, usual ones more often; else one character of it."""
        found = [(w, share) for w, share in self._alike.get(sounds, ()) if w != instead_of]
        found = [(w, share) for w, share in found if not NUMBER_CHARACTERS & {*w}]
        if not found:
            if len(sounds) == 1:
                return instead_of
            at = int(self._rng.integers(len(sounds)))
            other = self._like((sounds[at],), instead_of=instead_of[at])
            return instead_of[:at] + other + instead_of[at + 1 :]
        shares = np.array([share for _, share in found]) ** 0.5
        return found[int(self._rng.choice(len(found), p=shares / shares.sum()))][0]
