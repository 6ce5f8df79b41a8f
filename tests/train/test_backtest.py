"""A stored call run again with other guides: what would have gone differently."""

from __future__ import annotations

from dataclasses import replace

from bench import BOOK, CUSTOMER, LINE_GUIDE, Bench, unlike

from assist import events as ev
from assist.rules.tools import Tools
from assist.train.backtest import Difference, backtest


def stored() -> list[ev.Event]:
    """A call in which the diagnosis found nothing and a red light was heard."""
    bench = Bench()
    bench.put(ev.CallStarted(agent="a", number="13800000001", lang="zh"))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    bench.press(ev.OpenGuide(guide="line"))
    bench.say("agent", "王您好，我帮您看看线路。")
    bench.diagnosed(broken=False, text="正常")
    bench.say("customer", "有红灯")
    bench.press(ev.FileTicket(guide="line", step="file", fields={"name": "王小明"}))
    asked = next(f for f in bench.facts if isinstance(f, ev.TicketAsked))
    bench.put(
        ev.TicketFiled(
            key=asked.key, guide="line", step="file", type="repair", number="T9", fields={}
        )
    )
    bench.press(ev.TickStep(guide="line", step="end"))
    bench.put(ev.CallEnded(reason="hangup"))
    bench.press(ev.WrapUp())
    return [
        ev.Event(call="c", seq=number, at_ms=1000 * number, fact=fact)
        for number, fact in enumerate(bench.facts, 1)
    ]


def changed(**fields: object) -> Tools:
    steps = [
        step.model_copy(update=fields) if step.id == "light" else step for step in LINE_GUIDE.steps
    ]
    guide = LINE_GUIDE.model_copy(update={"steps": steps})
    return Tools(replace(BOOK, guides={"line": guide}), unlike)


def test_with_the_same_guides_the_way_is_the_same() -> None:
    found = backtest(stored(), Tools(BOOK, unlike))
    assert found.refused == 0
    assert not [d for d in found.differences if d.what in ("opened", "path", "ticket", "outcome")]


def test_another_target_shows_as_another_path_ticket_and_outcome() -> None:
    found = backtest(stored(), changed(choices={"red": "elite", "green": "reboot"}))
    assert Difference("ticket", "repair", "none") in found.differences
    path = next(d for d in found.differences if d.what == "path")
    assert path.then.startswith("line/light → file")
    assert not path.now.endswith("→ end")
    assert found.refused == 2  # the form and the last step were never there
    assert next(d for d in found.differences if d.what == "outcome").then == "ticket"


def test_nothing_is_filed_and_the_stored_call_stays_as_it_is() -> None:
    past = stored()
    before = [event.model_dump() for event in past]
    backtest(past, changed(otherwise="file"))
    assert [event.model_dump() for event in past] == before
