"""Who may open a door: by network, by token, by signature."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from assist.config import DoorSettings
from assist.errors import AssistError


@dataclass(frozen=True)
class Handshake:
    """What a connection says of itself: `headers` by lower-case name, `target` path and query as
    asked for, `host` the address it comes from."""

    host: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    target: str

    @property
    def tokens(self) -> tuple[str, ...]:
        """Bearer, the password of Basic, or `?token=`."""
        kind, _, rest = self.headers.get("authorization", "").partition(" ")
        found = [self.query.get("token", "")]
        if kind.lower() == "bearer":
            found.append(rest.strip())
        if kind.lower() == "basic":
            found.append(_password(rest.strip()))
        return tuple(token for token in found if token)

    def is_known(self, options: DoorSettings) -> bool:
        return any(is_known(token, options) for token in (*self.tokens, ""))


def check_network(host: str, allow: Iterable[str]) -> None:
    """Raises AssistError where networks are named and this address is in none of them."""
    allow = tuple(allow)
    if allow and not is_within(host, allow):
        raise unauthorized("The address is in none of the networks that may connect.")


def is_within(host: str, networks: Iterable[str]) -> bool:
    """An IPv4 address may come dressed as an IPv6 one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in ipaddress.ip_network(each, strict=False) for each in networks)


def is_token(said: str, wanted: SecretStr) -> bool:
    """Compared in constant time; an unset token is nobody's."""
    secret = wanted.get_secret_value()
    return bool(secret) and hmac.compare_digest(said.encode(), secret.encode())


def is_known(token: str, options: DoorSettings) -> bool:
    """By the door's token, or, where it has none, by the networks that may connect at all."""
    if options.token.get_secret_value():
        return is_token(token, options.token)
    return bool(options.allow)


def check_token(handshake: Handshake, options: DoorSettings) -> None:
    """Raises AssistError. A door with neither token nor networks lets nobody in by itself."""
    if not handshake.is_known(options):
        raise unauthorized(
            "The token is missing or wrong, or the door has neither token nor allow."
        )


def unauthorized(message: str) -> AssistError:
    return AssistError(
        message, "See the door's settings, allow and token.", code="door.unauthorized"
    )


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
