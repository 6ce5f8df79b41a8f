"""Times, months and sums as an agent says them, in Chinese and in English."""

from __future__ import annotations

from datetime import date, datetime, time
from statistics import median

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
NEAR_ZH = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
NEAR_EN = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def day_zh(day: date, today: date) -> str:
    return NEAR_ZH.get((day - today).days, f"{day.month}月{day.day}日")


def day_en(day: date, today: date) -> str:
    return NEAR_EN.get((day - today).days, f"{day.day} {MONTHS[day.month - 1]}")


def moment_zh(moment: datetime, now: datetime) -> str:
    return f"{day_zh(moment.date(), now.date())}{moment:%H:%M}"


def moment_en(moment: datetime, now: datetime) -> str:
    return f"{day_en(moment.date(), now.date())} at {moment:%H:%M}"


def window_zh(start: time, end: time) -> str:
    """上午9点到11点, 上午11点到下午1点."""
    changes = start.hour < 12 < end.hour
    half = "上午" if start.hour < 12 else "下午"
    return f"{half}{_hour_zh(start)}到{'下午' if changes else ''}{_hour_zh(end)}"


def window_en(start: time, end: time) -> str:
    return f"between {_clock_en(start)} and {_clock_en(end)}"


def month_zh(month: str) -> str:
    return f"{int(month[:4])}年{int(month[5:])}月"


def month_en(month: str) -> str:
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def plain(amount: float) -> str:
    """25.0 -> 25, 128.6 -> 128.6, at most two decimals."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def usual(values: list[float]) -> float:
    """The median of the latest three; 0 where there are none."""
    return round(median(values[-3:]), 2) if values else 0.0


def _hour_zh(moment: time) -> str:
    hour = moment.hour - 12 if moment.hour > 12 else moment.hour
    return f"{hour}点" + (f"{moment.minute}分" if moment.minute else "")


def _clock_en(moment: time) -> str:
    if moment == time(12):
        return "noon"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'am' if moment.hour < 12 else 'pm'}"
