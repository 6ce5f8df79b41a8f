"""A tiny server that speaks a peer's protocol: fake_peer.py PORT ROLE, a function's name below.

It writes one digit for each half second of sound, so that a test knows what must come.
"""

from __future__ import annotations

import json
import sys

from websockets.sync.server import ServerConnection, serve

HALF_S = 16_000


def kit(socket: ServerConnection) -> None:
    """As WhisperLiveKit: whole transcripts, then ready_to_stop after an empty frame."""
    socket.send(json.dumps({"type": "config", "useAudioWorklet": True, "mode": "full"}))
    heard = 0
    while frame := socket.recv():
        heard += len(frame)
        done = heard // HALF_S
        line = {"text": "1" * (done - 1), "speaker": 1, "start": "0:00:00.00"}
        line["end"] = f"0:00:{(done - 1) / 2:05.2f}"
        lines = [line] if done > 1 else []
        tail = "2" if done else ""
        socket.send(json.dumps({"lines": lines, "buffer_transcription": tail}))
    line = {"text": "1" * (heard // HALF_S), "speaker": 1, "start": "0:00:00.00"}
    line["end"] = f"0:00:{heard / HALF_S / 2:05.2f}"
    socket.send(json.dumps({"lines": [line], "buffer_transcription": ""}))
    socket.send(json.dumps({"type": "ready_to_stop"}))


def live(socket: ServerConnection) -> None:
    """As whisper-live: options first, the last segments each time, never a word about the end."""
    options = json.loads(socket.recv())
    assert options["language"] == "zh" and options["audio_format"] == "int16", options
    socket.send(json.dumps({"uid": options["uid"], "message": "SERVER_READY"}))
    heard = 0
    while (frame := socket.recv()) != b"END_OF_AUDIO":
        before, heard = heard // HALF_S, heard + len(frame)
        if heard // HALF_S > before:
            segments = [
                {"start": str(at / 2), "end": str((at + 1) / 2), "text": "1", "completed": True}
                for at in range(before)
            ]
            last = {"start": str(before / 2), "end": str(heard / HALF_S / 2), "text": "1"}
            message = {"uid": options["uid"], "segments": [*segments[-2:], last]}
            socket.send(json.dumps(message))


def full(socket: ServerConnection) -> None:
    options = json.loads(socket.recv())
    socket.send(json.dumps({"uid": options["uid"], "status": "WAIT", "message": 3.5}))


def leaves(socket: ServerConnection) -> None:
    socket.send(json.dumps({"type": "config"}))
    socket.recv()


def garbles(socket: ServerConnection) -> None:
    socket.send(json.dumps({"type": "config"}))
    socket.recv()
    socket.send("<html>")
    socket.recv()


def dawdles(socket: ServerConnection) -> None:
    socket.send(json.dumps({"type": "config"}))
    line = {"text": "11", "speaker": 1, "start": "0:00:00.00", "end": "0:00:01.00"}
    socket.send(json.dumps({"lines": [line], "buffer_transcription": ""}))
    while socket.recv():
        pass
    socket.recv()


if __name__ == "__main__":
    roles = {each.__name__: each for each in (kit, live, full, leaves, garbles, dawdles)}
    with serve(roles[sys.argv[2]], "127.0.0.1", int(sys.argv[1])) as server:
        server.serve_forever()
