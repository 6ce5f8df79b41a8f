"""`assist desk`: ask a connector by hand; switch faults of the sandbox's customers on and off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

from assist.config import Settings
from assist.errors import DeskDown, DeskError
from assist.ports import DiagnosisResult
from assist.wiring.house import open_sandbox
from assist.wiring.parts import open_desk

app = typer.Typer(help="The back office: try connectors, switch faults on.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
PROBE_S = 1.0


class State(StrEnum):
    on = "on"
    off = "off"
    seed = "seed"


@app.command("try")
def try_(
    connector: Annotated[str, typer.Argument(help="Its id, the name of its file.")],
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="An argument; once for each.", metavar="A=B")
    ] = None,
    lang: Annotated[str, typer.Option(help="Of the summary: zh or en.")] = "zh",
    timeout: Annotated[float, typer.Option(help="Longest wait in seconds.", min=0.1)] = 5.0,
    as_json: AsJson = False,
) -> None:
    """Ask one connector and show what it answers, or what went wrong and what to do."""
    args = _arguments(with_ or ())
    answer = asyncio.run(_diagnose(connector, {**args, "lang": lang}, timeout))
    if as_json:
        print(json.dumps(answer.result, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in answer.result.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        table.add_row(key, shown)
    console = Console(highlight=False, markup=False)
    console.print(table)
    if answer.summary:
        console.print(f"\n{answer.summary}", soft_wrap=True)


@app.command()
def fault(
    customer: Annotated[str, typer.Argument(help="Id, phone or account.")],
    fault: Annotated[str, typer.Argument(help="One of `assist desk faults`.")],
    state: Annotated[State, typer.Argument(help="on, off (mended), or seed (as at first).")],
) -> None:
    """Switch a fault of a customer of the sandbox; it stays so over a restart."""
    asked = {"customer": customer, "fault": fault, "state": state.value}
    done = asyncio.run(_sandbox("POST", asked))
    print(f"{done['customer']} {done['name']}: {done['fault']} {done['state']}")


@app.command()
def faults(as_json: AsJson = False) -> None:
    """List which faults are switched, and all that can be."""
    found = asyncio.run(_sandbox("GET", None))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("fault", "zh", "en", "switched"):
        table.add_column(column, no_wrap=column == "fault")
    for known in found["known"]:
        switched = (
            f"{s['customer']} {s['name']} {s['state']}"
            for s in found["switched"]
            if s["fault"] == known["fault"]
        )
        table.add_row(known["fault"], known["zh"], known["en"], ", ".join(switched))
    Console(highlight=False, markup=False).print(table)


def _arguments(given: Sequence[str]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            raise typer.BadParameter(f"{each!r} is not NAME=VALUE", param_hint="--with")
    return dict(each.split("=", 1) for each in given)


async def _diagnose(connector: str, args: dict[str, str], timeout_s: float) -> DiagnosisResult:
    async with _settings() as settings, open_desk(settings) as desk:
        return await desk.diagnose(connector, args, timeout_s)


async def _sandbox(method: str, body: dict[str, str] | None) -> Any:
    """What the sandbox answers at /faults. Raises DeskError, DeskDown."""
    async with _settings() as settings, httpx.AsyncClient(trust_env=False) as client:
        url = f"{settings.desk_url}/faults"
        try:
            reply = await client.request(method, url, json=body, timeout=10)
        except httpx.HTTPError as error:
            raise DeskDown(
                f"No back office answers at {settings.desk_url} ({type(error).__name__}).",
                "Start it, or leave ASSIST_DESK_URL unset to use the sandbox.",
            ) from error
        address = settings.desk_url
    try:
        said = reply.json()
    except ValueError:
        said = None
    if not isinstance(said, dict) or said.get("code") == "no_route":
        raise DeskError(
            f"The back office at {address} is not the sandbox: it has no {url}.",
            "Only the sandbox's faults can be switched; leave ASSIST_DESK_URL unset.",
            code="desk.no_faults",
        )
    if not reply.is_success:
        code, remedy = str(said.get("code", "refused")), str(said.get("remedy", ""))
        raise DeskError(str(said.get("message", reply.text)), remedy, code=f"desk.{code}")
    return said


@asynccontextmanager
async def _settings() -> AsyncIterator[Settings]:
    """With the back office that is named, or that runs; else with a sandbox for this command."""
    settings = Settings()
    if "desk_url" in settings.model_fields_set or await _answers(settings.desk_url):
        yield settings
        return
    async with open_sandbox(settings, 0) as url:
        yield settings.model_copy(update={"desk_url": url})


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{url}/health", timeout=PROBE_S)).is_success
    except httpx.HTTPError:
        return False
