"""Administration: accounts, API tokens, and the audit log. Every change is written down."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.accounts.model import ROLES, USES, Person, Role, Use
from assist.accounts.passwords import check_password
from assist.errors import AccountRefused
from assist.tables.accounts import Account
from assist.tables.audit import MOST_ROWS, Wanted
from assist.tables.tokens import LASTS_DAYS, MOST_DAYS
from assist.web.entrance import Entrance
from assist.web.people import person_of

_Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=64)
    name: _Name = ""
    roles: frozenset[Role]
    password: str = Field(max_length=1_000)


class ChangeAccount(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: _Name | None = None
    roles: frozenset[Role] | None = None
    password: str | None = Field(default=None, max_length=1_000)
    disabled: bool | None = None


class NewToken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Name
    roles: frozenset[Role] = frozenset()
    uses: frozenset[Use] = frozenset()
    days: int = Field(default=LASTS_DAYS, ge=1, le=MOST_DAYS)


class FindAudit(Wanted):
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0)


async def accounts(request: Request) -> JSONResponse:
    found = _entrance(request).store.accounts.list()
    return JSONResponse(
        {"accounts": [account.model_dump(mode="json") for account in found], "roles": ROLES}
    )


async def add_account(request: Request) -> JSONResponse:
    entrance = _entrance(request)
    asked = NewAccount.model_validate_json(await request.body() or b"{}")
    check_password(asked.login, asked.password)
    hashed = await entrance.hash(asked.password)
    person = Person(login=asked.login, name=asked.name, roles=asked.roles)
    account = entrance.store.accounts.add(person, hashed, entrance.now())
    entrance.audit(person_of(request), "account", f"add {account.login}: {_roles(account)}")
    return JSONResponse(account.model_dump(mode="json"), status_code=201)


async def change_account(request: Request) -> JSONResponse:
    entrance, by = _entrance(request), person_of(request)
    asked = ChangeAccount.model_validate_json(await request.body() or b"{}")
    table = entrance.store.accounts
    account = table.get(request.path_params["login"])
    if asked.disabled and account.login == by.login:
        raise AccountRefused(
            "This is your own account.", "Let another administrator disable it.", code="account.own"
        )
    if asked.password is not None:
        check_password(account.login, asked.password)
        account = table.set_password(account.login, await entrance.hash(asked.password))
        entrance.audit(by, "account", f"password of {account.login}")
    if asked.name is not None:
        account = table.set_name(account.login, asked.name)
        entrance.audit(by, "account", f"name of {account.login}")
    if asked.roles is not None:
        account = table.set_roles(account.login, asked.roles)
        entrance.audit(by, "account", f"roles of {account.login}: {_roles(account)}")
    if asked.disabled is not None:
        account = table.set_disabled(account.login, asked.disabled)
        did = "disable" if account.disabled else "enable"
        entrance.audit(by, "account", f"{did} {account.login}")
    return JSONResponse(account.model_dump(mode="json"))


async def tokens(request: Request) -> JSONResponse:
    found = _entrance(request).store.tokens.list()
    shown = [token.model_dump(mode="json") for token in found]
    now = _entrance(request).now().isoformat(timespec="seconds")
    return JSONResponse({"tokens": shown, "roles": ROLES, "uses": USES, "now": now})


async def add_token(request: Request) -> JSONResponse:
    """The answer has the token's text, once."""
    entrance = _entrance(request)
    asked = NewToken.model_validate_json(await request.body() or b"{}")
    table, now = entrance.store.tokens, entrance.now()
    made, text = table.create(asked.name, asked.roles, asked.uses, now, asked.days)
    may = " ".join((*made.uses, *made.roles))
    entrance.audit(
        person_of(request), "token", f"create {made.id} {made.name}: {may}; ends {made.ends_at}"
    )
    shown: dict[str, Any] = made.model_dump(mode="json")
    return JSONResponse({**shown, "text": text}, status_code=201)


async def revoke_token(request: Request) -> JSONResponse:
    entrance = _entrance(request)
    token = entrance.store.tokens.revoke(request.path_params["token"], entrance.now())
    entrance.audit(person_of(request), "token", f"revoke {token.id} {token.name}")
    return JSONResponse(token.model_dump(mode="json"))


async def audit(request: Request) -> JSONResponse:
    asked = FindAudit.model_validate(dict(request.query_params))
    found, count = _entrance(request).store.audit.list(asked, asked.limit, asked.offset)
    page = [entry.model_dump(mode="json") for entry in found]
    return JSONResponse({"entries": page, "count": count, "offset": asked.offset})


ROUTES = (
    Route("/api/admin/accounts", accounts),
    Route("/api/admin/accounts", add_account, methods=["POST"]),
    Route("/api/admin/accounts/{login}", change_account, methods=["POST"]),
    Route("/api/admin/tokens", tokens),
    Route("/api/admin/tokens", add_token, methods=["POST"]),
    Route("/api/admin/tokens/{token}/revoke", revoke_token, methods=["POST"]),
    Route("/api/admin/audit", audit),
)


def _roles(account: Account) -> str:
    return " ".join(account.roles) or "none"


def _entrance(request: Request) -> Entrance:
    return request.app.state.house.entrance
