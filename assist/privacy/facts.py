"""Facts of a call with private data starred: every string of every fact, by one walk.

A `CallMask` goes along with one call: it remembers, in memory only, the last digits each speaker
said (a number is often dictated in several utterances) and what the back office's record says of
the caller, so that the name and the door number are found wherever they are said later.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel

from assist import events as ev
from assist.privacy.detect import LEAST_DIGITS, STAR, is_remainder, mask, starred
from assist.privacy.digits import digits_in, only_pause_after, only_pause_before, runs
from assist.privacy.keep import has_unit, is_of_work

Form = Literal["kept", "working"]
"""`kept` is what is written down; `working` keeps values but not what was said as evidence."""

NEEDED = (
    ev.CallStarted,
    ev.CustomerAsked,
    ev.CustomerFound,
    ev.EarlierFound,
    ev.ContinuationOffered,
    ev.SlotFilled,
    ev.SlotConflict,
    ev.DiagnosisAsked,
    ev.OpenTicketsFound,
    ev.TicketDrafted,
    ev.TicketAsked,
    ev.TicketFiled,
)
"""Facts without whose values a call cannot be taken up again; they are sealed beside their mask."""

_STRUCTURE = frozenset(
    (
        *("call", "from_call", "measured_at", "guides"),
        *("kind", "guide", "step", "step_kind", "hash", "utterance", "key", "type"),
        *("guides_hash", "index_hash", "guess_model", "final_model", "model", "connector"),
        *("code", "started_at", "opened_on", "filed_at", "append_to", "group", "priority"),
        *("valid_until", "from_guide", "sub_guide"),
        *("direction", "lang", "agent", "by", "speaker", "id", "question_id", "offer", "slot"),
        *("outcome", "decision", "choice", "status", "surname", "city", "plan", "level", "tags"),
    )
)
"""Fields of facts that name things of the house; nobody types or says them."""
_IS_NUMBER = re.compile(
    r"(?:^|_)(?:number|phone|mobile|tel|account|circuit(?:_id)?|caller|id_card)$"
)
_IS_NAME = re.compile(r"(?:customer|contact|owner|user)_name$")
_IS_ADDRESS = re.compile(r"(?:^|_)address$")
_HONORIFIC = re.compile(r"(?:先生|女士|小姐|太太|师傅|老师|经理|主任|工)$")
_COMPOUND = (
    "欧阳|太史|上官|司马|东方|独孤|南宫|夏侯|诸葛|尉迟|公孙|慕容|司徒|令狐|皇甫|宇文|长孙|端木"
)
_NAME_ZH = re.compile(rf"({_COMPOUND}|[\u4e00-\u9fff])([\u4e00-\u9fff·]+)")
_PLAIN_DIGITS = re.compile(r"[0-9０-９]+[A-Za-z]?")
_MOBILE_BEGUN = re.compile(r"1[3-9]\d{2,3}$")
_LEAST_LONG = 10**9
_MAX_KNOWN = 64
_ASKED = re.compile(r"电话|手机|号码|\bnumber\b|\bphone\b|\bmobile\b", re.IGNORECASE)
_SECRET = re.compile(
    r"身份证|验证码|校验码|密码|\bpasscode\b|\bpassword\b|\bPIN\b|\bID (?:card|number)\b"
)
_CUE_LASTS = 3
"""Utterances for which a question after a number or a secret is still being answered."""
_MAX_SAID = 24
"""Digits of a speaker kept to go on with; a card has 19."""


def name_masked(name: str) -> str:
    """刘建国 -> 刘**, 欧阳明 -> 欧阳*, Daniel Wong -> D***** W***; 郑先生 stays."""
    if _HONORIFIC.search(name) or len(name) < 2:
        return name
    if found := _NAME_ZH.fullmatch(name):
        return found.group(1) + STAR * len(found.group(2))
    return re.sub(r"(?<=[^\W\d_])[^\W\d_]", STAR, name)


def number_masked(number: str) -> str:
    """The number of a field that holds nothing else; an extension of up to five digits stays."""
    masked = mask(number)
    if masked != number or sum(c.isdigit() for c in number) < LEAST_DIGITS:
        return masked
    return starred(number, [(0, len(number))])


def address_masked(address: str) -> str:
    masked = mask(address)
    return starred(masked, [found.span() for found in _PLAIN_DIGITS.finditer(masked)])


class CallMask:
    """The masks of one call's facts, in their order."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._known: deque[str] = deque(maxlen=_MAX_KNOWN)
        self._fragments: deque[str] = deque(maxlen=_MAX_KNOWN)
        self._asked = 0
        self._secret = 0

    def kept(self, fact: ev.Fact) -> ev.Fact:
        """The fact as it is written down; the very same object if nothing in it is private."""
        self.learn(fact)
        match fact:
            case ev.SegmentHeard():
                masked = self._segment(fact)
                self._remember(fact)
                return masked
            case ev.SpeechGuessed() | ev.SpeechStable():
                return self._growing(fact)
            case ev.CorrectionReverted():
                return self._reverted(fact)
            case _:
                return self._walk(fact, "fact")

    def working(self, fact: ev.Fact) -> ev.Fact | None:
        """What must be sealed to go on working, with what was said masked; None for the rest."""
        commanded = isinstance(fact, ev.Commanded) and isinstance(
            fact.command, ev.FileTicket | ev.SetSlot
        )
        if not commanded and not isinstance(fact, NEEDED):
            return None
        return self._walk(fact, "fact", "working")

    # ------------------------------------------------------------ what the call knows

    def learn(self, fact: ev.Fact) -> None:
        """Remember what the record or the agent says of the caller; `kept` does so by itself."""
        match fact:
            case ev.CallStarted(number=number):
                self._learn_digits(number)
            case ev.CustomerFound(customer=customer):
                self._learn_name(customer.name)
                numbers = (customer.phone, customer.broadband_account, customer.circuit_id)
                for value in (*numbers, customer.power_account, customer.address):
                    self._learn_digits(value)
            case ev.SlotFilled(slot=slot, value=value):
                if _IS_NAME.search(slot):
                    self._learn_name(value)
                elif _IS_ADDRESS.search(slot) or _IS_NUMBER.search(slot):
                    self._learn_digits(value)

    def _learn_name(self, name: str) -> None:
        if len(self._names) < _MAX_KNOWN and (masked := name_masked(name)) != name:
            self._names[name] = masked

    def _learn_digits(self, value: str) -> None:
        """Groups of three digits or more, as a door is repeated without its street: 对，五零二."""
        for run in runs(value):
            for group in run:
                if len(group.digits) >= 3 and group.digits not in self._known:
                    self._known.append(group.digits)

    def _remember(self, heard: ev.SegmentHeard) -> None:
        """The digits the utterance ended with, so that the next one can go on with them."""
        said = ""
        for run in runs(heard.text):
            if only_pause_after(heard.text, run[-1].end):
                said = digits_in(run)
                if only_pause_before(heard.text, run[0].start):
                    said = self._said.get(heard.speaker, "") + said
        self._said[heard.speaker] = said[-_MAX_SAID:]
        self._asked = _CUE_LASTS if _ASKED.search(heard.text) else max(0, self._asked - 1)
        self._secret = _CUE_LASTS if _SECRET.search(heard.text) else max(0, self._secret - 1)

    # ------------------------------------------------------------ what is said

    def _growing(self, fact: ev.SpeechGuessed | ev.SpeechStable) -> ev.Fact:
        text = self._text(fact.text, growing=True, before=self._said.get(fact.speaker, ""))
        if text == fact.text:
            return fact
        changed: dict[str, Any] = {"text": text}
        if isinstance(fact, ev.SpeechStable):
            changed["corrections"] = tuple(_correction(one, text) for one in fact.corrections)
        return fact.model_copy(update=changed)

    def _segment(self, fact: ev.SegmentHeard) -> ev.SegmentHeard:
        before = self._said.get(fact.speaker, "")
        changed = self._texts(fact, before)
        if fact.words:
            known = fact.text, changed.get("text", fact.text)
            if (words := self._words(fact.words, before, known)) is not fact.words:
                changed["words"] = words
        if (before or self._secret or self._asked) and "text" in changed:
            self._fragments.extend(_stretches(fact.text, changed["text"]))
        return fact.model_copy(update=changed) if changed else fact

    def _reverted(self, fact: ev.CorrectionReverted) -> ev.CorrectionReverted:
        changed = self._texts(fact, "")
        if changed:
            changed["reverted"] = _correction(fact.reverted, changed.get("text", fact.text))
        return fact.model_copy(update=changed) if changed else fact

    def _texts(self, fact: ev.SegmentHeard | ev.CorrectionReverted, before: str) -> dict[str, Any]:
        text = self._text(fact.text, before=before, ended=True)
        display = text
        if fact.display != fact.text:
            display = self._text(fact.display, before=before, ended=True)
        changed: dict[str, Any] = {}
        if display != fact.display:
            changed["display"] = display
        if text != fact.text:
            changed["text"] = text
            changed["corrections"] = tuple(_correction(one, text) for one in fact.corrections)
        return changed

    def _words(
        self, words: tuple[ev.Word, ...], before: str, known: tuple[str, str]
    ) -> tuple[ev.Word, ...]:
        """Words in a masked stretch are starred as well; a stretch may span many of them.

        `known` is a text and its mask: most utterances are their words one after the other.
        """
        joined, starts = "", list[int]()
        for word in words:
            if joined and _needs_space(joined[-1], word.text[:1]):
                joined += " "
            starts.append(len(joined))
            joined += word.text
        text, masked = known
        if joined != text:
            masked = self._text(joined, before=before, ended=True)
        if masked == joined:
            return words
        return tuple(
            word.model_copy(update={"text": masked[at : at + len(word.text)]})
            for word, at in zip(words, starts, strict=True)
        )

    def _text(
        self, text: str, *, growing: bool = False, before: str = "", ended: bool = False
    ) -> str:
        """One text of the call; `ended`: an utterance, which may stop in mid-number."""
        text = mask(text, growing=growing, before=before)
        for name, masked in self._names.items():
            text = text.replace(name, masked)
        if self._known or self._secret or (ended and self._asked) or _ASKED.search(text):
            text = starred(text, list(self._by_context(text, ended=ended)))
        return text

    def _by_context(self, text: str, *, ended: bool) -> Iterator[tuple[int, int]]:
        """Groups too short to be private by themselves, which in this call are."""
        asked = ended and (self._asked > 0 or bool(_ASKED.search(text)))
        for run in runs(text):
            for group in run:
                digits = group.digits
                if len(digits) < 3 or has_unit(text, group.end) or is_of_work(text, group.start):
                    continue
                if digits in self._known:
                    yield group.start, group.end
                elif is_remainder(text, group):
                    continue
                elif self._is_middle(digits) or (self._secret and 4 <= len(digits) <= 6):
                    yield group.start, group.end
                elif asked and _MOBILE_BEGUN.match(digits) and only_pause_after(text, run[-1].end):
                    yield group.tokens[min(3, len(group.tokens) - 1)].start, group.end

    def _is_middle(self, digits: str) -> bool:
        """Part of a number of the record, but not its tail, which may be read."""
        return len(digits) >= 4 and any(
            digits in known and not known.endswith(digits) for known in self._known
        )

    # ------------------------------------------------------------ everything else

    def _walk(self, value: Any, name: str, form: Form = "kept") -> Any:
        if isinstance(value, str):
            return self._string(value, name) if form == "kept" and value else value
        if isinstance(value, BaseModel):
            return self._model(value, form)
        if isinstance(value, tuple | list):
            new = type(value)(self._walk(item, name, form) for item in value)
            return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
        if isinstance(value, dict):
            new = {key: self._walk(item, str(key), form) for key, item in value.items()}
            return new if any(new[key] is not value[key] for key in value) else value
        if isinstance(value, int) and not isinstance(value, bool) and form == "kept":
            masked = mask(str(value)) if abs(value) >= _LEAST_LONG else ""
            return masked if STAR in masked else value
        return value

    def _model(self, model: BaseModel, form: Form) -> Any:
        changed: dict[str, Any] = {}
        for field, value in model.__dict__.items():
            match model, field:
                case (ev.Evidence(), "words"):
                    new = self._quoted(value)
                case (ev.TicketField(), "name") | (ev.OpenTicket() | ev.TicketFiled(), "number"):
                    continue
                case (ev.TicketAsked(), "labels" | "customer") | (ev.OpenTicketsAsked(), _):
                    continue
                case (ev.TicketField(), "value"):
                    new = self._walk(value, model.name, form)
                case (ev.SlotFilled() | ev.SetSlot() | ev.EarlierSlot(), "value" | "label"):
                    new = self._walk(value, model.slot, form)
                case (ev.Customer(), "name") if form == "kept":
                    new = name_masked(value)
                case _:
                    if field in _STRUCTURE:
                        continue
                    new = self._walk(value, field, form)
            if new is not value and new != value:
                changed[field] = new
        return model.model_copy(update=changed) if changed else model

    def _string(self, value: str, name: str) -> str:
        if _IS_NUMBER.search(name):
            return number_masked(value)
        if _IS_NAME.search(name):
            return name_masked(value)
        if _IS_ADDRESS.search(name):
            return self._text(address_masked(value))
        return self._text(value)

    def _quoted(self, words: str) -> str:
        """Words of an utterance, masked as they were there."""
        words = self._text(words, ended=True)
        for fragment in self._fragments:
            words = words.replace(fragment, STAR * len(fragment))
        return words


def _correction(one: ev.Correction, masked: str) -> ev.Correction:
    """A correction inside a masked stretch says neither what was heard nor what was meant."""
    meant = masked[one.at : one.at + len(one.meant)]
    heard = starred(one.heard, [(0, len(one.heard))]) if STAR in meant else mask(one.heard)
    return one.model_copy(update={"meant": meant if STAR in meant else one.meant, "heard": heard})


def _stretches(text: str, masked: str) -> list[str]:
    """What was starred, stretch by stretch, from three characters on."""
    found = re.finditer(r"\*{3,}", masked)
    return [text[match.start() : match.end()] for match in found]


def _needs_space(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and not left.isspace() and right.isalnum()
