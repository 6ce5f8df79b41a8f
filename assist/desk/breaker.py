"""A circuit breaker: a system that has failed several times is left alone for a while.

The agent then gets the manual branch at once and does not wait for the same silence again. Its
clock is handed in, so that nothing here decides by the wall clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assist.errors import DeskDown, DeskError

Clock = Callable[[], float]
"""Seconds that only go forward."""


class Breaker:
    """Of one connector. Used by one thread, the event loop's."""

    def __init__(self, name: str, failures: int, rest_s: float, clock: Clock) -> None:
        self._name = name
        self._most = failures
        self._rest_s = rest_s
        self._clock = clock
        self._failed = 0
        self._opened_s = 0.0
        self._trying = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around one request. DeskDown counts as a failure, any answer as health, a refusal too.

        Raises DeskDown at once while the system rests; then lets one request try.
        """
        trial = self._failed >= self._most
        if trial:
            self._let_one_try()
        try:
            yield
        except DeskDown:
            self._failed += 1
            if self._failed >= self._most:
                self._opened_s = self._clock()
            raise
        except DeskError:
            self._failed = 0
            raise
        else:
            self._failed = 0
        finally:
            if trial:
                self._trying = False

    def _let_one_try(self) -> None:
        left_s = self._opened_s + self._rest_s - self._clock()
        if left_s <= 0 and not self._trying:
            self._trying = True
            return
        when = f"in {left_s:.0f} s" if left_s > 0 else "just now"
        raise DeskDown(
            f"Connector {self._name} did not answer {self._failed} times in a row; it is tried "
            f"again {when}.",
            "Go on by hand meanwhile.",
            code="desk.resting",
        )
