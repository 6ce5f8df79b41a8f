"""A back office to try things with: an ASGI app of its own over its own database.

It stands where a company's customer, network, billing and ticket systems would and is reached
over HTTP alone. No room of the product imports it; only the command line starts it.
"""

from __future__ import annotations

from assist.desk.sandbox.app import create_app

__all__ = ["create_app"]
