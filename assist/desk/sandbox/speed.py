"""Why a fibre line that works is slow: the line, the router, the Wi-Fi, or who uses it just now."""

from __future__ import annotations

from typing import NamedTuple

from assist.desk.sandbox import network, rows
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import SpeedTest
from assist.desk.sandbox.service_rows import SpeedRow

LEAST_SHARE = 0.8
"""Of the speed in the contract; below it the line is at fault."""
WEAKEST_WIFI_DBM = -75
BUSY_SHARE = 0.5


class Cause(NamedTuple):
    cause: str
    zh: str
    en: str
    conclusion_zh: str
    conclusion_en: str


def speed_test(records: Records, number: str) -> SpeedTest:
    """`number`: the broadband account, or any number of its owner. Raises Refused 404."""
    _, account = network.owner_of(records, number, "broadband_account")
    line = records.one(rows.LineRow, account=account)
    speed = records.one(SpeedRow, account=account)
    if line is None or speed is None:
        raise unknown("broadband line", "Check the account, or ask for the registered phone.")
    cause = judge(speed, line.mbps)
    return SpeedTest(
        tested_at=records.clock(),
        plan_mbps=line.mbps,
        speed_ok=speed.speed_mbps >= LEAST_SHARE * line.mbps,
        cause=cause.cause,
        cause_zh=cause.zh,
        cause_en=cause.en,
        needs_visit=cause.cause == "line_slow",
        conclusion_zh=cause.conclusion_zh,
        conclusion_en=cause.conclusion_en,
        **speed.model_dump(exclude={"customer"}),
    )


def judge(speed: SpeedRow, plan_mbps: int) -> Cause:
    """The first of these that holds, from the exchange inwards."""
    to_box = f"{speed.speed_mbps}"
    if speed.speed_mbps < LEAST_SHARE * plan_mbps:
        return Cause(
            "line_slow",
            "到光猫的速率不达标",
            "the line to the box is slow",
            f"到光猫只测到{to_box}兆，签约{plan_mbps}兆，线路速率不达标，需要上门检查。",
            f"Only {to_box} of {plan_mbps} Mbit/s reach the box, so an engineer has to check the "
            "line.",
        )
    head_zh = f"到光猫测到{to_box}兆，线路达标"
    head_en = f"{to_box} Mbit/s reach the box, as in the contract"
    if speed.router_port_mbps < plan_mbps:
        port, age = speed.router_port_mbps, speed.router_age_years
        return Cause(
            "router_port",
            f"路由器网口只有{port}兆",
            f"the router's port only does {port} Mbit/s",
            f"{head_zh}；路由器用了{age}年，网口只有{port}兆，跑不满。",
            f"{head_en}; the router is {age} years old and its port only does {port} Mbit/s.",
        )
    if speed.wifi_dbm < WEAKEST_WIFI_DBM:
        return Cause(
            "wifi_weak",
            "无线信号弱",
            "weak Wi-Fi",
            f"{head_zh}；有设备的无线信号只有{speed.wifi_dbm} dBm，太弱。",
            f"{head_en}; one device receives Wi-Fi at only {speed.wifi_dbm} dBm, which is weak.",
        )
    if speed.busy_mbps > BUSY_SHARE * plan_mbps:
        zh, en, busy = speed.busy_device_zh, speed.busy_device_en, speed.busy_mbps
        return Cause(
            "device_busy",
            f"{zh}占了{busy}兆",
            f"the {en} uses {busy} Mbit/s",
            f"{head_zh}；{zh}正占着{busy}兆。",
            f"{head_en}; the {en} is using {busy} Mbit/s.",
        )
    return Cause("none", "未发现异常", "nothing found", f"{head_zh}，无线信号也正常。",
                 f"{head_en}, and the Wi-Fi is fine.")  # fmt: skip
