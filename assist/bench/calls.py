"""A recorded call replayed with the obedient newcomer, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from assist.train.score import CallScore, score


def replayed(path: Path, speed: str) -> CallScore:
    """Compared with the reference beside the recording; `speed` is 1 (real time), 4 or max."""
    command = [sys.executable, "-c", "from assist.cli import main; main()"]
    command += ["replay", str(path), "--auto", "--json", "--speed", speed]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    reference = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return score(path.stem, json.loads(run.stdout.splitlines()[-1]), reference)
