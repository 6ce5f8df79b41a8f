"""Files that people and programs change at the same time: replaced whole, never over a change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

Stamp = tuple[tuple[str, int, int, int], ...]


class ChangedMeanwhile(Exception):
    """Somebody else changed the file; it is as they left it."""


def replace_file(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """The whole new file stands beside the old one before it takes its place.

    `edit` is given what is there, b"" where there is no file; what it raises leaves the file as it
    was. Raises ChangedMeanwhile, OSError.
    """
    target = path.resolve()
    aside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        old = target.read_bytes() if target.exists() else b""
        new = edit(old)
        with aside.open("wb") as out:
            out.write(new)
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            shutil.copymode(target, aside)
        if (target.read_bytes() if target.exists() else b"") != old:
            raise ChangedMeanwhile(str(path))
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def stamp(paths: Iterable[Path]) -> Stamp:
    """What tells changed files without reading them; empty where one is going away."""
    try:
        files = [(str(path), path.stat()) for path in sorted(paths)]
    except OSError:
        return ()
    return tuple((name, stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in files)
