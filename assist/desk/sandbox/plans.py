"""Which plan would have cost least over the last three months.

Never one that the customer would have outgrown in any of them, unless they are on it already.
"""

from __future__ import annotations

from datetime import date
from statistics import mean

from assist.desk.sandbox import replies, rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import Refused, unknown

YUAN_PER_EXTRA_GB = 3.0
YUAN_PER_EXTRA_MINUTE = 0.15


def fit(records: Records, number: str) -> replies.PlanFit:
    """`number`: the mobile number, or any number of its owner. Raises Refused 404."""
    customers = records.customers_known_as(number)
    subscriber = next(
        (s for c in customers if (s := records.one(rows.SubscriberRow, phone=c.phone))), None
    )
    if subscriber is None:
        raise unknown("mobile number", "Ask for the number whose plan is meant.")
    months = records.find(rows.UsageRow, "phone = ?", [subscriber.phone], "month")[-3:]
    plans = {plan.id: plan for plan in records.find(rows.PlanRow, "1", [], "price_yuan")}
    current = plans.get(subscriber.plan)
    if current is None or not months:
        raise Refused(404, "usage.unknown", "No usage for this number yet.", "Try next month.")
    fitting = [plan for plan in plans.values() if holds(plan, months)]
    best = min([current, *fitting], key=lambda plan: round(cost(plan, months), 2))
    extra = round(mean(extra_yuan(current, month) for month in months), 2)
    average_gb = round(mean(month.data_gb for month in months), 1)
    today = records.clock().date()
    english = customers[0].lang == "en"
    zh, en = _conclusions(current, best, average_gb, extra)
    return replies.PlanFit(
        phone=subscriber.phone,
        current_plan=current.en if english else current.zh,
        current_price_yuan=current.price_yuan,
        current_data_gb=current.data_gb,
        current_minutes=current.minutes,
        average_data_gb=average_gb,
        average_minutes=round(mean(month.minutes for month in months)),
        average_extra_yuan=extra,
        used_up_on=months[-1].used_up_on,
        change=best is not current,
        recommended_plan=best.en if english else best.zh,
        recommended_price_yuan=best.price_yuan,
        data_gb=best.data_gb,
        minutes=best.minutes,
        price_change_yuan=round(best.price_yuan - current.price_yuan, 2),
        effective_on=date(today.year + today.month // 12, today.month % 12 + 1, 1),
        months=[
            replies.MonthUse(
                **month.model_dump(exclude={"phone"}), extra_yuan=extra_yuan(current, month)
            )
            for month in months
        ],
        conclusion_zh=zh,
        conclusion_en=en,
    )


def holds(plan: rows.PlanRow, months: list[rows.UsageRow]) -> bool:
    return all(m.data_gb <= plan.data_gb and m.minutes <= plan.minutes for m in months)


def extra_yuan(plan: rows.PlanRow, month: rows.UsageRow) -> float:
    """What a month beyond the plan's allowance costs on top of its price."""
    data = max(0.0, month.data_gb - plan.data_gb) * YUAN_PER_EXTRA_GB
    return round(data + max(0, month.minutes - plan.minutes) * YUAN_PER_EXTRA_MINUTE, 2)


def cost(plan: rows.PlanRow, months: list[rows.UsageRow]) -> float:
    return plan.price_yuan + mean(extra_yuan(plan, month) for month in months)


def _conclusions(
    current: rows.PlanRow, best: rows.PlanRow, average_gb: float, extra: float
) -> tuple[str, str]:
    price, gb = spoken.plain(current.price_yuan), f"{current.data_gb:g}"
    zh = f"近三个月平均每月用流量{average_gb:g}GB，现套餐{price}元含{gb}GB"
    en = (
        f"Over three months the average was {average_gb:g} GB a month on the {price} yuan plan "
        f"with {gb} GB"
    )
    if extra:
        zh += f"，每月多花{spoken.plain(extra)}元超出费"
        en += f", with {spoken.plain(extra)} yuan a month on top"
    if best is current:
        return f"{zh}，现套餐最合适，不用更换。", f"{en}; the present plan fits best."
    price = spoken.plain(best.price_yuan)
    return (
        f"{zh}，建议换成{price}元套餐，含{best.data_gb:g}GB流量和{best.minutes}分钟通话，下月1日生效。",
        f"{en}; the {price} yuan plan with {best.data_gb:g} GB and {best.minutes} minutes fits "
        "better, from the first of next month.",
    )
