"""What holds for every page without driving it: contrast, texts, size, and the vendored files."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from browser.fixtures.panel_server import Server
from playwright.sync_api import Page

UI = Path(__file__).parents[2] / "ui"
STATIC = UI / "static"
TABLES = sorted(STATIC.glob("*/*-texts.js"))
"""Each page beside the panel has a folder of its own, with its table of texts."""
APART = {"vendor", *(table.parent.name for table in TABLES)}
OWN_FILES = [
    p for p in STATIC.rglob("*.*") if not APART & set(p.parts) and p.suffix in (".js", ".css")
]

TEXT_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "bg", "inset")),
    ("ink", "hover"),
    ("ink-2", "hover"),
    ("ink-2", "track"),
    ("ink", "raised"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("accent-ink", "surface"),
    ("accent-ink", "accent-soft"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("ink-3", "accent-soft"),
    ("customer", "surface"),
    ("customer", "accent-soft"),
    ("ok-ink", "ok-soft"),
    ("ink", "ok-soft"),
    ("warn-ink", "surface"),
    ("warn-ink", "warn-soft"),
    ("ink-2", "warn-soft"),
    ("bad-ink", "surface"),
    ("bad-ink", "bad-soft"),
    ("ink-2", "bad-soft"),
    ("surface", "ink"),
]
MARK_ON_GROUND = [
    *((m, g) for m in ("accent", "ok", "bad", "field-line", "focus") for g in ("surface", "bg")),
    ("warn", "surface"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
]


COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")


def tokens(scheme: str) -> dict[str, str]:
    css = (STATIC / "design" / "tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    return dict(COLOUR.findall(light)) | dict(COLOUR.findall(dark if scheme == "dark" else ""))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT_ON_GROUND, 4.5), (MARK_ON_GROUND, 3.0)], ids=["text", "marks"]
)
def test_contrast_is_wcag_aa(scheme: str, pairs: list[tuple[str, str]], least: float):
    colour = tokens(scheme)
    found = {f"{a} on {b}": round(contrast(colour[a], colour[b]), 2) for a, b in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_dark_gives_every_colour_of_light_anew():
    css = (STATIC / "design" / "tokens.css").read_text()
    light, dark = (set(dict(COLOUR.findall(part))) for part in css.split("@media (prefers"))
    assert light == dark


def test_components_name_colours_and_never_spell_them():
    spelled = {
        str(path.relative_to(UI)): re.findall(r"#[0-9a-fA-F]{6}\b|rgb\(", path.read_text())
        for path in OWN_FILES
        if path.name != "tokens.css"
    }
    assert {path: colours for path, colours in spelled.items() if colours} == {}


def test_vendored_files_are_the_ones_that_were_written_down():
    table = (STATIC / "vendor" / "README.md").read_text()
    written = dict(re.findall(r"^\| ([\w.-]+) \|.*\| ([0-9a-f]{64}) \|$", table, re.M))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").glob("*.js")
    }
    assert found == written
    for library in ("lit", "lucide"):
        assert (STATIC / "vendor" / f"LICENSE-{library}.txt").read_text().strip()


def loaded_by(*names: str) -> set[Path]:
    """These files and every module that they import, and those in turn."""
    found: set[Path] = set()
    ahead = [(STATIC / name).resolve() for name in names]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            imported = re.findall(r"(?:from|import) '(\.[^']+)'", path.read_text())
            ahead += [(path.parent / name).resolve() for name in imported]
    return found


def test_no_file_is_long_and_the_panel_is_light():
    lengths = {str(p.relative_to(UI)): len(p.read_text().splitlines()) for p in OWN_FILES}
    assert {path: n for path, n in lengths.items() if n >= 300} == {}
    files = loaded_by("panel/main.js", "design/tokens.css", "design/page.css")
    assert sum(len(gzip.compress(p.read_bytes())) for p in files) <= 90_000


@pytest.mark.browser
def test_every_text_exists_in_both_languages_and_is_used(page: Page, server: Server):
    page.goto(f"{server.url}/blank")
    blank, known = page.evaluate(
        """() => {
          const { TEXT_KEYS, translator } = modules.i18n;
          const each = ['zh', 'en'].map(translator);
          return [TEXT_KEYS.filter((key) => each.some((t) => !t(key).trim())), TEXT_KEYS];
        }"""
    )
    assert blank == []
    held_to(known, [path for path in loaded_by("panel/main.js") if path.name != "i18n.js"])


@pytest.mark.browser
@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.parent.name)
def test_every_text_of_a_page_exists_in_both_languages_and_is_used(
    page: Page, server: Server, table: Path
):
    page.goto(f"{server.url}/blank")
    texts = page.evaluate(
        "(path) => Object.values(modules[path])[0]", str(table.relative_to(STATIC))
    )
    assert [key for key, pair in texts.items() if not all(text.strip() for text in pair)] == []
    held_to(list(texts), [p for p in table.parent.rglob("*.js") if p != table])


def held_to(known: list[str], files: list[Path]) -> None:
    """What the files ask for is in the table, and what is in the table is asked for."""
    source = "\n".join(path.read_text() for path in files)
    named = set(re.findall(r"['\"`]([a-z]+(?:\.[\w]+)*)['\"`]", source))
    built = re.findall(r"`([a-z]+\.(?:[\w]+\.)*)\$\{", source)  # t(`kind.${…}`)
    asked = set(re.findall(r"\bt\('([\w.]+)'", source))
    assert asked <= set(known)
    unused = [k for k in known if k not in named and not k.startswith(tuple(built))]
    assert unused == []
