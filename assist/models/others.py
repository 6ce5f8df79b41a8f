"""Whisper models beyond the catalogue: by faster-whisper's own names, or by a hub id.

Nothing of their bytes is known here, so they are taken as the hub gives them and the revision is
kept; only look-ups, no disk and no network.
"""

from __future__ import annotations

import re

from assist.errors import ModelError
from assist.models.catalogue import (
    CATALOGUE,
    Catalogue,
    HubRepo,
    PackagedModel,
    SpeechModel,
    find,
)

_HUB_ID = re.compile(r"[A-Za-z0-9_-][\w.-]*/[A-Za-z0-9_-][\w.-]*")


def find_any(name: str, catalogue: Catalogue = CATALOGUE) -> SpeechModel | PackagedModel:
    """The catalogue's entry for `name`, or one made for any other model of faster-whisper's.

    A name that means a model of the catalogue (`base`, `Systran/faster-whisper-base`) gives that
    entry. Raises ModelError for a name that is none of these.
    """
    for entry in catalogue:
        if entry.name == name:
            return entry
    names = faster_whisper_names()
    repo = names.get(name, name)
    if _HUB_ID.fullmatch(repo) is None:
        return find(name, catalogue)  # says what is known
    for entry in catalogue:
        if isinstance(entry, SpeechModel) and entry.hub.repo == repo:
            return entry
    # Of several names of one repository (large, large-v3) the first is the folder's.
    called = next((known for known, place in names.items() if place == repo), repo)
    return SpeechModel(
        name=called,
        about=f"speech, {'English only' if speaks_english_only(called) else 'multilingual'}",
        licence="see its page on the hub",
        required=False,
        hub=HubRepo(repo, revision="", files={}, size_bytes=0),
        carriers=(),
        members=(),
        files={},
    )


def faster_whisper_names() -> dict[str, str]:
    """faster-whisper's names for models, and the hub repository of each."""
    # The public `available_models` gives the names without their repositories.
    from faster_whisper.utils import _MODELS

    return dict(_MODELS)


def speaks_english_only(name: str) -> bool:
    """Whether the name alone says so: `*.en`, and every distilled Whisper of faster-whisper.

    distil-large-* have all language tokens, but were trained on English only: given Mandarin they
    write English.
    """
    last = name.rsplit("/", 1)[-1].lower()
    return last.endswith(".en") or last.startswith(("distil-", "faster-distil-whisper"))


def known_or_none(name: str, catalogue: Catalogue = CATALOGUE) -> SpeechModel | None:
    """As `find_any`, for speech models; None instead of an error."""
    try:
        entry = find_any(name, catalogue)
    except ModelError:
        return None
    return entry if isinstance(entry, SpeechModel) else None
