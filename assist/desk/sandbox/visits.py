"""Free windows for an engineer's visit in a city over the next days."""

from __future__ import annotations

from datetime import datetime, timedelta

from assist.desk.sandbox import network, replies, rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown

DAYS = 5
NOTICE = timedelta(hours=2)
"""A crew needs this long before a window begins."""


def appointments(records: Records, city_name: str) -> replies.Appointments:
    """Earliest first; the city in either language. Raises Refused 404."""
    cities = records.find(rows.CityRow, "1", [])
    city = next((c for c in cities if network.is_city(c, city_name)), None)
    if city is None:
        raise unknown("city", f"Use one of {', '.join(c.zh for c in cities)}.")
    now = records.clock()
    windows = records.find(rows.WindowRow, "city = ?", [city.id], "start")
    slots = [
        _slot(window, now, day)
        for day in range(DAYS)
        for window in windows
        if day not in window.full_days and _begins(window, now, day) >= now + NOTICE
    ]
    today_full = all(slot.date > now.date() for slot in slots)
    first = slots[0] if slots else None
    booked_zh = "今天已约满，" if today_full else ""
    booked_en = "Today is fully booked; " if today_full else ""
    return replies.Appointments(
        city=city.zh,
        today_full=today_full,
        first_date=first.date if first else None,
        first_zh=first.label_zh if first else "",
        first_en=first.label_en if first else "",
        slots=slots,
        conclusion_zh=f"{booked_zh}最早可约{first.label_zh}。" if first else "近几天都已约满。",
        conclusion_en=(
            f"{booked_en}the earliest visit is {first.label_en}."
            if first
            else "The next days are fully booked."
        ),
    )


def _begins(window: rows.WindowRow, now: datetime, day: int) -> datetime:
    return datetime.combine(now.date() + timedelta(days=day), window.start, tzinfo=now.tzinfo)


def _slot(window: rows.WindowRow, now: datetime, day: int) -> replies.Slot:
    on = now.date() + timedelta(days=day)
    return replies.Slot(
        date=on,
        start=f"{window.start:%H:%M}",
        end=f"{window.end:%H:%M}",
        places=window.places,
        label_zh=spoken.day_zh(on, now.date()) + spoken.window_zh(window.start, window.end),
        label_en=f"{spoken.day_en(on, now.date())} " + spoken.window_en(window.start, window.end),
    )
