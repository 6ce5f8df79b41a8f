"""The shipped corpus, the default embedder, and an index built from them once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.config import Settings
from assist.errors import IndexError_
from assist.search.corpus import Row, load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.finder import Finder
from assist.search.index import SearchIndex, build, load


@pytest.fixture(scope="session")
def corpus() -> list[Row]:
    return load_corpus(Settings().corpus_dir)


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


@pytest.fixture(scope="session")
def index(
    corpus: list[Row], embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> SearchIndex:
    """The checkout's own index if it fits, else one built for the occasion."""
    try:
        return load(Settings().index, embedder, corpus)
    except IndexError_:
        folder = tmp_path_factory.mktemp("search") / "index"
        build(corpus, embedder, folder)
        return load(folder, embedder, corpus)


@pytest.fixture(scope="session")
def finder(index: SearchIndex, embedder: SentenceEmbedder) -> Finder:
    return Finder(index, embedder)


@pytest.fixture(scope="session")
def few_rows(corpus: list[Row]) -> list[Row]:
    """Enough of the corpus to build from in a few seconds: two Chinese guides and "none"."""
    wanted = {"power.bill-high": 14, "broadband.no-internet": 14, "none": 30}
    rows: list[Row] = []
    for guide, count in wanted.items():
        rows += [row for row in corpus if row.guide == guide and row.lang == "zh"][:count]
    return rows


@pytest.fixture(scope="session")
def few_index(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("few") / "index"
    build(few_rows, embedder, folder)
    return folder
