"""Connector files: what they ask, and how clearly a bad one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assist.desk import load_connectors
from assist.errors import DeskError, GuideError

from .conftest import CONNECTORS

GOOD = """\
id: bill.check
title: Bill
path: /bills/{phone}/check
query:
  month: "{month}"
  kind: all
args: [phone]
optional: [month]
"""
FULL = (
    GOOD.replace("path: ", "url: http://bills.example:8080")
    + """\
method: POST
body: {lang: "{month}"}
auth: {header: X-Key, env: BILL_KEY, prefix: ""}
fields: {amount_yuan: data.sum}
timeout_s: 2
attempts: 2
breaker: {failures: 5, rest_s: 30}
"""
)


def write(folder: Path, text: str, name: str = "bill.check.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_the_shipped_connectors() -> None:
    assert set(load_connectors(CONNECTORS)) == {
        "broadband.line",
        "bill.unexpected",
        "line.circuit",
        "power.usage",
        "plan.fit",
        "field.appointments",
        "broadband.speed",
        "mobile.account",
        "mobile.roaming",
        "mobile.sim",
        "cloud.host",
        "power.supply",
        "wallet.payments",
        "wallet.refund",
    }


def test_a_request_quotes_its_path_and_leaves_empty_queries_away(tmp_path: Path) -> None:
    connector = load_connectors(write(tmp_path, GOOD))["bill.check"]
    assert connector.request({"phone": " 154/../x? "}) == (
        "/bills/154%2F..%2Fx%3F/check",
        {"kind": "all"},
    )
    assert connector.request({"phone": "1", "month": "2026-09", "lang": "en"})[1] == {
        "month": "2026-09",
        "kind": "all",
    }


def test_a_connector_with_every_key_is_read(tmp_path: Path) -> None:
    connector = load_connectors(write(tmp_path, FULL))["bill.check"]
    assert (connector.origin, connector.below) == (
        "http://bills.example:8080",
        "/bills/{phone}/check",
    )
    assert connector.json_body({"phone": "1"}) == {}
    assert connector.headers({"BILL_KEY": " k "}) == {"X-Key": "k"}


def test_missing_empty_and_unknown_arguments_are_refused(tmp_path: Path) -> None:
    connector = load_connectors(write(tmp_path, GOOD))["bill.check"]
    for args in ({}, {"phone": " "}):
        with pytest.raises(DeskError, match="needs phone"):
            connector.request(args)
    with pytest.raises(DeskError, match="no argument fone"):
        connector.request({"phone": "1", "fone": "2"})


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("path: /bills/{phone}/check", "path: bills", 3, "path"),
        ("path: /bills/{phone}/check", "path: /bills/{number}", 3, "{number}"),
        ("path: /bills/{phone}/check", "path: /bills", 7, "phone is used nowhere"),
        ("path: /bills/{phone}/check", "path: /bills/{phone}/{month}", 3, "{month}"),
        ('  month: "{month}"', '  month: "{moon}"', 5, "{moon}"),
        ("optional: [month]", "optional: [month, year]", 8, "year is used nowhere"),
        ("args: [phone]", "args: [phone, 7]", 7, "args.1"),
        ("args: [phone]", "args: []", 7, "args"),
        ("title: Bill", "titel: Bill", 2, "titel"),
        ("title: Bill", "title: Bill\nmethod: DELETE", 3, "method"),
        ("id: bill.check", "id: bill.other", 1, "bill.check"),
        ("title: Bill", "title: [Bill", 3, ""),
    ],
)
def test_a_bad_file_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    with pytest.raises(GuideError) as caught:
        load_connectors(write(tmp_path, GOOD.replace(old, new)))
    place = re.search(rf"bill\.check\.yaml:{line}:[1-9]\d*: ", caught.value.message)
    assert place, caught.value.message
    assert says in caught.value.message


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, "id: a\n", "a.yaml")
    write(tmp_path, "- 1\n", "b.yaml")
    with pytest.raises(GuideError) as caught:
        load_connectors(tmp_path)
    assert "a.yaml:1:1: title" in caught.value.message
    assert "a.yaml:1:1: path" in caught.value.message
    assert "b.yaml:1:1: " in caught.value.message


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="no connector"):
        load_connectors(tmp_path)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(alphabet="idtlepahrgsqu:{}[]-&*!|>'\"\n\t 0129./", max_size=120).map(str.encode),
        st.tuples(st.integers(0, len(FULL)), st.text(max_size=4)).map(
            lambda cut: (FULL[: cut[0]] + cut[1] + FULL[cut[0] + len(cut[1]) :]).encode(
                "utf-8", "replace"
            )
        ),
    )
)
def test_no_file_crashes_the_loader(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bill.check.yaml").write_bytes(content)
    try:
        load_connectors(tmp_path)
    except GuideError as error:
        for problem in error.message.splitlines():
            assert "bill.check.yaml:" in problem
