"""Loading: the whole book or every reason why not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assist.errors import GuideError
from assist.guide.load import load_book, load_guide
from assist.guide.source import parse_document

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "guides"
MINIMAL = "id: {id}\ntitle: 例子\nlang: zh\nowner: 示例\nsteps: [{{id: done, end: solved}}]\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(GUIDES, tmp_path / "guides")


def test_the_shipped_book() -> None:
    book = load_book(GUIDES)
    apart = {"offers", "moods", "priors", "house"}
    assert set(book.guides) == {p.stem for p in GUIDES.glob("*.yaml")} - apart
    assert set(book.tickets) == {p.stem for p in (GUIDES / "tickets").glob("*.yaml")}
    assert set(book.offers) == {"fttr", "family-number", "video-pack"}
    assert set(book.angry) == {"zh", "en"} and all(book.angry.values())
    assert all(guide.id == name and len(guide.hash) == 12 for name, guide in book.guides.items())


def test_hashes_follow_the_bytes(copy: Path) -> None:
    before = load_book(copy)
    assert load_book(copy) == before
    path = copy / "plan.change.yaml"
    path.write_bytes(path.read_bytes() + b"# a remark\n")
    after = load_book(copy)
    changed = {n for n in before.guides if before.guides[n].hash != after.guides[n].hash}
    assert changed == {"plan.change"} and after.hash != before.hash
    (copy / "offers.yaml").write_bytes((copy / "offers.yaml").read_bytes() + b"# a remark\n")
    assert load_book(copy).hash != after.hash


def test_every_error_of_every_file_is_in_one_message(copy: Path) -> None:
    path = copy / "plan.change.yaml"
    path.write_text(path.read_text("utf-8").replace("next: number", "next: nubmer"), "utf-8")
    ticket = copy / "tickets" / "line.repair.yaml"
    ticket.write_text(ticket.read_text("utf-8").replace("deadline_h: 4", "deadline_h: soon"))
    with pytest.raises(GuideError) as caught:
        load_book(copy)
    lines = caught.value.message.splitlines()
    assert lines[0] == f"{copy} cannot be used, 5 errors:"
    assert [line.rsplit(" ", 1)[1] for line in lines[1:]] == [
        "(ticket-unknown)",
        "(ticket-unknown)",
        "(ticket-unknown)",
        "(target-unknown)",
        "(schema)",
    ]
    where = path.read_text("utf-8").splitlines().index("    next: nubmer") + 1
    assert lines[4].startswith(f"{path}:{where}:5: [error] step 'nubmer' does not exist")


def test_a_warning_keeps_nothing_closed(tmp_path: Path) -> None:
    text = MINIMAL.format(id="example").replace(
        "steps: [", "steps: [{id: far, say: x, next: done},"
    )
    path = tmp_path / "example.yaml"
    path.write_text(text.replace("{id: done", "{id: lost, say: y}, {id: done"), "utf-8")
    assert [s.id for s in load_guide(path).steps] == ["far", "lost", "done"]
    assert "example" in load_book(tmp_path).guides


def test_one_guide_loads_beside_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(MINIMAL.format(id="good"), "utf-8")
    (tmp_path / "bad.yaml").write_text("id: bad\nsteps: [", "utf-8")
    assert load_guide(tmp_path / "good.yaml").title == "例子"
    for name in ("bad.yaml", "none.yaml"):
        with pytest.raises(GuideError, match=name):
            load_guide(tmp_path / name)


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="there is no such folder"):
        load_book(tmp_path / "none")


def test_an_empty_folder_is_an_empty_book(tmp_path: Path) -> None:
    assert load_book(tmp_path).guides == {}


def test_words_that_older_yaml_reads_as_something_else_stay_words() -> None:
    text = "{yes: no, on: off, at: 9:00, id: 0123, n: 12, f: 0.5, up: +0.1, t: true}"
    document, problems = parse_document(text)
    assert problems == []
    assert document.data == {
        **{"yes": "no", "on": "off", "at": "9:00", "id": "0123"},
        **{"n": 12, "f": 0.5, "up": 0.1, "t": True},
    }


def test_a_text_that_contains_itself_is_refused_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(MINIMAL.format(id="example") + "slots: &s\n  x: *s\n", "utf-8")
    with pytest.raises(GuideError, match="stands within what it names"):
        load_guide(path)


def test_a_text_that_unfolds_without_end_is_refused_at_once() -> None:
    """Ten aliases of ten aliases …: whoever unfolds them runs out of memory."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    document, (problem,) = parse_document("\n".join(lines))
    assert document.node is None and problem.rule == "yaml-syntax"
    assert "unfolds to more than" in problem.said.en and problem.line == 5


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1, 2\nb: 3\n", 2, 2),
        ("a: 1\n  b: 2\n", 2, 4),
        ('a: "x\n', 2, 1),
        ("a: {{ x }}\n", 1, 5),
        ("a: *nobody\n", 1, 4),
        ("a: !!python/object:os.system {}\n", 1, 4),
        ("a: 1\n---\nb: 2\n", 2, 1),
        ("a: 1\nb: 2026-13-40\n", 2, 4),
        ("a: \x00\n", 1, 1),
    ],
)
def test_broken_yaml_is_one_problem_with_its_place(text: str, line: int, column: int) -> None:
    document, (problem,) = parse_document(text, "x.yaml")
    assert document.node is None and problem.rule == "yaml-syntax"
    assert (problem.line, problem.column) == (line, column)
