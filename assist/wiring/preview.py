"""A guide in the real panel without a call: a house of its own that hears nothing and forgets all.

Its journal and its sandbox back office live in a folder that is thrown away, so nothing that is
clicked or filed here touches the real ones. The call comes in by the audio socket, as any other.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from assist import events as ev
from assist.accounts.keys import Keys
from assist.config import Settings
from assist.errors import AssistError
from assist.gateway.native import Start
from assist.guide.model import Guide
from assist.wiring.house import open_house
from assist.wiring.parts import Say

CALLERS = {"zh": "15403726618", "en": "15422186093"}
"""Made-up customers of the sandbox: 刘建国 and Daniel Wong."""

_LOOK_UP_S = 10.0
"""A sandbox in the same process answers in milliseconds."""


@asynccontextmanager
async def open_preview(
    settings: Settings, guide: Guide, number: str | None, say: Say
) -> AsyncIterator[str]:
    """The panel's address, at a call in which the guide is open; until the block ends. It opens
    once, and signs in as the made-up agent of the preview.

    `number` is who calls: None for the language's own made-up customer, "" for a stranger.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="assist-preview-"))
        apart = settings.model_copy(
            update={"data": Path(folder), "key_file": None, "sandbox_port": 0, "demo": True}
        )
        keys = Keys()
        house = open_house(apart, sandbox=True, say=say, hears=False, keys=keys)
        url = await stack.enter_async_context(house)
        at = url.replace("http", "ws", 1)
        start = Start(
            agent="agent",
            customer=CALLERS[guide.lang] if number is None else number,
            lang=guide.lang,
            source=f"preview of {guide.id}",
        )
        phone = await stack.enter_async_context(
            connect(f"{at}/v1/audio", additional_headers=keys.headers)
        )
        await phone.send(start.model_dump_json())
        call = (await _answer(phone))["call"]
        await phone.send('{"type": "pause"}')  # nothing will be said, for as long as one looks
        panel = await stack.enter_async_context(
            connect(f"{at}/v1/calls/{call}/events", max_size=None, additional_headers=keys.headers)
        )
        if start.customer:
            await asyncio.wait_for(_known(panel), _LOOK_UP_S)
        opened = ev.OpenGuide(guide=guide.id).model_dump(mode="json")
        await panel.send(json.dumps({"ref": "1", "command": opened}))
        await _obeyed(panel)
        yield keys.link(url, "agent", f"/panel?call={call}")


async def _known(panel: ClientConnection) -> None:
    """Returns once it is told whose number it is: a first step may ask for what is known."""
    told = ("customer_found", "customer_unknown", "trouble")
    while json.loads(await panel.recv()).get("fact", {}).get("kind") not in told:
        pass


async def _obeyed(panel: ClientConnection) -> None:
    """Returns once the guide is open. Raises AssistError when the call refuses."""
    while "ref" not in (answer := json.loads(await panel.recv())):
        pass
    if refused := answer.get("refused"):
        raise AssistError(refused["message"], refused["remedy"], code=refused["code"])


async def _answer(phone: ClientConnection) -> dict[str, Any]:
    answer = json.loads(await phone.recv())
    if answer["type"] == "error":
        raise AssistError(answer["message"], answer["remedy"], code=answer["code"])
    return answer
