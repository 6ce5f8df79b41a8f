"""A recorded call by a door is the call of its file: words, guides, answers, ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import CALLS

from assist.bench.doors_same import by_all_doors
from assist.config import Settings

pytestmark = pytest.mark.model

PIECE_S = 28.0
"""Until the customer has said what is wrong."""

DOORS = ("twilio", "audiosocket", "freeswitch")
"""One of each coding and kind; `scripts/bench_doors same` plays a whole call through all seven."""


@pytest.mark.timeout(1_200)
async def test_a_call_by_a_door_is_the_call_of_its_file(tmp_path: Path) -> None:
    path = CALLS / "o01.flac"
    called = by_all_doors(path, tmp_path, Settings(), lambda _: None, PIECE_S, DOORS)
    for each in [each async for each in called]:
        assert each.is_same, (each.row(), each.file, each.heard)
        assert len(each.heard.text) > 60 and each.heard.guides == ["broadband.no-internet"]
        assert each.heard.ticket is not None and each.heard.ticket[0] == "broadband.repair"
