"""Bills, and what in a bill differs from the months before."""

from __future__ import annotations

from datetime import date

from assist.desk.sandbox import replies, rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import Refused

Lines = dict[str, dict[str, rows.BillItemRow]]


def bill(records: Records, number: str, month: str) -> replies.Bill:
    """The bill of `month` (YYYY-MM), or the latest. Raises Refused 404."""
    payer, months, month = _months(records, number, month)
    lines = months[month].values()
    english = _english(records, payer)
    return replies.Bill(
        phone=payer,
        month=month,
        amount_yuan=_total(months[month]),
        items=[_item(line, _product(records, line), line.amount_yuan, english) for line in lines],
    )


def check(records: Records, number: str, month: str) -> replies.BillCheck:
    """What is above the usual. The usual is the median of the three bills before.

    Raises Refused 404.
    """
    payer, months, month = _months(records, number, month)
    english = _english(records, payer)
    extra = _extra(months, month)
    products = {line.product: _product(records, line) for line, _ in extra}
    items = [_item(line, products[line.product], above, english) for line, above in extra]
    amount, usual = _total(months[month]), _usual_total(months, month)
    top, product = (items[0], products[extra[0][0].product]) if items else (None, None)
    refunds = [item.amount_yuan for item in items if item.refundable]
    zh, en = _conclusions(month, amount, usual, top, product)
    return replies.BillCheck(
        phone=payer,
        month=month,
        month_zh=spoken.month_zh(month),
        month_en=spoken.month_en(month),
        amount_yuan=amount,
        usual_yuan=usual,
        extra_yuan=round(amount - usual, 2),
        items=items,
        top_item=top.name if top else "",
        top_amount_yuan=top.amount_yuan if top else 0.0,
        top_kind=top.kind if top else "",
        top_since=top.since if top else None,
        top_since_zh=_day_zh(top.since) if top else "",
        top_since_en=_day_en(top.since) if top else "",
        top_used=bool(top and top.used),
        refundable=bool(top and top.refundable),
        refund_yuan=round(sum(refunds), 2),
        refund_days=product.refund_days if product else 0,
        conclusion_zh=zh,
        conclusion_en=en,
    )


def is_higher(records: Records, phone: str) -> bool:
    months = _by_month(records, phone)
    return bool(months and _extra(months, max(months)))


def _extra(months: Lines, month: str) -> list[tuple[rows.BillItemRow, float]]:
    """Charges above their own usual amount, with how much above; the largest first."""
    before = sorted(m for m in months if m < month)[-3:]
    found: list[tuple[rows.BillItemRow, float]] = []
    for product, line in months[month].items():
        earlier = [months[m][product].amount_yuan if product in months[m] else 0.0 for m in before]
        above = round(line.amount_yuan - spoken.usual(earlier), 2)
        if before and above > 0:
            found.append((line, above))
    return sorted(found, key=lambda pair: pair[1], reverse=True)


def _usual_total(months: Lines, month: str) -> float:
    earlier = [_total(months[m]) for m in sorted(months) if m < month]
    return spoken.usual(earlier) if earlier else _total(months[month])


def _total(lines: dict[str, rows.BillItemRow]) -> float:
    return round(sum(line.amount_yuan for line in lines.values()), 2)


def _months(records: Records, number: str, month: str) -> tuple[str, Lines, str]:
    """The payer's phone, their bills, and the month asked for or the latest."""
    payer, months = "", Lines()
    for customer in records.customers_known_as(number):
        payer, months = customer.phone, _by_month(records, customer.phone)
        if months:
            break
    if not months:
        raise Refused(404, "bill.unknown", "No bill for this number.", "Check the number.")
    if month and month not in months:
        raise Refused(
            404,
            "bill.month_unknown",
            f"No bill for {month}; there are {min(months)} to {max(months)}.",
            "Leave the month out to get the latest bill.",
        )
    return payer, months, month or max(months)


def _by_month(records: Records, phone: str) -> Lines:
    months: Lines = {}
    for line in records.find(rows.BillItemRow, "payer = ?", [phone], "month, rowid"):
        months.setdefault(line.month, {})[line.product] = line
    return months


def _english(records: Records, phone: str) -> bool:
    payer = records.one(rows.CustomerRow, phone=phone)
    return payer is not None and payer.lang == "en"


def _product(records: Records, line: rows.BillItemRow) -> rows.ProductRow:
    product = records.one(rows.ProductRow, code=line.product)
    if product is None:
        raise Refused(500, "product.unknown", "A bill names an unknown product.", "Mend the seed.")
    return product


def _item(
    line: rows.BillItemRow, product: rows.ProductRow, amount_yuan: float, english: bool
) -> replies.BillItem:
    return replies.BillItem(
        name=product.en if english else product.zh,
        amount_yuan=amount_yuan,
        kind=product.kind,
        refundable=product.refundable_unused and not line.used,
        **line.model_dump(include={"since", "ordered_on", "free_until", "used"}),
    )


def _conclusions(
    month: str,
    amount: float,
    usual: float,
    top: replies.BillItem | None,
    product: rows.ProductRow | None,
) -> tuple[str, str]:
    total, above = spoken.plain(amount), spoken.plain(amount - usual)
    zh, en = spoken.month_zh(month), spoken.month_en(month)
    if top is None or product is None:
        return (
            f"{zh}账单{total}元，与前几个月一致，没有多出来的费用。",
            f"The {en} bill is {total} yuan, in line with the months before; nothing stands out.",
        )
    sum_, since_zh, since_en = spoken.plain(top.amount_yuan), "", ""
    if top.since:
        since_zh = f"，{_day_zh(top.since)}起计费"
        since_en = f", charged from {_day_en(top.since)}"
    if top.free_until:
        since_zh += f"，{top.free_until.month}月底前是免费试用"
        since_en += f" after a free trial that ended on {_day_en(top.free_until)}"
    several = spoken.plain(top.amount_yuan) != above
    mostly_zh, mostly_en = ("主要是", ", mostly") if several else ("是", ":")
    end_zh, end_en = "。", "."
    if top.refundable:
        days = product.refund_days
        end_zh = "，系统里没有使用记录，可以取消并退费" + (
            f"，{days}天内到账。" if days else "，当天办结。"
        )
        end_en = "; it was never used, so it can be cancelled and refunded" + (
            f" within {days} days." if days else " today."
        )
    return (
        f"{zh}账单{total}元，比平时多{above}元，{mostly_zh}{product.zh}{sum_}元{since_zh}{end_zh}",
        f"The {en} bill is {total} yuan, {above} above the usual{mostly_en} {product.en}, "
        f"{sum_} yuan{since_en}{end_en}",
    )


def _day_zh(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _day_en(day: date | None) -> str:
    return f"{day.day} {spoken.MONTHS[day.month - 1]}" if day else ""
