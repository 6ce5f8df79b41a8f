"""What is wrong with a cloud host: the platform under it, or the guest's own figures."""

from __future__ import annotations

from datetime import timedelta

from assist.desk.sandbox import rows, spoken
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown
from assist.desk.sandbox.service_replies import HostState
from assist.desk.sandbox.service_rows import HostRow

FULL_PERCENT = 95
LATELY = timedelta(hours=24)
FAULTS = {
    "host_down": ("物理机故障", "the physical host failed"),
    "expired": ("到期停机", "stopped because it expired"),
    "blocked": ("公网地址被封堵", "its public address is blocked"),
    "disk_full": ("磁盘满", "a disk is full"),
    "cpu_high": ("处理器占满", "the processor is at its limit"),
    "rule_changed": ("安全组刚改过", "the security group was changed"),
    "none": ("平台侧正常", "nothing found on the platform"),
}


def state(records: Records, instance: str) -> HostState:
    """`instance`: its id or public address, or any number of its owner. Raises Refused 404."""
    host = _find(records, instance.strip())
    if host is None:
        raise unknown("cloud host", "Read the instance id or the public address again.")
    owner = records.one(rows.CustomerRow, id=host.customer)
    now = records.clock()
    fault = _fault(host)
    ago = {
        "rule_changed": host.rule_changed_ago,
        **dict.fromkeys(("host_down", "expired", "blocked"), host.state_ago),
    }.get(fault)
    since = now - ago if ago is not None else None
    zh, en = _conclusions(host, fault)
    return HostState(
        **host.model_dump(exclude={"customer", "state_ago", "rule_changed_ago"}),
        company=owner.company if owner else "",
        rule_changed=host.rule_changed_ago is not None and host.rule_changed_ago <= LATELY,
        fault=fault,
        fault_zh=FAULTS[fault][0],
        fault_en=FAULTS[fault][1],
        platform_fault=fault == "host_down",
        since=since,
        since_zh=spoken.moment_zh(since, now) if since else "",
        since_en=spoken.moment_en(since, now) if since else "",
        conclusion_zh=zh,
        conclusion_en=en,
    )


def _find(records: Records, text: str) -> HostRow | None:
    named = records.find(HostRow, "instance = ? or address = ?", [text.lower(), text])
    if named:
        return named[0]
    for customer in records.customers_known_as(text):
        hosts = records.find(HostRow, "customer = ?", [customer.id], "instance")
        if hosts:
            return next((host for host in hosts if _fault(host) != "none"), hosts[0])
    return None


def _fault(host: HostRow) -> str:
    if host.state != "running":
        return host.state
    if host.disk_percent >= FULL_PERCENT:
        return "disk_full"
    if host.cpu_percent >= FULL_PERCENT:
        return "cpu_high"
    if host.rule_changed_ago is not None and host.rule_changed_ago <= LATELY:
        return "rule_changed"
    return "none"


def _conclusions(host: HostRow, fault: str) -> tuple[str, str]:
    name = f"云主机{host.instance}"
    match fault:
        case "host_down":
            return (
                f"{name}所在物理机故障，平台正在抢修，主机会自动迁移重启。",
                f"The machine under {host.instance} failed; it is being moved and restarted.",
            )
        case "expired":
            return (
                f"{name}已到期{-host.expires_in_days}天停机，续费后在控制台开机。",
                f"{host.instance} expired {-host.expires_in_days} days ago; renew it and start it.",
            )
        case "blocked":
            return (
                f"{name}的公网地址{host.address}因安全原因被封堵。",
                f"The public address {host.address} of {host.instance} is blocked for security.",
            )
        case "disk_full":
            return (
                f"{name}在运行，磁盘已用{host.disk_percent}%。",
                f"{host.instance} is running; its disk is {host.disk_percent} percent full.",
            )
        case "cpu_high":
            return (
                f"{name}在运行，处理器占用{host.cpu_percent}%。",
                f"{host.instance} is running; its processor is {host.cpu_percent} percent busy.",
            )
        case "rule_changed":
            return (
                f"{name}在运行；安全组刚改过：{host.rule_zh}。",
                f"{host.instance} is running; the security group was changed: {host.rule_en}.",
            )
        case _:
            return (
                f"{name}在运行，没有告警，处理器{host.cpu_percent}%，磁盘{host.disk_percent}%。",
                f"{host.instance} is running without alarms: processor {host.cpu_percent}, disk "
                f"{host.disk_percent} percent.",
            )
