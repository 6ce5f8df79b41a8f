"""Weeks of a made-up call centre, written straight into a store: for the wall's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assist import events as ev
from assist.journal import Journal
from assist.store import Store

NET, BILL, PLAN = "broadband.no-internet", "bill.unexpected-charge", "plan.change"
TITLES = {NET: "宽带上不了网", BILL: "账单有异常费用", PLAN: "套餐变更"}


def keep(store: Store, call: str, at: datetime, facts: Sequence[ev.Fact], agent: str) -> None:
    """`at` is when the call began; its facts come five seconds apart."""
    journal = Journal(store)
    started = ev.CallStarted(
        agent=agent,
        number="15403726618",
        lang="zh",
        source="phone",
        started_at=at.isoformat(timespec="seconds"),
    )
    for number, fact in enumerate((started, *facts)):
        journal.append(call, number * 5_000, fact)


def talk(*said: tuple[ev.Speaker, str]) -> list[ev.Fact]:
    return [
        ev.SegmentHeard(
            utterance=f"u{at}",
            speaker=speaker,
            start_ms=at * 5_000,
            end_ms=at * 5_000 + 3_000,
            text=text,
            confidence=0.9,
        )
        for at, (speaker, text) in enumerate(said)
    ]


def walk(guide: str, *steps: tuple[str, str], edition: str, stops: bool = False) -> list[ev.Fact]:
    """Through these steps (id, title); `stops`: the last one is not done."""
    facts: list[ev.Fact] = [
        ev.GuideOpened(guide=guide, title=TITLES[guide], hash=edition, by="heard")
    ]
    for at, (step, title) in enumerate(steps):
        facts.append(
            ev.StepShown(guide=guide, step=step, step_kind="say", title=title, hash=edition)
        )
        if not (stops and at == len(steps) - 1):
            facts.append(ev.StepTicked(guide=guide, step=step, by="heard"))
    return facts


def ended(outcome: ev.Outcome) -> list[ev.Fact]:
    return [ev.CallEnded(reason="hangup"), ev.CallWrapped(outcome=outcome)]


def known(customer: str, name: str) -> ev.CustomerFound:
    found = ev.Customer(id=customer, name=name, surname=name[0], title="先生", city="云川")
    return ev.CustomerFound(customer=found, by="record")


def filed(
    call: str, number: str, at: datetime, hours: float, priority: ev.Priority
) -> list[ev.Fact]:
    key, step = f"{call}/{NET}/dispatch", "dispatch"
    fields = {"fault": "光猫红灯，无法上网", "since": "昨天晚上"}
    asked = ev.TicketAsked(
        key=key,
        guide=NET,
        step=step,
        type="broadband.repair",
        title="宽带故障报修",
        fields=fields,
        customer=f"e{call[1:]}",
        group="云川装维班",
        priority=priority,
        deadline_h=hours,
    )
    done = ev.TicketFiled(
        key=key,
        guide=NET,
        step=step,
        type="broadband.repair",
        number=number,
        fields=fields,
        filed_at=at.isoformat(timespec="seconds"),
    )
    return [asked, done]


STEPS = (
    ("verify", "核对身份"),
    ("line", "检测线路"),
    ("light", "查看光猫指示灯"),
    ("close", "结束语"),
)


def tell(store: Store, now: datetime, edition: str = "e2f1a7c0") -> None:
    """Four weeks of the same weekday, today's surge of broadband calls, tickets and a queue."""
    store.files_tickets()
    for week in range(1, 5):
        for number in range(3):
            at = now - timedelta(weeks=week, minutes=10 + number)
            facts = [known(f"c{week}{number}", "刘建国"), *walk(NET, *STEPS, edition="old0")]
            keep(store, f"w{week}{number}", at, [*facts, *ended("solved")], "agent")
            facts = [known(f"d{week}{number}", "王芳"), *walk(BILL, *STEPS[:2], edition="b1")]
            keep(store, f"b{week}{number}", at, [*facts, *ended("solved")], "agent")
    again = now - timedelta(weeks=2) + timedelta(days=2)
    facts = [known("c20", "刘建国"), *walk(NET, *STEPS, edition="old0"), *ended("solved")]
    keep(store, "again", again, facts, "agent")
    for number in range(11):
        at = now - timedelta(minutes=4 + 2 * number)
        stops = number % 3 == 0
        walked = walk(NET, *STEPS[: 3 if stops else 4], edition=edition, stops=stops)
        call, ticket = f"t{number}", []
        if number in (1, 2, 4, 5):
            hours, priority = (0.02, "urgent") if number == 1 else (24.0, "normal")
            ticket = filed(call, f"BR202611{number:02}", at, hours, priority)
        facts = [known(f"e{number}", "赵明"), *walked, *ticket]
        keep(store, call, at, [*facts, *ended("ticket" if ticket else "solved")], "agent")
    for number, text in enumerate(
        ("你们能不能给宠物上保险啊", "宠物保险怎么办理的", "我想问下企业邮箱怎么开通")
    ):
        said = talk(("agent", "您好，请问有什么可以帮您"), ("customer", text))
        keep(
            store,
            f"n{number}",
            now - timedelta(minutes=9 + number),
            [*said, *ended("uncovered")],
            "agent",
        )
    queue: list[tuple[str, float, ev.BackstopRaised]] = [
        ("q1", 5.0, raised(("escalated_angry", "returned"), "urgent", 4, "宽带报修三次都没人上门")),
        ("q2", 2.0, raised(("unresolved_said",), "high", 8, "账单多扣了三十块，说是还没退")),
        ("q3", 20.0, raised(("uncovered",), "normal", 48, "想给店里装监控专用的宽带")),
    ]
    for call, hours, fact in queue:
        said = talk(
            ("agent", "您好，请问有什么可以帮您"),
            ("customer", fact.need),
            ("agent", "我先帮您看一下记录"),
            ("customer", "都说了好几遍了，到底什么时候能解决"),
        )
        summary = ev.Summary(need=fact.need, done=("核对身份", "查询记录"), result="未解决")
        drafted = ev.SummaryDrafted(of="wrap_up", lang="zh", summary=summary, text=fact.need)
        guide = walk(fact.guide, *STEPS[:2], edition=edition, stops=True) if fact.guide else []
        facts = [known(call, "孙伟"), *said, *guide, *ended("uncovered"), drafted, fact]
        keep(store, call, now - timedelta(hours=hours), facts, "agent")


def raised(
    reasons: tuple[ev.BackstopReason, ...], priority: ev.Priority, hours: float, need: str
) -> ev.BackstopRaised:
    guide = "" if "uncovered" in reasons else NET if "escalated_angry" in reasons else BILL
    return ev.BackstopRaised(
        reasons=reasons,
        priority=priority,
        deadline_h=hours,
        need=need,
        guide=guide,
        title=TITLES.get(guide, ""),
    )
