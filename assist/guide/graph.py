"""A guide as a Mermaid flowchart: its steps as boxes, its answers and cases on the arrows.

Text only: GitHub, GitLab, VS Code and mermaid.live draw it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assist.guide.model import Guide, Step
from assist.guide.walk import step_title

_SHAPES = {
    "say": ("[", "]"),
    "ask": ("{{", "}}"),
    "diagnose": ("[[", "]]"),
    "offer": (">", "]"),
    "ticket": ("[/", "/]"),
    "handoff": ("[\\", "\\]"),
    "guide": ("(", ")"),
    "end": ("([", "])"),
}
_WORDS = {
    "zh": {
        "otherwise": "说不清",
        "manual": "系统没有回答",
        "answered": "其他回答",
        "known": "回答",
        "else": "其他结果",
        "passed": "不适用",
    },
    "en": {
        "otherwise": "cannot say",
        "manual": "system down",
        "answered": "any other answer",
        "known": "answered",
        "else": "any other result",
        "passed": "does not apply",
    },
}
_OUTCOMES = {
    "zh": {"solved": "解决", "ticket": "派单", "escalated": "升级", "uncovered": "未覆盖"},
    "en": {"solved": "solved", "ticket": "ticket", "escalated": "escalated", "uncovered": "none"},
}


@dataclass(frozen=True)
class Edge:
    """A way from one step to the next; `why` is empty where it is the only one.

    `target` is None at the foot of the page. `key` names the way for machines: `choice:NAME`,
    `case:CONDITION`, `otherwise`, `manual`, `passed` or `next`.
    """

    source: str
    target: str | None
    key: str
    why: str


def edges_of(guide: Guide, step: Step) -> list[Edge]:
    """Every way out of a step, in the order in which they are written."""
    words = _WORDS[guide.lang]
    below = guide.after(step.id)
    on = step.next or (below.id if below else None)

    def edge(target: str | None, key: str, why: str = "") -> Edge:
        return Edge(step.id, target or on, key, why)

    found: list[Edge] = []
    slot = guide.slots.get(step.ask)
    match step.kind:
        case "ask":
            for choice in slot.choices if slot else {}:
                if choice in step.choices:
                    label = slot.choices[choice] if slot else choice
                    found.append(edge(step.choices[choice], f"choice:{choice}", label))
            if slot is None or not slot.choices:
                found.append(edge(None, "next", words["known"]))
            elif set(slot.choices) - set(step.choices):
                why = words["answered"] if step.choices else words["known"]
                found.append(edge(None, "next", why))
            found.append(edge(step.otherwise, "otherwise", words["otherwise"]))
        case "diagnose":
            found += [
                edge(case.next, f"case:{case.when}", case.when or words["else"])
                for case in step.cases
            ] or [edge(None, "next")]
            found.append(edge(step.manual, "manual", words["manual"]))
        case "end":
            pass
        case _:
            found.append(edge(None, "next"))
    if step.only_if:
        found.append(edge(None, "passed", words["passed"]))
    return found


def mermaid(guide: Guide) -> str:
    """The whole guide as a flowchart from top to bottom."""
    return "\n".join(["flowchart TD", *_lines(guide)]) + "\n"


def _lines(guide: Guide) -> Iterator[str]:
    for step in guide.steps:
        left, right = _SHAPES[step.kind]
        yield f"    {_id(step.id)}{left}{_quoted(_box(guide, step))}{right}"
    for step in guide.steps:
        merged: dict[str, list[str]] = {}
        for edge in edges_of(guide, step):
            if edge.target:
                merged.setdefault(edge.target, []).append(edge.why)
        for target, reasons in merged.items():
            why = " / ".join(dict.fromkeys(reasons)) if all(reasons) else ""
            arrow = f"-->|{_quoted(why)}|" if why else "-->"
            yield f"    {_id(step.id)} {arrow} {_id(target)}"


def _box(guide: Guide, step: Step) -> str:
    title = step_title(guide, step)
    if step.end:
        outcome = _OUTCOMES[guide.lang][step.end]
        return (
            f"{step.disposition or title}（{outcome}）"
            if guide.lang == "zh"
            else (f"{step.disposition or title} ({outcome})")
        )
    named = step.diagnose or step.ticket or step.offer or step.handoff or step.guide
    return f"{title}<br/>{named}" if named else title


def _id(step: str) -> str:
    """`end` is a word of Mermaid's own; a prefix keeps every name apart from such."""
    return "s_" + step.replace("-", "_")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
