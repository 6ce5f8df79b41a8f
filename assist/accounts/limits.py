"""Limits: guessing is slow, and nobody takes all. Bounded; the clock is handed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MOST_KEYS = 10_000
"""Beyond that the key that was quiet longest is forgotten."""


FORGET_S = 900.0
"""A quarter of an hour without a failure, and counting begins anew."""


@dataclass
class _Failures:
    count: int
    until_s: float


class Throttle:
    """After `free` failures in a row each next one doubles the wait, from 1 s up to `longest_s`."""

    def __init__(self, free: int, longest_s: float) -> None:
        self._free = free
        self._longest_s = longest_s
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait_s(self, key: str, now_s: float) -> float:
        """Seconds until this key may try again; 0 when it may now."""
        known = self._failures.get(key)
        return max(0.0, known.until_s - now_s) if known else 0.0

    def failed(self, key: str, now_s: float) -> None:
        known = self._failures.pop(key, None)
        if known is None or now_s - known.until_s > FORGET_S:
            known = _Failures(0, now_s)
        known.count += 1
        over = known.count - self._free
        # Past some doublings the wait is the longest anyway.
        known.until_s = now_s + (min(2.0 ** min(over - 1, 30), self._longest_s) if over > 0 else 0)
        self._failures[key] = known
        if len(self._failures) > MOST_KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)


class Allowance:
    """`burst` at once, and `per_s` for as long as one likes (a token bucket per key)."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now_s: float) -> float:
        """0 when granted, otherwise seconds until the next one is."""
        left, at_s = self._left.pop(key, (float(self._burst), now_s))
        left = min(float(self._burst), left + (now_s - at_s) * self._per_s)
        granted = left >= 1
        self._left[key] = (left - granted, now_s)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return 0.0 if granted else (1 - left) / self._per_s
