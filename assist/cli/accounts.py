"""`assist accounts`: who may sign in."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.table import Table

from assist.accounts.model import ROLES, Person, Role
from assist.accounts.passwords import Passwords, check_password
from assist.config import Settings
from assist.store import Store
from assist.tables.audit import Action
from assist.wiring.parts import local_now

app = typer.Typer(help="Accounts: who may sign in, as what.", no_args_is_help=True)

_Login = Annotated[str, typer.Argument(metavar="LOGIN", help="As the phone system names them.")]
_Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help=f"One of {', '.join(ROLES)}; once for each.", metavar="ROLE"),
]
_Stdin = Annotated[
    bool, typer.Option("--stdin", help="Read the password from standard input, one line.")
]


@app.command("list")
def list_accounts() -> None:
    """Show all accounts."""
    table = Table(box=None, pad_edge=False)
    for column in ("login", "name", "roles", "from", "last sign-in", ""):
        table.add_column(column)
    for account in (found := open_any_store().accounts.list()):
        state = "disabled" if account.disabled else ""
        roles = ", ".join(account.roles)
        table.add_row(
            account.login, account.name, roles, account.source, account.signed_in_at, state
        )
    if found:
        Console(highlight=False).print(table)
    else:
        print("No accounts yet. `assist accounts add LOGIN --role admin` makes the first.")


@app.command()
def add(
    login: _Login,
    role: _Roles = None,
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    stdin: _Stdin = False,
) -> None:
    """Make an account; the password is asked for."""
    store, person = open_any_store(), Person(login=login, name=name, roles=roles_of(role))
    password = _password(login, stdin)
    account = store.accounts.add(person, Passwords().hash(password), local_now())
    note(store, "account", f"add {account.login}: {' '.join(account.roles) or 'none'}")
    print(f"{account.login}: {', '.join(account.roles) or 'no role'}")


@app.command()
def password(login: _Login, stdin: _Stdin = False) -> None:
    """Set a new password; their sessions end."""
    store = open_any_store()
    account = store.accounts.get(login)
    chosen = _password(account.login, stdin)
    store.accounts.set_password(account.login, Passwords().hash(chosen))
    note(store, "account", f"password of {account.login}")
    print(f"{account.login} has a new password.")


@app.command()
def roles(login: _Login, role: _Roles = None) -> None:
    """Set the roles; without any they may do nothing."""
    store = open_any_store()
    account = store.accounts.set_roles(login, roles_of(role))
    note(store, "account", f"roles of {account.login}: {' '.join(account.roles) or 'none'}")
    print(f"{account.login}: {', '.join(account.roles) or 'no role'}")


@app.command()
def disable(
    login: _Login,
    enable: Annotated[bool, typer.Option("--enable", help="Let them in again.")] = False,
) -> None:
    """Let somebody in no more; their sessions end at once."""
    store = open_any_store()
    account = store.accounts.set_disabled(login, not enable)
    note(store, "account", f"{'enable' if enable else 'disable'} {account.login}")
    print(f"{account.login} is {'enabled' if enable else 'disabled'}.")


def open_any_store() -> Store:
    """The journal's database, made where there is none yet."""
    settings = Settings()
    return Store(settings.database, settings.seal_key)


def note(store: Store, action: Action, what: str) -> None:
    """Into the audit log, under the name of the machine's user."""
    store.audit.add(local_now(), f"cli:{getpass.getuser()}", action, what)


def roles_of(given: list[str] | None) -> frozenset[Role]:
    if unknown := set(given or ()) - set(ROLES):
        raise typer.BadParameter(
            f"{', '.join(sorted(unknown))}: roles are {', '.join(get_args(Role))}",
            param_hint="--role",
        )
    return frozenset(role for role in ROLES if role in (given or ()))


def _password(login: str, stdin: bool) -> str:
    if stdin:
        typed = sys.stdin.readline().rstrip("\n")
    else:
        typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    check_password(login, typed)
    return typed
