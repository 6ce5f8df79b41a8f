"""Child process that fetches one pinned repository from the Hugging Face hub.

`python -m assist.models.hub REPO REVISION FOLDER FILE...` — run apart so that the parent can put an
end to it: name resolution on a machine without internet may block for longer than any timeout
the client knows. It must never be imported by the application itself.
"""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """Exit status 0 when all files are there; else 1 and one line on standard error."""
    from huggingface_hub import HfApi, snapshot_download

    repo, revision, folder, *files = arguments
    try:
        # Asks once, while a download of a pinned revision would retry for half a minute.
        HfApi().model_info(repo, revision=revision, timeout=3)
        snapshot_download(
            repo, revision=revision, local_dir=folder, allow_patterns=files, etag_timeout=3
        )
    # The client lets errors of whichever HTTP library it uses through; all end this process alike.
    except Exception as error:
        first_line = next((line for line in str(error).splitlines() if line.strip()), "")
        print(f"{type(error).__name__}: {first_line}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
