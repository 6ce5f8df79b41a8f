"""The back office: who calls, what the systems say about their line or bill, tickets filed.

`HttpDesk` is the real one, over HTTP; `RecordedDesk` answers a rerun from what was recorded. The
`sandbox` is a back office of our own, for demos and tests, that nothing here imports: it is
reached over HTTP like a customer's real one.
"""

from __future__ import annotations

from assist.desk.connectors import Connector, load_connectors
from assist.desk.http import HttpDesk
from assist.desk.recorded import RecordedDesk

__all__ = ["Connector", "HttpDesk", "RecordedDesk", "load_connectors"]
