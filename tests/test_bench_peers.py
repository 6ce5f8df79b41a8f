"""Peers: their frames and messages, one real conversation each, figures, and every way to fail."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from running import ROOT

from assist.audio import RATE_HZ, Pcm
from assist.bench import peer_figures as pf
from assist.bench.offline import offline_pass
from assist.bench.peer_protocol import (
    PEERS,
    PeerError,
    WhisperLiveKitSession,
    WhisperLiveSession,
)
from assist.bench.peer_report import reasons, table, write
from assist.bench.peer_server import PeerServer, installed_version
from assist.bench.peers import measure, run_peer
from assist.bench.recorded import prepared
from assist.bench.served import free_port
from assist.errors import AudioError, ModelError
from assist.events import Speaker
from assist.speech.bench import ReferenceCall, Turn
from assist.speech.score import ErrorRate

SOUND: dict[Speaker, Pcm] = {
    "customer": np.zeros(RATE_HZ * 2, dtype=np.float32),
    "agent": np.zeros(RATE_HZ, dtype=np.float32),
}
SAID = [Turn("customer", 0.2, 1.9, "1111"), Turn("agent", 0.1, 0.9, "11")]
CALL = ROOT / "corpus" / "calls" / "o01.flac"


def conversation(role: str, peer: str, folder: Path) -> pf.PeerFigures:
    """A run against the fake server in this role, with the driver of a real peer."""
    port = free_port()
    command = [sys.executable, str(ROOT / "tests" / "fake_peer.py"), str(port), role]
    real = PEERS[peer]
    real = replace(real, quiet_s=real.quiet_s and 0.5)
    server = PeerServer(real, command, port, folder / "peer.log")
    row = pf.PeerFigures(system=peer, lang="zh", audio_s=3.0)
    return measure(real, server, SOUND, SAID, row, drain_s=5.0 if role != "dawdles" else 0.0)


@pytest.mark.parametrize(("role", "peer"), [("kit", "whisperlivekit"), ("live", "whisper-live")])
def test_a_conversation_with_a_peer(role: str, peer: str, tmp_path: Path) -> None:
    row = conversation(role, peer, tmp_path)
    assert (row.status, row.reason) == ("measured", "")
    texts = {speaker: one.text.replace(" ", "") for speaker, one in row.channels.items()}
    assert texts == {"customer": "1111", "agent": "11"}
    assert row.channels["customer"].strict == ErrorRate(0, 4)
    assert all(one.last_words_kept and not one.repeats for one in row.channels.values())
    assert row.cpu_s is not None and row.wall_s is not None
    assert 0 <= row.cpu_s < 3 and 2.0 <= row.wall_s < 4
    assert row.cpu_per_audio_s == pytest.approx(row.cpu_s / 3)
    assert row.delay_p50_s is not None and -0.1 < row.delay_p50_s < 2
    first_s = row.channels["customer"].first_text_s
    assert first_s is not None and 0.2 < first_s < 2  # half a second of sound, turn at 0.2 s


@pytest.mark.parametrize(
    ("role", "peer", "reason"),
    [
        ("full", "whisper-live", "WAIT"),
        ("leaves", "whisperlivekit", "before the sound was over"),
        ("garbles", "whisperlivekit", "Expecting value"),
        ("no-such-role", "whisperlivekit", "did not start"),
    ],
)
def test_a_failing_peer_gives_a_row_that_says_why(
    role: str, peer: str, reason: str, tmp_path: Path
) -> None:
    row = conversation(role, peer, tmp_path)
    assert row.status == "failed" and reason in row.reason
    assert row.cpu_s is None and row.cpu_per_audio_s is None and not row.channels
    assert reasons([row]) == [f"{peer}: failed. {row.reason}"]


def test_a_peer_that_does_not_keep_up_is_stopped(tmp_path: Path) -> None:
    row = conversation("dawdles", "whisperlivekit", tmp_path)
    assert row.status == "unfinished" and "3 s after" in row.reason
    assert (row.wall_s, row.channels["customer"].text) == (3.0, "11")
    assert row.cpu_s is not None and row.channels["customer"].strict == ErrorRate(2, 4)


def test_a_peer_that_is_not_installed(tmp_path: Path) -> None:
    row = run_peer("whisper-live", SOUND, "zh", tmp_path / "whisper-base", SAID, tmp_path)
    assert row.status == "not installed" and "--install" in row.reason
    assert (row.system, row.model, row.audio_s) == ("whisper-live", "whisper-base", 3.0)


def test_installed_version_is_read_from_the_environment(tmp_path: Path) -> None:
    peer = PEERS["whisperlivekit"]
    found = tmp_path / peer.name / "lib/python3.11/site-packages/whisperlivekit-0.1.dist-info"
    assert installed_version(peer, tmp_path) is None
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: whisperlivekit\nVersion: 0.1\n")
    assert installed_version(peer, tmp_path) == "0.1"


def test_sound_is_sent_as_16_bit_samples() -> None:
    pcm = np.array([0.0, 1.0, -1.0, 3.0], dtype=np.float32)
    for session in (WhisperLiveKitSession("zh"), WhisperLiveSession("zh")):
        assert np.frombuffer(session.frame(pcm), "<i2").tolist() == [0, 32767, -32767, 32767]


def test_whisperlivekit_messages() -> None:
    session = WhisperLiveKitSession("zh")
    assert session.opening is None and session.ending == b"" and not session.ready
    session.take({"type": "config", "mode": "full"})
    assert session.ready and session.text == "" and session.through_s is None
    lines = [
        {"speaker": 1, "text": "喂你好", "start": "0:00:00.50", "end": "0:00:02.10"},
        {"speaker": -2, "text": None, "start": "0:00:02.10", "end": "0:01:00.00"},
        {"speaker": 1, "text": "宽带", "start": "0:01:00.00", "end": "0:01:02.50"},
    ]
    session.take({"status": "active_transcription", "lines": lines, "buffer_transcription": " 断"})
    assert (session.text, session.through_s) == ("喂你好 宽带 断", 62.5)
    session.take({"type": "ready_to_stop"})
    assert session.done and session.text == "喂你好 宽带 断"
    with pytest.raises(PeerError, match="no codec"):
        session.take({"status": "error", "error": "no codec"})


def test_whisper_live_messages() -> None:
    session = WhisperLiveSession("zh")
    assert json.loads(session.opening or "")["initial_prompt"] == "以下是普通话的句子。"
    assert "initial_prompt" not in json.loads(WhisperLiveSession("en").opening or "")
    session.take({"uid": "bench", "message": "SERVER_READY", "backend": "faster_whisper"})
    first = {"start": "0.0", "end": "2.0", "text": "喂，", "completed": True}
    session.take({"segments": [first, {"start": "2.0", "end": "3.5", "text": "宽", "words": []}]})
    assert session.ready and (session.text, session.through_s) == ("喂， 宽", 3.5)
    second = {"start": "2.0", "end": "4.0", "text": "宽带", "completed": True}
    session.take({"segments": [first, second]})
    session.take({"language": "zh", "language_prob": 0.9})
    assert (session.text, session.through_s, session.done) == ("喂， 宽带", 4.0, False)
    with pytest.raises(PeerError, match="ERROR"):
        session.take({"uid": "bench", "status": "ERROR", "message": "Failed to load model"})


def test_commands_name_model_folder_port_and_language() -> None:
    kit = PEERS["whisperlivekit"].arguments(81, Path("/m/base"), "zh")
    assert kit[kit.index("--model_dir") + 1] == "/m/base" and kit[kit.index("--port") + 1] == "81"
    assert kit[kit.index("--backend-policy") + 1] == "localagreement" and "zh" in kit
    assert PEERS["whisper-live"].arguments(82, Path("/m/base"), "zh")[2:] == ["82", "/m/base"]


def test_delays_count_only_when_timed_text_reaches_further() -> None:
    moments = [
        pf.Moment(1.0, "", None),
        pf.Moment(3.0, "喂", 2.0),
        pf.Moment(4.0, "喂你", 2.0),
        pf.Moment(6.5, "喂你好", 4.0),
        pf.Moment(9.0, "喂你好", 4.0),
    ]
    assert pf.delays(moments) == [1.0, 2.5]
    assert pf.last_change(moments) == 6.5 and pf.last_change([]) is None
    assert pf.percentile([], 50) is None


@pytest.mark.parametrize(
    ("text", "reference", "wanted"),
    [
        ("手机也不行我儿子说手机也不行我儿子说", "手机也不行我儿子说", ["手机也不行我儿子说"]),
        ("手机也不行，手机也不行", "手机也不行", []),  # five units: people do that
        ("我要办宽带啊我要办宽带啊", "我要办宽带啊。我要办宽带啊。", []),
        ("my line is down again it is my line is down again it", "", ["my line is down again it"]),
        ("", "喂", []),
    ],
)
def test_repeats(text: str, reference: str, wanted: list[str]) -> None:
    assert pf.repeats(text, reference) == wanted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("拔了两回没用还是红的", True),
        ("拔了两回没用海是红地", True),
        ("拔了两回", False),
        ("", False),
    ],
)
def test_last_words_kept(text: str, kept: bool) -> None:
    assert pf.last_words_kept(text, "拔了两回，没用，还是红的。") is kept


def call_of(*turns: Turn) -> ReferenceCall:
    return ReferenceCall("x", "zh", turns, {"customer": np.zeros(RATE_HZ * 20, np.float32)})


def test_an_excerpt_ends_between_turns() -> None:
    call = call_of(
        Turn("customer", 1, 4, "一"), Turn("agent", 4.2, 8, "二"), Turn("customer", 7.5, 12, "三")
    )
    cut = pf.excerpt(call, 9)
    # The third turn begins before the second ends: the cut goes before both.
    assert [turn.text for turn in cut.turns] == ["一"] and cut.seconds == pytest.approx(4.2)
    assert pf.excerpt(call, 60) is call
    assert pf.excerpt(call, 0.5).turns == ()


def test_a_channel_that_the_call_does_not_have() -> None:
    with pytest.raises(AudioError, match="no channel guest"):
        prepared(CALL, 30, ["guest"])
    assert list(prepared(CALL, 30, ["agent"]).channels) == ["agent"]


def test_rows_come_back_from_json_and_make_a_table(tmp_path: Path) -> None:
    customer = pf.channel_figures("喂你号", [Turn("customer", 0, 1, "喂你好")], "zh")
    good = pf.PeerFigures(
        system="floor", call="o01", audio_s=10, cpu_s=2, channels={"customer": customer}
    )
    bad = pf.PeerFigures(system="whisper-live", status="failed", reason="no port")
    write([good, bad], tmp_path / "rows.json")
    report = pf.Report.model_validate_json((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert report.rows == [good, bad] and report.cores >= 1
    assert good.cpu_per_audio_s == 0.2 and customer.strict == ErrorRate(1, 3)
    assert table(report.rows).row_count == 2


def test_the_floor_names_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no speech model"):
        offline_pass(SOUND, "zh", tmp_path)
