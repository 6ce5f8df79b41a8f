"""A mobile number's account: whether it is stopped, why, what is owed, what was paid lately."""

from __future__ import annotations

from datetime import timedelta

from assist.desk.sandbox import spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import MobileAccount
from assist.desk.sandbox.service_rows import MobileRow, PaymentRow

LATELY = timedelta(days=7)
REASONS = {
    "": ("", ""),
    "arrears": ("欠费", "an unpaid bill"),
    "lost": ("挂失", "it was reported lost"),
    "risk": ("风险关停", "a security check"),
    "real_name": ("实名信息", "the registration data"),
    "owner": ("停机保号", "the owner's own request"),
}
STATES = {
    "in_service": ("正常使用", "in service"),
    "owed": ("欠费停机", "stopped for an unpaid bill"),
    "posted": ("缴费已到账", "paid, not yet reopened"),
    "closed": ("号码已注销", "closed"),
    "other": ("不是欠费停机", "stopped for another reason"),
}


def of_number(records: Records, number: str) -> MobileRow:
    """By the phone, or any number of its owner. Raises Refused 404."""
    for customer in records.customers_known_as(number):
        found = records.one(MobileRow, phone=customer.phone)
        if found:
            return found
    raise unknown("mobile number", "Check the number; it may belong to another operator.")


def account(records: Records, number: str) -> MobileAccount:
    """Raises Refused 404."""
    mobile = of_number(records, number)
    now = records.clock()
    paid = sorted(
        ((p.before(now), p) for p in records.find(PaymentRow, "phone = ?", [mobile.phone])),
        key=lambda pair: pair[0],
    )
    at, payment = paid[-1] if paid and now - paid[-1][0] <= LATELY else (None, None)
    state = state_of(mobile)
    owed = owed_yuan(mobile)
    zh, en = _conclusions(mobile, state)
    return MobileAccount(
        **mobile.model_dump(
            include={
                *("phone", "service", "reason", "balance_yuan", "stopped_days"),
                *("credit_ok", "reopening"),
            }
        ),
        reason_zh=REASONS[mobile.reason][0],
        reason_en=REASONS[mobile.reason][1],
        state=state,
        state_zh=STATES[state][0],
        state_en=STATES[state][1],
        owed_yuan=owed,
        payment_found=payment is not None,
        payment_yuan=payment.amount_yuan if payment else 0,
        payment_zh=spoken.moment_zh(at, now) if at else "",
        payment_en=spoken.moment_en(at, now) if at else "",
        payment_channel_zh=payment.channel_zh if payment else "",
        payment_channel_en=payment.channel_en if payment else "",
        conclusion_zh=zh,
        conclusion_en=en,
    )


def state_of(mobile: MobileRow) -> str:
    if mobile.service in ("in_service", "closed"):
        return mobile.service
    if mobile.reason != "arrears":
        return "other"
    return "owed" if mobile.balance_yuan < 0 else "posted"


def owed_yuan(mobile: MobileRow) -> float:
    return round(max(0.0, -mobile.balance_yuan), 2)


def _conclusions(mobile: MobileRow, state: str) -> tuple[str, str]:
    balance, owed = spoken.plain(mobile.balance_yuan), spoken.plain(owed_yuan(mobile))
    zh, en = REASONS[mobile.reason]
    match state:
        case "in_service":
            return (
                f"号码正常使用，余额{balance}元。",
                f"The number is in service with {balance} yuan.",
            )
        case "owed":
            return (
                f"号码因欠费停机{mobile.stopped_days}天，欠{owed}元，补齐后自动开机。",
                f"The number has been stopped for {mobile.stopped_days} days for {owed} yuan "
                "unpaid; it opens by itself once that is paid.",
            )
        case "posted" if mobile.reopening:
            return (
                f"缴费已到账，余额{balance}元，正在复机。",
                f"The payment has arrived, {balance} yuan; the number is being reopened.",
            )
        case "posted":
            return (
                f"缴费已到账，余额{balance}元，号码还没有开机，需要提交复机。",
                f"The payment has arrived, {balance} yuan; the number still has to be reopened.",
            )
        case "closed":
            return (
                f"号码停机{mobile.stopped_days}天，已经注销，不能恢复。",
                f"The number was stopped for {mobile.stopped_days} days and is closed for good.",
            )
        case _:
            return (
                f"号码停机的原因是{zh}，不是欠费，要机主本人核实。",
                f"The number is stopped for {en}, not for an unpaid bill; the owner has to be "
                "identified.",
            )
