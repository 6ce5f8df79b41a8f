"""The guides folder as the studio uses it: read again only when it changed, written whole.

Everything here blocks; it is called from threads. A change that somebody made on disk is never
written over.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

from assist.errors import GuideError, StudioRefused
from assist.files import ChangedMeanwhile, Stamp, replace_file, stamp
from assist.guide.check import check_shelf
from assist.guide.shelf import SUFFIX, Shelf, read_shelf, with_guide
from assist.problems import Problem

MOST_CHARACTERS = 200_000
"""Of one guide; the longest shipped one has 15,000."""
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_LONGEST_ID = 80
_APART = {"offers", "moods", "priors", "house"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class OnDisk:
    """A guide's file: its text with plain line ends, and the hash of its bytes; "" for none."""

    text: str = ""
    hash: str = ""


class GuidesFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._stamp: Stamp = ()
        self._shelf: Shelf | None = None
        self._checked: tuple[date, list[Problem]] | None = None

    def path(self, guide: str) -> Path:
        """Raises StudioRefused for what is no guide's name: nothing outside is ever touched."""
        if not _ID.fullmatch(guide) or len(guide) > _LONGEST_ID or guide in _APART:
            raise StudioRefused(
                f"{guide[:_LONGEST_ID]!r} cannot be a guide's id.",
                "Use small letters, digits, - and _, with dots between, as wifi.slow.",
                code="studio.id",
            )
        return self.folder / f"{guide}{SUFFIX}"

    def shelf(self) -> Shelf:
        """As the folder stands now; nobody may change it."""
        now = stamp(self.folder.rglob(f"*{SUFFIX}"))
        with self._lock:
            if self._shelf is None or not now or now != self._stamp:
                self._shelf, self._checked = read_shelf(self.folder), None
                self._stamp = now
            return self._shelf

    def problems(self, today: date) -> list[Problem]:
        """Of all files together."""
        shelf = self.shelf()
        with self._lock:
            if self._checked is None or self._checked[0] != today:
                self._checked = (today, check_shelf(shelf, today))
            return self._checked[1]

    def read(self, guide: str) -> OnDisk:
        """Raises GuideError for a file that is no UTF-8."""
        path = self.path(guide)
        if not path.is_file():
            return OnDisk()
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise GuideError(
                f"{path.name}: byte {error.start} is not UTF-8.",
                "Save the file as UTF-8 with a text editor first.",
                code="studio.encoding",
            ) from error
        return OnDisk(_plain(text), _hash(raw))

    def with_text(self, guide: str, text: str) -> Shelf:
        """Raises StudioRefused for a text that is too long to be a guide."""
        path = self.path(guide)
        if len(text) > MOST_CHARACTERS:
            raise StudioRefused(
                f"{len(text)} characters are too many for a guide, {MOST_CHARACTERS} are allowed.",
                "Split the guide: a step can lead into another one with `guide:`.",
                code="studio.too-long",
            )
        return with_guide(self.shelf(), text, path)

    def errors_of(self, guide: str, text: str) -> list[Problem]:
        """Everything that would keep the guides from being used with this text among them."""
        return sorted(p for p in check_shelf(self.with_text(guide, text)) if p.level == "error")

    def write(self, guide: str, text: str, base: str) -> OnDisk:
        """Puts the text in the file's place, with its line ends, if the file is still `base`.

        One that already says the same is left alone. Raises StudioRefused.
        """
        path = self.path(guide)

        def edit(old: bytes) -> bytes:
            new = _as_before(text, old)
            if new != old and (_hash(old) if old else "") != base:
                raise ChangedMeanwhile(path.name)
            return new

        try:
            replace_file(path, edit)
        except ChangedMeanwhile as error:
            raise StudioRefused(
                f"{path.name} was changed on disk since this text began.",
                "Look at what changed there, and take it into account.",
                code="studio.conflict",
            ) from error
        except OSError as error:
            raise StudioRefused(
                f"{path} cannot be written ({error.strerror}).",
                "Check the folder and its access rights; the file is as it was.",
                code="studio.disk",
            ) from error
        return self.read(guide)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_before(text: str, old: bytes) -> bytes:
    """The text with the byte order mark and the line ends that the file had."""
    raw = _plain(text).encode()
    if b"\r\n" in old:
        raw = raw.replace(b"\n", b"\r\n")
    return _BOM + raw if old.startswith(_BOM) else raw


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:12]
