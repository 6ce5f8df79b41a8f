"""Accounts, tokens and retention on the command line, as an administrator types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assist.cli import app
from assist.errors import AccountRefused, AssistError
from assist.store import Store
from assist.tables.audit import Wanted
from assist.wiring.parts import local_now


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path))
    return tmp_path


def assist(*words: str, typed: str = "") -> Result:
    done = CliRunner().invoke(app, words, input=typed, catch_exceptions=True)
    if isinstance(done.exception, AssistError):
        raise done.exception
    return done


def test_the_first_account_and_what_may_become_of_it(folder: Path) -> None:
    assert "No accounts yet" in assist("accounts", "list").output
    words = ("accounts", "add", "lin", "--role", "admin", "--name", "林", "--stdin")
    assert assist(*words, typed="a long enough one\n").exit_code == 0
    assert re.search(r"lin\s+林\s+admin\s+local", assist("accounts", "list").output)
    with pytest.raises(AccountRefused, match="already"):
        assist(*words, typed="a long enough one\n")
    with pytest.raises(AccountRefused, match="last administrator"):
        assist("accounts", "disable", "lin")
    with pytest.raises(AccountRefused, match="5 characters"):
        assist("accounts", "password", "lin", "--stdin", typed="short\n")
    assert assist("accounts", "roles", "lin", "--role", "boss").exit_code == 2
    assert "agent, admin" in assist("accounts", "roles", "lin", *("--role", "admin"), *ROLE).output
    store = Store(folder / "assist.db")
    entries, _ = store.audit.list(Wanted(action="account"), 10)
    store.close()
    assert [entry.what for entry in entries] == ["roles of lin: agent admin", "add lin: admin"]
    assert all(entry.who.startswith("cli:") for entry in entries)


ROLE = ("--role", "agent")


def test_a_token_is_printed_once_and_kept_as_a_hash(folder: Path) -> None:
    text = assist("token", "create", "pbx", "--for", "phone").output.strip()
    store = Store(folder / "assist.db")
    person = store.tokens.who(text, local_now())
    assert person is not None and person.login == "token:pbx" and person.uses == {"phone"}
    (token,) = store.tokens.list()
    assert text not in assist("token", "list").output
    assert "revoked" in assist("token", "revoke", token.id).output
    assert store.tokens.who(text, local_now()) is None
    store.close()
    with pytest.raises(AccountRefused, match="something that it may do"):
        assist("token", "create", "nothing")


def test_retention_is_set_and_a_dry_run_takes_nothing() -> None:
    assert "calls    kept for good" in assist("retention", "show").output
    assert "calls    90 days" in assist("retention", "set", "--calls", "90").output
    with pytest.raises(AssistError, match="at least 7"):
        assist("retention", "set", "--audit", "2")
    assert "would go" in assist("retention", "run", "--dry-run").output
    assert "gone" in assist("retention", "run").output
