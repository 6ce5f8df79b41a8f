"""The floors of the house, held against every import, type-only and function-local ones too."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "assist"
MAX_LINES = 400

FLOORS = (
    ("errors", "problems", "files", "audio", "events", "ports", "config", "privacy"),
    ("models", "speech", "search", "guide", "desk", "tickets", "accounts"),
    ("state", "rules", "journal", "store", "tables"),
    ("call",),
    ("gateway", "train", "insight", "studio"),
    ("web",),
    ("wiring", "cli", "bench"),
)
# Within the ground floor, between state and rules, and of store and its tables the order is fixed.
MAY_ALSO = {
    ("audio", "errors"),
    ("audio", "events"),
    ("ports", "audio"),
    ("ports", "events"),
    ("privacy", "errors"),
    ("privacy", "events"),
    ("rules", "state"),
    ("store", "tables"),
    ("studio", "train"),
    ("cli", "wiring"),
    ("bench", "wiring"),
}
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, room) of everything of ours that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write absolute imports"
            names = [node.module or ""]
            if node.module == "assist":
                names = [f"assist.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "assist" and len(parts) > 1 and parts[1] != "__version__":
                yield node.lineno, parts[1]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_only_from_floors_below(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not list(imports(path))
        return
    assert room in FLOOR_OF, f"{room} is in no floor; write it into DESIGN and here"
    for line, other in imports(path):
        if other == room or (room, other) in MAY_ALSO:
            continue
        assert FLOOR_OF[other] < FLOOR_OF[room], (
            f"{path}:{line}: {room} (floor {FLOOR_OF[room]}) imports {other} "
            f"(floor {FLOOR_OF[other]})"
        )


def test_no_file_is_too_long() -> None:
    ours = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "ui").rglob("*.js")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in ours
        if "vendor" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert not long


def test_scripts_hold_no_logic() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]
    assert scripts
    for path in scripts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, path.name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scripts").glob("bench_*")), ids=lambda path: path.name
)
def test_a_benchmark_imports_what_is_there(path: Path) -> None:
    """Nothing else looks into them: they have no suffix, and take too long to be run here."""
    imported = 0
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assist"):
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                if not hasattr(module, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")  # a module, then
                imported += 1
    assert imported


def test_modules_import_without_an_import_circle() -> None:
    """Every module of ours is a node; a circle shows as a module met again on its own path."""
    graph: dict[str, set[str]] = {}
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in modules()}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    for name, path in names.items():
        graph[name] = {
            target
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            for target in _targets(node, names)
            if target != name and not name.startswith(target + ".")
        }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for target in sorted(graph.get(name, ())):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _targets(node: ast.stmt, names: dict[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assist"):
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield full if full in names else str(node.module)
