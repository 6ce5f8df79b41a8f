"""`assist serve`: the server."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Annotated

import typer
from rich.console import Console

from assist.config import Settings
from assist.wiring.house import open_house
from assist.wiring.loop import run
from assist.wiring.memory import spare_what_is_there

_SWITCH_S = 0.001
"""Seconds for which a thread may keep the interpreter while another waits; Python's own is 5 ms."""


def serve(
    sandbox: Annotated[
        bool, typer.Option(help="Start the sandbox back office too, on port 8711.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the panel, the API and the audio socket until Ctrl-C."""
    # Several threads compete with the event loop for Python, and a click crosses them ten times.
    sys.setswitchinterval(_SWITCH_S)
    run(_serve(with_address(Settings(), host, port), sandbox=sandbox))


def with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    changes = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    return settings.model_copy(update=changes)


async def _serve(settings: Settings, *, sandbox: bool) -> None:
    console = Console()
    with console.status("Loading models and index …"):
        house = open_house(
            settings, sandbox=sandbox, say=console.print, goes_deaf=True, drains=True
        )
        url = await house.__aenter__()
        spare_what_is_there()
    try:
        console.print(f"Serving on {url}  (Ctrl-C stops)")
        await stopped()
    finally:
        await house.__aexit__(None, None, None)


async def stopped() -> None:
    """Returns when the process is asked to stop."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
