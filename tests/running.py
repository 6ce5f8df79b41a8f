"""Where the recordings are, and waiting for what the real server does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CALLS = ROOT / "corpus" / "calls"


def until(look: Any, seconds: float = 120) -> Any:
    """Ask again until the answer is true; the answer."""
    for _ in range(int(seconds * 10)):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
