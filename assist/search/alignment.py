"""Where in many texts a sequence of keystrokes fits, unit by unit: exact, begun, or by initials.

Dynamic programming over (keystrokes used, place in the texts), all texts at once: the texts stand
in one long line of units with a border after each. A piece of the keystrokes must fit a whole unit
or its beginning; units may be passed over, at a loss. It compares and never ranks guides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.search.keystrokes import Typed, Unit, is_chinese, keys_of

Places = NDArray[np.int32]
Losses = NDArray[np.int16]

_FAR = np.int16(30_000)
_PASSED = 55
"""Loss of a unit between two fitting ones that nothing was typed for."""
_MOST_PASSED = 3
_BEAM = 150
"""A fit so much worse than another text's is not followed: three units passed over, or six initials
where the other has syllables."""
_GONE_BY = -1
_FEW = 8


@dataclass(frozen=True)
class _Postings:
    places: Places
    losses: Losses


class _State:
    """Fits of the keystrokes so far, by the place behind them; `way` tells where each came from."""

    def __init__(self, size: int) -> None:
        self.loss = np.full(size, _FAR, dtype=np.int16)
        self.begin = np.empty(size, dtype=np.int32)
        self.way = np.empty(size, dtype=np.int32)
        self._reached: Places | None = None

    def take(self, at: Places, loss: Losses, begin: Places, way: int) -> Places:
        """Keeps what is better than what is known; the places where it was."""
        better = loss < self.loss[at]
        at = at[better]
        self.loss[at], self.begin[at], self.way[at] = loss[better], begin[better], way
        self._reached = None
        return at

    def reached(self) -> Places:
        """Every place with a fit not much worse than the best one, in order."""
        if self._reached is None:
            most = min(int(self.loss.min()) + _BEAM, int(_FAR) - 1)
            self._reached = np.flatnonzero(self.loss <= most).astype(np.int32)
        return self._reached


@dataclass(frozen=True)
class Fit:
    """Of each text that fits: its number, the loss, and the first and behind the last unit, counted
    over all texts. Ordered by number; one fit a text, the one of least loss."""

    texts: Places
    losses: Losses
    begin: Places
    end: Places
    _states: Sequence[_State | None]

    def units(self, text: int) -> list[int]:
        """Places of the units of a text that keystrokes stood for; [] if it does not fit."""
        row = int(np.searchsorted(self.texts, text))
        if row == len(self.texts) or self.texts[row] != text:
            return []
        used, at, found = len(self._states) - 1, int(self.end[row]), []
        while used > 0 and (state := self._states[used]) is not None:
            came = int(state.way[at])
            at -= 1
            if came != _GONE_BY:
                found.append(at)
                used = came
        return found[::-1]


class Alignment:
    """`texts` are each text's units in order; what was built is never changed."""

    def __init__(self, texts: Sequence[Sequence[Unit]]) -> None:
        self.lengths = np.array([len(units) for units in texts], dtype=np.int32)
        self.first = np.cumsum([0, *(self.lengths + 1)], dtype=np.int32)
        """Place of each text's first unit; one more for the end of the line."""
        self._size = int(self.first[-1]) + 1
        self._text_of = np.repeat(np.arange(len(texts), dtype=np.int32), self.lengths + 1)
        self._real = np.ones(self._size, dtype=bool)
        self._real[self.first[1:] - 1] = False
        self._postings = _postings(texts, self.first)

    def fit(self, typed: Typed) -> Fit:
        """Every text where all that was typed fits."""
        count = len(typed.keys)
        states: list[_State | None] = [None] * (count + 1)
        for used in range(count):
            state = states[used]
            if used and state is None:
                continue
            if state is not None and (used > 1 or is_chinese(typed.keys[0])):
                self._pass_over(state)  # after one letter anything would fit
            for end, key in typed.pieces(used):
                found = self._postings.get(key)
                if found is None:
                    continue
                at, loss, begin = _continued(state, found)
                if len(at):
                    after = states[end] = states[end] or _State(self._size)
                    after.take(at + 1, loss, begin, used)
        last = states[count]
        if last is None:
            none = np.empty(0, dtype=np.int32)
            return Fit(none, none.astype(np.int16), none, none, states)
        ends = last.reached()
        losses, texts = last.loss[ends], self._text_of[ends - 1]
        order = np.lexsort((ends, losses, texts))
        once = order[np.flatnonzero(np.diff(texts[order], prepend=-1))]
        return Fit(texts[once], losses[once], last.begin[ends[once]], ends[once], states)

    def _pass_over(self, state: _State) -> None:
        """Lets a unit or more go by that nothing was typed for."""
        front = state.reached()
        for _ in range(_MOST_PASSED):
            front = front[self._real[front]]
            loss = state.loss[front] + np.int16(_PASSED)
            front = state.take(front + np.int32(1), loss, state.begin[front], _GONE_BY)


def _continued(state: _State | None, found: _Postings) -> tuple[Places, Losses, Places]:
    """Units of `found` that stand just where a fit ended, with the loss so far and its begin.

    Without a state every unit is a beginning.
    """
    at, loss = found.places, found.losses
    if state is None:
        return at, loss, at
    reached = state.reached()
    if len(reached) * _FEW < len(at):
        where = np.minimum(np.searchsorted(at, reached), len(at) - 1)
        where = where[at[where] == reached]
        at, loss = at[where], loss[where]
    came = state.loss[at]
    open_ = came < _FAR
    return at[open_], loss[open_] + came[open_], state.begin[at[open_]]


def _postings(texts: Sequence[Sequence[Unit]], first: Places) -> dict[str, _Postings]:
    """Key -> where units stand that may be typed so, in order, and with what loss."""
    stands: dict[str, list[int]] = defaultdict(list)
    for units, begin in zip(texts, first.tolist(), strict=False):
        for offset, unit in enumerate(units):
            stands[unit.text].append(begin + offset)
    by_key: dict[str, list[tuple[list[int], int]]] = defaultdict(list)
    for unit, places in stands.items():
        for key, loss in keys_of(unit):
            by_key[key].append((places, loss))
    built = {}
    for key, parts in by_key.items():
        places = np.concatenate([np.array(part, dtype=np.int32) for part, _ in parts])
        losses = np.repeat(
            np.array([loss for _, loss in parts], dtype=np.int16), [len(p) for p, _ in parts]
        )
        order = np.argsort(places, kind="stable")
        built[key] = _Postings(places[order], losses[order])
    return built
