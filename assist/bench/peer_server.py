"""A peer's real server: its own environment, its process, the CPU time of all its processes.

Each peer lives in a virtual environment of its own, so that its requirements never meet ours. It
is told to stay offline: what it cannot find on this disk it must do without.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from types import TracebackType

import psutil

from assist.bench.peer_protocol import PEERS, Peer, PeerError

_START_S = 180.0
_STOP_S = 10.0
_LOG_LINES = 5
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
INSTALL = "Run `scripts/bench_peers --install`."


def installed_version(peer: Peer, home: Path) -> str | None:
    """The version in the peer's environment under `home`; None where it is not installed."""
    for site in (home / peer.name).glob("lib/python*/site-packages"):
        for found in distributions(path=[str(site)], name=peer.package):
            return found.version
    return None


def install(
    names: Iterable[str], home: Path, constraints: Path, say: Callable[[str], None]
) -> None:
    """An environment for each peer under `home`; what is there in the right version stays.

    `constraints`: pip's file, which keeps GPU builds of torch out. Raises PeerError with pip's
    last words.
    """
    for name in names:
        peer = PEERS[name]
        if installed_version(peer, home) == peer.version:
            say(f"{name} {peer.version} is there.")
            continue
        say(f"Installing {name} {peer.version} into {home / name} …")
        python = _python(peer, home)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["-c", str(constraints)]
        _run([sys.executable, "-m", "venv", str(home / name)], name)
        _run([*pip, *peer.needs], name)
        # Last, so that a version that is found means a whole environment.
        _run([*pip, "--no-deps", f"{peer.package}=={peer.version}"], name)


def _run(command: Sequence[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise PeerError(
            f"{name} cannot be installed: {_last_lines(done.stdout + done.stderr)}",
            "Check that the package index can be reached.",
        )


def _python(peer: Peer, home: Path) -> Path:
    return home / peer.name / "bin" / "python"


class PeerServer:
    """`async with PeerServer(...)`: the server answers on `port` until the block ends."""

    def __init__(
        self,
        peer: Peer,
        command: Sequence[str],
        port: int,
        log: Path,
        threads: int | None = None,
    ) -> None:
        """`threads` bounds OpenMP; None leaves the peer's own default."""
        self.port = port
        self._peer = peer
        self._command = list(command)
        self._log = log
        environment = {**os.environ, **_OFFLINE}
        environment.pop("OMP_NUM_THREADS", None)
        environment.update(peer.environment)
        if threads is not None:
            environment["OMP_NUM_THREADS"] = str(threads)
        self._environment = environment
        self._process: psutil.Popen | None = None
        self._most_cpu_s = 0.0

    async def __aenter__(self) -> PeerServer:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = psutil.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )
        try:
            await self._answers()
        except BaseException:
            self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def cpu_s(self) -> float:
        """User and system seconds of the process and all its children, since it began."""
        assert self._process is not None
        cpu_s = 0.0
        try:
            own = self._process.cpu_times()
            cpu_s = own.user + own.system + own.children_user + own.children_system
            for child in self._process.children(recursive=True):
                times = child.cpu_times()
                cpu_s += times.user + times.system
        except psutil.Error:
            pass  # a child that ended just now is in its parent's account at the next reading
        self._most_cpu_s = max(self._most_cpu_s, cpu_s)
        return self._most_cpu_s

    def last_words(self) -> str:
        """The end of its log, for a message."""
        return _last_lines(self._log.read_text(encoding="utf-8", errors="replace"))

    async def _answers(self) -> None:
        assert self._process is not None
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise PeerError(f"{self._peer.name} did not start: {self.last_words()}", INSTALL)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                return
        raise PeerError(
            f"{self._peer.name} did not listen within {_START_S:.0f} s: {self.last_words()}",
            "Look at its log.",
        )

    def _stop(self) -> None:
        assert self._process is not None
        family: list[psutil.Process | psutil.Popen] = [self._process]
        with suppress(psutil.NoSuchProcess):
            family += self._process.children(recursive=True)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        _, alive = psutil.wait_procs(family, timeout=_STOP_S)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, timeout=_STOP_S)


def peer_server(
    peer: Peer, home: Path, model_folder: Path, lang: str, threads: int | None
) -> PeerServer:
    """The server of an installed peer, on a free port, not yet started."""
    port = _free_port()
    command = [str(_python(peer, home)), *peer.arguments(port, model_folder.resolve(), lang)]
    return PeerServer(peer, command, port, home / f"{peer.name}.log", threads)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _last_lines(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-_LOG_LINES:]) or "it said nothing"
