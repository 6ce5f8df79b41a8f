"""What a process hands out itself and keeps in memory only: the set-up code, one-time sign-in
links, and a token for its own clients. All of it is gone with the process."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode, urlsplit

from assist.accounts.model import ROLES, USES, Person
from assist.accounts.tokens import new_token, same

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that is mistaken for another when typed from a terminal."""


class Keys:
    def __init__(self) -> None:
        self._token = new_token()
        self._links: dict[str, str] = {}
        self.set_up_code = "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)
        )

    @property
    def token(self) -> str:
        """Of this process's own clients, such as a recorded call that it plays into itself."""
        return self._token.text

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def machine(self, token: str) -> Person | None:
        """Whose token it is: the process itself, or nobody known here."""
        if not same(token, self._token.text):
            return None
        return Person(
            login="assist",
            name="assist",
            roles=frozenset(ROLES),
            machine=True,
            uses=frozenset(USES),
        )

    def link(self, url: str, login: str, to: str) -> str:
        """An address that signs in as `login` once and goes on to the page `to` of `url`."""
        code = secrets.token_urlsafe(24)
        self._links[code] = login
        goes_on = urlsplit(url).path + to
        return f"{url}/sign-in/link?{urlencode({'code': code, 'next': goes_on})}"

    def redeem(self, code: str) -> str | None:
        """Whose link it was; it leads nowhere from now on."""
        return self._links.pop(code, None)

    def is_set_up_code(self, typed: str) -> bool:
        return same(_plain(typed), _plain(self.set_up_code))


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
