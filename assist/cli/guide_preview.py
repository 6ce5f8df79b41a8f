"""`assist guide preview`: a guide in the real panel, without a call."""

from __future__ import annotations

import asyncio
import webbrowser
from typing import Annotated

import typer
from rich.console import Console

from assist.cli.serve import stopped, with_address
from assist.config import Settings
from assist.errors import GuideError
from assist.guide.load import load_book
from assist.guide.model import Guide
from assist.wiring.preview import open_preview


def preview(
    guide_id: Annotated[str, typer.Argument(metavar="ID", help="A guide's id.")],
    number: Annotated[
        str | None, typer.Option(help="Who calls, of the sandbox; a made-up customer.")
    ] = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="The caller is not on record.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the panel; any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = True,
) -> None:
    """Open the guide in the real panel and step through it by hand, until Ctrl-C.

    Customer and back office are the sandbox's, in a folder that is thrown away: what is filed here
    is filed nowhere else. After a change to the guide, start it anew.
    """
    settings = with_address(Settings(), "127.0.0.1", port)
    book = load_book(settings.guides_dir)
    if guide_id not in book.guides:
        raise GuideError(
            f"There is no guide {guide_id!r}.", f"Choose one of {', '.join(sorted(book.guides))}."
        )
    caller = "" if unknown else number
    asyncio.run(_preview(settings, book.guides[guide_id], caller, browser=browser))


async def _preview(settings: Settings, guide: Guide, number: str | None, *, browser: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    async with open_preview(settings, guide, number, console.print) as url:
        console.print(f"{guide.title}: {url}  (Ctrl-C ends it)")
        if browser:
            await asyncio.to_thread(webbrowser.open, url)
        await stopped()
