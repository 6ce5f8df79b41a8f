"""WebSockets of the panel: events out, commands in; and the list of calls."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from assist.errors import AssistError, CommandRefused, first_problem
from assist.events import EVENT, Command
from assist.gateway.native import serve_audio
from assist.web.api import call_list
from assist.web.house import House
from assist.web.hub import TooSlow

CLOSE_AGAIN = 1013
"""Try again later: the panel reconnects with after=SEQ."""


class Request(BaseModel):
    """A command as the panel sends it; `ref` comes back with the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str = Field(max_length=64)
    command: Command


async def audio(socket: WebSocket) -> None:
    await serve_audio(socket, _house(socket).calls)


async def call_events(socket: WebSocket) -> None:
    """Both directions of one panel; ends with whichever side stops first."""
    await socket.accept()
    house = _house(socket)
    call = socket.path_params["call"]
    after = socket.query_params.get("after", "0")
    sending = asyncio.create_task(
        _send_events(socket, house, call, int(after) if after.isdigit() else 0)
    )
    receiving = asyncio.create_task(_receive_commands(socket, house, call))
    await _first_of(socket, sending, receiving)


async def calls_changed(socket: WebSocket) -> None:
    await socket.accept()
    house = _house(socket)
    sending = asyncio.create_task(_send_lists(socket, house))
    receiving = asyncio.create_task(_drain(socket))
    await _first_of(socket, sending, receiving)


async def _first_of(socket: WebSocket, *tasks: asyncio.Task[None]) -> None:
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    errors = [task.exception() for task in done]
    if any(isinstance(error, TooSlow) for error in errors):
        await socket.close(CLOSE_AGAIN)
    for error in errors:
        if error and not isinstance(error, TooSlow | WebSocketDisconnect | RuntimeError):
            raise error


async def _send_events(socket: WebSocket, house: House, call: str, after: int) -> None:
    async for event in house.hub.events(call, after):
        await socket.send_text(EVENT.dump_json(event).decode())


async def _send_lists(socket: WebSocket, house: House) -> None:
    async for _ in house.hub.changes():
        await socket.send_json(call_list(house))


async def _drain(socket: WebSocket) -> None:
    while True:
        await socket.receive_text()


async def _receive_commands(socket: WebSocket, house: House, call: str) -> None:
    while True:
        await socket.send_json(await _obey(house, call, await socket.receive_text()))


async def _obey(house: House, call: str, text: str) -> dict[str, Any]:
    ref = ""
    try:
        request = Request.model_validate_json(text)
        ref = request.ref
        live = house.calls.get(call)
        agent = live.state.started.agent if live.state.started else "agent"
        await live.obey(request.command, by=agent)
        return {"ref": ref, "ok": True}
    except ValidationError as error:
        problem = first_problem(error, "command")
        refused = CommandRefused(f"The command is not understood: {problem}.", "Reload the panel.")
        return {"ref": ref, "refused": refused.as_json()}
    except AssistError as error:
        return {"ref": ref, "refused": error.as_json()}


def _house(socket: WebSocket) -> House:
    return socket.app.state.house
