"""What a call comes to, for whoever reads it next: need, what was done, result, follow-up.

Pure, and made from facts alone: no sentence says what no fact says. Wording is in the language of
the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide import walk
from assist.rules.tools import Tools
from assist.state import CallState, Page, Tick, line_of

_WORDS = {
    "zh": {
        **{"need": "诉求", "done": "已处理", "result": "结果", "follow_up": "后续"},
        **{"solved": "已解决", "ticket": "已建单", "escalated": "已转交", "uncovered": "未解决"},
        **{"open": "尚未结束", "none": "无", "sep": "：", "stop": "；"},
        **{"filed": "工单 {number}（{title}）", "waiting": "工单待系统恢复后自动提交（{title}）"},
        **{"deadline": "{group} {hours:g} 小时内处理", "handed": "由 {to} 跟进：{reason}"},
        **{"accepted": "接受", "declined": "不需要", "ignored": "未回应", "earlier": "上次来电"},
    },
    "en": {
        **{"need": "Need", "done": "Done", "result": "Result", "follow_up": "Follow-up"},
        **{"solved": "solved", "ticket": "ticket filed", "escalated": "handed over"},
        **{"uncovered": "not solved", "open": "not finished yet", "none": "none"},
        **{"sep": ": ", "stop": "; ", "filed": "ticket {number} ({title})"},
        "waiting": "ticket to be sent once the ticket system answers ({title})",
        **{"deadline": "{group} within {hours:g} h", "handed": "{to} goes on: {reason}"},
        **{"accepted": "accepted", "declined": "declined", "ignored": "no reaction"},
        "earlier": "in an earlier call",
    },
}
_UNSAID = {"zh": "未说明", "en": "not said"}


def drafted(state: CallState, tools: Tools, of: ev.SummaryOf) -> list[ev.Fact]:
    """The summary as the facts have it now; nothing where it is kept, or says nothing new."""
    known = state.summaries.get(of)
    if isinstance(known, ev.SummaryKept):
        return []
    summary = summary_of(state, tools)
    draft = ev.SummaryDrafted(
        of=of, lang=state.lang, summary=summary, text=text_of(summary, state.lang)
    )
    return [draft] if draft != known else []


def check(state: CallState, command: ev.KeepSummary) -> None:
    """Raises CommandRefused where there is nothing to keep yet."""
    if command.of not in state.summaries:
        raise CommandRefused(
            "There is no summary yet.",
            "It is written when the call ends, is wrapped up or handed over.",
            code="summary.none",
        )


def kept(state: CallState, command: ev.KeepSummary) -> ev.SummaryKept:
    summary = command.summary
    text = text_of(summary, state.lang)
    return ev.SummaryKept(of=command.of, lang=state.lang, summary=summary, text=text)


def summary_of(state: CallState, tools: Tools) -> ev.Summary:
    words = _WORDS[_lang(state)]
    done = tuple(
        line
        for page in served(state)
        for tick in page.ticks
        if not tick.skipped and (line := _done(state, tools, page, tick))
    )
    return ev.Summary(
        need=need_of(state) or _UNSAID[_lang(state)],
        done=done,
        result=words["stop"].join(_result(state)),
        follow_up=words["stop"].join(_follow_up(state, tools)) or words["none"],
    )


def need_of(state: CallState) -> str:
    """Guides that were not put away, each with the words that opened it; else the first that the
    customer said at length. Empty where nobody said anything."""
    told = []
    for page in served(state):
        line = line_of(state, state.opened.get(page.guide, ""))
        said = (line.display or line.text) if line and line.speaker != "agent" else ""
        told.append(f"{page.title}（{said}）" if said else page.title)
    if told:
        return _WORDS[_lang(state)]["stop"].join(told)
    said = [x.display or x.text for x in state.finals if x.speaker != "agent"]
    return max(said[:4], key=len, default="")


def text_of(summary: ev.Summary, lang: str) -> str:
    """The fields as people read them, one a line."""
    words = _WORDS["en" if lang == "en" else "zh"]
    done = words["stop"].join(summary.done) or words["none"]
    rows = {"need": summary.need, "done": done}
    rows |= {"result": summary.result, "follow_up": summary.follow_up}
    return "\n".join(f"{words[name]}{words['sep']}{value}" for name, value in rows.items())


def served(state: CallState) -> tuple[Page, ...]:
    """Guides that were not put away, in the order in which they were opened."""
    order = list(state.opened)
    pages = (*state.closed, *state.pages)
    kept = [p for p in pages if p.guide in order and not _is_away(state, p)]
    return tuple(sorted(kept, key=lambda page: order.index(page.guide)))


def _is_away(state: CallState, page: Page) -> bool:
    away = state.put_away.get(page.guide)
    return page in state.closed and away is not None and not away.finished


def _done(state: CallState, tools: Tools, page: Page, tick: Tick) -> str:
    """A step worth telling: an answer, a result, a ticket, an offer. What was merely read out is
    not."""
    words = _WORDS[_lang(state)]
    step = tools.guide(page.guide).step(tick.step)
    title = walk.step_title(tools.guide(page.guide), step)
    said = ""
    match step.kind:
        case "ask":
            said = tick.choice_label
        case "diagnose":
            diagnosis = state.diagnoses.get(f"{page.guide}/{step.id}")
            said = (diagnosis.summary if diagnosis else "") or tick.note
        case "ticket":
            ticket = state.ticket_at(page.guide, step.id)
            said = _ticket(state, ticket.number, ticket.title) if ticket else ""
            return said
        case "offer":
            title, said = tick.choice_label, words.get(tick.choice, "")
        case "say" if step.solves:
            said = title if step.title else (step.say if "{" not in step.say else "")
            return said
        case _:
            return ""
    if not said:
        return ""
    earlier = f" ({words['earlier']})" if tick.from_call else ""
    name = f"{title}{words['sep']}" if title and title != step.id else ""
    return f"{name}{said}{earlier}"


def _ticket(state: CallState, number: str, title: str) -> str:
    words = _WORDS[_lang(state)]
    return words["filed" if number else "waiting"].format(number=number, title=title)


def _result(state: CallState) -> Iterator[str]:
    words = _WORDS[_lang(state)]
    if state.wrapped:
        yield words[state.wrapped.outcome]
        if state.wrapped.disposition:
            yield state.wrapped.disposition
    elif state.handed_off:
        yield words["escalated"]
    else:
        yield words["open"]


def _follow_up(state: CallState, tools: Tools) -> Iterator[str]:
    words = _WORDS[_lang(state)]
    if state.handed_off:
        yield words["handed"].format(to=state.handed_off.to, reason=state.handed_off.reason)
    for ticket in state.tickets:
        if ticket.status not in ("filed", "waiting"):
            continue
        yield _ticket(state, ticket.number, ticket.title)
        if (kind := tools.book.tickets.get(ticket.type)) and not ticket.append_to:
            hours = kind.hours(kind.priority.default)
            yield words["deadline"].format(group=kind.group, hours=hours)


def _lang(state: CallState) -> str:
    return "en" if state.lang == "en" else "zh"
