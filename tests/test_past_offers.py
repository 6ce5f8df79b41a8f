"""What a customer was offered in earlier calls, as the store tells the next call."""

from __future__ import annotations

from pathlib import Path

from assist import events as ev
from assist.journal import Journal
from assist.store import Store

KNOWN = ev.Customer(id="C1", name="王小明", phone="15403726618")


def call_of(journal: Journal, call: str, day: int, *facts: ev.Fact, source: str = "") -> None:
    started = f"2026-11-{day}T10:00:00+08:00"
    journal.append(call, 0, ev.CallStarted(agent="a", started_at=started, source=source))
    journal.append(call, 1, ev.CustomerFound(customer=KNOWN, by="record"))
    for fact in facts:
        journal.append(call, 2, fact)


def decided(offer: str, decision: ev.OfferDecision, by: ev.By = "agent") -> ev.OfferDecided:
    return ev.OfferDecided(guide="g", step="s", offer=offer, decision=decision, by=by)


def test_the_last_decision_of_each_other_call_that_was_no_rerun(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    words = ev.Evidence(utterance="u", speaker="agent", words="要不要", confidence=1.0)
    aloud = decided("fttr", "ignored", "system").model_copy(update={"evidence": words})
    call_of(journal, "one", 10, decided("fttr", "accepted"), decided("fttr", "declined"))
    call_of(journal, "two", 12, decided("pack", "ignored", "system"), aloud)
    call_of(journal, "again", 14, decided("fttr", "accepted"), source="replay of one")
    call_of(journal, "now", 16, decided("fttr", "accepted"))
    assert store.past_offers("C1", before="now") == (
        ev.PastOffer(offer="fttr", decision="ignored", decided_on="2026-11-12"),
        ev.PastOffer(offer="fttr", decision="declined", decided_on="2026-11-10"),
    )
    assert store.past_offers("C2", before="now") == ()
