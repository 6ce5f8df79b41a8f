"""The back office over HTTP: `ports.Desk` for a live call.

Every answer is either understood or a DeskError that names the address and what to do; silence is
DeskDown. It never waits longer than it was told and never puts a caller's numbers into a message.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import tenacity
from pydantic import BaseModel, ConfigDict, ValidationError

from assist.desk.breaker import Breaker, Clock
from assist.desk.connectors import LANG, Connector
from assist.desk.numbers import digits_of
from assist.errors import DeskDown, DeskError, DeskRefused
from assist.events import Customer, OpenTicket
from assist.ports import DiagnosisResult, FiledTicket

ATTEMPTS = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 0.5
BUSY = (429, 502, 503, 504)
CLOSED = "closed"
_HEALTH_S = 2.0


class _Lenient(BaseModel):
    """A back office may say more than is used here."""

    model_config = ConfigDict(extra="ignore")


class _Found(_Lenient):
    customers: list[dict[str, Any]]


class _Refusal(_Lenient):
    code: str = ""
    message: str = ""
    remedy: str = ""


class _Filed(_Lenient):
    number: str
    status: str


class _Ticket(_Lenient):
    number: str
    type: str
    title: str
    status: str
    created_at: str = ""


class _Tickets(_Lenient):
    tickets: list[_Ticket]


M = TypeVar("M", bound=BaseModel)


class HttpDesk:
    """One per process; `aclose` at the end. Safe for any number of calls at once."""

    def __init__(
        self,
        base_url: str,
        connectors: Mapping[str, Connector],
        timeout_s: float,
        *,
        environ: Mapping[str, str] = os.environ,
        clock: Clock = time.monotonic,
        named_by: str = "desk_url",
    ) -> None:
        """`timeout_s` bounds finding and filing; a diagnosis brings its own. `environ` holds the
        secrets of connectors, `named_by` is where the address is set. Raises DeskError.
        """
        self.base_url = base_url
        self._named_by = named_by
        self._timeout_s = timeout_s
        self._environ, self._clock = environ, clock
        self._connectors: Mapping[str, Connector] = {}
        self._breakers: dict[str, Breaker] = {}
        self._elsewhere: dict[str, HttpDesk] = {}
        # The back office stands in the house: a proxy meant for the internet must not see it.
        # Certificates are the system's, where an administrator adds the company's own.
        try:
            self._http = httpx.AsyncClient(
                base_url=self.base_url, trust_env=False, verify=ssl.create_default_context()
            )
        except httpx.InvalidURL as error:
            raise DeskError(
                f"The back office's address {base_url} is no address: {error}.",
                f"Set {named_by} to something like http://127.0.0.1:8711.",
                code="desk.address",
            ) from error
        self.connect(connectors)

    def connect(self, connectors: Mapping[str, Connector]) -> None:
        """From now on these answer; one that is as it was keeps what is known of its system, and
        what is under way ends where it was asked. Raises DeskError, and then the old ones stay."""
        for name, c in connectors.items():
            if c.origin and c.origin not in self._elsewhere:
                named_by = f"the url of connector {name}"
                self._elsewhere[c.origin] = HttpDesk(
                    c.origin, {}, self._timeout_s, named_by=named_by
                )
        self._breakers = {
            name: self._breakers[name]
            if self._connectors.get(name) == c
            else Breaker(name, c.breaker.failures, c.breaker.rest_s, self._clock)
            for name, c in connectors.items()
        }
        self._connectors = connectors

    @property
    def connectors(self) -> Mapping[str, Connector]:
        """By id; who answers which diagnosis."""
        return self._connectors

    async def answers(self) -> bool:
        """Whether the back office says that it runs, within two seconds."""
        try:
            return (await self._http.get("/health", timeout=_HEALTH_S)).is_success
        except httpx.HTTPError:
            return False

    async def aclose(self) -> None:
        for desk in self._elsewhere.values():
            await desk.aclose()
        await self._http.aclose()

    async def find_customer(self, number: str) -> Customer | None:
        """The one customer whose own phone this is, or else the only one known by it.

        None where nobody or more than one fits; a number without digits is not asked about.
        Raises DeskDown, DeskError.
        """
        if not digits_of(number):
            return None
        place = "GET /customers"
        reply = await self._ask(
            place, self._timeout_s, "GET", "/customers", params={"number": number}
        )
        found = self._fits(_Found, reply, place).customers
        own = [c for c in found if digits_of(str(c.get("phone", ""))) == digits_of(number)]
        fitting = own or found
        if len(fitting) != 1:
            return None
        known = {k: v for k, v in fitting[0].items() if k in Customer.model_fields}
        return self._fits(Customer, known, place)

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult:
        """The summary is `conclusion_en` when `args` hold lang=en, `conclusion_zh` otherwise.

        Raises DeskDown, DeskError.
        """
        known = self._connectors.get(connector)
        if known is None:
            raise DeskError(
                f"There is no connector '{connector}'.",
                f"Use one of {', '.join(sorted(self._connectors))}, or add it to "
                "guides/connectors/.",
                code="desk.connector",
            )
        path, query = known.request(args)
        place = f"{known.method} {known.below}"
        system = self._elsewhere.get(known.origin, self)
        parts: dict[str, Any] = {"params": query, "headers": known.headers(self._environ)}
        body = known.json_body(args)
        if body is not None:
            parts["json"] = body
        waits_s = min(timeout_s, known.timeout_s or timeout_s)
        with self._breakers[connector].guard():
            answer = await system._ask(
                place, waits_s, known.method, path, attempts=known.attempts, **parts
            )
        if not isinstance(answer, dict):
            raise system._nonsense(place, "the answer is not an object")
        try:
            result = known.renamed(answer)
        except KeyError as error:
            raise system._nonsense(place, f"{error.args[0]} is not in the answer") from error
        lang = "en" if args.get(LANG) == "en" else "zh"
        return DiagnosisResult(result, str(result.get(f"conclusion_{lang}", "")))

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """Sends `key` as Idempotency-Key, so trying again never files twice.

        Raises DeskDown (it may have been filed: ask again with the same key), DeskError.
        """
        place = "POST /tickets"
        reply = await self._ask(
            place,
            self._timeout_s,
            "POST",
            "/tickets",
            json={"type": type, "title": title, "fields": dict(fields)},
            headers={"Idempotency-Key": quote(key, safe=":/@#|")},
        )
        filed = self._fits(_Filed, reply, place)
        return FiledTicket(filed.number, filed.status)

    async def open_tickets(self, customer: str) -> tuple[OpenTicket, ...]:
        """The customer's tickets that are not closed, newest first. Raises DeskDown, DeskError."""
        place = "GET /tickets"
        reply = await self._ask(
            place, self._timeout_s, "GET", "/tickets", params={"customer": customer}
        )
        found = self._fits(_Tickets, reply, place).tickets
        return tuple(
            OpenTicket(opened_on=t.created_at[:10], **t.model_dump(exclude={"created_at"}))
            for t in found
            if t.status != CLOSED
        )

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """Sends `key` as Idempotency-Key, so trying again never appends twice.

        Raises DeskDown (it may have been appended: ask again with the same key), DeskError.
        """
        place = "POST /tickets/{number}/notes"
        reply = await self._ask(
            place,
            self._timeout_s,
            "POST",
            f"/tickets/{quote(number, safe='')}/notes",
            json={"text": text, "fields": dict(fields)},
            headers={"Idempotency-Key": quote(key, safe=":/@#|")},
        )
        noted = self._fits(_Filed, reply, place)
        return FiledTicket(noted.number, noted.status)

    async def _ask(
        self,
        place: str,
        timeout_s: float,
        method: str,
        path: str,
        *,
        attempts: int = ATTEMPTS,
        **parts: Any,
    ) -> Any:
        """The JSON of a successful answer; tries again while there is time.

        Every request of this room may be repeated: reads are, and filing carries its key.
        """
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(DeskDown),
            stop=tenacity.stop_after_attempt(attempts),
            wait=tenacity.wait_random_exponential(FIRST_WAIT_S, LONGEST_WAIT_S),
            reraise=True,
        )
        try:
            async with asyncio.timeout(timeout_s):
                response = await retrying(self._send, place, method, path, parts)
        except TimeoutError as error:
            raise self._down(place, f"did not answer within {timeout_s:g} s") from error
        try:
            return response.json()
        except (ValueError, RecursionError) as error:
            raise self._nonsense(place, "the answer is not JSON") from error

    async def _send(
        self, place: str, method: str, path: str, parts: dict[str, Any]
    ) -> httpx.Response:
        try:
            response = await self._http.request(method, path, timeout=None, **parts)
        except httpx.TransportError as error:
            raise self._down(place, f"cannot be reached ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise self._nonsense(place, type(error).__name__) from error
        if response.status_code in BUSY:
            raise self._down(place, f"is not available (HTTP {response.status_code})")
        if not response.is_success:
            raise self._refusal(place, response)
        return response

    def _down(self, place: str, what: str) -> DeskDown:
        return DeskDown(
            f"The back office {self.base_url} {what} ({place}).",
            f"Check that it runs and that {self._named_by} is right; go on by hand meanwhile.",
        )

    def _nonsense(self, place: str, what: str) -> DeskError:
        return DeskError(
            f"The back office {self.base_url} could not be understood: {what} ({place}).",
            f"Check that {self._named_by} is the back office's address and that its version fits.",
            code="desk.nonsense",
        )

    def _refusal(self, place: str, response: httpx.Response) -> DeskError:
        try:
            said = _Refusal.model_validate(response.json())
        except (ValueError, RecursionError):
            said = _Refusal()
        why = said.message or "no reason given"
        # Without a reason it may be a proxy in between, or a failure: asking again may help.
        final = response.is_client_error and bool(said.message)
        return (DeskRefused if final else DeskError)(
            f"The back office {self.base_url} refused {place} (HTTP {response.status_code}): {why}",
            said.remedy or "Check what was asked, or go on by hand.",
            code=f"desk.{said.code}" if said.code else "desk.refused",
        )

    def _fits(self, model: type[M], reply: Any, place: str) -> M:
        try:
            return model.model_validate(reply)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "answer"
            raise self._nonsense(place, f"{where}: {first['msg']}") from error
