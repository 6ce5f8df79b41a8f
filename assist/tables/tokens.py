"""API tokens of machines: who they are for and what they may; of the secret only its hash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.accounts.model import ROLES, USES, Person, Role, Use
from assist.accounts.tokens import new_token, read_token, same
from assist.errors import AccountRefused, SignInRefused, StoreError
from assist.tables.access import Access, moment_of, moment_text

LASTS_DAYS, MOST_DAYS = 365, 3_650
_USED_EVERY = timedelta(minutes=1)


class ApiToken(BaseModel):
    """`ends_at` is empty for one from before tokens had an end."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    roles: tuple[Role, ...]
    uses: tuple[Use, ...]
    created_at: str
    used_at: str
    revoked_at: str
    ends_at: str

    @property
    def person(self) -> Person:
        """Machines act under their token's name, which no login can be."""
        return Person(
            login=f"token:{self.name}",
            name=self.name,
            roles=frozenset(self.roles),
            machine=True,
            uses=frozenset(self.uses),
        )


def create(db: sqlite_utils.Database) -> None:
    names = ("id", "name", "roles", "uses", "hash", "created_at", "used_at", "revoked_at")
    db.table("api_tokens").create(dict.fromkeys(names, str), pk="id")


def add_ends(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE api_tokens ADD COLUMN ends_at TEXT NOT NULL DEFAULT ''")


class TokenTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def create(
        self,
        name: str,
        roles: Iterable[Role],
        uses: Iterable[Use],
        at: datetime,
        days: int = LASTS_DAYS,
    ) -> tuple[ApiToken, str]:
        """The token, good for so many days, and its text, which is not kept.

        Raises AccountRefused.
        """
        roles, uses = set(roles), set(uses)
        if not name.strip() or not (roles or uses):
            raise AccountRefused(
                "A token needs a name, and something that it may do.",
                "Name the machine it is for, and give it a use or a role.",
                code="account.token",
            )
        if not 0 < days <= MOST_DAYS:
            raise AccountRefused(
                f"A token cannot last {days} days.",
                f"Choose from 1 to {MOST_DAYS:,}; make a new one before it ends.",
                code="account.token",
            )
        made = new_token()
        with self._access.guard():
            self._access.connection.execute(
                "INSERT INTO api_tokens (id, name, roles, uses, hash, created_at, used_at,"
                " revoked_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, '', '', ?)",
                [
                    made.id,
                    name.strip(),
                    " ".join(role for role in ROLES if role in roles),
                    " ".join(use for use in USES if use in uses),
                    made.hash,
                    moment_text(at),
                    moment_text(at + timedelta(days=days)),
                ],
            )
        return self._get(made.id), made.text

    def list(self) -> list[ApiToken]:
        """Newest first, revoked ones too."""
        with self._access.guard():
            rows = self._access.connection.execute(
                f"{_SELECT} ORDER BY created_at DESC, id"
            ).fetchall()
        return [_token(row) for row in rows]

    def revoke(self, id_: str, at: datetime) -> ApiToken:
        """Raises StoreError where there is no such token."""
        token = self._get(id_)
        with self._access.guard():
            self._access.connection.execute(
                "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at = ''",
                [moment_text(at), token.id],
            )
        return self._get(id_)

    def who(self, text: str, at: datetime) -> Person | None:
        """Whose token it is; None for one that is unknown or revoked. Raises SignInRefused for one
        that has ended."""
        read = read_token(text)
        if read is None:
            return None
        with self._access.guard():
            execute = self._access.connection.execute
            row = execute("SELECT hash FROM api_tokens WHERE id = ?", [read[0]]).fetchone()
            if row is None or not same(row[0], read[1]):
                return None
            token = self._get(read[0])
            if token.revoked_at:
                return None
            if token.ends_at and at >= moment_of(token.ends_at):
                raise SignInRefused(
                    f"The token {token.name!r} ended at {token.ends_at}.",
                    "An administrator makes a new one: /admin#tokens, or `assist token create`.",
                    code="sign_in.token_ended",
                )
            if at - moment_of(token.used_at) >= _USED_EVERY:
                execute(
                    "UPDATE api_tokens SET used_at = ? WHERE id = ?", [moment_text(at), token.id]
                )
        return token.person

    def _get(self, id_: str) -> ApiToken:
        with self._access.guard():
            row = self._access.connection.execute(f"{_SELECT} WHERE id = ?", [id_]).fetchone()
        if row is None:
            raise StoreError(
                f"There is no token {id_!r}.", "`assist token list` shows them.", code="account"
            )
        return _token(row)


_SELECT = "SELECT id, name, roles, uses, created_at, used_at, revoked_at, ends_at FROM api_tokens"


def _token(row: tuple[Any, ...]) -> ApiToken:
    id_, name, roles, uses, created_at, used_at, revoked_at, ends_at = row
    return ApiToken(
        id=id_,
        name=name,
        roles=tuple(roles.split()),
        uses=tuple(uses.split()),
        created_at=created_at,
        used_at=used_at,
        revoked_at=revoked_at,
        ends_at=ends_at,
    )
