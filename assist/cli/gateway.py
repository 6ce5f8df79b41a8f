"""`assist gateway …`: phone systems, simulated."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assist.audio import read_recording
from assist.gateway.simulate.drive import simulate as run
from assist.gateway.simulate.phones import PHONES, Plan

app = typer.Typer(help="Phone systems that bring calls in.", no_args_is_help=True)


@app.command()
def simulate(
    protocol: Annotated[str, typer.Argument(help=", ".join(PHONES))],
    wav: Annotated[Path, typer.Argument(help="Recording of one or two channels.")],
    url: Annotated[
        str, typer.Option(help="ws://HOST:PORT of the server; tcp://HOST:PORT for AudioSocket.")
    ] = "ws://127.0.0.1:8710",
    agent: Annotated[str, typer.Option(help="Who has the call: extension or login.")] = "3207",
    number: Annotated[str, typer.Option(help="The customer's number.")] = "",
    call: Annotated[str, typer.Option(help="The call's id; a UUID is made.")] = "",
    lang: Annotated[str, typer.Option(help="zh, en or auto.")] = "zh",
    direction: Annotated[str, typer.Option(help="inbound or outbound.")] = "inbound",
    speed: Annotated[str, typer.Option(help="1, 4 or max.")] = "1",
    loss: Annotated[float, typer.Option(help="Share of packets that get lost, 0 to 1.")] = 0.0,
    reorder: Annotated[
        float, typer.Option(help="Share that comes after the next one; Twilio and Telnyx.")
    ] = 0.0,
    hold: Annotated[str, typer.Option(help="On hold from:to, in seconds.")] = "",
    hang_up: Annotated[
        bool, typer.Option("--goodbye/--no-goodbye", help="End it, or tear the wire.")
    ] = True,
    token: Annotated[
        str, typer.Option(help="The door's token.", envvar="ASSIST_SIMULATE_TOKEN")
    ] = "",
    api_key: Annotated[str, typer.Option(help="AudioHook's API key.")] = "",
    secret: Annotated[
        str,
        typer.Option(
            help="AudioHook's client secret, base64, or Twilio's auth token.",
            envvar="ASSIST_SIMULATE_SECRET",
        ),
    ] = "",
) -> None:
    """Send a recording to a door as the real phone system would: pace, numbers, signatures."""
    if protocol not in PHONES:
        raise typer.BadParameter(f"protocol is one of {', '.join(PHONES)}")
    if lang not in ("zh", "en", "auto"):
        raise typer.BadParameter("lang is zh, en or auto")
    if direction not in ("inbound", "outbound"):
        raise typer.BadParameter("direction is inbound or outbound")
    if speed not in ("1", "4", "max"):
        raise typer.BadParameter("speed is 1, 4 or max")
    plan = Plan(
        call_id=call or str(uuid.uuid4()),
        agent=agent,
        number=number,
        lang=lang,
        direction=direction,
        speed=speed,
        loss=loss,
        reorder=reorder,
        hold_s=_span(hold),
        hang_up="goodbye" if hang_up else "none",
        token=token,
        api_key=api_key,
        secret=secret,
    )
    recording = read_recording(wav)
    console = Console()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(protocol, total=recording.duration_ms)
        asyncio.run(run(protocol, recording, url, plan, lambda ms: bar.update(task, completed=ms)))
    console.print(f"Call {plan.call_id} sent: {recording.duration_ms / 1000:.1f} s by {protocol}.")


def _span(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        begin, end = (float(part) for part in text.split(":"))
    except ValueError as error:
        raise typer.BadParameter("hold is written from:to, such as 10:15") from error
    return begin, end
