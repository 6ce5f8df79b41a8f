"""A file too large for memory, of which pieces are read by their places."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


class Pieces:
    """Readable to the end even when another file has taken its place. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)

    def __del__(self) -> None:
        os.close(self._file)

    def read(self, places: Iterable[int], sizes: Iterable[int]) -> bytes:
        """The pieces behind one another; places and sizes in bytes."""
        pieces = zip(sizes, places, strict=True)
        return b"".join(os.pread(self._file, size, place) for size, place in pieces)
