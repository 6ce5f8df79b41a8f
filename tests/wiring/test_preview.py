"""A guide in the real panel without a call: a journal and a back office of its own."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from assist.config import Settings
from assist.guide.load import load_book
from assist.wiring.preview import open_preview

GUIDES = Path(__file__).resolve().parents[2] / "guides"


@pytest.mark.model
@pytest.mark.parametrize(("number", "known"), [(None, True), ("", False)])
async def test_the_guide_is_open_for_a_made_up_caller(
    tmp_path: Path, number: str | None, known: bool
) -> None:
    settings = Settings().model_copy(update={"data": tmp_path, "port": 0})
    guide = load_book(GUIDES).guides["broadband.no-internet"]
    async with open_preview(settings, guide, number, lambda _: None) as url:
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as client:
            panel = await client.get(url)
            assert panel.is_success and panel.url.path == "/panel"
            found = await client.get(
                panel.url.copy_with(path=f"/api/calls/{panel.url.params['call']}/events")
            )
        facts = [event["fact"] for event in found.json()["events"]]
    kinds = [fact["kind"] for fact in facts]
    assert "guide_opened" in kinds and ("customer_found" in kinds) == known
    shown = [fact["step"] for fact in facts if fact["kind"] == "step_shown"]
    assert ("number" in shown) == (not known)
    assert list(tmp_path.iterdir()) == []
