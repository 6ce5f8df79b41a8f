"""Tickets at the real server: a back office that goes down in mid-call, a server that is killed,
appending instead of filing, and the life of a ticket over the API and the command line."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from running import ROOT, until

from assist.bench.served import RunningServer, free_port
from assist.desk.sandbox import create_app

GUIDE = """\
id: fault
title: 上不了网
lang: zh
owner: 测试
slots:
  company: {label: 单位, from: "{{ customer.company }}"}
steps:
  - id: file
    ticket: repair
    types: [{when: "slots.company", type: line}]
    fill: {phone: "{{ customer.phone or call.number }}"}
  - {id: done, end: ticket, say: 单子报好了。}
"""
REPAIR = """\
id: repair
title: 报修
group: 装维班
deadline_h: 24
deadlines_h: {high: 8}
priority: {when: [{tag: vip, priority: high}]}
route: [{when: "customer.city == '云川'", group: 云川装维班}]
fields:
  phone: {label: 联系电话, type: phone, required: true}
  fault: {label: 故障, required: true, from: "{{ '上不了网' }}"}
  box: {label: 光猫灯, type: choice, choices: [红灯, 绿灯]}
"""
LINE = """\
id: line
title: 专线抢修
group: 政企班
deadline_h: 4
fields: {phone: {label: 联系人电话, required: true, type: phone}}
"""
SEED = """\
cities: [{id: yc, zh: 云川, en: Yunchuan}]
customers:
  - {<<: &who {city: yc, area: 东区}, id: c1, name: 李明, surname: 李, title: 先生,
     phone: "13800000001", tags: [vip]}
  - {<<: *who, id: c2, name: 王芳, surname: 王, title: 女士, phone: "13800000002"}
  - {<<: *who, id: c3, name: 赵总, surname: 赵, title: 先生, phone: "13800000003",
     company: 云川实业}
tickets:
  - {customer: c2, type: repair, title: 报修, fields: {phone: "13800000002"},
     status: dispatched, ago: P1D}
"""


class Office:
    """The sandbox on a port of its own, which can go down and come back."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        (folder / "seed").mkdir(parents=True)
        (folder / "seed" / "all.yaml").write_text(SEED, "utf-8")

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(30)
        while not self._server.started:
            time.sleep(0.01)

    def _serve(self, ready: threading.Event) -> None:
        """The app's database belongs to the thread that made it."""
        app = create_app(
            self._folder / "desk.db",
            seed=self._folder / "seed",
            clock=lambda: datetime.now(UTC),
        )
        config = uvicorn.Config(app, port=self.port, log_level="error", log_config=None)
        self._server = uvicorn.Server(config)
        ready.set()
        self._server.run()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def get(self, path: str) -> Any:
        return httpx.get(self.url + path, trust_env=False).json()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, office: Office) -> RunningServer:
    """Not started yet: no speech model, no embedder, a guide of three steps."""
    root = tmp_path_factory.mktemp("root")
    (root / "guides" / "tickets").mkdir(parents=True)
    (root / "ui").symlink_to(ROOT / "ui")
    (root / "corpus").mkdir()
    shutil.copytree(ROOT / "guides" / "connectors", root / "guides" / "connectors")
    (root / "guides" / "fault.yaml").write_text(GUIDE, "utf-8")
    (root / "guides" / "tickets" / "repair.yaml").write_text(REPAIR, "utf-8")
    (root / "guides" / "tickets" / "line.yaml").write_text(LINE, "utf-8")
    settings = {
        "ASSIST_ROOT": str(root),
        "ASSIST_DESK_URL": office.url,
        "ASSIST_DESK_TIMEOUT_S": "1",
        "ASSIST_MODELS": str(root / "no-models"),
        "ASSIST_EMBEDDER": str(root / "no-embedder"),
        "ASSIST_INDEX": str(root / "no-index"),
        "HF_HUB_OFFLINE": "1",
    }
    return RunningServer(root / "data", sandbox=False, **settings)


@pytest.fixture(scope="module")
def running(server: RunningServer) -> Iterator[RunningServer]:
    """For tests after the first, which kills it."""
    with server:
        yield server


@contextmanager
def live(server: RunningServer, number: str) -> Iterator[str]:
    """A live call with the form open; hung up afterwards."""
    with server.connect("/v1/audio") as socket:
        start = {"type": "start", "agent": "anna", "rate_hz": 16000, "lang": "zh"}
        socket.send(json.dumps({**start, "customer": number}))
        call = json.loads(socket.recv(timeout=20))["call"]
        until(lambda: "customer_found" in kinds(server, call), 20)
        assert server.press(call, {"kind": "open_guide", "guide": "fault"})[0]["ok"]
        until(lambda: "open_tickets_found" in kinds(server, call), 20)
        yield call
        socket.send('{"type": "stop"}')
        assert json.loads(socket.recv(timeout=60))["type"] == "ended"


def kinds(server: RunningServer, call: str) -> list[str]:
    return [event["fact"]["kind"] for event in server.events(call)]


def last(server: RunningServer, call: str, kind: str) -> dict[str, Any]:
    return [e["fact"] for e in server.events(call) if e["fact"]["kind"] == kind][-1]


def file(phone: str, **more: str) -> dict[str, Any]:
    fields = {"phone": phone, "fault": "上不了网", "box": more.pop("box", "")}
    return {"kind": "file_ticket", "guide": "fault", "step": "file", "fields": fields, **more}


def test_a_ticket_asked_while_the_back_office_is_down_is_filed_once_after_a_crash(
    server: RunningServer, office: Office
) -> None:
    with server:
        with live(server, "13800000001") as call:
            office.stop()
            assert server.press(call, file("13800000001"))[0]["ok"]
            until(lambda: "ticket_waiting" in kinds(server, call), 20)
            until(lambda: last(server, call, "step_shown")["step"] == "done", 5)
            refused = server.press(call, file("13800000001"))[0]["refused"]
            assert refused["code"] in ("step.not_current", "ticket.waiting"), (
                "the guide has gone on"
            )
            assert server.get("/health")["tickets_waiting"] == 1
        assert "ticket_filed" not in kinds(server, call)
        server.stop(signal.SIGKILL)
    office.start()
    with server:
        until(lambda: "ticket_filed" in kinds(server, call), 60)
        number = last(server, call, "ticket_filed")["number"]
        listed = next(c for c in server.get("/api/calls")["calls"] if c["id"] == call)
        assert listed["ticket"] == number
        assert "tickets_waiting" not in server.get("/health")
        assert kinds(server, call).count("ticket_filed") == 1
        (there,) = office.get("/tickets?customer=c1")["tickets"]
        assert there["number"] == number and there["fields"]["phone"] == "13800000001"
        found = server.get(f"/api/tickets/{number}")
        assert found["ticket"]["unit"] == "云川装维班" and found["ticket"]["priority"] == "high"
        filed, due = (
            datetime.fromisoformat(found["ticket"][name]) for name in ("filed_at", "due_at")
        )
        assert (due - filed).total_seconds() == 8 * 3600
        assert "13800000001" not in json.dumps(found), "kept masked"


def test_an_open_ticket_of_the_same_type_is_appended_to(
    running: RunningServer, office: Office
) -> None:
    server = running
    with live(server, "13800000002") as call:
        draft = last(server, call, "ticket_drafted")
        (known,) = draft["open"]
        assert draft["append_to"] == known["number"] and known["type"] == "repair"
        wrong = server.press(call, file("13800000002", append_to="GD20200101-000001"))[0]
        assert wrong["refused"]["code"] == "ticket.not_open"
        command = file("13800000002", box="红灯", append_to=known["number"])
        assert server.press(call, command)[0]["ok"]
        until(lambda: "ticket_filed" in kinds(server, call), 20)
    filed = last(server, call, "ticket_filed")
    assert filed["appended"] and filed["number"] == known["number"]
    (note,) = office.get(f"/tickets/{known['number']}/notes")["notes"]
    assert note["text"] == "联系电话: 13800000002\n故障: 上不了网\n光猫灯: 红灯"
    assert len(office.get("/tickets?customer=c2")["tickets"]) == 1


def test_the_type_is_decided_by_rule_and_a_value_that_does_not_fit_is_named(
    running: RunningServer, office: Office
) -> None:
    server = running
    with live(server, "13800000003") as call:
        assert last(server, call, "ticket_drafted")["type"] == "line"
        bad = {**file("很久"), "fields": {"phone": "很久"}}
        refused = server.press(call, bad)[0]["refused"]
        assert refused["code"] == "ticket.value" and refused["values"]["field"] == "phone"
        assert "5 到 20 位" in refused["values"]["wanted"]
        assert server.press(call, {**bad, "fields": {"phone": "13800000003"}})[0]["ok"]
        until(lambda: "ticket_filed" in kinds(server, call), 20)
    assert office.get("/tickets?customer=c3")["tickets"][0]["type"] == "line"


def post(server: RunningServer, number: str, **move: Any) -> httpx.Response:
    url = f"{server.url}/api/tickets/{number}/moves"
    return httpx.post(url, json={"move": move}, timeout=10, headers=server.headers)


def test_the_life_of_a_ticket_over_api_and_command_line(running: RunningServer) -> None:
    server = running
    page = server.get("/api/tickets?state=open&limit=1")
    count = page["count"]
    assert count and len(page["tickets"]) == 1
    newest = page["tickets"][0]["number"]
    assert server.get("/api/tickets?type=line")["count"] == 1
    for path, status in (("?state=lost", 422), ("/GD0", 404)):
        url = f"{server.url}/api/tickets{path}"
        assert httpx.get(url, headers=server.headers).status_code == status
    assert server.get("/api/tickets?overdue=true")["count"] == 0

    illegal = post(server, newest, kind="close", result="solved")
    assert illegal.status_code == 409
    assert "close withdrawn" in illegal.json()["values"]["allowed"]
    moved = post(server, newest, kind="dispatch", level="province", unit="云川省").json()
    assert moved["ticket"]["state"] == "dispatched"
    assert [e["by"] for e in moved["history"]] == ["anna", server.get("/api/me")["login"]]
    assert post(server, newest, kind="dispatch").status_code == 422
    post(server, newest, kind="append", text="客户电话 13812345678，晚上在家")
    noted = server.get(f"/api/tickets/{newest}")["history"][-1]
    assert "13812345678" not in json.dumps(noted)

    # Another process at the same time, as an operator at a terminal.
    command = [sys.executable, "-c", "from assist.cli import main; main()"]
    words = ["--data", str(server.data), "tickets", "suspend", newest]
    told = ["--until", "2999-01-01", "--why", "等供电"]
    wait = subprocess.run([*command, *words, *told], capture_output=True, text=True)
    assert wait.returncode == 0, wait.stderr
    assert post(server, newest, kind="close", result="withdrawn").status_code == 409
    passed = post(server, newest, kind="review", passed=True).json()
    assert passed["ticket"]["state"] == "suspended" and passed["allowed"] == ["append", "resume"]
    assert passed["ticket"]["due_at"] > "2999"
    for move in ({"kind": "resume"}, {"kind": "confirm"}, {"kind": "close", "result": "solved"}):
        done = post(server, newest, **move)
        assert done.status_code == 200, done.text
    assert done.json()["ticket"]["result"] == "solved" and done.json()["allowed"] == []
    assert server.get("/api/tickets?state=open")["count"] == count - 1
