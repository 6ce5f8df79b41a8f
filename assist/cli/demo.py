"""`assist demo`: the whole house on one machine, and a recorded call played into it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from assist import events as ev
from assist.accounts.keys import Keys
from assist.audio import Speed
from assist.cli.screen import Screen
from assist.cli.serve import stopped, with_address
from assist.config import Settings
from assist.gateway.files import play
from assist.guide.load import Book, load_book
from assist.state import CallState
from assist.train.newcomer import Newcomer
from assist.wiring.house import demo_call, open_house
from assist.wiring.loop import run


def demo(
    call: Annotated[str, typer.Option(help="Recorded call of corpus/calls.")] = "o01",
    speed: Annotated[str, typer.Option(help="1, 4 or max.")] = "1",
    once: Annotated[
        bool, typer.Option("--once", help="End after the call; status 0 if it ended as expected.")
    ] = False,
    port: Annotated[int | None, typer.Option(help="Port of the panel.")] = None,
) -> None:
    """Start everything, play a recorded call into it, and show here what the panel shows.

    An obedient newcomer presses the keys: opens what is proposed, accepts what was recognised,
    files the ticket. Without --once the server stays, so that the page can start other calls.
    """
    if speed not in ("1", "4", "max"):
        raise typer.BadParameter("speed is 1, 4 or max")
    settings = with_address(Settings(), None, port).model_copy(update={"demo": True})
    raise typer.Exit(run(_demo(settings, call, speed, once=once)))


async def _demo(settings: Settings, name: str, speed: Speed, *, once: bool) -> int:
    console, keys = Console(), Keys()
    with console.status("Loading models and index …"):
        house = open_house(settings, sandbox=True, say=lambda text: console.print(text), keys=keys)
        url = await house.__aenter__()
    try:
        console.print(f"Pages and demo calls: [bold]{url}[/bold]; sign in there by a click.\n")
        state = await _play(settings, url, name, speed, console, keys)
        missing = _missing(state, settings, name)
        console.print()
        if missing:
            console.print(f"[red]Not as expected:[/red] {missing}")
        else:
            console.print(f"[green]As expected:[/green] {_result(state)}")
        if once:
            return 1 if missing else 0
        console.print(f"Still serving on {url} (Ctrl-C stops); start other calls there.")
        await stopped()
        return 0
    finally:
        await house.__aexit__(None, None, None)


async def _play(
    settings: Settings, url: str, name: str, speed: Speed, console: Console, keys: Keys
) -> CallState:
    """Play the call into the audio socket and follow it on the panel's socket."""
    recording, start = demo_call(settings.corpus_dir / "calls", name)
    socket_url = url.replace("http", "ws", 1)
    begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    headers = keys.headers
    playing = asyncio.create_task(
        play(recording, socket_url, start, speed, begun.set_result, headers=headers)
    )
    await asyncio.wait({playing, begun}, return_when=asyncio.FIRST_COMPLETED)
    if not begun.done():
        await playing
    call = begun.result()
    link = keys.link(url, "agent", f"/panel?call={call}")
    console.print("Live panel of this call (the link signs in, once):")
    console.print(f"[bold]{link}[/bold]\n", soft_wrap=True)
    screen = Screen(console, live=console.is_terminal)
    newcomer = Newcomer()
    try:
        await _follow(f"{socket_url}/v1/calls/{call}/events", newcomer, screen, headers)
        await playing
    finally:
        screen.close()
    return newcomer.state


async def _follow(url: str, newcomer: Newcomer, screen: Screen, headers: dict[str, str]) -> None:
    """What a panel does: show events, send commands; back with after=SEQ if the socket breaks."""
    while not newcomer.finished:
        after = f"{url}?after={newcomer.state.seq}"
        async with connect(after, max_size=None, additional_headers=headers) as socket:
            try:
                await _follow_once(socket, newcomer, screen)
            except ConnectionClosed:
                continue


async def _follow_once(socket: ClientConnection, newcomer: Newcomer, screen: Screen) -> None:
    sent = 0
    while not newcomer.finished:
        message: dict[str, Any] = json.loads(await socket.recv())
        if "seq" not in message:
            continue  # the answer to a command; what came of it arrives as events
        event = ev.EVENT.validate_python(message)
        newcomer.see(event)
        screen.on_event(event)
        if command := newcomer.next_command():
            sent += 1
            request = {"ref": str(sent), "command": command.model_dump(mode="json")}
            await socket.send(json.dumps(request, ensure_ascii=False))


def _missing(state: CallState, settings: Settings, name: str) -> str:
    """What the reference expects and the call did not bring; empty when all is there."""
    path = settings.corpus_dir / "calls" / f"{name}.json"
    reference = json.loads(path.read_text(encoding="utf-8"))
    outcome = state.wrapped.outcome if state.wrapped else "none"
    if outcome != reference["outcome"]:
        return f"the outcome is {outcome!r}, expected {reference['outcome']!r}."
    if reference["outcome"] == "ticket":
        wanted = _ticket_types(load_book(Path(settings.guides_dir)), reference)
        filed = {ticket.type for ticket in state.tickets if ticket.status == "filed"}
        if not filed & wanted:
            return f"no ticket of type {' or '.join(sorted(wanted))} was filed."
    return ""


def _ticket_types(book: Book, reference: dict[str, Any]) -> set[str]:
    suffix = ".en" if reference["lang"] == "en" else ""
    guide = book.guides[reference["scenario"] + suffix]
    return {name for step in guide.steps for name in step.ticket_types}


def _result(state: CallState) -> str:
    filed = next((t for t in state.tickets if t.status == "filed"), None)
    if filed:
        return f"ticket {filed.number} ({filed.type}) filed."
    return f"the call ended {state.wrapped.outcome if state.wrapped else ''}."
