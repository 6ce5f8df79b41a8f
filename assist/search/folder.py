"""A folder that is replaced as a whole: written aside, then put in place at one stroke.

Whoever reads the place sees the old folder or the new one, whenever the writer dies.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def replaced(place: Path) -> Iterator[Path]:
    """An empty folder beside `place` that takes its place when the block ends well."""
    place = place.resolve()
    _clear_away(place)
    aside = place.with_name(f"{place.name}.new-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        _swap(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _swap(new: Path, place: Path) -> None:
    if not place.exists():
        new.rename(place)
    elif not _exchange(new, place):
        # This file system cannot do it at one stroke: for a moment nothing is in place.
        old = place.with_name(f"{place.name}.old-{os.getpid()}")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(2), Linux only, which Python does not offer; False where it does not work."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0


def _clear_away(place: Path) -> None:
    """What writers that died in the middle left beside it; puts back what one had taken away."""
    for kind in ("old", "new"):
        for left in place.parent.glob(f"{place.name}.{kind}-*"):
            pid = left.name.rpartition("-")[2]
            if not pid.isdigit() or _alive(int(pid)):
                continue
            if kind == "old" and not place.exists():
                left.rename(place)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
