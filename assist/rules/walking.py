"""How a page moves: a step is entered, ticked, left for the next one, or undone."""

from __future__ import annotations

from dataclasses import replace

from assist import events as ev
from assist.errors import GuideError
from assist.guide import walk
from assist.guide.hear import Spoken, hear_slots
from assist.guide.model import Guide, Step
from assist.guide.render import test
from assist.guide.wording import sounds_like
from assist.rules import offering
from assist.rules.conflicting import taken_from
from assist.rules.record import day_of
from assist.rules.ticketing import ask_open_tickets, draft_ticket
from assist.rules.tools import Tools, context_of, evidence_of, prompt_before, rendered, trouble_at
from assist.state import CallState, Line, Page, SlotValue, page_of

MAX_VISITS = 4
"""A guide that comes back to one step more often than this runs in a circle."""


def open_page(state: CallState, tools: Tools, guide_id: str) -> list[ev.Fact]:
    """The first facts of a new page: what is known already, then its first step."""
    guide = tools.guide(guide_id)
    filled = prefill(state, tools, guide)
    known = {fact.slot for fact in filled} | set(state.slots)
    for line in state.finals:
        for fact in slots_heard(state, tools, guide, line, skip=known):
            filled.append(fact)
            known.add(fact.slot)
    values = {f.slot: SlotValue(f.value, f.label, f.by, f.evidence) for f in filled}
    then = replace(state, slots={**state.slots, **values})
    return [*filled, *enter(then, tools, guide, guide.steps[0])]


def prefill(state: CallState, tools: Tools, guide: Guide) -> list[ev.SlotFilled]:
    """Empty slots that the customer's record or a result can fill."""
    facts = []
    for name, slot in guide.slots.items():
        if slot.source and name not in state.slots:
            try:
                value = rendered(slot.source, state, tools)
            except GuideError:
                continue  # what it refers to is not known yet; tried again when it is
            if value:
                label = slot.choices.get(value, value)
                facts.append(ev.SlotFilled(slot=name, value=value, label=label, by="record"))
    return facts


def respelt(state: CallState, tools: Tools, guide: Guide) -> list[ev.SlotFilled]:
    """Names and addresses heard as the record has them, written as the record writes them: a
    recogniser hears the sound of a name, and the record knows its characters."""
    facts = []
    for name, slot in guide.slots.items():
        known = state.slots.get(name)
        if not slot.source or slot.type not in ("name", "address") or not known:
            continue
        try:
            value = rendered(slot.source, state, tools)
        except GuideError:
            continue
        heard = known.by == "heard" and value and value != known.value
        if heard and sounds_like(value, known.value):
            facts.append(ev.SlotFilled(slot=name, value=value, label=value, by="record"))
    return facts


def slots_heard(
    state: CallState, tools: Tools, guide: Guide, line: Line, skip: set[str]
) -> list[ev.SlotFilled]:
    """Slots that this utterance fills surely enough, except those to skip."""
    spoken = Spoken(line.speaker, line.text, state.lang, prompt_before(state, line))
    heard = hear_slots(guide, spoken, tools.like, [n for n in guide.slots if n not in skip])
    return [
        ev.SlotFilled(
            slot=h.slot,
            value=h.value,
            label=h.label,
            by="heard",
            evidence=evidence_of(line, h.words, h.confidence),
        )
        for h in heard
        if h.confidence >= taken_from(guide)
    ]


def enter(state: CallState, tools: Tools, guide: Guide, step: Step) -> list[ev.Fact]:
    """Show a step, or pass it by when its condition does not hold."""
    page = page_of(state, guide.id)
    if page and page.visits.get(step.id, 0) >= MAX_VISITS:
        message = f"{guide.id} came to step {step.id} {MAX_VISITS} times: it runs in a circle."
        trouble = GuideError(message, "Go on by hand, and tell the guide's owner.")
        return [trouble_at(trouble, guide, step)]
    try:
        if not _applies(state, tools, step):
            return [_skipped(guide, step)]
        text = rendered(step.say or _offer_text(tools, step), state, tools)
        title = rendered(_title(tools, guide, step), state, tools)
        policy = _policy(state, tools, step)
    except GuideError as error:
        return [trouble_at(error, guide, step), _shown(guide, step, "", step.id)]
    return [_shown(guide, step, text, title, policy)]


def on_shown(state: CallState, tools: Tools, shown: ev.StepShown) -> list[ev.Fact]:
    """What a step does by itself once the agent sees it."""
    guide = tools.guide(shown.guide)
    step = guide.step(shown.step)
    page = page_of(state, guide.id)
    if page is None:
        return []
    try:
        match step.kind:
            case "ask":
                return _answer_known(state, page, step)
            case "diagnose":
                return [ask_diagnosis(state, tools, guide, step)]
            case "offer":
                return [offering.made(state, tools, tools.book.offers[step.offer], shown)]
            case "guide":
                return [_digression(tools, guide, step)]
            case "end" if page.from_guide and not shown.text:
                return [ev.StepTicked(guide=guide.id, step=step.id, by="system")]
            case "ticket":
                draft = draft_ticket(state, tools, guide, step)
                return [draft, *ask_open_tickets(state, guide, step)]
    except GuideError as error:
        return [trouble_at(error, guide, step)]
    return []


def on_ticked(state: CallState, tools: Tools, tick: ev.StepTicked) -> list[ev.Fact]:
    """Where the guide goes from a step that is done."""
    guide = tools.guide(tick.guide)
    step = guide.step(tick.step)
    if page_of(state, guide.id) is None:
        return []
    finished = ev.GuideClosed(guide=guide.id, reason="finished")
    handed = (
        [ev.HandedOff(to=step.handoff, reason=guide.title, by=tick.by)]
        if step.kind == "handoff" and not tick.skipped
        else []
    )
    if step.kind == "end" and not tick.skipped:
        return [finished]
    diagnosis = state.diagnoses.get(f"{guide.id}/{step.id}")
    try:
        if tick.skipped:
            following = guide.step(step.next) if step.next else guide.after(step.id)
        else:
            failed = diagnosis is not None and diagnosis.status == "failed"
            context = context_of(state, tools)
            following = walk.following(guide, step, context, choice=tick.choice, failed=failed)
    except GuideError as error:
        return [trouble_at(error, guide, step)]
    return [*handed, *(enter(state, tools, guide, following) if following else [finished])]


def come_back(state: CallState, tools: Tools, closed: ev.GuideClosed) -> list[ev.Fact]:
    """A guide that was walked for another has ended: the step that led to it is done."""
    if closed.reason != "finished":
        return []  # put away, it waits at that step for the agent
    facts: list[ev.Fact] = []
    for page in reversed(state.pages):
        shown = page.shown
        if shown and shown.sub_guide == closed.guide and not page.tick(shown.step):
            title = tools.guide(closed.guide).title
            facts.append(ev.StepTicked(guide=page.guide, step=shown.step, by="system", note=title))
    return facts


def on_undone(state: CallState, tools: Tools, undone: ev.StepUndone) -> list[ev.Fact]:
    """The step stands open again; what it had filled by itself is empty again."""
    guide = tools.guide(undone.guide)
    step = guide.step(undone.step)
    slot = state.slots.get(step.ask)
    cleared = (
        [ev.SlotFilled(slot=step.ask, value="", label="", by="agent")]
        if slot and slot.by in ("heard", "agent")
        else []
    )
    return [*cleared, *enter(state, tools, guide, step)]


def on_slot(state: CallState, tools: Tools, filled: ev.SlotFilled) -> list[ev.Fact]:
    """An answer that the current step waits for ticks it; an open form takes the value up."""
    facts: list[ev.Fact] = []
    page = state.page
    if filled.value and page and page.shown:
        guide = tools.guide(page.guide)
        step = guide.step(page.shown.step)
        if step.ask == filled.slot and not page.tick(step.id):
            facts.append(_ticked(guide.id, step, filled))
    for page in state.pages:
        facts += redraft(state, tools, page)
    return facts


def redraft(state: CallState, tools: Tools, page: Page) -> list[ev.Fact]:
    """The open form again, if what is known now changes it."""
    if page.draft is None:
        return []
    ticket = state.ticket_at(page.guide, page.draft.step)
    if ticket and ticket.status != "failed":
        return []
    guide = tools.guide(page.guide)
    step = guide.step(page.draft.step)
    try:
        draft = draft_ticket(state, tools, guide, step)
    except GuideError as error:
        return [trouble_at(error, guide, step)]
    return [draft] if draft != page.draft else []


def ask_diagnosis(state: CallState, tools: Tools, guide: Guide, step: Step) -> ev.DiagnosisAsked:
    args = {name: rendered(value, state, tools) for name, value in step.args.items()}
    return ev.DiagnosisAsked(
        key=f"{state.call}/{guide.id}/{step.id}/{state.seq}",
        guide=guide.id,
        step=step.id,
        connector=step.diagnose,
        args={**args, "lang": state.lang},
        timeout_s=step.timeout_s,
    )


# ---------------------------------------------------------------- small hands


def _applies(state: CallState, tools: Tools, step: Step) -> bool:
    context = context_of(state, tools)
    if step.only_if and not test(step.only_if, context):
        return False
    if step.kind != "offer":
        return True
    return offering.fits(state, tools, tools.book.offers[step.offer])


def _title(tools: Tools, guide: Guide, step: Step) -> str:
    if step.guide and not step.title:
        return tools.guide(step.guide).title
    return walk.step_title(guide, step)


def _digression(tools: Tools, guide: Guide, step: Step) -> ev.GuideOpened:
    sub = tools.guide(step.guide)
    return ev.GuideOpened(
        guide=sub.id, title=sub.title, hash=sub.hash, by="system", from_guide=guide.id
    )


def _offer_text(tools: Tools, step: Step) -> str:
    return tools.book.offers[step.offer].say if step.kind == "offer" else ""


def _skipped(guide: Guide, step: Step) -> ev.StepTicked:
    return ev.StepTicked(guide=guide.id, step=step.id, by="system", skipped=True)


def _policy(state: CallState, tools: Tools, step: Step) -> ev.Policy | None:
    """The official position with its validity; on the last day it still holds."""
    if step.policy is None:
        return None
    today, until = day_of(state), step.policy.valid_until
    return ev.Policy(
        text=rendered(step.policy.text, state, tools),
        source=step.policy.source,
        valid_until=until.isoformat(),
        expired=today is not None and today > until,
    )


def _shown(
    guide: Guide, step: Step, text: str, title: str, policy: ev.Policy | None = None
) -> ev.StepShown:
    slot = guide.slots.get(step.ask)
    options = slot.choices if slot else {}
    return ev.StepShown(
        guide=guide.id,
        step=step.id,
        step_kind=step.kind,
        text=text,
        title=title,
        must_say=step.must_say,
        must_not_say=tuple(step.must_not_say),
        policy=policy,
        options=tuple(ev.Option(key=key, label=label) for key, label in options.items()),
        slot=step.ask,
        sub_guide=step.guide,
        hash=guide.hash,
    )


def _answer_known(state: CallState, page: Page, step: Step) -> list[ev.Fact]:
    """Nobody is asked what is known, unless the agent went back to ask it."""
    slot = state.slots.get(step.ask)
    if slot is None or step.id in page.undone or page.visits.get(step.id, 0) > 1:
        return []
    return [_ticked(page.guide, step, slot)]


def _ticked(guide: str, step: Step, filled: ev.SlotFilled | SlotValue) -> ev.StepTicked:
    return ev.StepTicked(
        guide=guide,
        step=step.id,
        by=filled.by,
        choice=filled.value,
        choice_label=filled.label,
        evidence=filled.evidence,
    )
