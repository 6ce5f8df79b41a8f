"""The final text as the trade writes it: no hesitations, numbers in figures.

For reading, beside the text as it was said, which stays the record. It must never lose or change a
word that carries meaning, never raise, and never need a network; text already written stays as it
is, so writing twice is the same as writing once.

Which library: on 65 Chinese and 26 English call-centre sentences wetext 0.1.8 (the grammars of
WeTextProcessing 1.2 without pynini) wrote "五十九元三十个G" as "¥5930个G", "十分抱歉" as
"10分抱歉", "wait a second" as "wait a 2nd" and "twenty four seven" as "2047", cut long numbers
like telephone numbers ("62220 212 00003456789"), left pauses in numbers, replaced words (24h,
p.m., °), took 1 to 16 ms a sentence and 1.4 s to import. Undoing that needs more rules than it
saves. `cn2an.transform` and text2num's `alpha2digit` find too much ("1下", "23天就好", "09" in
"zero nine three"). What these two do well is a numeral's value, and that is what is used of them
(they are dependencies already); which words are a numeral is ours. nemo_text_processing needs
pynini and over 1 GB of packages, and had built no grammar after two minutes on a busy core.
"""

from __future__ import annotations

import re

from assist.speech.written.digits import spoken_digits
from assist.speech.written.en import written_en
from assist.speech.written.fillers import without_hesitations
from assist.speech.written.zh import written_zh

__all__ = ["display", "spoken_digits", "warm_up", "without_hesitations"]

_NUMERAL_ZH = re.compile("[0-9０-９零〇一二三四五六七八九十百幺两]")
_NUMERAL_EN = re.compile(
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|ty\b|hundred|"
    r"thousand|double|triple|first|second|third|th\b",
    re.IGNORECASE,
)
_PASSES = 20


def display(text: str, lang: str) -> str:
    """`text` without hesitations and with numbers in figures; other languages come back unchanged.

    Passes repeat until nothing changes: each takes numerals or pauses away and adds none, so few
    are needed, and the result is its own written form.
    """
    if lang not in ("zh", "en"):
        return text
    written = without_hesitations(text, lang)
    write, numeral = (written_zh, _NUMERAL_ZH) if lang == "zh" else (written_en, _NUMERAL_EN)
    for _ in range(_PASSES):
        before = written
        if numeral.search(written):
            written = write(written)
        written = without_hesitations(written, lang)
        if written == before:
            break
    return written


def warm_up() -> None:
    """Pays what the first sentence would: cn2an's and text2num's tables."""
    display("二零二六年三月五号，一百二十九块八", "zh")
    display("one hundred and twenty dollars", "en")
