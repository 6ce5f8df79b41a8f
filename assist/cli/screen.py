"""A call in the terminal: guesses grey, finals white, each step with what ticked it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from assist import events as ev
from assist.state import CallState, apply

_WHO = {"customer": ("客户", "cyan"), "agent": ("坐席", "green"), "mixed": ("通话", "white")}
_WHO_EN = {"customer": "customer", "agent": "agent", "mixed": "call"}


class Screen:
    """Prints events as they come. With `live`, unfinished utterances stand grey at the foot."""

    def __init__(self, console: Console, *, live: bool) -> None:
        self._console = console
        self._state = CallState()
        self._live = Live(console=console, refresh_per_second=8, transient=True) if live else None
        if self._live:
            self._live.start()

    def close(self) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def on_event(self, event: ev.Event) -> None:
        self._state = apply(self._state, event)
        text = self._line(event.fact)
        if text is not None:
            self._console.print(Text(_clock(event.at_ms), style="dim"), text, soft_wrap=True)
        if self._live:
            self._live.update(Group(*self._growing()))

    def _growing(self) -> list[Text]:
        lines = [x for x in self._state.lines if x.tier != "final"]
        rows = []
        for line in lines:
            settled, guess = line.text, line.guess or line.text
            rest = guess[len(settled) :] if guess.startswith(settled) else guess
            shown = settled if guess.startswith(settled) else ""
            row = Text(f"      {self._who(line.speaker)}  ", style="dim")
            rows.append(row.append(shown, style="white").append(rest, style="grey50"))
        return rows

    def _who(self, speaker: ev.Speaker) -> str:
        return _WHO_EN[speaker] if self._state.lang == "en" else _WHO[speaker][0]

    def _line(self, fact: ev.Fact) -> Text | None:
        match fact:
            case ev.SegmentHeard():
                colour = _WHO[fact.speaker][1]
                row = Text(f"{self._who(fact.speaker)}  ", style=colour)
                row.append(fact.display or fact.text, style="bold white")
                return row.append(_corrected(fact.corrections), style="dim")
            case ev.CorrectionReverted():
                back = f"as heard: {fact.display or fact.text}{_corrected(fact.corrections)}"
                return _note("↺", back, "dim")
            case ev.CustomerFound(customer=customer):
                about = " · ".join(filter(None, (customer.phone, customer.plan, customer.address)))
                return _note("☎", f"{customer.name}  {about}", "cyan")
            case ev.CustomerUnknown(number=number):
                return _note("☎", f"unknown caller {number}", "yellow")
            case ev.GuidesSuggested(matches=matches) if matches:
                chips = "   ".join(_chip(match, self._state.lang) for match in matches)
                return _note("?", f"suggested: {chips}", "yellow")
            case ev.GuideOpened():
                return self._opened(fact)
            case ev.GuideClosed():
                return _note("■", f"{fact.guide}: {fact.reason}", "magenta")
            case ev.StepShown():
                mark = " (must be said)" if fact.must_say else ""
                row = _note("▸", f"{fact.title} [{fact.step_kind}]{mark}  ", "blue")
                return row.append(fact.text, style="italic")
            case ev.StepTicked(skipped=False):
                return self._ticked(fact)
            case ev.SlotFilled(value=value) if value and fact.by != "record":
                return _note(
                    "·", f"{fact.slot} = {fact.label}{_why(fact.by, fact.evidence)}", "dim"
                )
            case _:
                return self._desk_line(fact)

    def _desk_line(self, fact: ev.Fact) -> Text | None:
        match fact:
            case ev.DiagnosisAsked():
                return _note("…", f"diagnosis {fact.connector} running", "dim")
            case ev.DiagnosisDone():
                return _note("◆", f"diagnosis {fact.connector}: {fact.summary}", "bold yellow")
            case ev.OfferMade():
                return _note("♦", f"offer: {fact.title}", "magenta")
            case ev.OfferDecided():
                why = _why(fact.by, fact.evidence)
                return _note("♦", f"offer {fact.offer}: {fact.decision}{why}", "magenta")
            case ev.TicketFiled():
                row = _note("✔", f"ticket {fact.number} ({fact.type}) filed", "bold green")
                for name, value in fact.fields.items():
                    row.append(f"\n          {name}: {value}", style="green")
                return row
            case ev.Trouble():
                return _note("!", f"{fact.message} {fact.remedy}", "red")
            case ev.CallEnded():
                return _note("■", f"call ended: {fact.reason}", "dim")
            case ev.SummaryDrafted() | ev.SummaryKept():
                return _note("≡", fact.text.replace("\n", "\n          "), "dim")
            case ev.CallWrapped():
                return _note("■", f"outcome: {fact.outcome}  {fact.disposition}", "bold")
        return None

    def _opened(self, fact: ev.GuideOpened) -> Text:
        row = _note("▣", f"guide {fact.title} ({fact.guide}) opened", "bold magenta")
        if fact.match and fact.match.question:
            row.append(
                f"\n          because it sounds like “{fact.match.question}”"
                f", score {fact.match.score:.2f}",
                style="magenta",
            )
        return row

    def _ticked(self, fact: ev.StepTicked) -> Text:
        answer = f" → {fact.choice_label}" if fact.choice_label else ""
        note = f": {fact.note}" if fact.note else ""
        why = _why(fact.by, fact.evidence)
        return _note("✓", f"{fact.step}{answer}{why}{note}", "blue")


def _why(by: ev.By, evidence: ev.Evidence | None) -> str:
    if evidence is None:
        return f"  ({by})"
    return f"  ({by}: “{evidence.words}”, {evidence.confidence:.2f})"


def _chip(match: ev.Match, lang: str) -> str:
    """A suggestion: how likely by what was said, or why by the record."""
    if match.question:
        return f"{match.title} {match.score:.2f}"
    why = ", ".join(reason.zh if lang == "zh" else reason.en for reason in match.why)
    return f"{match.title} (on record: {why})"


def _corrected(corrections: Iterable[ev.Correction]) -> str:
    return "".join(f"  ✎ {each.heard} → {each.meant}" for each in corrections)


def _note(sign: str, text: str, style: str) -> Text:
    return Text(f"  {sign} ", style=style).append(text, style=style)


def _clock(at_ms: int) -> str:
    return f"{at_ms // 60_000}:{at_ms // 1000 % 60:02d}.{at_ms // 100 % 10}"
