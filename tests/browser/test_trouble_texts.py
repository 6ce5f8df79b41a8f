"""Troubles and refusals that an agent can meet, in the reader's language, in real Chromium.

Which codes there are is read from the code that raises them, so that a new one without texts fails.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import show, then, upto
from playwright.sync_api import Page, expect

from assist.call.listening import _fell_back
from assist.errors import (
    CommandRefused,
    DeskDown,
    DeskError,
    DeskRefused,
    GuideError,
    ModelError,
    StoreError,
)
from assist.events import Trouble

pytestmark = pytest.mark.browser

PACKAGE = Path(__file__).parents[2] / "assist"
ROOMS = [
    *(PACKAGE / "call").glob("*.py"),
    *(PACKAGE / "rules").glob("*.py"),
    *(PACKAGE / "desk").glob("*.py"),
    PACKAGE / "speech" / "edits.py",
    PACKAGE / "web" / "sockets.py",
]
"""What a call says goes to its agent's panel."""
OF_OTHERS = {"advice.over", "advice.not_open", "advice.there", "desk.rerun", "audio.protocol"}
"""Said to a supervisor, to who reruns a call, and to the phone system."""
OWN = (ModelError, GuideError, DeskError, DeskDown, DeskRefused, StoreError, CommandRefused)
"""Raised without a `code` of the one case."""


def raised() -> dict[str, set[str]]:
    """Code -> names of its values, of every `code="…"` in what an agent's panel may be told."""
    codes: dict[str, set[str]] = {error.code: set() for error in OWN}
    for path in ROOMS:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = {k.arg: k.value for k in call.keywords} if isinstance(call, ast.Call) else {}
            code, values = given.get("code"), given.get("values")
            if isinstance(code, ast.Constant):
                keys = values.keys if isinstance(values, ast.Dict) else []
                names = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                codes.setdefault(str(code.value), set()).update(names)
    return {code: names for code, names in codes.items() if code not in OF_OTHERS}


def texts(page: Page, server: Server) -> dict[str, list[str]]:
    page.goto(f"{server.url}/blank")
    return page.evaluate("modules.troubleTexts.TROUBLE_TEXTS")


def test_every_code_that_an_agent_can_meet_has_both_texts(page: Page, server: Server):
    codes, known = raised(), texts(page, server)
    alike = page.evaluate("modules.troubleTexts.TOLD_AS")
    assert set(alike) <= set(codes) and set(alike.values()) <= set(codes)
    for code in alike:
        del codes[code]
    assert {"speech.fell_back", "speech.failed", "speech.language_unknown"} <= set(codes)
    assert {"correction.gone", "step.not_current", "desk.down", "desk.resting"} <= set(codes)
    wanted = {f"trouble.{code}{what}" for code in codes for what in ("", ".remedy")}
    assert wanted == set(known), "each code has what happened and what to do; no text is left over"
    for key, (chinese, english) in known.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), key
        assert english and not re.search(r"[\u4e00-\u9fff]", english), key
        code = key.removeprefix("trouble.").removesuffix(".remedy")
        names = [set(re.findall(r"{(\w+)}", text)) for text in (chinese, english)]
        assert names[0] == names[1] <= codes[code] | {"message"}, key


def trouble(page: Page, server: Server, **fields: Any) -> None:
    show(page, server, then(upto("step_shown"), {"kind": "trouble", **fields}))


def test_a_known_trouble_is_said_in_the_language_that_is_chosen(page: Page, server: Server):
    trouble(page, server, **_fell_back("whisper-small", "whisper-tiny").model_dump())
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("最终文字暂由 whisper-tiny 代替 whisper-small 识别。")
    expect(alert).to_contain_text("内容不会丢")
    page.get_by_role("button", name="switch to English").click()
    expect(alert).to_contain_text("whisper-tiny writes the final text for now instead of")
    expect(alert).to_contain_text("Nothing is lost")


@pytest.mark.parametrize(
    "said",
    [
        Trouble(code="desk.odd", message="The desk is odd.", remedy="Ask the desk."),
        # Written down by an earlier version, which kept no values.
        Trouble(code="speech.fell_back", message="Busy: tiny.", remedy="Nothing is lost."),
        Trouble(code="constructor", message="No such text.", remedy=""),
    ],
    ids=lambda said: said.code,
)
def test_what_the_panel_cannot_say_stands_as_the_server_said_it(
    page: Page, server: Server, said: Trouble
):
    trouble(page, server, **said.model_dump())
    expect(page.get_by_role("alert")).to_have_text(
        re.compile(rf"\s*{re.escape(said.message)}\s*{re.escape(said.remedy)}\s*")
    )


def test_a_model_error_is_explained_and_its_own_words_are_kept_for_the_administrator(
    page: Page, server: Server
):
    message = "40 s of sound at once; at most 28 s are heard."
    trouble(page, server, code="model", message=message, remedy="Cut the sound.")
    expect(page.get_by_role("alert")).to_contain_text("语音识别模型出错，有一段话没有转写。")
    expect(page.get_by_role("alert")).to_contain_text(f"转给管理员：{message}")
