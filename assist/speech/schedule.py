"""Whose sound is decoded next, by which model, and what is decoded together.

Pure: it holds what waits and chooses; threads and clocks are elsewhere. Age is counted in sound:
how many ms of its call have been heard since the speech ended. Finals are never dropped; guesses
are, and the oldest ones first, because each speaker has only the newest waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assist.audio import Pcm
from assist.errors import AssistError
from assist.ports import Decoded
from assist.speech.utterance import Due, Final, Guess, Standing


@dataclass(frozen=True)
class ScheduleOptions:
    """How decodes share the models: unit and consequence beside each value."""

    most_guesses: int = 4
    """Guesses decoded together, at most. More cost less each and delay the first."""

    most_finals: int = 3
    """Finals decoded together, at most. More cost less each and delay the first."""

    length_ratio: float = 1.6
    """Longest window to shortest within a batch: the shorter are padded to the longest, and above
    this the padding costs more than decoding together saves."""

    fall_back_after_ms: int = 2_500
    """ms of sound since an utterance ended, after which its final is written by the fast model.
    Lower loses accuracy sooner, higher lets finals come later before anything gives."""

    refuse_after_ms: int = 6_000
    """ms of sound by which the oldest final may lag; beyond it new calls are refused."""


@dataclass(eq=False)
class Job:
    """A decode that waits. `heard_ms` tells how much of the call has been heard by now, `answer`
    takes what came of it: None when it was dropped."""

    call: str
    due: Due
    lang: str
    standing: Callable[[Due], Standing] = field(repr=False)
    heard_ms: Callable[[], int] = field(repr=False)
    answer: Callable[[Job, Decoded | AssistError | None], None] = field(repr=False)
    asked_s: float = 0.0
    fell_back: bool = False

    @property
    def pcm(self) -> Pcm:
        return self.due.pcm

    @property
    def is_final(self) -> bool:
        return isinstance(self.due, Final)

    @property
    def late_ms(self) -> int:
        return max(0, self.heard_ms() - self.due.end_ms)


class Schedule:
    """What waits for one model."""

    def __init__(self, options: ScheduleOptions) -> None:
        self._options = options
        self._finals: list[Job] = []
        self._dropped: list[Job] = []
        self._guesses: dict[tuple[str, str], Job] = {}
        self._served: dict[str, int] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._finals) + len(self._guesses)

    def lag_ms(self) -> int:
        """By how much the oldest final of an ended utterance lags behind its call."""
        return max(
            (job.late_ms for job in self._finals if job.standing(job.due) == "due"), default=0
        )

    def put(self, job: Job) -> None:
        """Let it wait. A speaker's newer guess takes the place of the older one."""
        if job.is_final:
            self._finals.append(job)
            return
        place = job.call, job.due.speaker
        before = self._guesses.pop(place, None)
        self._guesses[place] = job
        if before:
            self._dropped.append(before)

    def take_dropped(self) -> list[Job]:
        """What will never be decoded, since the last time this was asked."""
        self._drop_stale()
        dropped, self._dropped = self._dropped, []
        return dropped

    def take(self) -> list[Job]:
        """The next batch: finals of ended utterances, finals made ahead, guesses; within each
        the call that was served longest ago. Empty when nothing waits."""
        self._drop_stale()
        due = [job for job in self._finals if job.standing(job.due) == "due"]
        for waiting in (due, self._finals, list(self._guesses.values())):
            if waiting:
                return self._batch(waiting)
        return []

    def take_late(self) -> list[Job]:
        """The final that has waited too long for this model, for a faster one to write."""
        late = [
            job
            for job in self._finals
            if job.standing(job.due) == "due" and job.late_ms > self._options.fall_back_after_ms
        ]
        if not late:
            return []
        job = max(late, key=lambda each: each.late_ms)
        self._finals.remove(job)
        job.fell_back = True
        return [job]

    def forget(self, call: str) -> None:
        """The call is gone: nothing of it is decoded any more."""
        jobs = [*self._finals, *self._guesses.values()]
        self._dropped += [job for job in jobs if job.call == call]
        self._finals = [job for job in self._finals if job.call != call]
        self._guesses = {key: job for key, job in self._guesses.items() if key[0] != call}
        self._served.pop(call, None)

    def _drop_stale(self) -> None:
        jobs = [*self._finals, *self._guesses.values()]
        stale = [job for job in jobs if job.standing(job.due) == "stale"]
        self._dropped += stale
        for job in stale:
            self._remove(job)

    def _remove(self, job: Job) -> None:
        if isinstance(job.due, Guess):
            del self._guesses[job.call, job.due.speaker]
        else:
            self._finals.remove(job)

    def _batch(self, waiting: list[Job]) -> list[Job]:
        options = self._options
        first = min(waiting, key=self._turn_of)
        most = options.most_finals if first.is_final else options.most_guesses
        chosen = [first]
        for job in sorted(waiting, key=self._turn_of):
            if job is first or len(chosen) == most or job.lang != first.lang:
                continue
            lengths = [len(each.pcm) for each in (*chosen, job)]
            if max(lengths) <= options.length_ratio * max(1, min(lengths)):
                chosen.append(job)
        self._turn += 1
        for job in chosen:
            self._served[job.call] = self._turn
            self._remove(job)
        return chosen

    def _turn_of(self, job: Job) -> tuple[int, int]:
        return self._served.get(job.call, 0), job.due.due_at_ms
