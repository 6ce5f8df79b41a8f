"""A whole call with a dictated number: nothing of it is on the disk; it can be taken up again."""

from __future__ import annotations

import logging
from pathlib import Path

from call.test_call import GUIDE, begin, house, say
from fakes import Line, ScriptedEngine

from assist import events as ev
from assist.privacy import MaskingFilter
from assist.store import Store

SCRIPT = [
    Line("agent", 500, 2500, "您好请问有什么可以帮您"),
    Line("customer", 3000, 5500, "我家里突然没网了，号码是幺五四零三七二六六幺八"),
    Line("agent", 6000, 8000, "青禾路二十六号三单元五零二，对吗"),
    Line("customer", 8500, 10_500, "对对，五零二，我是刘建国"),
]
FORMS = (
    *("15403726618", "5403726", "0372", "零三七二", "154 0372", "03726618"),
    *("26号", "二十六号", "3单元502", "三单元五零二", "五零二", "单元502", "刘建国"),
)


async def test_nothing_private_is_on_the_disk(tmp_path: Path) -> None:
    log = logging.FileHandler(tmp_path / "assist.log")
    log.addFilter(MaskingFilter())
    logging.getLogger().addHandler(log)
    try:
        async with house(tmp_path, ScriptedEngine(SCRIPT)) as calls:
            call = await begin(calls, call_id="one")
            await say(call, SCRIPT)
            await call.obey(ev.SetSlot(slot="phone", value="15403726618"), by="a")
            logging.getLogger("assist").error("no answer for 15403726618")
            live = call.state
            assert live.customer and live.customer.name == "刘建国"
            _nowhere(tmp_path)
            await call.hang_up()
            _nowhere(tmp_path)
            store = Store(tmp_path / "calls.db")
            taken_up = {e.seq: e.fact for e in store.working("one")}
            store.close()
        assert any(fact == ev.CustomerFound(customer=live.customer, by="record")
                   for fact in taken_up.values())  # fmt: skip
        assert live.slots["phone"].value == "15403726618"
        assert any(
            isinstance(fact, ev.SlotFilled) and fact.value == "15403726618"
            for fact in taken_up.values()
        )
        assert live.page is not None and live.page.guide == GUIDE
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    _nowhere(tmp_path)


def _nowhere(folder: Path) -> None:
    """The sandbox's database is the back office's own."""
    for path in folder.iterdir():
        if path.is_file() and not path.name.startswith("sandbox"):
            data = path.read_bytes()
            for form in FORMS:
                assert form.encode() not in data, f"{form} in {path.name}"
