"""Whether a phone may be used abroad, on which network, and what is left of its data pack."""

from __future__ import annotations

from assist.desk.sandbox import mobile, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import RoamingState
from assist.desk.sandbox.service_rows import RoamingRow

CAUSES = {
    "stopped": ("号码已停机", "the number is stopped"),
    "roaming_closed": ("漫游没有开通", "roaming is not switched on"),
    "not_registered": ("没有登记到当地网络", "not registered with any network there"),
    "data_closed": ("境外上网没有开通", "data abroad is not switched on"),
    "pack_used_up": ("流量包已用完", "the data pack is used up"),
    "none": ("未发现异常", "nothing found"),
}


def state(records: Records, number: str) -> RoamingState:
    """Raises Refused 404."""
    account = mobile.of_number(records, number)
    row = records.one(RoamingRow, phone=account.phone)
    if row is None:
        raise unknown("roaming record", "Look it up by hand in the international system.")
    stopped = account.service != "in_service"
    cause = _cause(row, stopped)
    zh, en = _conclusions(row, cause, mobile.owed_yuan(account))
    return RoamingState(
        **row.model_dump(exclude={"customer"}),
        stopped=stopped,
        owed_yuan=mobile.owed_yuan(account),
        registered=bool(row.network),
        pack_used_up=row.pack_left_gb == 0,
        cause=cause,
        cause_zh=CAUSES[cause][0],
        cause_en=CAUSES[cause][1],
        conclusion_zh=zh,
        conclusion_en=en,
    )


def _cause(row: RoamingRow, stopped: bool) -> str:
    """The first that keeps the phone from working abroad."""
    checks = (
        ("stopped", stopped),
        ("roaming_closed", not row.roaming_open),
        ("not_registered", bool(row.country_zh) and not row.network),
        ("data_closed", not row.data_open),
        ("pack_used_up", row.pack_left_gb == 0),
    )
    return next((cause for cause, holds in checks if holds), "none")


def _conclusions(row: RoamingRow, cause: str, owed_yuan: float) -> tuple[str, str]:
    where_zh = f"在{row.country_zh}，" if row.country_zh else ""
    where_en = f"In {row.country_en}, " if row.country_en else ""
    zh, en = CAUSES[cause]
    if cause == "stopped" and owed_yuan:
        owed = spoken.plain(owed_yuan)
        zh, en = f"号码欠费{owed}元已停机", f"the number is stopped for {owed} yuan unpaid"
    elif cause == "none":
        left = f"，{row.pack_zh}还剩{row.pack_left_gb:g}G" if row.pack_left_gb is not None else ""
        left_en = f", {row.pack_left_gb:g} GB left" if row.pack_left_gb is not None else ""
        zh, en = f"漫游和上网都已开通{left}", f"roaming and data are switched on{left_en}"
    said = f"{where_en}{en}."
    return f"{where_zh}{zh}。", said[0].upper() + said[1:]
