"""Signed handshakes: HTTP message signatures as Genesys makes them, and Twilio's own.

Genesys signs by draft-ietf-httpbis-message-signatures with hmac-sha256; each line of what is
signed is `"name": value`, the last one the signature's own parameters. A signature may be used
once: its nonce is remembered for as long as it could still be taken for fresh.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assist.errors import AssistError

MAX_AGE_S = 10
MAX_AHEAD_S = 5
"""How far the signer's clock may be ahead of ours."""

MIN_NONCE = 22
MOST_NONCES = 100_000
REQUIRED = (
    "@request-target",
    "@authority",
    "audiohook-organization-id",
    "audiohook-session-id",
    "audiohook-correlation-id",
    "x-api-key",
)

_INPUT = re.compile(r'^\s*([\w*.-]+)=(\(((?:"[^"]*" ?)*)\)((?:;[\w*.-]+=(?:"[^"]*"|\d+))*))\s*$')
_PARAMETER = re.compile(r';([\w*.-]+)=(?:"([^"]*)"|(\d+))')
_SIGNATURE = re.compile(r"^\s*([\w*.-]+)=:([A-Za-z0-9+/=]*):\s*$")


@dataclass
class Nonces:
    """Those seen lately; the oldest go when it is full, by then they are long stale."""

    seen: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def is_new(self, nonce: str, now_s: float) -> bool:
        while self.seen:
            oldest = next(iter(self.seen))
            fresh = now_s - self.seen[oldest] <= MAX_AGE_S + MAX_AHEAD_S
            if fresh and len(self.seen) < MOST_NONCES:
                break
            del self.seen[oldest]
        if nonce in self.seen:
            return False
        self.seen[nonce] = now_s
        return True


def check_signature(
    headers: Mapping[str, str],
    target: str,
    *,
    api_key: str,
    secret: bytes,
    nonces: Nonces,
    now_s: float,
) -> None:
    """`headers` by lower-case name, `target` path and query as asked for, `now_s` Unix time.

    Raises AssistError (`door.unauthorized`) that says what is wrong, for the log.
    """
    label, components, parameters, raw = _read_input(headers.get("signature-input", ""))
    missing = [name for name in REQUIRED if name not in components]
    if missing:
        raise _unauthorized(f"not signed: {', '.join(missing)}")
    created = parameters.get("created", "")
    if not created.isdigit():
        raise _unauthorized("no time of creation")
    if not -MAX_AHEAD_S <= now_s - int(created) <= MAX_AGE_S:
        raise _unauthorized(f"signed {now_s - int(created):.0f} s ago")
    expires = parameters.get("expires", "")
    if expires.isdigit() and now_s > int(expires):
        raise _unauthorized("expired")
    if parameters.get("alg", "hmac-sha256") != "hmac-sha256":
        raise _unauthorized("signed with another algorithm than hmac-sha256")
    if not _same(parameters.get("keyid", ""), api_key) or not _same(
        headers.get("x-api-key", ""), api_key
    ):
        raise _unauthorized("another API key")
    known = {**headers, "@request-target": target, "@authority": headers.get("host", "").lower()}
    base = signature_base(components, known, raw)
    wanted = hmac.new(secret, base.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(wanted, _read_signature(headers.get("signature", ""), label)):
        raise _unauthorized("the signature is wrong")
    nonce = parameters.get("nonce", "")
    if len(nonce) < MIN_NONCE:
        raise _unauthorized("the nonce is too short")
    if not nonces.is_new(nonce, now_s):
        raise _unauthorized("the signature was used before")


def signature_base(components: Sequence[str], values: Mapping[str, str], parameters: str) -> str:
    """What is signed; `parameters` as they stand in the header, behind the label."""
    lines = [f'"{name}": {values.get(name, "").strip()}' for name in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


def sign(
    headers: Mapping[str, str], target: str, *, secret: bytes, nonce: str, created: int
) -> dict[str, str]:
    """The two headers of a signed handshake, as a client makes them."""
    names = " ".join(f'"{name}"' for name in REQUIRED)
    raw = (
        f'({names});keyid="{headers["x-api-key"]}";nonce="{nonce}";alg="hmac-sha256"'
        f";created={created};expires={created + MAX_AGE_S}"
    )
    known = {**headers, "@request-target": target, "@authority": headers["host"].lower()}
    digest = hmac.new(secret, signature_base(REQUIRED, known, raw).encode(), hashlib.sha256)
    signature = base64.b64encode(digest.digest()).decode()
    return {"signature-input": f"sig1={raw}", "signature": f"sig1=:{signature}:"}


def twilio_signature(url: str, auth_token: str) -> str:
    """What `X-Twilio-Signature` must be for a handshake, which has no parameters of its own."""
    digest = hmac.new(auth_token.encode(), url.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _read_input(header: str) -> tuple[str, list[str], dict[str, str], str]:
    found = _INPUT.match(header)
    if found is None:
        raise _unauthorized("no signature, or one that cannot be read")
    label, raw, names, parameters = found.groups()
    read = {key: text or digits for key, text, digits in _PARAMETER.findall(parameters)}
    return label, re.findall(r'"([^"]*)"', names), read, raw


def _read_signature(header: str, label: str) -> bytes:
    found = _SIGNATURE.match(header)
    if found is None or found.group(1) != label:
        return b""
    try:
        return base64.b64decode(found.group(2), validate=True)
    except binascii.Error:
        return b""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _unauthorized(why: str) -> AssistError:
    return AssistError(
        f"The handshake is not signed as it should be: {why}.",
        "Compare API key, client secret, and both clocks.",
        code="door.unauthorized",
    )
