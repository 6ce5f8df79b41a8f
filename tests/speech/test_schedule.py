"""Whose turn it is: fairness, batches, stale work, and finals that wait too long."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assist.audio import ms_to_samples
from assist.errors import AssistError
from assist.ports import Decoded
from assist.speech.schedule import Job, Schedule, ScheduleOptions
from assist.speech.utterance import Due, Final, Guess, Standing

OPTIONS = ScheduleOptions()


@dataclass
class House:
    """Calls whose decodes stand as the test says."""

    schedule: Schedule = field(default_factory=lambda: Schedule(OPTIONS))
    stands: dict[int, Standing] = field(default_factory=dict)
    heard_ms: int = 1_000

    def put(
        self,
        call: str,
        standing: Standing = "early",
        *,
        final: bool = False,
        length_ms: int = 1_000,
        lang: str = "zh",
    ) -> Job:
        pcm = np.zeros(ms_to_samples(length_ms), dtype=np.float32)
        due: Due
        if final:
            due = Final(
                utterance="c1",
                speaker="customer",
                start_ms=0,
                end_ms=1_000,
                pcm=pcm,
                due_at_ms=1_000,
                sound_ms=0,
            )
        else:
            due = Guess(
                utterance="c1",
                speaker="customer",
                start_ms=0,
                end_ms=1_000,
                pcm=pcm,
                due_at_ms=1_000,
            )
        self.stands[id(due)] = standing
        job = Job(
            call=call,
            due=due,
            lang=lang,
            standing=lambda each: self.stands[id(each)],
            heard_ms=lambda: self.heard_ms,
            answer=_ignore,
        )
        self.schedule.put(job)
        return job

    def calls(self) -> list[str]:
        return [job.call for job in self.schedule.take()]


def _ignore(job: Job, answer: Decoded | AssistError | None) -> None:
    return None


def test_ended_utterances_come_before_those_decoded_ahead_and_guesses_last():
    house = House()
    house.put("a")
    house.put("b", final=True)
    house.put("c", "due", final=True)
    assert [house.calls() for _ in range(4)] == [["c"], ["b"], ["a"], []]


def test_windows_of_several_calls_are_decoded_together_up_to_the_limit():
    house = House()
    for number in range(OPTIONS.most_guesses + 2):
        house.put(str(number))
    assert len(house.calls()) == OPTIONS.most_guesses
    assert len(house.calls()) == 2


def test_windows_of_other_length_or_language_are_decoded_apart():
    house = House()
    house.put("a", length_ms=1_000)
    house.put("b", length_ms=5_000)
    house.put("c", length_ms=1_200)
    house.put("d", length_ms=1_000, lang="en")
    assert house.calls() == ["a", "c"]
    assert sorted([house.calls(), house.calls()]) == [["b"], ["d"]]


def test_turns_are_fair_the_call_served_longest_ago_comes_first():
    house = House(Schedule(ScheduleOptions(most_guesses=1)))
    house.put("a")
    assert house.calls() == ["a"]
    house.put("a")
    house.put("b")
    assert [house.calls(), house.calls()] == [["b"], ["a"]]


def test_a_newer_guess_takes_the_place_of_the_older_one():
    house = House()
    older, newer = house.put("a"), house.put("a")
    assert house.schedule.take_dropped() == [older]
    assert house.schedule.take() == [newer]


def test_what_became_stale_is_dropped_and_never_decoded():
    house = House()
    guess, final = house.put("a"), house.put("b", final=True)
    for job in (guess, final):
        house.stands[id(job.due)] = "stale"
    assert house.schedule.take() == []
    assert house.schedule.take_dropped() == [final, guess]
    assert len(house.schedule) == 0


def test_only_a_final_that_waited_too_long_falls_back():
    house = House()
    house.put("a", "due", final=True)
    house.put("b", final=True)
    house.heard_ms = 1_000 + OPTIONS.fall_back_after_ms
    assert house.schedule.take_late() == []
    house.heard_ms += 1
    (job,) = house.schedule.take_late()
    assert (job.call, job.fell_back) == ("a", True)
    assert house.schedule.take_late() == []


def test_the_lag_is_counted_in_sound_since_the_speech_ended():
    house = House()
    assert house.schedule.lag_ms() == 0
    house.put("a", "due", final=True)
    house.heard_ms = 5_000
    assert house.schedule.lag_ms() == 4_000


def test_a_call_that_is_gone_leaves_nothing_behind():
    house = House()
    jobs = [house.put("a"), house.put("a", "due", final=True)]
    house.put("b")
    house.schedule.forget("a")
    assert set(map(id, house.schedule.take_dropped())) == set(map(id, jobs))
    assert house.calls() == ["b"]
