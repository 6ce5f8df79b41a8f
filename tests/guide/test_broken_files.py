"""Files that no editor should write: each ends with problems that have a place, never with a crash.

`scripts/bench_guides --broken 20000` looks at many more.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assist.bench.broken import broken, judge_connector, judge_guide
from assist.desk.connectors import load_connectors
from assist.errors import GuideError
from assist.guide.shelf import Shelf, read_shelf

GUIDES = Path(__file__).parents[2] / "guides"
SHIPPED = [(GUIDES / f"{name}.yaml").read_text("utf-8") for name in ("plan.change", "sim.lost.en")]
CONNECTORS = [path.read_text("utf-8") for path in sorted((GUIDES / "connectors").glob("*.yaml"))]
QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return read_shelf(GUIDES)


@QUICK
@given(raw=broken(SHIPPED))
def test_a_broken_guide_is_told_with_its_place(raw: bytes, shelf: Shelf, tmp_path: Path) -> None:
    judge_guide(raw, shelf, tmp_path / "plan.change.yaml")


@QUICK
@given(raw=broken(CONNECTORS))
def test_a_broken_connector_is_told_with_its_place(raw: bytes) -> None:
    judge_connector(raw)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("id: odd\ntitle: x\npath: /x\nargs: [7]\n", "odd.yaml:4:8: "),
        ("id: odd\ntitle: x\n  path: /x\n", "odd.yaml:3:7: "),
        ("id: odd\ntitle: x\npath: '/{a\n\n  b}'\nargs: [a]\n", "odd.yaml:3:1: "),
    ],
)
def test_a_connectors_problem_stands_on_one_line(text: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(text, "utf-8")
    with pytest.raises(GuideError) as caught:
        load_connectors(tmp_path)
    assert all(place in line or "odd.yaml:" in line for line in caught.value.message.splitlines())
    assert place in caught.value.message


def test_what_is_generated_is_refused_more_often_than_not(shelf: Shelf, tmp_path: Path) -> None:
    """A generator whose files are all fine, or all unreadable, would show nothing."""
    seen = []

    @settings(QUICK, max_examples=40)
    @given(raw=st.data())
    def look(raw: st.DataObject) -> None:
        problems = judge_guide(raw.draw(broken(SHIPPED)), shelf, tmp_path / "plan.change.yaml")
        seen.append({problem.rule for problem in problems})

    look()
    assert len({rule for rules in seen for rule in rules}) >= 5
    assert sum(bool(rules) for rules in seen) > len(seen) / 2
