"""A call without threads, sound or back office: facts go in, the rules' facts come out."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from assist import events as ev
from assist import rules
from assist.guide.load import Book
from assist.guide.model import Guide, Offer, TicketType
from assist.rules.tools import Tools
from assist.state import CallState, apply

LINE_GUIDE = Guide.model_validate(
    {
        "id": "line",
        "title": "线路不通",
        "lang": "zh",
        "owner": "测试",
        "hash": "h1",
        "slots": {
            "name": {"label": "姓名", "type": "name", "from": "{{ customer.name }}"},
            "light": {
                "label": "指示灯",
                "choices": {"red": "红灯", "green": "绿灯"},
                "hear": {"red": ["亮红灯", "有红灯"], "green": ["都是绿的", "全是绿灯"]},
            },
            "test": {"label": "检测"},
        },
        "steps": [
            {
                "id": "hello",
                "say": "{{ customer.surname }}您好，我帮您看看线路。",
                "must_say": True,
            },
            {
                "id": "probe",
                "diagnose": "line.probe",
                "with": {"phone": "{{ customer.phone or call.number }}"},
                "fills": {"test": "{{ result.text }}"},
                "cases": [{"when": "result.broken", "next": "file"}, {"next": "light"}],
                "manual": "light",
            },
            {
                "id": "light",
                "ask": "light",
                "say": "灯是什么颜色的？",
                "choices": {"red": "file", "green": "reboot"},
                "otherwise": "elite",
            },
            {"id": "reboot", "say": "请拔电源重启。", "solves": True},
            {"id": "extra", "offer": "pack", "only_if": "solved", "next": "done"},
            {
                "id": "file",
                "ticket": "repair",
                "fill": {"fault": "{{ slots.light }}"},
                "next": "end",
            },
            {"id": "end", "end": "ticket", "say": "单子报好了。", "disposition": "报修"},
            {"id": "elite", "handoff": "elite", "say": "我请专家来。", "next": "passed"},
            {"id": "passed", "end": "escalated", "disposition": "转专家"},
            {"id": "done", "end": "solved", "say": "再见。", "disposition": "解决"},
        ],
    }
)
REPAIR = TicketType.model_validate(
    {
        "id": "repair",
        "title": "报修",
        "group": "装维",
        "deadline_h": 24,
        "fields": {
            "name": {"label": "姓名", "from": "{{ slots.name }}", "required": True},
            "fault": {"label": "故障"},
            "test": {"label": "检测", "from": "{{ slots.test }}"},
        },
    }
)
PACK = Offer.model_validate(
    {
        "id": "pack",
        "title": "加装包",
        "say": "要不要加装一个路由器？",
        "mentions": ["加装一个路由器", "加装包"],
        "hear": {"accepted": ["那就装一个", "好的装吧"], "declined": ["不用了", "不需要"]},
    }
)
BOOK = Book({"line": LINE_GUIDE}, {"repair": REPAIR}, {"pack": PACK}, {"zh": ["我要投诉"]}, "b1")
CUSTOMER = ev.Customer(id="1", name="王小明", surname="王", phone="13800000001")


def unlike(text: str, phrases: Sequence[str]) -> list[float]:
    return [0.0 for _ in phrases]


class Bench:
    """`put` a fact or `press` a command; what followed comes back as a list of facts."""

    def __init__(self, tools: Tools | None = None) -> None:
        self.tools = tools or Tools(BOOK, unlike)
        self.state = CallState()
        self.facts: list[ev.Fact] = []
        self.at_ms = 0

    def put(self, fact: ev.Fact) -> list[ev.Fact]:
        waiting, seen = deque([fact]), []
        while waiting:
            fact = waiting.popleft()
            seq = self.state.seq + 1
            self.state = apply(self.state, ev.Event(call="c", seq=seq, at_ms=self.at_ms, fact=fact))
            seen.append(fact)
            waiting.extend(rules.follow(self.state, fact, self.tools))
            assert len(seen) < 300, "the rules run in a circle"
        self.facts += seen
        return seen[1:]

    def press(self, command: ev.Command) -> list[ev.Fact]:
        rules.check(self.state, self.tools, command)
        return self.put(ev.Commanded(command=command, by="agent"))

    def say(self, speaker: ev.Speaker, text: str) -> list[ev.Fact]:
        self.at_ms += 3000
        utterance = f"u{self.at_ms}"
        return self.put(
            ev.SegmentHeard(
                utterance=utterance,
                speaker=speaker,
                start_ms=self.at_ms - 2500,
                end_ms=self.at_ms,
                text=text,
                confidence=1.0,
            )
        )

    def diagnosed(self, **result: object) -> list[ev.Fact]:
        asked = next(f for f in reversed(self.facts) if isinstance(f, ev.DiagnosisAsked))
        return self.put(
            ev.DiagnosisDone(
                key=asked.key,
                guide=asked.guide,
                step=asked.step,
                connector=asked.connector,
                result=dict(result),
                summary="查过了",
            )
        )

    def failed(self, code: str = "desk.down") -> list[ev.Fact]:
        asked = next(
            f for f in reversed(self.facts) if isinstance(f, ev.DiagnosisAsked | ev.TicketAsked)
        )
        return self.put(
            ev.Trouble(
                code=code, message="没有回答", key=asked.key, guide=asked.guide, step=asked.step
            )
        )

    @property
    def current(self) -> str:
        page = self.state.page
        return page.shown.step if page and page.shown else ""


def kinds(facts: Sequence[ev.Fact]) -> list[str]:
    """`kind` of each fact, with the step where it has one: short enough to compare whole lists."""
    return [
        f"{fact.kind}:{step}" if (step := getattr(fact, "step", "")) else fact.kind
        for fact in facts
    ]
