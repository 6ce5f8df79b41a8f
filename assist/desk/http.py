"""The back office over HTTP: `ports.Desk` for a live call.

Every answer is either understood or a DeskError that names the address and what to do; silence is
DeskDown. It never waits longer than it was told and never puts a caller's numbers into a message.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import tenacity
from pydantic import BaseModel, ConfigDict, ValidationError

from assist.desk.connectors import LANG, Connector
from assist.desk.numbers import digits_of
from assist.errors import DeskDown, DeskError
from assist.events import Customer
from assist.ports import DiagnosisResult, FiledTicket

ATTEMPTS = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 0.5
BUSY = (429, 502, 503, 504)


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


M = TypeVar("M", bound=BaseModel)


class HttpDesk:
    """One per process; `aclose` at the end. Safe for any number of calls at once."""

    def __init__(
        self, base_url: str, connectors: Mapping[str, Connector], timeout_s: float
    ) -> None:
        """`timeout_s` bounds finding and filing; a diagnosis brings its own. Raises DeskError."""
        self.base_url = base_url
        self._connectors = connectors
        self._timeout_s = timeout_s
        # The back office stands in the house: a proxy meant for the internet must not see it.
        # Certificates are the system's, where an administrator adds the company's own.
        try:
            self._http = httpx.AsyncClient(
                base_url=self.base_url, trust_env=False, verify=ssl.create_default_context()
            )
        except httpx.InvalidURL as error:
            raise DeskError(
                f"The back office's address {base_url} is no address: {error}.",
                "Set desk_url to something like http://127.0.0.1:8711.",
                code="desk.address",
            ) from error

    async def aclose(self) -> None:
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
        place = f"{known.method} {known.path}"
        result = await self._ask(place, timeout_s, known.method, path, params=query)
        if not isinstance(result, dict):
            raise self._nonsense(place, "the answer is not an object")
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

    async def _ask(self, place: str, timeout_s: float, method: str, path: str, **parts: Any) -> Any:
        """The JSON of a successful answer; tries again while there is time.

        Every request of this room may be repeated: reads are, and filing carries its key.
        """
        attempts = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(DeskDown),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=tenacity.wait_random_exponential(FIRST_WAIT_S, LONGEST_WAIT_S),
            reraise=True,
        )
        try:
            async with asyncio.timeout(timeout_s):
                response = await attempts(self._send, place, method, path, parts)
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
            "Check that it runs and that desk_url is right; go on by hand meanwhile.",
        )

    def _nonsense(self, place: str, what: str) -> DeskError:
        return DeskError(
            f"The back office {self.base_url} could not be understood: {what} ({place}).",
            "Check that desk_url is the back office's address and that its version fits.",
            code="desk.nonsense",
        )

    def _refusal(self, place: str, response: httpx.Response) -> DeskError:
        try:
            said = _Refusal.model_validate(response.json())
        except (ValueError, RecursionError):
            said = _Refusal()
        why = said.message or "no reason given"
        return DeskError(
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
