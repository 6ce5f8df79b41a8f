"""Under a path prefix: the real server behind a proxy that takes the prefix away, or leaves it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from people import client
from running import ROOT
from small_house import SmallHouse, small_house
from stripping_proxy import Proxy, stripping_proxy

STATIC = ROOT / "ui/static"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    with small_house(tmp_path_factory.mktemp("prefix"), root_path="/assist") as opened:
        yield opened


@pytest.fixture(scope="module")
def proxy(house: SmallHouse) -> Iterator[Proxy]:
    with stripping_proxy("/assist", house.settings.port) as running:
        yield running


def test_pages_redirects_and_the_cookie_stay_under_the_prefix(
    house: SmallHouse, proxy: Proxy
) -> None:
    assert house.url.endswith("/assist"), "the address that people are told"
    page = {"accept": "text/html"}
    for base in (proxy.url, house.url):
        led = httpx.get(f"{base}/wall?call=x", headers=page, trust_env=False)
        assert led.headers["location"] == "/assist/sign-in?next=%2Fassist%2Fwall%3Fcall%3Dx"
        door = httpx.get(f"{base}/sign-in", trust_env=False).text
        assert 'src="/assist/static/sign-in/main.js' in door
        assert not re.search(r'(src|href)="/(?!assist/)', door)
        assert httpx.get(f"{base}/static/design/tokens.css", trust_env=False).is_success
        given = {"login": "supervisor", "demo": True}
        came = httpx.post(f"{base}/api/sign-in", json=given, trust_env=False)
        assert "path=/assist;" in came.headers["set-cookie"].lower()
    link = httpx.get(house.keys.link(house.url, "agent", "/panel?call=x"), trust_env=False)
    assert link.headers["location"] == "/assist/panel?call=x"
    nowhere = httpx.get(house.keys.link(house.url, "agent", "//evil.example"), trust_env=False)
    assert nowhere.headers["location"].startswith("/assist")


def test_a_probe_needs_no_prefix(house: SmallHouse) -> None:
    probe = httpx.get(f"http://127.0.0.1:{house.settings.port}/health", trust_env=False)
    assert probe.json() == {"ok": True}


def test_the_api_and_sockets_answer_under_the_prefix(house: SmallHouse, proxy: Proxy) -> None:
    with client(house.url, "supervisor") as http:
        assert http.get("/api/me").json()["login"] == "supervisor"
    with house.connect("/v1/wall") as socket:
        assert '"first"' in str(socket.recv(timeout=20))


_ABSOLUTE = re.compile(
    r"""(?:href|src|action)=["']/|=\$\{[`']/|fetch\([`'"]/|location\.(?:assign|replace)\([`'"]/"""
    r"""|location\.pathname|(?:push|replace)State\([^)]*[`'"]/"""
)
_OF_ITS_OWN = re.compile(r"location\.pathname(?:\.split\('/'\)\.pop\(\)| \+ location\.hash\)|\);)")
"""A last part, or the page's own address again: right under any prefix."""


def test_no_page_writes_an_address_of_the_server_by_hand() -> None:
    by_hand = [
        f"{path.relative_to(STATIC)}: {line.strip()[:120]}"
        for path in sorted(STATIC.rglob("*.js"))
        if "vendor" not in path.parts and path.name != "server.js"
        for line in path.read_text("utf-8").splitlines()
        if _ABSOLUTE.search(_OF_ITS_OWN.sub("", line))
    ]
    assert by_hand == [], "linkTo() of server.js puts the prefix before it"
