"""Passwords, tokens, limits and one-time keys: pure, the clock handed in."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from assist.accounts.keys import Keys
from assist.accounts.limits import FORGET_S, MOST_KEYS, Allowance, Throttle
from assist.accounts.passwords import Passwords, check_password
from assist.accounts.tokens import hash_of, new_token, read_token
from assist.errors import AccountRefused

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def test_a_password_is_known_by_its_hash_and_hashed_anew_when_parameters_change() -> None:
    old = Passwords(QUICK)
    known = old.hash("open sesame now")
    assert old.verify(known, "open sesame now") == (True, None)
    assert not old.verify(known, "open sesame no").right
    verdict = Passwords(PasswordHasher(2, 8, 1)).verify(known, "open sesame now")
    assert verdict.right and verdict.rehashed and "t=2" in verdict.rehashed


@pytest.mark.parametrize("known", ["", "no hash at all"])
def test_who_has_no_hash_comes_in_with_nothing(known: str) -> None:
    passwords = Passwords(QUICK)
    for typed in ("", "nobody's password", known):
        assert not passwords.verify(known, typed).right


@pytest.mark.parametrize("password", ["ninechars", "Anna.Schmidt", "x" * 1001])
def test_a_password_must_fit_the_rule(password: str) -> None:
    with pytest.raises(AccountRefused):
        check_password("anna.schmidt", password)


def test_a_token_is_read_back_and_nothing_else_is() -> None:
    token = new_token()
    assert read_token(token.text) == (token.id, token.hash)
    assert token.hash != token.text and len(hash_of("x")) == 64
    for wrong in ("", token.text[:-1], token.text + "x", token.id, f" {token.text}"):
        assert read_token(wrong) is None


def test_failures_double_the_wait_and_success_or_quiet_ends_it() -> None:
    throttle = Throttle(free=3, longest_s=60)
    waits = []
    for _ in range(12):
        throttle.failed("anna", 100.0)
        waits.append(throttle.wait_s("anna", 100.0))
    assert waits[:7] == [0, 0, 0, 1, 2, 4, 8] and waits[-1] == 60
    assert throttle.wait_s("anna", 160.0) == 0 and throttle.wait_s("bob", 100.0) == 0
    throttle.failed("anna", 161.0 + FORGET_S)
    assert throttle.wait_s("anna", 161.0 + FORGET_S) == 0
    throttle.succeeded("anna")
    assert throttle.wait_s("anna", 100.0) == 0


def test_limits_forget_whom_they_have_not_seen_for_longest() -> None:
    throttle, allowance = Throttle(free=0, longest_s=60), Allowance(per_s=1, burst=1)
    for number in range(MOST_KEYS + 1):
        throttle.failed(f"k{number}", 0.0)
        allowance.take(f"k{number}", 0.0)
    assert throttle.wait_s("k0", 0.0) == 0 and throttle.wait_s("k1", 0.0) > 0
    assert allowance.take("k0", 0.0) == 0 and allowance.take("k2", 0.0) > 0


def test_an_allowance_is_a_burst_and_then_a_pace() -> None:
    allowance = Allowance(per_s=2, burst=3)
    assert [allowance.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert allowance.take("a", 0.5) == 0 and allowance.take("b", 0.5) == 0


def test_keys_open_once_and_only_here() -> None:
    keys, other = Keys(), Keys()
    link = keys.link("http://house", "agent", "/panel?call=x&y=1")
    code = link.partition("code=")[2].partition("&")[0]
    assert link.endswith("next=%2Fpanel%3Fcall%3Dx%26y%3D1")
    assert other.redeem(code) is None
    assert keys.redeem(code) == "agent" and keys.redeem(code) is None
    machine = keys.machine(keys.token)
    assert machine is not None and machine.machine and other.machine(keys.token) is None
    assert keys.is_set_up_code(f" {keys.set_up_code.lower()} ")
    assert not keys.is_set_up_code("") and not keys.is_set_up_code(other.set_up_code)
