"""The words that speech is corrected by: new calls begin with those that stand in the files then.

They come from lexicon, guides and corpus together; where one of these cannot be used the words of
before stay, which is said once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from assist.config import Settings
from assist.errors import AssistError
from assist.files import Stamp, stamp
from assist.speech.domain.correct import Corrector
from assist.speech.scribe import Scribe
from assist.wiring.lexicon import gather_lexicon, lexicon_path
from assist.wiring.watch import Watch


class LiveWords:
    """One reference that is replaced whole: a live call keeps the scribe it began with."""

    def __init__(self, settings: Settings, say: Callable[[str], object]) -> None:
        self.scribe = Scribe()
        self.refusal = ""
        self._settings, self._say = settings, say
        self._watch = Watch(self._stamp)

    def open(self) -> None:
        """Blocks; where the words cannot be used text stays as heard, and that is said."""
        self._watch.see()
        self._gather("Domain words are not corrected until then.")

    async def watch(self) -> None:
        """Runs until cancelled."""
        await self._watch.run("the words of the trade", self._take_over)

    async def _take_over(self) -> None:
        kept = "The words of before go on being corrected."
        if await asyncio.to_thread(self._gather, kept):
            self._say("New calls are corrected by the changed words.")

    def _gather(self, otherwise: str) -> bool:
        try:
            self.scribe = Scribe(Corrector(gather_lexicon(self._settings)))
        except AssistError as error:
            self.refusal = str(error)
            self._say(f"{error} {otherwise}")
            return False
        self.refusal = ""
        return True

    def _stamp(self) -> Stamp:
        guides, corpus = self._settings.guides_dir, self._settings.corpus_dir
        written = [*guides.glob("*.yaml"), *guides.glob("tickets/*.yaml"), *corpus.glob("*.jsonl")]
        lexicon = lexicon_path(self._settings)
        return stamp([*written, *([lexicon] if lexicon.is_file() else [])])
