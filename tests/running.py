"""The real server as its own process, on free ports, with its own data folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
CALLS = ROOT / "corpus" / "calls"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningServer:
    """`with RunningServer(folder) as server:` serves until the block ends."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}"
        desk_port = free_port()
        self.desk_url = f"http://127.0.0.1:{desk_port}"
        self._settings = {"ASSIST_SANDBOX_PORT": str(desk_port), **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RunningServer:
        command = "from assist.cli import main; main()"
        arguments = ["--data", str(self.data), "serve", "--sandbox", "--port", str(self.port)]
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", command, *arguments],
                cwd=ROOT,
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_answers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(signal.SIGTERM)

    def stop(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def get(self, path: str) -> Any:
        return httpx.get(self.url + path, timeout=10).json()

    def events(self, call: str, after: int = 0) -> list[dict[str, Any]]:
        return self.get(f"/api/calls/{call}/events?after={after}")["events"]

    def play(self, name: str, speed: str = "max") -> str:
        answer = httpx.post(f"{self.url}/api/demo-calls/{name}", json={"speed": speed}, timeout=30)
        assert answer.status_code == 201, answer.text
        return answer.json()["call"]

    def press(self, call: str, *commands: dict[str, Any]) -> list[dict[str, Any]]:
        """Send commands as a panel would; the answer to each."""
        answers = []
        with connect(f"{self.socket_url}/v1/calls/{call}/events?after=1000000") as panel:
            for number, command in enumerate(commands):
                panel.send(json.dumps({"ref": str(number), "command": command}))
                answer = json.loads(panel.recv(timeout=20))
                while "ref" not in answer:
                    answer = json.loads(panel.recv(timeout=20))
                answers.append(answer)
        return answers

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        for _ in range(600):
            try:
                if httpx.get(f"{self.url}/health", timeout=1).is_success:
                    return
            except httpx.HTTPError:
                pass
            assert self._process.poll() is None, (self.data / "server.log").read_text()
            time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")


def until(look: Any, seconds: float = 120) -> Any:
    """Ask again until the answer is true; the answer."""
    for _ in range(int(seconds * 10)):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
