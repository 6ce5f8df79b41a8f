"""What a finding says to a person: why, and what to do better; in Chinese and English.

The page, the printed report and the CSV say it in the same words. A finding that has no text here
is a bug (tests/train/test_grade.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from assist.train.grade import Criterion, Finding, Grade

Lang = Literal["zh", "en"]
_Pair = tuple[str, str]

CRITERIA: Mapping[Criterion, _Pair] = {
    "scenario": ("识别场景", "Finding the scenario"),
    "steps": ("流程步骤", "Steps of the guide"),
    "answers": ("信息核实", "Answers taken"),
    "must_say": ("必说话术", "What must be said"),
    "must_not_say": ("禁用语", "What must not be said"),
    "ticket": ("工单", "Ticket"),
    "offer": ("推荐时机", "Offer"),
    "time": ("处理时长", "Handling time"),
}

_DECISIONS: Mapping[str, _Pair] = {
    "accepted": ("接受", "accepted"),
    "declined": ("拒绝", "declined"),
    "ignored": ("稍后再说", "left for later"),
    "": ("未记录", "not recorded"),
}

_SAYS: Mapping[str, tuple[_Pair, _Pair]] = {
    "scenario.right": (
        (
            "客户说清诉求后 {delay} 秒打开了《{title}》，选对了场景。",
            "You had “{title}” open {delay} s after the customer had said what they need.",
        ),
        ("", ""),
    ),
    "scenario.late": (
        (
            "《{title}》选对了，但在客户说清诉求 {delay} 秒后才打开（{soon} 秒内为满分）。",
            "“{title}” is right, but it was opened {delay} s after the need was clear (full points"
            " up to {soon} s).",
        ),
        (
            "客户说出具体现象时就搜索或打开流程，再边问边核实。",
            "Open the guide as soon as the customer names the symptom; verify while you go.",
        ),
    ),
    "scenario.wrong": (
        (
            "应打开《{title}》，实际打开的是《{opened}》。",
            "“{title}” was needed; you opened “{opened}”.",
        ),
        (
            "先复述客户的诉求请对方确认，再选流程；选错了按“放回”重选。",
            "Play the need back to the customer before choosing; put a wrong guide away and choose"
            " again.",
        ),
    ),
    "scenario.never": (
        (
            "整通电话没有打开流程，应打开《{title}》。",
            "No guide was opened; “{title}” was needed.",
        ),
        (
            "听到诉求后按 / 搜索，拼音或关键词都可以。",
            "Press / once you know what it is about: keywords or pinyin will do.",
        ),
    ),
    "scenario.none_right": (
        (
            "这通电话没有适用的流程，你没有勉强套用。",
            "No guide fits this call, and you forced none on it.",
        ),
        ("", ""),
    ),
    "scenario.none_wrong": (
        (
            "这通电话没有适用的流程，却打开了《{opened}》。",
            "No guide fits this call, yet you opened “{opened}”.",
        ),
        (
            "没有合适的流程时转专家处理，不要套用相近的流程。",
            "Where nothing fits, hand the call over instead of using the nearest guide.",
        ),
    ),
    "steps.all": (
        ("{count} 个步骤全部按顺序完成。", "All {count} steps were done in order."),
        ("", ""),
    ),
    "step.missed": (
        ("“{step}”没有做。", "“{step}” was not done."),
        (
            "这一步在“{before}”之后，走完再往下。",
            "It comes after “{before}”; do not go on without it.",
        ),
    ),
    "step.order": (
        ("“{step}”做了，但顺序不对。", "“{step}” was done, but out of order."),
        ("应紧接在“{before}”之后。", "It belongs right after “{before}”."),
    ),
    "answers.all": (
        ("{count} 项信息全部记录正确。", "All {count} answers were taken rightly."),
        ("", ""),
    ),
    "answer.wrong": (
        (
            "“{step}”记录为“{given}”，客户的意思是“{wanted}”。",
            "“{step}” was noted as “{given}”; the customer meant “{wanted}”.",
        ),
        (
            "把客户的话复述一遍再选，听不准就再问一句。",
            "Repeat what you understood before choosing; ask once more when in doubt.",
        ),
    ),
    "answer.missing": (
        (
            "“{step}”没有得到答案，应为“{wanted}”。",
            "“{step}” has no answer; “{wanted}” was to be had.",
        ),
        (
            "照着话术把这个问题问出来，等客户回答。",
            "Ask the question as it is written and wait for the answer.",
        ),
    ),
    "must_say.all": (
        ("{count} 句必说话术全部说到。", "All {count} required sentences were said."),
        ("", ""),
    ),
    "must_say.ticked": (
        (
            "“{step}”点了“说完了”，但没有说出口。",
            "“{step}” was ticked as said, but it was not said.",
        ),
        ("要说的是：“{text}”。先说再点。", "Say it first: “{text}”."),
    ),
    "must_say.missed": (
        ("必说话术“{step}”没有说。", "The required “{step}” was not said."),
        ("要说的是：“{text}”。", "It reads: “{text}”."),
    ),
    "must_not_say.none": (("没有用到禁用语。", "Nothing forbidden was said."), ("", "")),
    "must_not_say.said": (
        ("说了禁用语“{phrase}”。", "You said “{phrase}”, which is not to be said."),
        (
            "换成流程给出的口径，不作承诺，不推责任。",
            "Use the guide's wording: promise nothing and blame nobody.",
        ),
    ),
    "ticket.right": (
        (
            "工单《{wanted}》类型和内容都正确。",
            "The ticket “{wanted}” is of the right type, with the right contents.",
        ),
        ("", ""),
    ),
    "ticket.none": (
        ("应提交《{wanted}》，没有提交。", "“{wanted}” should have been filed; nothing was."),
        (
            "挂机前核对表单并提交，客户不必再打一次。",
            "Check the form and file it before the call is closed, so nobody has to ring again.",
        ),
    ),
    "ticket.type": (
        (
            "应提交《{wanted}》，提交的是《{filed}》。",
            "“{wanted}” should have been filed; you filed “{filed}”.",
        ),
        (
            "按流程走到工单步骤，类型由系统判断。",
            "Follow the guide to its ticket step: the type is chosen there.",
        ),
    ),
    "ticket.extra": (
        ("这通电话不需要工单，却提交了《{filed}》。", "No ticket was needed; “{filed}” was filed."),
        (
            "问题已解决的不派单，避免占用处理资源。",
            "Do not dispatch what is already solved.",
        ),
    ),
    "ticket.field_wrong": (
        (
            "“{label}”填的是“{value}”，应为“{wanted}”。",
            "“{label}” reads “{value}”; it should read “{wanted}”.",
        ),
        (
            "提交前把表单念给客户核对。",
            "Read the form back to the customer before you file it.",
        ),
    ),
    "ticket.field_empty": (
        ("“{label}”没有填，应为“{wanted}”。", "“{label}” is empty; it should read “{wanted}”."),
        (
            "客户说过的内容要填上，没说过的在提交前问到。",
            "Fill in what the customer said, and ask for what they did not.",
        ),
    ),
    "offer.right": (
        (
            "《{title}》推荐时机合适，结果为{given}。",
            "“{title}” came at the right moment: {given}.",
        ),
        ("", ""),
    ),
    "offer.missed": (
        ("没有推荐《{title}》。", "“{title}” was not offered."),
        (
            "问题解决、客户情绪平稳时按提示推荐，一句话即可。",
            "Once the problem is solved and the mood is calm, one sentence is enough.",
        ),
    ),
    "offer.early": (
        ("《{title}》推荐得太早。", "“{title}” was brought up too early."),
        (
            "先解决问题，等面板提示再推荐。",
            "Solve the problem first; the panel shows when it is time.",
        ),
    ),
    "offer.undecided": (
        (
            "推荐了《{title}》，没有记录客户的决定（应为{wanted}）。",
            "“{title}” was offered, but the decision was not recorded ({wanted}).",
        ),
        (
            "客户表态后点接受、拒绝或稍后。",
            "Record what the customer says: accepted, declined or later.",
        ),
    ),
    "offer.decision": (
        (
            "《{title}》记录为{given}，客户的意思是{wanted}。",
            "“{title}” was recorded as {given}; the customer meant {wanted}.",
        ),
        (
            "没有明确同意就不算接受。",
            "Anything short of a clear yes is no acceptance.",
        ),
    ),
    "time.good": (
        ("用时 {took}，专家用时 {expert}。", "It took {took}; the expert took {expert}."),
        ("", ""),
    ),
    "time.undone": (
        (
            "用时 {took}，但一半以上的步骤没有做，时长不计分。",
            "It took {took}, but more than half of the steps were left out, so time earns nothing.",
        ),
        ("先把步骤走完，再求快。", "First do it all, then do it quickly."),
    ),
    "time.long": (
        (
            "用时 {took}，专家用时 {expert}（{limit} 以内为满分）。",
            "It took {took}; the expert took {expert} (full points up to {limit}).",
        ),
        (
            "话术照读即可，系统已知道的信息不必再问。",
            "Read the scripts as they stand, and do not ask for what is already on record.",
        ),
    ),
}


class Said(TypedDict):
    why: str
    better: str


def says(finding: Finding, lang: Lang) -> Said:
    """The two sentences; `better` is empty where nothing is to be done better."""
    column = 0 if lang == "zh" else 1
    values = dict(finding.values)
    if finding.code.startswith("offer."):
        for name in ("given", "wanted"):
            values[name] = _DECISIONS[values.get(name, "")][column]
    why, better = _SAYS[finding.code]
    if finding.code.startswith("step.") and not values.get("before"):
        better = ("这是流程的第一步。", "It is the first step of the guide.")
    return {"why": why[column].format(**values), "better": better[column].format(**values)}


def criterion_name(criterion: Criterion, lang: Lang) -> str:
    return CRITERIA[criterion][0 if lang == "zh" else 1]


def grade_in_words(grade: Grade, lang: Lang) -> dict[str, object]:
    """The grade as JSON, with every name and sentence in the reader's language."""
    marks = [
        {
            **mark.model_dump(mode="json", exclude={"findings"}),
            "name": criterion_name(mark.criterion, lang),
            "findings": [
                {**finding.model_dump(mode="json"), **says(finding, lang)}
                for finding in mark.findings
            ],
        }
        for mark in grade.marks
    ]
    return {**grade.model_dump(mode="json", exclude={"marks"}), "marks": marks}
