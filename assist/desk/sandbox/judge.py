"""The one cause that explains a line's measured state best, and what to tell the caller.

Pure: states in, finding out. The wider cause comes first: a dead area explains a dead line.
Optical limit: a GPON class B+ box works from about -27 dBm upwards (ITU-T G.984.2 Amd 1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from assist.desk.sandbox import replies, rows, spoken

WEAKEST_DBM = -27.0
WORST_LOSS_PERCENT = 1.0


class Finding(NamedTuple):
    """`zh` and `en` name the fault, the conclusions say what follows for the caller."""

    fault: str
    zh: str
    en: str
    conclusion_zh: str
    conclusion_en: str
    needs_visit: bool = False
    side: Literal["a", "z", ""] = ""


def judge_line(line: rows.LineRow, outage: replies.OutageView | None, now: datetime) -> Finding:
    if outage:
        return area_outage(outage, now)
    if line.suspended:
        owed = spoken.plain(line.arrears_yuan)
        return Finding(
            "suspended_arrears",
            "欠费停机",
            "service suspended for an unpaid bill",
            f"线路本身正常，账户欠费{owed}元已停机，缴清后大约半小时自动恢复。",
            f"The line is fine, but service is suspended for {owed} yuan unpaid; it comes back "
            "about half an hour after payment.",
        )
    if line.onu_state == "los":
        return Finding(
            "access_fibre_cut",
            "光信号中断",
            "break on the fibre outside the building",
            "测试结果为光信号中断，光猫收不到光，故障点在外线光缆，需要安排师傅上门。",
            "No light is reaching your box: there is a break on the fibre outside the building, "
            "so an engineer has to come out.",
            needs_visit=True,
        )
    if line.onu_state == "dying_gasp":
        return Finding(
            "onu_power_off",
            "光猫掉电",
            "the fibre box has lost power",
            "光路没有问题，光猫上报过掉电告警，请先检查光猫的电源适配器和插座。",
            "The fibre is fine; the box reported a power loss, so please check its adapter and "
            "the socket first.",
        )
    if line.onu_state == "offline":
        return Finding(
            "onu_offline",
            "光猫离线",
            "the fibre box is offline",
            "光猫离线，但没有断光和掉电告警，请先重启光猫，三分钟后仍不上线再安排上门。",
            "The box is offline without a light or power alarm; restart it first, and if it is "
            "not back in three minutes an engineer should come.",
        )
    if not line.port_up:
        return Finding(
            "port_down",
            "局端端口关闭",
            "the exchange port is down",
            "光路正常，局端端口处于关闭状态，由网络侧恢复端口即可，不用上门。",
            "The fibre is fine; the port at the exchange is down and will be reset from our side, "
            "no visit needed.",
        )
    light = f"{line.optical_dbm:.1f}" if line.optical_dbm is not None else ""
    if line.optical_dbm is not None and line.optical_dbm < WEAKEST_DBM:
        return Finding(
            "weak_light",
            "光衰过大",
            "the optical signal is too weak",
            f"收光{light} dBm，低于{WEAKEST_DBM:.0f} dBm的下限，光衰过大，需要上门检查光纤和接头。",
            f"The received light is {light} dBm, below the limit of {WEAKEST_DBM:.0f}; an "
            "engineer has to check the fibre and its connectors.",
            needs_visit=True,
        )
    if line.login_refused:
        return Finding(
            "login_refused",
            "宽带账号认证失败",
            "the broadband login is refused",
            "光路正常，宽带账号认证不通过，后台重置密码后重启光猫即可上网。",
            "The fibre is fine but the broadband login is refused; after a password reset and a "
            "restart of the box it will work.",
        )
    return Finding(
        "none",
        "未发现故障",
        "no fault found",
        f"线路测试正常，收光{light} dBm，宽带在线，问题多半在家里的路由器或无线信号。",
        f"The line tests fine: {light} dBm and online, so the cause is most likely the router or "
        "the Wi-Fi at home.",
    )


def judge_circuit(
    circuit: rows.CircuitRow, outage: replies.OutageView | None, now: datetime
) -> Finding:
    if outage:
        return area_outage(outage, now)
    for side in ("a", "z"):
        end = getattr(circuit, f"{side}_end")
        light = getattr(circuit, f"{side}_rx_dbm")
        if not getattr(circuit, f"{side}_power_ok"):
            return Finding(
                "customer_power",
                f"{end}侧设备掉电",
                f"no power at the {end} end",
                f"{end}侧终端设备掉电，请现场先检查电源，恢复供电后电路会自动恢复。",
                f"The equipment at the {end} end has no power; please check the supply there, the "
                "circuit comes back by itself.",
                side=side,
            )
        if light is None:
            return Finding(
                "access_fibre_cut",
                f"{end}侧收不到光，接入段光缆中断",
                f"no light at the {end} end, access fibre cut",
                f"{end}侧收不到光，对端正常，判断是{end}接入段光缆中断，"
                f"抢修人员{circuit.arrival_h}小时内到场，{circuit.repair_h}小时内修复。",
                f"No light arrives at the {end} end while the other end is fine, so the access "
                f"fibre there is cut; a crew is on site within {circuit.arrival_h} hours and "
                f"repairs it within {circuit.repair_h}.",
                needs_visit=True,
                side=side,
            )
        if not getattr(circuit, f"{side}_port_up"):
            return Finding(
                "customer_port_down",
                f"{end}侧用户端口未连通",
                f"customer port down at the {end} end",
                f"光路正常，{end}侧用户端口没有连通，请检查路由器到我方设备的网线和端口。",
                f"The fibre is fine; the customer port at the {end} end is down, please check the "
                "cable between your router and our equipment.",
                side=side,
            )
    if circuit.loss_percent > WORST_LOSS_PERCENT:
        loss = f"{circuit.loss_percent:g}"
        return Finding(
            "packet_loss",
            "电路丢包",
            "packet loss on the circuit",
            f"电路是通的，但丢包{loss}%、时延{circuit.latency_ms:g}毫秒，超出标准，需派传输专业处理。",
            f"The circuit is up but loses {loss} percent of packets at {circuit.latency_ms:g} ms, "
            "which is out of limits; transmission has to look into it.",
            needs_visit=True,
        )
    return Finding(
        "none",
        "未发现故障",
        "no fault found",
        f"两端收光正常，无丢包，时延{circuit.latency_ms:g}毫秒，电路没有故障。",
        f"Both ends receive light, no packets are lost, {circuit.latency_ms:g} ms: the circuit "
        "itself has no fault.",
    )


def area_outage(outage: replies.OutageView, now: datetime) -> Finding:
    zh, en = spoken.moment_zh(outage.until, now), spoken.moment_en(outage.until, now)
    return Finding(
        "area_outage",
        "区域性故障",
        "area outage",
        f"{outage.area}片区{outage.cause_zh}，影响约{outage.affected}户，正在抢修，"
        f"预计{zh}恢复，不需要单独上门。",
        f"There is an outage in {outage.area_en}: {outage.cause_en}, about {outage.affected} "
        f"homes are affected and it should be back {en}; no visit is needed.",
    )
