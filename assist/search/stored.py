"""Rows of a large index, read from its file one by one: a million in memory would be a gigabyte."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from pathlib import Path
from sys import intern
from typing import SupportsIndex

from assist.search.corpus import Row
from assist.search.pieces import Pieces


class StoredRows:
    """Rows of one language in their order; `guides` is known of each without reading it."""

    def __init__(self, path: Path) -> None:
        self._pieces = Pieces(path)
        self._places = array("q")
        self._sizes = array("l")
        self.guides: list[str] = []

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, at: SupportsIndex) -> Row:
        """Raises IndexError, and ValueError where the file was changed since."""
        line = self._pieces.read([self._places[at]], [self._sizes[at]])
        return Row.model_validate_json(line)

    def __iter__(self) -> Iterator[Row]:
        return (self[at] for at in range(len(self)))

    def add(self, place: int, size: int, guide: str) -> None:
        """A line of the file, by its place in bytes."""
        self._places.append(place)
        self._sizes.append(size)
        self.guides.append(intern(guide))


def stored_rows(path: Path) -> dict[str, StoredRows]:
    """By language. Raises OSError, ValueError or KeyError where the file is not what was written;
    a row itself is checked when it is read."""
    found: dict[str, StoredRows] = {}
    place = 0
    with path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            if row["lang"] not in found:
                found[row["lang"]] = StoredRows(path)
            found[row["lang"]].add(place, len(line), row["guide"])
            place += len(line)
    return found
