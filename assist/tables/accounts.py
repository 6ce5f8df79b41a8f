"""Who may come in: accounts, their sessions, and API tokens of machines.

Of a password, a session id and a token only hashes are here. Moments are ISO 8601 in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.accounts.model import ROLES, Person, Role
from assist.errors import AccountRefused, StoreError
from assist.tables.access import Access, moment_of, moment_text

Source = Literal["local", "oidc", "demo"]
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_SEEN_EVERY = timedelta(minutes=1)
"""A session that is at work is written down no more often."""


class Account(BaseModel):
    """`source` says who vouches: a password kept here, the OpenID provider, or a demo house."""

    model_config = ConfigDict(frozen=True)

    login: str
    name: str
    roles: tuple[Role, ...]
    source: Source = "local"
    disabled: bool = False
    created_at: str = ""
    signed_in_at: str = ""

    @property
    def person(self) -> Person:
        return Person(login=self.login, name=self.name, roles=frozenset(self.roles))


def create(db: sqlite_utils.Database) -> None:
    texts = ("login", "name", "roles", "source", "hash", "created_at", "signed_in_at")
    columns: dict[str, Any] = {**dict.fromkeys(texts, str), "disabled": int}
    db.table("accounts").create(columns, pk="login")
    columns = dict.fromkeys(("hash", "login", "created_at", "seen_at", "expires_at"), str)
    db.table("sessions").create(columns, pk="hash")
    db.table("sessions").create_index(["login"])


class AccountTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def any(self) -> bool:
        """Whether anybody may sign in, demo people aside."""
        with self._access.guard():
            found = self._access.connection.execute(
                "SELECT 1 FROM accounts WHERE source <> 'demo' LIMIT 1"
            ).fetchone()
        return found is not None

    def list(self) -> list[Account]:
        with self._access.guard():
            rows = self._access.connection.execute(f"{_SELECT} ORDER BY login").fetchall()
        return [_account(row) for row in rows]

    def find(self, login: str) -> Account | None:
        """Logins are the same whatever their case."""
        with self._access.guard():
            row = self._access.connection.execute(
                f"{_SELECT} WHERE login = ? COLLATE NOCASE", [login]
            ).fetchone()
        return _account(row) if row else None

    def get(self, login: str) -> Account:
        """Raises StoreError where there is no such account."""
        found = self.find(login)
        if found is None:
            raise StoreError(
                f"There is no account {login!r}.",
                "`assist accounts list` shows them.",
                code="account",
            )
        return found

    def hash_of(self, login: str) -> str:
        """Empty where there is no account, or none with a password."""
        with self._access.guard():
            row = self._access.connection.execute(
                "SELECT hash FROM accounts WHERE login = ? COLLATE NOCASE", [login]
            ).fetchone()
        return row[0] if row else ""

    def add(self, person: Person, hash_: str, at: datetime, source: Source = "local") -> Account:
        """Raises AccountRefused where the login is taken or cannot be one."""
        if not _LOGIN.fullmatch(person.login):
            raise AccountRefused(
                f"{person.login!r} cannot be a login.",
                "Up to 64 letters, digits and . _ @ - are, as the phone system names its agents.",
                code="account.login",
            )
        with self._access.guard(), self._access.transaction():
            if self.find(person.login) is not None:
                raise AccountRefused(
                    f"There is an account {person.login!r} already.",
                    "Choose another login, or change that account.",
                    code="account.taken",
                )
            self._access.connection.execute(
                "INSERT INTO accounts (login, name, roles, source, hash, created_at, signed_in_at,"
                " disabled) VALUES (?, ?, ?, ?, ?, ?, '', 0)",
                [
                    person.login,
                    person.name or person.login,
                    _listed(person.roles),
                    source,
                    hash_,
                    moment_text(at),
                ],
            )
        return self.get(person.login)

    def set_password(self, login: str, hash_: str) -> Account:
        """Its sessions end: whoever knew the old password is out."""
        account = self.get(login)
        if account.source != "local":
            raise AccountRefused(
                f"{account.login!r} has no password here.",
                "Only accounts kept here have one.",
                code="account.source",
            )
        return self._change(account, "hash", hash_, ends=True)

    def keep_rehashed(self, login: str, hash_: str) -> None:
        """The same password, hashed with today's parameters."""
        self._change(self.get(login), "hash", hash_, ends=False)

    def set_roles(self, login: str, roles: Iterable[Role]) -> Account:
        return self._change(self.get(login), "roles", _listed(roles), ends=False)

    def set_name(self, login: str, name: str) -> Account:
        return self._change(self.get(login), "name", name, ends=False)

    def set_disabled(self, login: str, disabled: bool) -> Account:
        return self._change(self.get(login), "disabled", int(disabled), ends=disabled)

    def signed_in(self, login: str, at: datetime) -> None:
        self._change(self.get(login), "signed_in_at", moment_text(at), ends=False)

    def _change(self, account: Account, column: str, value: str | int, *, ends: bool) -> Account:
        """One column; raises AccountRefused where nobody would be left to administer the house."""
        with self._access.guard(), self._access.transaction():
            execute = self._access.connection.execute
            execute(f"UPDATE accounts SET {column} = ? WHERE login = ?", [value, account.login])
            if ends:
                execute("DELETE FROM sessions WHERE login = ?", [account.login])
            if column in ("roles", "disabled") and _rules(account):
                self._check_an_admin_is_left()
        return self.get(account.login)

    def _check_an_admin_is_left(self) -> None:
        rows = self._access.connection.execute(
            "SELECT roles FROM accounts WHERE disabled = 0 AND source <> 'demo'"
        )
        if not any("admin" in roles.split() for (roles,) in rows):
            raise AccountRefused(
                "This is the last administrator.",
                "Make somebody else one first.",
                code="account.last_admin",
            )


class SessionTable:
    """Who is signed in. A session ends when it was idle too long, or at its fixed end."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def begin(self, hash_: str, login: str, at: datetime, lasts: timedelta) -> None:
        with self._access.guard(), self._access.transaction():
            execute = self._access.connection.execute
            execute("DELETE FROM sessions WHERE expires_at < ?", [moment_text(at)])
            execute(
                "INSERT INTO sessions (hash, login, created_at, seen_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                [hash_, login, moment_text(at), moment_text(at), moment_text(at + lasts)],
            )

    def who(self, hash_: str, at: datetime, idle: timedelta) -> Account | None:
        """Whose session it is, who is at work with it now; None for one that is over."""
        with self._access.guard():
            row = self._access.connection.execute(
                f"SELECT seen_at, expires_at, {_COLUMNS} FROM sessions JOIN accounts"
                " USING (login) WHERE sessions.hash = ?",
                [hash_],
            ).fetchone()
            if row is None:
                return None
            seen, expires, account = moment_of(row[0]), row[1], _account(row[2:])
            if account.disabled or moment_text(at) >= expires or at - seen > idle:
                self.end(hash_)
                return None
            if at - seen >= _SEEN_EVERY:
                self._access.connection.execute(
                    "UPDATE sessions SET seen_at = ? WHERE hash = ?", [moment_text(at), hash_]
                )
        return account

    def end(self, hash_: str) -> None:
        with self._access.guard():
            self._access.connection.execute("DELETE FROM sessions WHERE hash = ?", [hash_])


_COLUMNS = "login, name, roles, source, disabled, accounts.created_at, signed_in_at"
_SELECT = f"SELECT {_COLUMNS} FROM accounts"


def _account(row: tuple[Any, ...]) -> Account:
    login, name, roles, source, disabled, created_at, signed_in_at = row
    return Account(
        login=login,
        name=name,
        roles=tuple(roles.split()),
        source=source,
        disabled=bool(disabled),
        created_at=created_at,
        signed_in_at=signed_in_at,
    )


def _rules(account: Account) -> bool:
    """Of those whom an OpenID provider vouches for the provider decides."""
    return account.source == "local" and "admin" in account.roles


def _listed(roles: Iterable[Role]) -> str:
    """In the order in which they are always named."""
    given = set(roles)
    return " ".join(role for role in ROLES if role in given)
