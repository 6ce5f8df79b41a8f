"""Telephony front doors: each protocol brings sound and call facts to the one `Call`.

    bytes, messages ──▶ a protocol's Adapter ──▶ acts ──▶ Line ──▶ Visit ──▶ Call.hear
    (shells: websocket, tcp)   (pure)          (acts)    (door: the contract)

An adapter knows its protocol and nothing else; what all doors share stands in `door` (roles are
checked, streams replace one another, wires fall silent), `jitter` (order) and `timeline` (times).
"""
