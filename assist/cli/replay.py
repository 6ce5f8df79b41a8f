"""`assist replay`: a recording or a stored call, run again without a browser."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assist import events as ev
from assist.audio import Speed, read_recording
from assist.call import Call, Calls
from assist.cli.screen import Screen
from assist.config import Settings
from assist.desk import RecordedDesk
from assist.ports import Desk
from assist.speech.offline import language_of
from assist.store import Store
from assist.train.newcomer import Newcomer
from assist.train.replay import only_events, replay_recording, replay_stored
from assist.train.summary import summary_of
from assist.wiring.engines import open_engine
from assist.wiring.house import open_sandbox
from assist.wiring.parts import open_calls, open_desk


def replay(
    source: Annotated[
        str, typer.Argument(metavar="WAV|CALL", help="A recording, or a stored call's id.")
    ],
    speed: Annotated[str, typer.Option(help="1, 4 or max.")] = "1",
    auto: Annotated[
        bool, typer.Option("--auto", help="An obedient newcomer does what the panel proposes.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Events as JSON lines, last a summary line.")
    ] = False,
    lang: Annotated[
        str, typer.Option(help="zh or en; default: the reference's, or told from the sound.")
    ] = "",
    number: Annotated[str, typer.Option(help="Calling number; default: the reference's.")] = "",
) -> None:
    """Run a call again through the same doors as a live one.

    A recording NAME.wav with a reference NAME.json beside it takes language and calling number
    from there. The back office is the sandbox unless ASSIST_DESK_URL names another.
    """
    if speed not in ("1", "4", "max"):
        raise typer.BadParameter("speed is 1, 4 or max")
    asyncio.run(_replay(source, speed, auto, as_json, lang, number))


async def _replay(
    source: str, speed: Speed, auto: bool, as_json: bool, lang: str, number: str
) -> None:
    settings = Settings()
    newcomer = Newcomer() if auto else None
    async with AsyncExitStack() as stack:
        store = Store(settings.database, settings.seal_key)
        stack.callback(store.close)
        past = only_events(store.events(source))
        screen = None if as_json else Screen(Console(), live=Console().is_terminal)
        if past:
            desk = RecordedDesk(event.fact for event in past)
            calls = await _open(stack, settings, desk, store, screen, hears=False)
            call = await replay_stored(calls, past, speed, newcomer)
        else:
            recording = read_recording(Path(source))
            settings = await _with_sandbox(stack, settings)
            desk = await stack.enter_async_context(open_desk(settings))
            calls = await _open(stack, settings, desk, store, screen, hears=True)
            started = _started(Path(source), lang, number)
            if not started.lang:
                engine = open_engine(settings, settings.guess_model)
                started = started.model_copy(update={"lang": language_of(recording, engine)})
            call = await replay_recording(calls, recording, started, speed, newcomer)
        _finish(call, screen)


async def _open(
    stack: AsyncExitStack,
    settings: Settings,
    desk: Desk,
    store: Store,
    screen: Screen | None,
    *,
    hears: bool,
) -> Calls:
    errors = Console(stderr=True)
    opened = open_calls(
        settings,
        desk,
        store,
        lambda text: errors.print(text, style="yellow"),
        hears=hears,
        # What was known of earlier calls then; a recording is nobody's next call.
        history=desk if isinstance(desk, RecordedDesk) else None,
    )
    calls = (await stack.enter_async_context(opened)).calls
    stack.callback(calls.parts.journal.listen(lambda event: _print(event, screen)))
    return calls


async def _with_sandbox(stack: AsyncExitStack, settings: Settings) -> Settings:
    """The settings' own back office if one is named, else a sandbox on a free port."""
    if "desk_url" in settings.model_fields_set:
        return settings
    url = await stack.enter_async_context(open_sandbox(settings, 0))
    return settings.model_copy(update={"desk_url": url})


def _print(event: ev.Event, screen: Screen | None) -> None:
    if screen is None:
        print(ev.EVENT.dump_json(event).decode(), flush=True)
    else:
        screen.on_event(event)


def _finish(call: Call, screen: Screen | None) -> None:
    if screen is None:
        print(json.dumps(summary_of(call.state), ensure_ascii=False), flush=True)
    else:
        screen.close()


def _started(path: Path, lang: str, number: str) -> ev.CallStarted:
    reference = path.with_suffix(".json")
    known = json.loads(reference.read_text(encoding="utf-8")) if reference.is_file() else {}
    return ev.CallStarted(
        agent="replay",
        number=number or known.get("slots", {}).get("phone", ""),
        lang=lang or known.get("lang", ""),
        source=path.name,
    )
