"""`assist token`: API tokens of machines."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.accounts.model import USES, Use
from assist.cli.accounts import note, open_any_store, roles_of
from assist.tables.access import moment_of
from assist.tables.tokens import LASTS_DAYS, MOST_DAYS
from assist.wiring.parts import local_now

app = typer.Typer(help="API tokens: phone systems, monitoring, scripts.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The machine it is for.")],
    use: Annotated[
        list[str] | None,
        typer.Option("--for", help="phone (bring calls in) or metrics.", metavar="USE"),
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="What this role may.", metavar="ROLE")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", help="How long it is good.", min=1, max=MOST_DAYS)
    ] = LASTS_DAYS,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    if unknown := set(use or ()) - set(USES):
        raise typer.BadParameter(
            f"{', '.join(sorted(unknown))}: uses are {', '.join(USES)}", param_hint="--for"
        )
    store = open_any_store()
    uses: frozenset[Use] = frozenset(known for known in USES if known in (use or ()))
    token, text = store.tokens.create(name, roles_of(role), uses, local_now(), days)
    may = " ".join((*token.uses, *token.roles))
    note(store, "token", f"create {token.id} {token.name}: {may}; ends {token.ends_at}")
    print(text)


@app.command("list")
def list_tokens() -> None:
    """Show all tokens, revoked ones too; newest first."""
    table = Table(box=None, pad_edge=False)
    for column in ("id", "name", "may", "created", "last used", "ends", ""):
        table.add_column(column, no_wrap=column == "id")
    for token in (found := open_any_store().tokens.list()):
        may = ", ".join((*token.uses, *token.roles))
        over = bool(token.ends_at) and local_now() >= moment_of(token.ends_at)
        state = "revoked" if token.revoked_at else "ended" if over else ""
        table.add_row(
            token.id, token.name, may, token.created_at, token.used_at, token.ends_at, state
        )
    if found:
        Console(highlight=False).print(table)
    else:
        print("No tokens yet. `assist token create NAME --for phone` makes one.")


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="Of `assist token list`.")],
) -> None:
    """It is worth nothing from now on; sockets that it opened close within seconds."""
    store = open_any_store()
    token = store.tokens.revoke(id, local_now())
    note(store, "token", f"revoke {token.id} {token.name}")
    print(f"{token.name} ({token.id}) is revoked.")
