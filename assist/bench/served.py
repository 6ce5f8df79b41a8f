"""The real server as a process of its own, on free ports, with its own data folder.

For benchmarks and tests that need the whole house: what they measure or hold is what a pilot runs.
"""

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
from websockets.sync.client import ClientConnection, connect

from assist.accounts.model import ROLES, USES
from assist.config import Settings
from assist.errors import AssistError
from assist.store import Store
from assist.wiring.parts import local_now

_START_S = 180.0
_STOP_S = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningServer:
    """`with RunningServer(folder) as server:` serves until the block ends."""

    def __init__(self, data: Path, *, sandbox: bool = True, **settings: str) -> None:
        """Without the `sandbox` the settings name the back office. It runs as a demo, and knows
        the machine that has `token`."""
        self.data = data
        self._sandbox = ["--sandbox"] if sandbox else []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}"
        desk_port = free_port()
        self.desk_url = f"http://127.0.0.1:{desk_port}"
        self._settings = {
            "ASSIST_SANDBOX_PORT": str(desk_port),
            "ASSIST_DEMO": "1",
            "ASSIST_DRAIN_S": "0",
        }
        self._settings |= settings
        self.token = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RunningServer:
        command = "from assist.cli import main; main()"
        arguments = ["--data", str(self.data), "serve", *self._sandbox, "--port", str(self.port)]
        self.data.mkdir(parents=True, exist_ok=True)
        self.token = self.token or self._new_token()
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", command, *arguments],
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=log,
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop(signal.SIGKILL)
            raise
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
            self._process.wait(_STOP_S)
            self._process = None

    def _new_token(self) -> str:
        store = Store(Settings(data=self.data).database)
        try:
            return store.tokens.create("bench", ROLES, USES, local_now())[1]
        finally:
            store.close()

    @property
    def headers(self) -> dict[str, str]:
        """Who asks: a machine that may do everything."""
        return {"Authorization": f"Bearer {self.token}"}

    def connect(self, path: str) -> ClientConnection:
        """A socket of the server, such as `/v1/audio`."""
        return connect(self.socket_url + path, max_size=None, additional_headers=self.headers)

    def get(self, path: str) -> Any:
        return httpx.get(self.url + path, timeout=10, headers=self.headers).json()

    def events(self, call: str, after: int = 0) -> list[dict[str, Any]]:
        return self.get(f"/api/calls/{call}/events?after={after}")["events"]

    def play(self, name: str, speed: str = "max") -> str:
        url = f"{self.url}/api/demo-calls/{name}"
        answer = httpx.post(url, json={"speed": speed}, timeout=30, headers=self.headers)
        answer.raise_for_status()
        return answer.json()["call"]

    def press(self, call: str, *commands: dict[str, Any]) -> list[dict[str, Any]]:
        """Send commands as a panel would; the answer to each."""
        answers = []
        with self.connect(f"/v1/calls/{call}/events?after=1000000") as panel:
            for number, command in enumerate(commands):
                panel.send(json.dumps({"ref": str(number), "command": command}))
                answer = json.loads(panel.recv(timeout=20))
                while "ref" not in answer:
                    answer = json.loads(panel.recv(timeout=20))
                answers.append(answer)
        return answers

    @property
    def pid(self) -> int:
        """Of the server's process; raises AssistError when it does not run."""
        if self._process is None or self._process.poll() is not None:
            raise self._dead("is not running")
        return self._process.pid

    def _wait_until_it_answers(self) -> None:
        deadline_s = time.monotonic() + _START_S
        while time.monotonic() < deadline_s:
            try:
                if self.pid and httpx.get(f"{self.url}/health", timeout=1).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise self._dead(f"did not answer within {_START_S:.0f} s")

    def _dead(self, what: str) -> AssistError:
        log = self.data / "server.log"
        last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        return AssistError(f"The server {what}. Its last words:\n{last}", f"See {log}.")
