"""Coming in: signing in and out, and whose session or token a request brings.

Hashes are made in a thread, two at a time; everything else is the event loop's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assist.accounts.keys import Keys
from assist.accounts.limits import Allowance, Throttle
from assist.accounts.model import Person
from assist.accounts.passwords import Passwords
from assist.accounts.tokens import hash_of, new_secret
from assist.config import OidcSettings
from assist.errors import SignInRefused
from assist.store import Store
from assist.tables.accounts import Account
from assist.tables.audit import Action, Outcome

HASHES_AT_ONCE = 2
"""Each takes 64 MiB; who asks for hundreds must not take the machine's memory."""


@dataclass(frozen=True)
class EntranceRules:
    """How people come in here: settings as the web knows them."""

    demo: bool = False
    idle: timedelta = timedelta(hours=2)
    lasts: timedelta = timedelta(hours=12)
    frame_ancestors: tuple[str, ...] = ()
    cross_site: bool = False
    oidc: OidcSettings | None = None


@dataclass
class Entrance:
    """`monotonic_s` never goes back; `now` is the wall clock of everything that is kept."""

    store: Store
    keys: Keys
    now: Callable[[], datetime]
    monotonic_s: Callable[[], float]
    rules: EntranceRules = EntranceRules()
    passwords: Passwords = field(default_factory=Passwords)
    people: Allowance = field(default_factory=lambda: Allowance(per_s=20, burst=300))
    machines: Allowance = field(default_factory=lambda: Allowance(per_s=200, burst=2_000))
    _logins: Throttle = field(default_factory=lambda: Throttle(free=5, longest_s=300))
    _addresses: Throttle = field(default_factory=lambda: Throttle(free=20, longest_s=300))
    _openings: Allowance = field(default_factory=lambda: Allowance(per_s=1 / 3600, burst=1))
    _refusals: Allowance = field(default_factory=lambda: Allowance(per_s=1 / 600, burst=3))
    _hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HASHES_AT_ONCE))

    # ------------------------------------------------------------ who asks

    def person_of_session(self, session: str) -> Person | None:
        account = self.store.sessions.who(hash_of(session), self.now(), self.rules.idle)
        return account.person if account and self._may_come_in(account) else None

    def person_of_token(self, token: str) -> Person | None:
        """Raises SignInRefused for one that has ended."""
        return self.keys.machine(token) or self.store.tokens.who(token, self.now())

    def wait_s(self, person: Person) -> float:
        """Seconds until the person may ask again; 0 when they may now."""
        allowance = self.machines if person.machine else self.people
        return allowance.take(person.login, self.monotonic_s())

    def opened(self, person: Person, call: str) -> None:
        """Write down that somebody opened a call of another."""
        if not self._openings.take(f"{person.login} {call}", self.monotonic_s()):
            self.audit(person, "call.opened", f"call {call}")

    def refused(self, person: Person, place: str) -> None:
        """Written down at first; somebody who goes on asking does not fill the log."""
        if not self._refusals.take(f"{person.login} {place}", self.monotonic_s()):
            self.audit(person, "request", place, "refused")

    def audit(self, who: Person, action: Action, what: str, outcome: Outcome = "done") -> None:
        self.store.audit.add(self.now(), who.login, action, what, outcome)

    # ------------------------------------------------------------ signing in

    async def sign_in(self, login: str, password: str, address: str) -> str:
        """A new session id. Raises SignInRefused: wrong, disabled, or too often wrong."""
        self._check_wait(login, address)
        found = self.store.accounts.find(login)
        known = self.store.accounts.hash_of(login)
        async with self._hashing:
            self._check_wait(login, address)  # again: many may have waited here at once
            verdict = await asyncio.to_thread(self.passwords.verify, known, password)
        if not verdict.right or found is None or not self._may_come_in(found):
            self._failed(login, address)
            if verdict.right and found is not None and found.disabled:
                raise SignInRefused(
                    "This account is disabled.",
                    "Ask an administrator to enable it.",
                    code="sign_in.disabled",
                )
            raise SignInRefused(
                "Login or password is wrong.",
                "Try again; an administrator can set a new password.",
                code="sign_in.wrong",
            )
        if verdict.rehashed:
            self.store.accounts.keep_rehashed(found.login, verdict.rehashed)
        self._logins.succeeded(login.casefold())
        return self.begin(found, "password")

    def sign_in_demo(self, login: str) -> str:
        """Without a password. Raises SignInRefused where this is no demo, or they are nobody."""
        found = self.store.accounts.find(login)
        if not self.rules.demo or found is None or found.source != "demo" or found.disabled:
            raise SignInRefused(
                f"There is nobody {login!r} in a demo here.",
                "Sign in with a password.",
                code="sign_in.no_demo",
            )
        return self.begin(found, "demo")

    def redeem(self, code: str) -> str:
        """The session of a one-time link. Raises SignInRefused once it is used."""
        login = self.keys.redeem(code)
        found = self.store.accounts.find(login) if login else None
        if found is None or not self._may_come_in(found):
            raise SignInRefused(
                "This sign-in link has been used, or was never one.",
                "Sign in here, or ask for a new link.",
                code="sign_in.link",
            )
        return self.begin(found, "one-time link")

    def begin(self, account: Account, how: str) -> str:
        """The id of a new session; only its hash is kept."""
        session, now = new_secret(), self.now()
        self.store.sessions.begin(hash_of(session), account.login, now, self.rules.lasts)
        self.store.accounts.signed_in(account.login, now)
        self.store.audit.add(now, account.login, "sign_in", f"by {how}")
        return session

    def end(self, person: Person, session: str) -> None:
        self.store.sessions.end(hash_of(session))
        self.audit(person, "sign_out", "")

    def end_quietly(self, session: str) -> None:
        """Of a session that another takes the place of."""
        self.store.sessions.end(hash_of(session))

    async def hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self.passwords.hash, password)

    async def is_password_of(self, login: str, password: str, address: str) -> bool:
        """Asked again of someone signed in; guessing is slowed as at the door."""
        self._check_wait(login, address)
        known = self.store.accounts.hash_of(login)
        async with self._hashing:
            self._check_wait(login, address)
            right = (await asyncio.to_thread(self.passwords.verify, known, password)).right
        if not right:
            self._failed(login, address)
        return right

    @property
    def needs_set_up(self) -> bool:
        """Nobody can come in yet; whoever has the code of this start makes the first account."""
        return not self.rules.demo and not self.store.accounts.any()

    def check_set_up_code(self, code: str, address: str) -> None:
        self._check_wait("", address)
        if not self.keys.is_set_up_code(code):
            self._failed("", address)
            raise SignInRefused(
                "This is not the set-up code.",
                "`assist serve` prints it when it starts.",
                code="sign_in.code",
            )

    def _may_come_in(self, account: Account) -> bool:
        return not account.disabled and (account.source != "demo" or self.rules.demo)

    def _check_wait(self, login: str, address: str) -> None:
        now_s = self.monotonic_s()
        wait_s = max(
            self._logins.wait_s(login.casefold(), now_s),
            self._addresses.wait_s(address, now_s),
        )
        if wait_s > 0:
            seconds = str(max(1, round(wait_s)))
            raise SignInRefused(
                f"Too many failed attempts; the next one is possible in {seconds} s.",
                "Wait, then try again; an administrator can set a new password.",
                code="sign_in.wait",
                values={"seconds": seconds},
            )

    def _failed(self, login: str, address: str) -> None:
        now_s = self.monotonic_s()
        self._logins.failed(login.casefold(), now_s)
        self._addresses.failed(address, now_s)
        self.store.audit.add(self.now(), login or "-", "sign_in", f"from {address}", "failed")
