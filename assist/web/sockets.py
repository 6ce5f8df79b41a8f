"""WebSockets of the panel: events out, commands in; and the list of calls."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from assist.accounts.model import Person
from assist.errors import AssistError, CommandRefused, NotAllowed, first_problem
from assist.events import EVENT, Command
from assist.web import sight
from assist.web.guard import CLOSE_NOT_ALLOWED
from assist.web.house import House, house_of
from assist.web.hub import TooSlow
from assist.web.people import person_of
from assist.web.permits import COMMANDS, Permit

log = logging.getLogger(__name__)

CLOSE_AGAIN = 1013
"""Try again later: the panel reconnects with after=SEQ."""


class Request(BaseModel):
    """A command as the panel sends it; `ref` comes back with the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str = Field(max_length=64)
    command: Command


async def call_events(socket: WebSocket) -> None:
    """Both directions of one panel; ends with whichever side stops first."""
    house, person = house_of(socket), person_of(socket)
    call = socket.path_params["call"]
    await socket.accept()
    after = socket.query_params.get("after", "0")
    sending = asyncio.create_task(
        _send_events(socket, house, person, call, int(after) if after.isdecimal() else 0)
    )
    receiving = asyncio.create_task(_receive_commands(socket, house, person, call))
    await _first_of(socket, sending, receiving)


async def calls_changed(socket: WebSocket) -> None:
    await socket.accept()
    sending = asyncio.create_task(_send_lists(socket, house_of(socket), person_of(socket)))
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
    if any(isinstance(error, NotAllowed) for error in errors):
        await socket.close(CLOSE_NOT_ALLOWED)
    expected = (TooSlow, NotAllowed, WebSocketDisconnect, RuntimeError)
    for error in errors:
        if error and not isinstance(error, expected):
            raise error


async def _send_events(
    socket: WebSocket, house: House, person: Person, call: str, after: int
) -> None:
    """Who may not see the call is let go before its first event, which may be yet to come."""
    sees = False
    async for event in house.hub.events(call, after):
        if not sees:
            sight.check_sees(house, person, call)
            sees = True
        await socket.send_text(EVENT.dump_json(event).decode())


async def _send_lists(socket: WebSocket, house: House, person: Person) -> None:
    """Whenever what this person may see of it has changed."""
    last: list[dict[str, Any]] | None = None
    async for _ in house.hub.changes():
        if (calls := sight.calls_of(house, person)) != last:
            last = calls
            await socket.send_json({"calls": calls})


async def _drain(socket: WebSocket) -> None:
    while True:
        await socket.receive_text()


async def _receive_commands(socket: WebSocket, house: House, person: Person, call: str) -> None:
    while True:
        await socket.send_json(await _obey(house, person, call, await socket.receive_text()))


async def _obey(house: House, person: Person, call: str, text: str) -> dict[str, Any]:
    ref = ""
    try:
        request = Request.model_validate_json(text)
        ref = request.ref
        live = house.calls.get(call)
        agent = live.state.started.agent if live.state.started else ""
        command = _permitted(person, agent, request.command)
        await live.obey(command, by=person.login)
        return {"ref": ref, "ok": True}
    except ValidationError as error:
        problem = first_problem(error, "command")
        refused = CommandRefused(f"The command is not understood: {problem}.", "Reload the panel.")
        return {"ref": ref, "refused": refused.as_json()}
    except AssistError as error:
        return {"ref": ref, "refused": error.as_json()}


def _permitted(person: Person, agent: str, command: Command) -> Command:
    """The command, under the name of who sends it. Raises NotAllowed."""
    permit = COMMANDS.get(command.kind)
    if permit is None:
        log.error("command %s has no row in assist/web/permits.py and is refused", command.kind)
    if not (permit or Permit()).allows(person):
        raise NotAllowed(
            "Your role does not allow this.",
            "You can watch the call; only its agent can answer, tick and file.",
        )
    if permit and permit.own:
        sight.check_handles(person, agent)
    if "name" in type(command).model_fields:
        return command.model_copy(update={"name": person.name})
    return command
