"""The state of a number's SIM card or eSIM."""

from __future__ import annotations

from assist.desk.sandbox import spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import SimState
from assist.desk.sandbox.service_rows import SimRow

STATES = {
    "active": ("正常使用", "in use"),
    "suspended": ("已挂失停机", "suspended"),
    "replaced": ("已补新卡，旧卡作废", "replaced by a new card"),
    "activating": ("新卡激活中", "being activated"),
}


def state(records: Records, number: str) -> SimState:
    """By the phone, or any number of its owner. Raises Refused 404."""
    for customer in records.customers_known_as(number):
        sim = records.one(SimRow, phone=customer.phone)
        if sim:
            return _view(records, sim)
    raise unknown("SIM card", "Check the number; it may belong to another operator.")


def _view(records: Records, sim: SimRow) -> SimState:
    now = records.clock()
    changed, seen = now - sim.changed_ago, now - sim.last_seen_ago
    changed_zh, changed_en = spoken.moment_zh(changed, now), spoken.moment_en(changed, now)
    seen_zh, seen_en = spoken.moment_zh(seen, now), spoken.moment_en(seen, now)
    zh, en = STATES[sim.state]
    card_zh = "eSIM" if sim.kind == "esim" else "卡"
    card_en = "eSIM" if sim.kind == "esim" else "card"
    if sim.state == "active":
        conclusion = (
            f"{card_zh}（尾号{sim.card_last4}）正常使用，最后一次联网是{seen_zh}。",
            f"The {card_en} ending in {sim.card_last4} is in use, last seen {seen_en}.",
        )
    else:
        conclusion = (
            f"{card_zh}（尾号{sim.card_last4}）{zh}，时间{changed_zh}。",
            f"The {card_en} ending in {sim.card_last4} is {en}, since {changed_en}.",
        )
    return SimState(
        **sim.model_dump(include={"phone", "kind", "state", "card_last4"}),
        state_zh=zh,
        state_en=en,
        changed_zh=changed_zh,
        changed_en=changed_en,
        last_seen_zh=seen_zh,
        last_seen_en=seen_en,
        conclusion_zh=conclusion[0],
        conclusion_en=conclusion[1],
    )
