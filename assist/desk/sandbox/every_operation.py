"""All operations of the sandbox: those of `operations`, the services' and the faults'."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from assist.desk.sandbox import (
    cloud,
    mobile,
    operations,
    roaming,
    service_replies,
    sim,
    speed,
    supply,
    switches,
    wallet,
)
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.operations import Answer, Asked, Operation


def _by(
    id: str,
    path: str,
    summary: str,
    reply: type[BaseModel],
    look: Callable[[Records, str], BaseModel],
) -> Operation:
    """A diagnosis asked by the one name in its path."""

    def handle(records: Records, asked: Asked) -> Answer:
        (name,) = asked.path.values()
        return look(records, name), 200

    return Operation(id, "GET", path, summary, reply, handle, refusals=(404,))


OPERATIONS: tuple[Operation, ...] = (
    *operations.OPERATIONS,
    _by(
        "testSpeed",
        "/broadband/lines/{account}/speed",
        "Speed and Wi-Fi of a broadband line, by account or any number of its owner",
        service_replies.SpeedTest,
        speed.speed_test,
    ),
    _by(
        "getMobileAccount",
        "/mobiles/{phone}/account",
        "Whether a mobile number is stopped, why, what is owed and paid",
        service_replies.MobileAccount,
        mobile.account,
    ),
    _by(
        "getRoaming",
        "/mobiles/{phone}/roaming",
        "Roaming, data abroad and data pack of a mobile number",
        service_replies.RoamingState,
        roaming.state,
    ),
    _by(
        "getSim",
        "/mobiles/{phone}/sim",
        "State of a mobile number's SIM card",
        service_replies.SimState,
        sim.state,
    ),
    _by(
        "getHost",
        "/cloud/hosts/{instance}",
        "State of a cloud host, by instance id, public address or any number of its owner",
        service_replies.HostState,
        cloud.state,
    ),
    _by(
        "getPowerSupply",
        "/power/{account}/supply",
        "Why a power account has no power, by account or any number of its owner",
        service_replies.PowerSupply,
        supply.state,
    ),
    _by(
        "checkWallet",
        "/wallets/{phone}/payments",
        "The latest payment of a wallet that stands out",
        service_replies.WalletCheck,
        wallet.check,
    ),
    _by(
        "checkRefund",
        "/wallets/{phone}/refund",
        "The refund on its way, or a payment made twice",
        service_replies.RefundCheck,
        wallet.refund,
    ),
    Operation(
        "listFaults",
        "GET",
        "/faults",
        "Faults switched on or off, and all that can be",
        switches.Faults,
        lambda records, asked: (switches.overview(records), 200),
    ),
    Operation(
        "switchFault",
        "POST",
        "/faults",
        "Switch a customer's fault on or off, or back to the seed; it stays over a restart",
        switches.Switched,
        lambda records, asked: (switches.switch(records, asked.body), 200),
        body=switches.SwitchAsk,
        refusals=(404, 409, 413),
        keyed=False,
    ),
)
