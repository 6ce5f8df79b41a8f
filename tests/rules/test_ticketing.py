"""The ticket of a step: type by rule, form, open tickets, values, priority and route."""

from __future__ import annotations

from typing import Any

import pytest
from bench import BOOK, CUSTOMER, LINE_GUIDE, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.load import Book
from assist.guide.model import Guide, TicketType
from assist.rules.tools import Tools

REPAIR = {
    "id": "repair",
    "title": "报修",
    "group": "装维",
    "route": [{"when": "customer.city == '云川'", "group": "云川装维"}],
    "deadline_h": 24,
    "deadlines_h": {"high": 8},
    "priority": {"when": [{"tag": "vip", "priority": "high"}, {"tag": "old", "priority": "low"}]},
    "fields": {
        "name": {"label": "姓名", "from": "{{ slots.name }}", "required": True},
        "phone": {"label": "电话", "type": "phone"},
        "box": {"label": "灯", "type": "choice", "choices": ["红灯", "绿灯"]},
    },
}
CABLE = {"id": "cable", "title": "专线", "group": "政企", "deadline_h": 4, "fields": {}}
OPEN = tuple(
    ev.OpenTicket(number=number, type=kind, title="报修", status=status)
    for number, kind, status in (
        ("T3", "repair", "dispatched"),
        ("T2", "cable", "dispatched"),
        ("T1", "repair", "closed"),
        ("T0", "repair", "suspended"),
    )
)


def at_form(customer: ev.Customer | None = CUSTOMER, **types: Any) -> Bench:
    """A call whose guide has come to its ticket step."""
    raw = LINE_GUIDE.model_dump(by_alias=True)
    step = next(step for step in raw["steps"] if step["id"] == "file")
    raw["steps"] = [{**step, "fill": {}, **types}, *raw["steps"][-1:]]
    raw["steps"][0]["next"] = raw["steps"][1]["id"]
    guide = Guide.model_validate(raw)
    tickets = {k["id"]: TicketType.model_validate(k) for k in (REPAIR, CABLE)}
    bench = Bench(Tools(Book({"line": guide}, tickets, BOOK.offers, BOOK.angry, "b"), unlike))
    bench.put(ev.CallStarted(agent="a", number="13800000001"))
    if customer:
        bench.put(ev.CustomerFound(customer=customer, by="record"))
    bench.press(ev.OpenGuide(guide="line"))
    return bench


def draft(bench: Bench) -> ev.TicketDrafted:
    return [f for f in bench.facts if isinstance(f, ev.TicketDrafted)][-1]


def file(bench: Bench, append_to: str = "", **fields: str) -> ev.TicketAsked:
    command = ev.FileTicket(guide="line", step="file", fields=fields, append_to=append_to)
    (asked,) = bench.press(command)
    assert isinstance(asked, ev.TicketAsked)
    return asked


def with_(**changes: Any) -> ev.Customer:
    return CUSTOMER.model_copy(update=changes)


@pytest.mark.parametrize(
    ("tags", "priority", "hours"),
    [((), "normal", 24), (("vip",), "high", 8), (("old",), "low", 24), (("old", "vip"), "high", 8)],
)
def test_priority_goes_by_tag_and_the_deadline_by_priority(
    tags: tuple[str, ...], priority: str, hours: float
) -> None:
    asked = file(at_form(with_(tags=tags)), name="王")
    assert (asked.priority, asked.deadline_h, asked.customer) == (priority, hours, "1")


def test_an_urgent_ticket_without_hours_of_its_own_has_those_of_a_high_one() -> None:
    kind = TicketType.model_validate(REPAIR)
    assert [kind.hours(p) for p in ("low", "normal", "high", "urgent")] == [24, 24, 8, 8]


def test_the_crew_goes_by_the_first_route_that_holds() -> None:
    assert file(at_form(), name="王").group == "装维"
    assert file(at_form(with_(city="云川")), name="王").group == "云川装维"


def test_the_type_is_decided_by_rule_and_stays_as_drafted() -> None:
    cases = {"types": [{"when": "customer.company", "type": "cable"}]}
    assert draft(at_form(**cases)).type == "repair"
    bench = at_form(with_(company="云川实业"), **cases)
    assert draft(bench).type == "cable" and draft(bench).title == "专线"
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    assert file(bench).type == draft(bench).type


def test_a_condition_that_cannot_be_judged_is_trouble_at_the_step() -> None:
    bench = at_form(types=[{"when": "result.none_such", "type": "cable"}])
    assert kinds(bench.facts)[-1] == "trouble:file"


def test_open_tickets_of_the_type_are_shown_and_the_newest_is_proposed() -> None:
    bench = at_form(with_(open_tickets=OPEN))
    first = draft(bench)
    assert [t.number for t in first.open] == ["T3", "T0"] and first.append_to == "T3"
    asked = [f for f in bench.facts if isinstance(f, ev.OpenTicketsAsked)]
    assert [(a.customer, a.step) for a in asked] == [("1", "file")]
    fresh = {"key": asked[0].key, "guide": "line", "step": "file"}
    followed = bench.put(ev.OpenTicketsFound(**fresh, tickets=OPEN[1:]))
    assert kinds(followed) == ["ticket_drafted:file"] and draft(bench).append_to == "T0"
    assert bench.put(ev.OpenTicketsFound(**fresh, tickets=OPEN[1:])) == [], "nothing new"
    bench.put(ev.OpenTicketsFound(**fresh, tickets=()))
    assert (draft(bench).open, draft(bench).append_to) == ((), "")


def test_a_stranger_is_not_asked_about() -> None:
    assert "open_tickets_asked:file" not in kinds(at_form(customer=None).facts)


def test_appending_needs_an_open_ticket_and_something_to_say_but_no_required_field() -> None:
    bench = at_form(with_(open_tickets=OPEN))
    for number in ("T1", "T2", "T9"):
        with pytest.raises(CommandRefused, match="no open ticket") as refused:
            file(bench, number, box="红灯")
        assert "T3 or T0" in refused.value.remedy
    with pytest.raises(CommandRefused, match="nothing to append"):
        file(bench, "T3", name=" ")
    asked = file(bench, "T0", box="红灯", phone="")
    assert asked.append_to == "T0" and asked.note == "灯: 红灯"
    filed = {"key": asked.key, "guide": "line", "step": "file", "type": "repair"}
    bench.put(ev.TicketFiled(**filed, number="T0", fields=asked.fields, appended=True))
    assert bench.state.tickets[0].append_to == bench.state.tickets[0].number == "T0"


def test_a_value_that_does_not_fit_is_named_with_what_is_wanted() -> None:
    bench = at_form()
    with pytest.raises(CommandRefused) as refused:
        file(bench, name="王", phone="不知道")
    assert refused.value.code == "ticket.value"
    assert refused.value.values["field"] == "phone" and refused.value.values["label"] == "电话"
    with pytest.raises(CommandRefused, match="“黄灯” does not fit"):
        file(bench, name="王", box="黄灯")
    assert file(bench, name="王", phone="客户未提供", box="绿灯").fields["box"] == "绿灯"


def test_a_ticket_that_waits_lets_the_guide_go_on_and_counts_as_the_outcome() -> None:
    bench = at_form()
    asked = file(bench, name="王")
    place = {"key": asked.key, "guide": "line", "step": "file"}
    followed = bench.put(ev.TicketWaiting(**place))
    assert kinds(followed)[:2] == ["step_ticked:file", "step_shown:done"]
    bench.put(ev.TicketFiled(**place, type="repair", number="7", fields=asked.fields))
    assert kinds(bench.facts)[-1] == "ticket_filed:file", "the step is done already"
    assert (bench.state.tickets[0].status, bench.state.tickets[0].number) == ("filed", "7")


def test_a_ticket_refused_later_is_corrected_at_its_step() -> None:
    bench = at_form()
    asked = file(bench, name="王")
    bench.put(ev.TicketWaiting(key=asked.key, guide="line", step="file"))
    bench.failed("desk.invalid")
    assert bench.state.tickets[0].status == "failed"
    bench.press(ev.UndoStep(guide="line", step="file"))
    assert bench.current == "file"
    assert file(bench, name="王小明").key == asked.key
