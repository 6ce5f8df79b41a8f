"""Every case and the manual branch of each diagnosis, taken with what the sandbox answers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from guide_walks import House, Moment, newcomer, sandbox_house

from assist.guide.load import load_book

GUIDES = Path(__file__).resolve().parents[2] / "guides"
BOOK = load_book(GUIDES)
Said = dict[str, str]

ABROAD = {"phase": "abroad"}
DATA = {"phase": "abroad", "problem": "data"}
LATE, TWICE = {"kind": "late"}, {"kind": "twice"}

WAYS: list[tuple[str, str, Said, str, str, str]] = [
    # guide, customer, what is said, a diagnosis, where it leads, and the end
    ("broadband.slow", "C2002", {}, "line", "outage", "outage_done"),
    ("broadband.slow", "C2004", {}, "line", "since", "close"),
    ("broadband.slow", "C2026", {"better": "yes"}, "line", "speed", "done"),
    ("broadband.slow", "C2027", {}, "speed", "since", "close"),
    ("broadband.slow", "C2026", {"better": "yes"}, "speed", "scope", "done"),
    ("broadband.slow", "C2001", {"scope": "tv", "better": "yes"}, "speed", "scope", "done"),
    ("broadband.slow", "C2001", {}, "speed", "move", "close"),
    ("broadband.slow", "C2025", {"better": "yes"}, "speed", "router", "done"),
    ("broadband.slow", "C2016", {"better": "yes"}, "speed", "router", "done"),
    ("cloud.host-fault", "C1003", {}, "check", "host", "escalated"),
    ("cloud.host-fault", "C2015", {"back": "yes"}, "check", "expired", "done"),
    ("cloud.host-fault", "C2014", {"back": "yes"}, "check", "blocked", "done"),
    ("cloud.host-fault", "C2013", {"back": "yes"}, "check", "disk_full", "done"),
    ("cloud.host-fault", "C2028", {"back": "no"}, "check", "cpu_high", "escalated"),
    ("cloud.host-fault", "C2029", {"back": "yes"}, "check", "rule_changed", "done"),
    ("cloud.host-fault", "C2030", {"symptom": "login", "back": "yes"}, "check", "symptom", "done"),
    ("complaint.service", "C2001", {"kind": "noshow"}, "windows", "again", "done"),
    ("mobile.arrears-stop", "C2010", {}, "check", "closed", "closed"),
    ("mobile.arrears-stop", "C2011", {}, "check", "other_stop", "other_stop"),
    ("mobile.arrears-stop", "C2009", {"back": "yes"}, "check", "reopen", "ok"),
    ("mobile.arrears-stop", "C2009", {"back": "no"}, "check", "reopen", "escalated"),
    ("mobile.arrears-stop", "C1002", {"back": "yes"}, "check", "not_stopped", "ok"),
    ("mobile.arrears-stop", "C2024", {"paid": "yes"}, "check", "order", "escalated"),
    ("mobile.arrears-stop", "C2024", {"paid": "no"}, "check", "tell", "pay"),
    ("pay.refund", "C2011", TWICE, "look", "twice_found", "done"),
    ("pay.refund", "C2001", TWICE, "look", "twice", "done"),
    ("pay.refund", "C2024", LATE, "look", "arrived", "arrived_done"),
    ("pay.refund", "C2023", LATE, "look", "unsubmitted", "done"),
    ("pay.refund", "C1005", LATE, "look", "overdue_found", "done"),
    ("pay.refund", "C2009", LATE, "look", "in_transit", "wait_done"),
    ("pay.refund", "C2001", {**LATE, "overdue": "no"}, "look", "late", "wait_done"),
    ("pay.unauthorised", "C1006", {}, "look", "strange", "review_done"),
    ("pay.unauthorised", "C1002", {"same": "yes"}, "look", "same", "renew_done"),
    ("pay.unauthorised", "C1002", {"same": "no"}, "look", "same", "review_done"),
    ("pay.unauthorised", "C2001", {"kind": "child"}, "look", "kind", "child_done"),
    ("plan.change.en", "C1005", {"plan_ok": "yes"}, "fit", "compare", "done"),
    ("plan.change.en", "C1002", {}, "fit", "keep", "stay_done"),
    ("plan.change.en", "C1005", {"need": "family", "plan_ok": "yes"}, "fit", "by_hand", "done"),
    ("power.outage", "C2012", {}, "supply", "fault", "done"),
    ("power.outage", "C2012", {"scope": "home"}, "supply", "(no_plan)", "sent"),
    ("power.outage", "C2021", {}, "supply", "planned", "done"),
    ("power.outage", "C2022", {}, "supply", "arrears", "done"),
    ("power.outage", "C2031", {"power_back": "yes"}, "supply", "relay", "done"),
    ("power.outage", "C2031", {"power_back": "no"}, "supply", "relay", "sent"),
    ("power.outage", "C2032", {"scope": "planned"}, "supply", "no_plan", "no_plan"),
    ("roaming.international", "C2024", {**ABROAD, "back": "yes"}, "look", "stopped", "done"),
    ("roaming.international", "C2011", ABROAD, "look", "stopped_other", "escalated"),
    ("roaming.international", "C2035", ABROAD, "look", "open_abroad", "later"),
    ("roaming.international", "C2034", {**DATA, "back": "yes"}, "look", "open_data", "done"),
    ("roaming.international", "C2023", {**DATA, "back": "yes"}, "look", "pack_out", "done"),
    ("roaming.international", "C2033", {**ABROAD, "back": "no"}, "look", "signal", "escalated"),
    ("roaming.international", "C2036", {**DATA, "back": "yes"}, "look", "signal", "done"),
    ("sim.lost", "C2011", {}, "look", "already", "done"),
    ("sim.lost", "C2024", {}, "look", "replaced", "done"),
    ("sim.lost", "C1002", {"owner": "other"}, "look", "stop", "done"),
    ("sim.lost", "C2024", {"kind": "found"}, "look_found", "old_card", "old_card"),
    ("sim.lost", "C1002", {"kind": "found"}, "look_found", "not_locked", "not_locked"),
    ("sim.lost", "C2011", {"kind": "found"}, "look_found", "unlock", "unlock_done"),
    ("sim.lost", "C1002", {"kind": "new_card"}, "look_new", "slot_test", "done"),
    ("sim.lost", "C1005", {"kind": "new_card"}, "look_new", "new_card", "escalated"),
    ("sim.lost.en", "C2018", {"state": "stolen"}, "look", "already", "shop"),
    ("sim.lost.en", "C1008", {"state": "lost"}, "look", "suspend", "shop"),
    ("sim.lost.en", "C2024", {"state": "found"}, "look_found", "old_card", "old_card"),
    ("sim.lost.en", "C1008", {"state": "found"}, "look_found", "not_suspended", "not_suspended"),
    ("sim.lost.en", "C2018", {"state": "found"}, "look_found", "found", "back_on"),
]

# A caller nobody knows, with systems that are dead: each diagnosis goes to its manual branch.
DEAD: list[tuple[str, Said, str, str, str]] = [
    ("broadband.slow", {"better": "yes"}, "line", "scope", "done"),
    ("cloud.host-fault", {"state": "host"}, "check", "symptom", "escalated"),
    ("mobile.arrears-stop", {"state": "posted", "back": "yes"}, "check", "state", "ok"),
    ("mobile.arrears-stop", {"which": "other", "state": "owed"}, "check", "state", "pay"),
    ("pay.refund", {**LATE, "overdue": "no"}, "look", "late", "wait_done"),
    ("pay.unauthorised", {"kind": "renew"}, "look", "kind", "renew_done"),
    ("plan.change.en", {"plan_ok": "yes"}, "fit", "by_hand", "done"),
    ("power.outage", {"found": "arrears"}, "supply", "check", "done"),
    ("roaming.international", DATA, "look", "signal", "later"),
    ("sim.lost", {}, "look", "stop", "done"),
    ("sim.lost", {"kind": "found"}, "look_found", "unlock", "unlock_done"),
    ("sim.lost", {"kind": "new_card", "works": "yes"}, "look_new", "new_card", "ok"),
    ("sim.lost.en", {"state": "lost"}, "look", "suspend", "shop"),
    ("sim.lost.en", {"state": "found"}, "look_found", "found", "back_on"),
]
HALF_DEAD: list[tuple[str, str, Said, str, str, str]] = [
    # a known customer, and a later system that does not answer
    ("broadband.slow", "C2026", {}, "speed", "scope", "broadband.speed"),
    ("broadband.slow", "C2027", {}, "times", "visit", "field.appointments"),
    ("complaint.service", "C2001", {"kind": "noshow"}, "windows", "again", "field.appointments"),
]
ELEVEN = sorted({way[0] for way in WAYS})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return sandbox_house(GUIDES, tmp_path_factory.mktemp("desk"))


def led(moment: Moment) -> set[tuple[str, str]]:
    """Which step came after which; one passed by is in brackets."""
    return set(pairwise((*moment.path, moment.step)))


@pytest.mark.parametrize(("guide", "who", "said", "step", "to", "end"), WAYS)
def test_an_answer_leads_where_an_expert_would_go(
    house: House, guide: str, who: str, said: Said, step: str, to: str, end: str
) -> None:
    moment = newcomer(BOOK, house, guide, who, said)
    assert (step, to) in led(moment), " → ".join(moment.path)
    assert moment.step == end, " → ".join((*moment.path, moment.step))


@pytest.mark.parametrize(("guide", "said", "step", "to", "end"), DEAD)
def test_a_dead_system_leads_to_the_manual_branch(
    house: House, guide: str, said: Said, step: str, to: str, end: str
) -> None:
    moment = newcomer(BOOK, house, guide, "", said)
    assert (step, to) in led(moment), " → ".join(moment.path)
    assert moment.step == end, " → ".join((*moment.path, moment.step))


@pytest.mark.parametrize(("guide", "who", "said", "step", "to", "dead"), HALF_DEAD)
def test_one_dead_system_of_several_is_gone_round(
    house: House, guide: str, who: str, said: Said, step: str, to: str, dead: str
) -> None:
    moment = newcomer(BOOK, house, guide, who, said, dead=[dead])
    assert (step, to) in led(moment), " → ".join(moment.path)


def test_every_case_and_manual_branch_is_among_these_ways() -> None:
    answered = {(guide, step, to.strip("()")) for guide, _, _, step, to, _ in WAYS}
    silent = {(guide, step, to) for guide, _, step, to, _ in DEAD}
    silent |= {(guide, step, to) for guide, _, _, step, to, _ in HALF_DEAD}
    assert len(ELEVEN) == 11
    for guide_id in ELEVEN:
        for step in BOOK.guides[guide_id].steps:
            if step.diagnose:
                assert (guide_id, step.id, step.manual) in silent, f"{guide_id} {step.id} dead"
            for case in step.cases:
                assert (guide_id, step.id, case.next) in answered, f"{guide_id} {step.id} {case}"


def test_each_of_them_files_a_ticket_of_its_own() -> None:
    types = {g: {s.ticket for s in BOOK.guides[g].steps if s.ticket} for g in ELEVEN}
    assert all(types.values()), types
    for guide_id, names in types.items():
        assert all(BOOK.tickets[name].lang == BOOK.guides[guide_id].lang for name in names)
