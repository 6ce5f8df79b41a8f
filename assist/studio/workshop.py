"""A guide's way from a working copy to the guides folder: list, draft, review, publish, roll back.

The store keeps drafts, versions and who did what; live guides are files. Files are read and written
in threads, the store on the event loop.
"""

from __future__ import annotations

import asyncio
import difflib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from assist.errors import GuideError, StudioRefused
from assist.guide.diff import differences
from assist.guide.model import Guide
from assist.guide.shelf import Shelf, with_guide
from assist.guide.skeleton import skeleton
from assist.problems import LANGS, Lang, Problem
from assist.studio.folder import GuidesFolder
from assist.studio.sketch import told
from assist.tables.studio import Draft, Move, StudioTable, Version

_SHOWN = 20


class Workshop:
    def __init__(
        self,
        folder: GuidesFolder,
        table: StudioTable,
        now: Callable[[], datetime],
        reread: Callable[[], Awaitable[None]],
    ) -> None:
        """`reread` lets the running house take over what stands in the folder."""
        self.folder, self.table = folder, table
        self._now, self._reread = now, reread
        self._writing = asyncio.Lock()

    @property
    def today(self) -> date:
        return self._now().date()

    async def list(self) -> list[dict[str, Any]]:
        """Every guide there is as a file or a working copy, by id."""
        drafts = {draft.guide: draft for draft in self.table.drafts()}
        use = self.table.use(self._now())
        shelf = await asyncio.to_thread(self.folder.shelf)
        problems = await asyncio.to_thread(self.folder.problems, self.today)
        levels = Counter((Path(p.path).stem, p.level) for p in problems if _is_guide(p, shelf))
        found = []
        for name in sorted({*shelf.names, *drafts}):
            entry, draft = shelf.guides.get(name), drafts.get(name)
            guide = entry.item if entry else None
            one: dict[str, Any] = {"id": name, "title": name, "lang": "", "owner": ""}
            if guide:
                one |= {"title": guide.title, "lang": guide.lang, "owner": guide.owner}
            elif draft and (written := _guide_of(draft.text, self.folder.path(name))):
                one |= {"title": written.title, "lang": written.lang, "owner": written.owner}
            one |= {"live": _live(guide, self.today, name in shelf.names)}
            one |= {"work": draft.state if draft else "", "draft_by": draft.by if draft else ""}
            counts = {level: levels[name, level] for level in ("error", "warning")}
            found.append(one | counts | (use[name].model_dump() if name in use else {}))
        return found

    async def open(self, guide: str) -> dict[str, Any]:
        """The guide as it is worked on, or as it is live. Raises GuideError where there is none."""
        disk = await asyncio.to_thread(self.folder.read, guide)
        draft = self.table.draft(guide)
        if draft is None and not disk.hash:
            raise GuideError(
                f"There is no guide {guide!r}.", "The studio lists them.", code="guide"
            )
        return {
            "id": guide,
            "text": draft.text if draft else disk.text,
            "live_text": disk.text,
            "live_hash": disk.hash,
            "draft": draft.model_dump(exclude={"text"}) if draft else None,
            "conflict": bool(draft) and draft.base != disk.hash and draft.text != disk.text,
        }

    async def new(
        self, guide: str, lang: Literal["zh", "en"], title: str, owner: str, by: str
    ) -> Draft:
        """A first draft, whole and clean for the checker. Raises StudioRefused for a taken id."""
        disk = await asyncio.to_thread(self.folder.read, guide)
        if disk.hash or self.table.draft(guide):
            raise StudioRefused(
                f"There is a guide {guide!r} already.", "Choose another id.", code="studio.taken"
            )
        text, _ = skeleton(guide, lang, _flat(title) or guide, _flat(owner) or by, str(self.today))
        return self.table.begin(guide, text, "", by, self._now())

    async def save(self, guide: str, text: str, revision: int, by: str) -> Draft:
        """`revision` 0 begins a working copy of the live guide."""
        await asyncio.to_thread(self.folder.with_text, guide, text)
        if self.table.draft(guide) is None:
            if revision:
                raise StudioRefused(
                    f"The working copy of {guide} is gone: it was published or discarded.",
                    "Load the page again; copy out first what you still need.",
                    code="studio.no-draft",
                )
            disk = await asyncio.to_thread(self.folder.read, guide)
            self.table.begin(guide, disk.text, disk.hash, by, self._now())
            revision = 1
        return self.table.save(guide, text, revision, by, self._now())

    async def move(self, guide: str, move: Move, by: str, revision: int, note: str) -> Draft:
        """A text with errors is not submitted. Raises StudioRefused."""
        draft = self.table.draft(guide)
        if move == "submit" and draft is not None:
            await self._refuse_errors(guide, draft.text)
        return self.table.move(guide, move, by, self._now(), revision, note)

    async def rebase(self, guide: str, by: str) -> Draft:
        """The editor has seen what changed on disk, and their text takes it into account."""
        disk = await asyncio.to_thread(self.folder.read, guide)
        return self.table.rebase(guide, disk.hash, by, self._now())

    def discard(self, guide: str, by: str) -> None:
        self.table.discard(guide, by, self._now())

    async def publish(self, guide: str, by: str, revision: int) -> Version:
        """Writes the approved text into the guides folder, and lets the house take it over."""
        async with self._writing:
            draft = self.table.draft(guide)
            if draft is None or draft.state != "approved" or draft.revision != revision:
                raise StudioRefused(
                    f"{guide} is not approved as you see it.",
                    "Load the page again; somebody else must approve a text first.",
                    code="studio.state",
                )
            await self._refuse_errors(guide, draft.text)
            await self._keep_found(guide)
            disk = await asyncio.to_thread(self.folder.write, guide, draft.text, draft.base)
            version = Version(
                guide=guide, text=draft.text, hash=disk.hash, how="published", at="", by=by,
                authors=draft.authors, approver=draft.approver, note=draft.note,
            )  # fmt: skip
            version = self.table.keep(version, self._now(), ends_draft=True)
        await self._reread()
        return version

    async def roll_back(self, guide: str, number: int, by: str, note: str) -> Version:
        """An earlier version is live again at once: it was approved when it went live. A working
        copy stays, and is then told that the file has changed."""
        if not note.strip():
            raise StudioRefused(
                "To roll back takes words.", "Say why it goes back.", code="studio.note"
            )
        async with self._writing:
            old = self.table.version(guide, number)
            await self._refuse_errors(guide, old.text)
            await self._keep_found(guide)
            now = await asyncio.to_thread(self.folder.read, guide)
            disk = await asyncio.to_thread(self.folder.write, guide, old.text, now.hash)
            version = Version(
                guide=guide, text=old.text, hash=disk.hash, how="rolled_back", at="", by=by,
                authors=old.authors, approver=old.approver, note=note,
            )  # fmt: skip
            version = self.table.keep(version, self._now())
        await self._reread()
        return version

    async def history(self, guide: str) -> dict[str, Any]:
        """Versions and moves, newest first. What is on disk and not from here is a version, too."""
        await self._keep_found(guide)
        versions = [v.model_dump(exclude={"text"}) for v in self.table.versions(guide)]
        return {
            "versions": versions,
            "entries": [entry.model_dump() for entry in self.table.entries(guide)],
        }

    async def compare(self, guide: str, old: str, new: str) -> dict[str, Any]:
        """Two texts of a guide: what changes for the walk, and line by line. Of each the walk is
        told only where it can be read."""
        return await asyncio.to_thread(compare, self.folder.path(guide), old, new)

    def text_of(self, guide: str, number: int) -> str:
        return self.table.version(guide, number).text

    async def _keep_found(self, guide: str) -> None:
        """What somebody put on disk is kept as a version before anything takes its place."""
        disk = await asyncio.to_thread(self.folder.read, guide)
        known = {version.hash for version in self.table.versions(guide)[:1]}
        if disk.hash and disk.hash not in known:
            found = Version(
                guide=guide, text=disk.text, hash=disk.hash, how="found", at="", by=""
            )  # fmt: skip
            self.table.keep(found, self._now())

    async def _refuse_errors(self, guide: str, text: str) -> None:
        errors = await asyncio.to_thread(self.folder.errors_of, guide, text)
        if errors:
            lines = {lang: "\n".join(_lines_of(errors[:_SHOWN], lang)) for lang in LANGS}
            raise StudioRefused(
                f"{len(errors)} error{'s' if len(errors) > 1 else ''} in the way:\n{lines['en']}",
                "Mend them first; the list below the text leads to each.",
                code="studio.errors",
                values={"count": str(len(errors)), **lines},
            )


def _lines_of(problems: Sequence[Problem], lang: Lang) -> list[str]:
    return [f"{Path(p.path).name}:{p.line}: {p.said.of(lang)}" for p in problems]


def compare(path: Path, old: str, new: str) -> dict[str, Any]:
    before, after = _guide_of(old, path), _guide_of(new, path)
    changes = differences(before, after) if before and after else []
    return {
        "walk": [{"kind": c.kind, "step": c.step, "message": c.message} for c in changes],
        "readable": bool(before and after),
        "lines": list(_lines(old.splitlines(), new.splitlines())),
    }


def _lines(old: list[str], new: list[str]) -> list[dict[str, Any]]:
    """Changed lines with three around them; `skip` stands for what is left out."""
    found: list[dict[str, Any]] = []
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3)
    for group in groups:
        found.append({"tag": "skip", "old": group[0][1] + 1, "new": group[0][3] + 1, "text": ""})
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                    found.append({"tag": "same", "old": i + 1, "new": j + 1, "text": old[i]})
                continue
            found += [{"tag": "gone", "old": i + 1, "text": old[i]} for i in range(i1, i2)]
            found += [{"tag": "new", "new": j + 1, "text": new[j]} for j in range(j1, j2)]
    return found


def _guide_of(text: str, path: Path) -> Guide | None:
    entry = with_guide(Shelf(), text, path).guides.get(path.stem)
    return entry.item if entry else None


def _is_guide(problem: Problem, shelf: Shelf) -> bool:
    path = Path(problem.path)
    return path.stem in shelf.names and path.parent.name not in ("tickets", "connectors", "tests")


def _live(guide: Guide | None, today: date, on_disk: bool) -> str:
    if guide is None:
        return "broken" if on_disk else "none"
    window = guide.effective
    if window.until and today > window.until:
        return "expired"
    return "scheduled" if window.from_ and today < window.from_ else "live"


def _flat(text: str) -> str:
    """One line that is a plain YAML scalar whatever was typed."""
    text = " ".join(text.split())[:100]
    safe = text.replace("\\", "").replace('"', "'").replace("{", "(").replace("}", ")")
    return safe.replace(": ", "：").replace(" #", " ＃").strip("-?!&*|>%@`'[]#:, ")


__all__ = ["Workshop", "compare", "told"]
