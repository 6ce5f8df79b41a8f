"""Payments out of a wallet: the one that stands out, and refunds on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from assist.desk.sandbox import spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import RefundCheck, WalletCheck
from assist.desk.sandbox.service_rows import TransactionRow

LATELY = timedelta(hours=48)
TWICE = timedelta(minutes=10)
WORKING_DAYS = {"wallet": 0, "debit": 3, "credit": 7}
WAYS = {"wallet": ("钱包零钱", "the wallet"), "debit": ("储蓄卡", "the debit card"),
        "credit": ("信用卡", "the credit card")}  # fmt: skip
PATTERNS = {
    "renewal": ("自动续费", "automatic renewal"),
    "new_device": ("陌生设备付款", "paid on an unknown device"),
    "none": ("未见异常", "nothing unusual"),
}
STAGES = {
    "none": ("没有退款", "no refund"),
    "merchant": ("等商家确认", "waiting for the merchant"),
    "submitted": ("已提交银行", "submitted to the bank"),
    "done": ("已到账", "paid out"),
}
Dated = tuple[datetime, TransactionRow]


def check(records: Records, number: str) -> WalletCheck:
    """Raises Refused 404 for a number without a wallet."""
    phone, paid = _payments(records, number)
    now = records.clock()
    recent = [pair for pair in paid if now - pair[0] <= LATELY]
    strange = [pair for pair in recent if not pair[1].own_device]
    renewals = [pair for pair in recent if pair[1].kind == "renewal"]
    chosen = strange or renewals or recent[:1] or paid[:1]
    pattern = "new_device" if strange else "renewal" if renewals else "none"
    at, top = chosen[0]
    total = round(sum(row.amount_yuan for _, row in chosen), 2)
    zh, en = _unusual(top, at, now, pattern, len(chosen), total)
    return WalletCheck(
        phone=phone,
        pattern=pattern,
        pattern_zh=PATTERNS[pattern][0],
        pattern_en=PATTERNS[pattern][1],
        transaction_id=top.id,
        total_yuan=total,
        count=len(chosen),
        paid_zh=spoken.moment_zh(at, now),
        paid_en=spoken.moment_en(at, now),
        **top.model_dump(
            include={
                *("amount_yuan", "payee_zh", "payee_en", "device_zh", "device_en", "disputed"),
            }
        ),
        conclusion_zh=zh,
        conclusion_en=en,
    )


def refund(records: Records, number: str) -> RefundCheck:
    """The latest refund, else a payment made twice, else the latest payment.

    Raises Refused 404 for a number without a wallet.
    """
    phone, paid = _payments(records, number)
    now = records.clock()
    refunds = [pair for pair in paid if pair[1].refund != "none"]
    twice = _twice(paid)
    at, row = (refunds or twice or paid)[0]
    expected = _expected(row, now)
    # What arrives on the day it is expected is not late.
    overdue = row.refund == "submitted" and expected is not None and expected < now.date()
    on_zh = spoken.day_zh(expected, now.date()) if expected else ""
    on_en = spoken.day_en(expected, now.date()) if expected else ""
    zh, en = _refunded(row, on_zh, on_en, overdue, bool(twice) and not refunds)
    return RefundCheck(
        phone=phone,
        found=bool(refunds),
        transaction_id=row.id,
        **row.model_dump(include={"amount_yuan", "payee_zh", "payee_en", "way"}),
        way_zh=WAYS[row.way][0],
        way_en=WAYS[row.way][1],
        paid_zh=spoken.moment_zh(at, now),
        paid_en=spoken.moment_en(at, now),
        stage=row.refund,
        stage_zh=STAGES[row.refund][0],
        stage_en=STAGES[row.refund][1],
        expected_on=expected,
        expected_zh=on_zh,
        expected_en=on_en,
        overdue=overdue,
        paid_twice=bool(twice),
        conclusion_zh=zh,
        conclusion_en=en,
    )


def working_days_after(day: date, count: int) -> date:
    """Monday to Friday; holidays are not known here."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _payments(records: Records, number: str) -> tuple[str, list[Dated]]:
    """The wallet's phone and its payments, newest first."""
    now = records.clock()
    for customer in records.customers_known_as(number):
        found = records.find(TransactionRow, "phone = ?", [customer.phone])
        if found:
            dated = [(row.before(now), row) for row in found]
            return customer.phone, sorted(dated, key=lambda pair: pair[0], reverse=True)
    raise unknown("wallet payment", "Check the phone that the wallet is registered with.")


def _twice(paid: Sequence[Dated]) -> list[Dated]:
    """The later of two payments alike within minutes; transfers on a strange phone are no slip."""
    return [
        later
        for later, earlier in pairwise(paid)
        if later[0] - earlier[0] <= TWICE
        and later[1].own_device
        and (later[1].payee_zh, later[1].amount_yuan)
        == (earlier[1].payee_zh, earlier[1].amount_yuan)
    ]


def _expected(row: TransactionRow, now: datetime) -> date | None:
    if row.refund not in ("submitted", "done"):
        return None
    begun = (now - row.refund_ago).date()
    return begun if row.refund == "done" else working_days_after(begun, WORKING_DAYS[row.way])


def _unusual(
    row: TransactionRow, at: datetime, now: datetime, pattern: str, count: int, total: float
) -> tuple[str, str]:
    when_zh, when_en = spoken.moment_zh(at, now), spoken.moment_en(at, now)
    amount, sum_ = spoken.plain(row.amount_yuan), spoken.plain(total)
    if pattern == "new_device":
        return (
            f"有{count}笔共{sum_}元是在{row.device_zh}上付的，最近一笔{when_zh}付给{row.payee_zh}。",
            f"{count} payments, {sum_} yuan in all, were made on {row.device_en}, the latest "
            f"{when_en} to {row.payee_en}.",
        )
    if pattern == "renewal":
        return (
            f"{when_zh}扣的{amount}元是签过的自动续费，收款方{row.payee_zh}。",
            f"The {amount} yuan taken {when_en} is an automatic renewal by {row.payee_en}.",
        )
    return (
        f"最近一笔是{when_zh}付给{row.payee_zh}的{amount}元，在本人常用设备上付的。",
        f"The latest payment is {amount} yuan to {row.payee_en} {when_en}, on the usual phone.",
    )


def _refunded(
    row: TransactionRow, on_zh: str, on_en: str, overdue: bool, twice: bool
) -> tuple[str, str]:
    amount = spoken.plain(row.amount_yuan)
    way_zh, way_en = WAYS[row.way]
    head_zh, head_en = f"{row.payee_zh}的{amount}元", f"{amount} yuan from {row.payee_en}"
    if row.refund == "done":
        return (f"{head_zh}已经在{on_zh}退到{way_zh}。", f"{head_en} went to {way_en} {on_en}.")
    if row.refund == "merchant":
        return (f"{head_zh}还在等商家确认退款。", f"{head_en}: the merchant has not agreed yet.")
    if row.refund == "submitted" and overdue:
        return (
            f"{head_zh}应该在{on_zh}退到{way_zh}，已经超时，要追查。",
            f"{head_en} should have reached {way_en} by {on_en}; it is overdue.",
        )
    if row.refund == "submitted":
        return (
            f"{head_zh}已提交银行，{on_zh}以前退到{way_zh}。",
            f"{head_en} is with the bank and reaches {way_en} by {on_en}.",
        )
    if twice:
        return (
            f"{row.payee_zh}的{amount}元在几分钟内付了两笔。",
            f"{amount} yuan were paid to {row.payee_en} twice within minutes.",
        )
    return (
        f"没有查到退款，最近一笔是付给{row.payee_zh}的{amount}元。",
        f"There is no refund; the latest payment is {amount} yuan to {row.payee_en}.",
    )
