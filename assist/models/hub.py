"""Child process that asks the Hugging Face hub for one repository, or fetches it.

    python -m assist.models.hub fetch REPO REVISION FOLDER FILE...
    python -m assist.models.hub look REPO RECORD

Run apart so that the parent can put an end to it: name resolution on a machine without internet may
block for longer than any timeout the client knows. It must never be imported by the application
itself.
"""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path

# What faster-whisper itself asks the hub for.
_WANTED = (
    "config.json",
    "preprocessor_config.json",
    "model.bin",
    "tokenizer.json",
    "vocabulary.*",
)


def main(arguments: list[str]) -> int:
    """Exit status 0 when it is done; else 1 and one line on standard error."""
    task, repo, *rest = arguments
    try:
        if task == "fetch":
            _fetch(repo, *rest)
        else:
            _look(repo, Path(rest[0]))
    # The client lets errors of whichever HTTP library it uses through; all end this process alike.
    except Exception as error:
        first_line = next((line for line in str(error).splitlines() if line.strip()), "")
        print(f"{type(error).__name__}: {first_line}", file=sys.stderr)
        return 1
    return 0


def _fetch(repo: str, revision: str, folder: str, *files: str) -> None:
    from huggingface_hub import HfApi, snapshot_download

    # Asks once, while a download of a pinned revision would retry for half a minute.
    HfApi().model_info(repo, revision=revision, timeout=3)
    snapshot_download(
        repo, revision=revision, local_dir=folder, allow_patterns=list(files), etag_timeout=3
    )


def _look(repo: str, record: Path) -> None:
    """Write the newest revision and its model files, with sizes and digests as the hub has them."""
    from huggingface_hub import HfApi

    info = HfApi().model_info(repo, timeout=5, files_metadata=True)
    files = {
        file.rfilename: {
            "size_bytes": file.size or 0,
            # Only large files carry a SHA-256; small ones have git's own digest.
            "sha256": file.lfs.sha256 if file.lfs else "",
        }
        for file in info.siblings or ()
        if any(fnmatch(file.rfilename, pattern) for pattern in _WANTED)
    }
    record.write_text(json.dumps({"revision": info.sha, "files": files}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
