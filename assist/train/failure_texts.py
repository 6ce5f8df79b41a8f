"""What a guide test may say when it fails, in both languages."""

from __future__ import annotations

from assist.problems import Said, Texts, said

FAILURE_TEXTS: Texts = {
    # ---------------------------------------------------------------- while it is played
    "no-stop": ("流程停不下来", "the guide does not come to a stop"),
    "at": (
        "这时应当停在“{wanted}”，面板上是“{shown}”",
        "at '{wanted}' expected, the panel shows '{shown}'",
    ),
    "no-step": ("面板上已经没有步骤了", "no step is shown any more"),
    "no-form": ("“{step}”没有工单可填", "'{step}' shows no form"),
    "refused": ("做不了：{why}", "{why}"),
    "circle": ("规则来回触发，停不下来", "the rules run in a circle"),
    "trouble": ("出了问题：{why}", "trouble: {why}"),
    "trouble.step": ("步骤“{step}”出了问题：{why}", "trouble at step '{step}': {why}"),
    "no-answer": (
        "步骤“{step}”要查 {connector}，用例里没有写它返回什么",
        "step '{step}' asks {connector}; the case has no answer",
    ),
    "so-far": ("{failure}（已走过：{path}）", "{failure} (so far: {path})"),
    # ---------------------------------------------------------------- what came of it
    "solved.was": ("走了“到此即解决”的步骤", "a step that solves was done"),
    "solved.not": ("没有走到“到此即解决”的步骤", "no step done solves"),
    "absent": ("出现了不该出现的“{name}”", "'{name}' was shown"),
    "shown": (
        "话术里应当有“{words}”，坐席看到的是“{told}”",
        "“{words}” expected, the agent was shown “{told}”",
    ),
    "shown.nothing": (
        "话术里应当有“{words}”，坐席什么也没看到",
        "“{words}” expected, the agent was shown nothing",
    ),
    "slot": (
        "应当是“{value}”，实际是“{found}”（{by}）",
        "'{value}' expected, found '{found}' ({by})",
    ),
    "slot.empty": ("应当是“{value}”，实际没有填", "'{value}' expected, found nothing"),
    "offer": (
        "应当是 {wanted}，推荐的结果是 {found}",
        "{wanted} expected, the offer was {found}",
    ),
    "offer.undecided": (
        "应当是 {wanted}，推荐还没有结果",
        "{wanted} expected, the offer was undecided",
    ),
    "offer.never": ("应当是 {wanted}，但没有推荐过", "{wanted} expected, the offer was never made"),
    "outcome": (
        "应当以 {wanted} 结束，实际是 {found}",
        "{wanted} expected, the call ended {found}",
    ),
    "text": ("应当是“{wanted}”，实际是“{found}”", "'{wanted}' expected, found '{found}'"),
    "path": (
        "{before}应当走到{expected}，实际是 {came}",
        "{before}{expected} expected, came {came}",
    ),
    "ticket.none": ("不应当派单，却派了“{type}”", "no ticket expected, '{type}' was filed"),
    "ticket.missing": ("应当派“{wanted}”，没有派单", "'{wanted}' expected, no ticket was filed"),
    "ticket.other": (
        "应当派“{wanted}”，派的是“{found}”",
        "'{wanted}' expected, '{found}' was filed",
    ),
    "ticket.note": (
        "应当追加到 {wanted}，实际派了新单",
        "a note to {wanted} expected, it became new",
    ),
    "ticket.new": (
        "应当派新单，实际追加到了 {found}",
        "a new ticket expected, it became a note to {found}",
    ),
    "ticket.other-note": (
        "应当追加到 {wanted}，实际追加到了 {found}",
        "a note to {wanted} expected, it became a note to {found}",
    ),
    "ticket.full": ("“{name}”应当空着，实际是“{found}”", "'{name}' must be empty, found '{found}'"),
}

PARTS: Texts = {
    "after": ("在“{step}”{why}之后", "after '{step}'{why} "),
    "step": ("“{step}”", "'{step}'"),
    "end": ("结束", "the end"),
    "stop": ("停在“{step}”", "a stop at '{step}'"),
    "answer": ("（{answer}，{by}）", " ({answer}, {by})"),
    "answer.words": ("（{answer}，{by}，听到“{words}”）", " ({answer}, {by}, from “{words}”)"),
    "no-step": ("没有步骤", "no step"),
}
"""Pieces that stand within a message."""


def failed(key: str, **values: object) -> Said:
    return said(FAILURE_TEXTS, key, values)


def part(key: str, **values: object) -> Said:
    return said(PARTS, key, values)


def joined(parts: list[Said]) -> Said:
    """Along the way."""
    return Said(" → ".join(each.zh for each in parts), " → ".join(each.en for each in parts))
