"""ONNX back to CTranslate2: a small whisper with known weights must compute the same again."""

from __future__ import annotations

import difflib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from assist.config import Settings
from assist.errors import ModelError
from assist.models import check, model_folder
from assist.models.convert import convert_whisper

Array = np.ndarray[Any, np.dtype[Any]]


def quantised(name: str, weight: Array) -> list[Any]:
    """What onnxruntime's dynamic quantiser leaves of one weight: q, scale and zero point."""
    from onnx import numpy_helper

    low, high = min(float(weight.min()), 0.0), max(float(weight.max()), 0.0)
    scale = np.float32((high - low) / 255)
    zero = np.uint8(round(-low / scale))
    q = np.clip(np.round(weight / scale) + zero, 0, 255).astype(np.uint8)
    return [
        numpy_helper.from_array(q, f"{name}_quantized"),
        numpy_helper.from_array(np.array(scale), f"{name}_scale"),
        numpy_helper.from_array(np.array(zero), f"{name}_zero_point"),
    ]


def export(weights: dict[str, Array], folder: Path) -> None:
    """Write the two graphs with the names and shapes of the transformers.js export."""
    import onnx
    from onnx import helper, numpy_helper

    encoder: tuple[list[Any], list[Any]] = ([], [])
    decoder: tuple[list[Any], list[Any]] = ([], [])
    for number, (name, weight) in enumerate(weights.items()):
        inside = name.startswith("model.encoder.")
        nodes, tensors = encoder if inside else decoder
        short = name.removeprefix("model.encoder.")
        merged = "" if inside else "_merged_0"
        module = "/" + short.removesuffix(".weight").replace(".self_attn.", "/self_attn/").replace(
            ".encoder_attn.", "/encoder_attn/"
        ).replace("layers.", "layers:").replace(".", "/").replace(":", ".")
        if name.endswith("embed_tokens.weight"):
            tensors += quantised(f"{name}{merged}", weight)
        elif "conv" in name and weight.ndim == 3:
            tensors += quantised(short, weight)
            inputs = ["x_quantized", f"{short}_quantized", "x_zero_point", f"{short}_zero_point"]
            nodes.append(helper.make_node("ConvInteger", inputs, ["y"], f"{module}/Conv_quant"))
        elif weight.ndim == 2 and "embed_positions" not in name:
            label = f"onnx::MatMul_{number}{merged}"
            tensors += quantised(label, weight.T)
            inputs = ["x_quantized", f"{label}_quantized", "x_zero_point", f"{label}_zero_point"]
            nodes.append(helper.make_node("MatMulInteger", inputs, ["y"], f"{module}/MatMul_quant"))
        else:
            tensors.append(numpy_helper.from_array(weight, f"{short}{merged}"))
    with_cache = helper.make_graph([], "then", [], [])
    without = helper.make_graph(decoder[0], "else", [], [])
    branch = helper.make_node("If", ["c"], [], then_branch=with_cache, else_branch=without)
    (folder / "onnx").mkdir()
    for file, nodes, tensors in (
        ("encoder_model_quantized.onnx", *encoder),
        ("decoder_model_merged_quantized.onnx", [branch], decoder[1]),
    ):
        graph = helper.make_graph(nodes, "whisper", [], [], tensors)
        onnx.save(helper.make_model(graph), str(folder / "onnx" / file))


@pytest.mark.model
def test_converted_model_computes_what_the_original_does(tmp_path: Path) -> None:
    import ctranslate2
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    base = model_folder(Settings().models, "whisper-base")
    config = WhisperConfig(
        d_model=64,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=128,
        decoder_ffn_dim=128,
        vocab_size=51865,
        activation_function="gelu",
    )
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(config).eval()
    weights = {
        name: tensor.numpy()
        for name, tensor in model.state_dict().items()
        if "proj_out" not in name
    }
    source = tmp_path / "source"
    source.mkdir()
    export(weights, source)
    config.save_pretrained(source)
    GenerationConfig(suppress_tokens=[], begin_suppress_tokens=[]).save_pretrained(source)
    shutil.copyfile(base / "tokenizer.json", source / "tokenizer.json")
    (source / "tokenizer_config.json").write_text('{"tokenizer_class": "WhisperTokenizer"}')
    (source / "preprocessor_config.json").write_text('{"feature_size": 80}')

    done: list[int] = []
    convert_whisper(source, tmp_path / "target", done.append)

    assert done == [1, 2, 3]
    mel = np.random.default_rng(0).normal(0, 1, (1, 80, 3000)).astype(np.float32)
    engine = ctranslate2.models.Whisper(
        str(tmp_path / "target"), device="cpu", compute_type="float32", intra_threads=2
    )
    found = np.array(engine.encode(ctranslate2.StorageView.from_array(mel)))
    with torch.no_grad():
        expected = model.model.encoder(torch.from_numpy(mel)).last_hidden_state.numpy()
    # Eight bits twice (the carrier's and CTranslate2's) leave about one per cent.
    error = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    assert error < 0.05
    vocabulary = json.loads((tmp_path / "target" / "vocabulary.json").read_text("utf-8"))
    assert len(vocabulary) == 51865


def test_unreadable_graph_is_said(tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "encoder_model_quantized.onnx").write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelError, match=r"encoder_model_quantized\.onnx: not a readable ONNX"):
        convert_whisper(tmp_path, tmp_path / "target", lambda done: None)


@pytest.mark.model
@pytest.mark.parametrize(("name", "least"), [("whisper-base", 0.55), ("whisper-small", 0.75)])
def test_real_model_is_whole_and_understands_a_telephone_call(name: str, least: float) -> None:
    """Loaded by faster-whisper without the network; two of the agent's turns of a demo call."""
    import opencc
    from faster_whisper import WhisperModel

    settings = Settings()
    (found,) = check(settings.models, [name])
    assert (found.state, found.problems) == ("ready", ())
    model = WhisperModel(
        str(model_folder(settings.models, name)),
        device="cpu",
        compute_type="int8",
        cpu_threads=2,
        local_files_only=True,
    )
    call = settings.corpus_dir / "calls" / "o01"
    sound, rate_hz = soundfile.read(call.with_suffix(".flac"), dtype="float32")
    turns = json.loads(call.with_suffix(".json").read_text("utf-8"))["turns"]
    simplify = opencc.OpenCC("t2s").convert
    alike: list[float] = []
    for turn in [t for t in turns if t["speaker"] == "agent" and "digits" not in t][:2]:
        first, last = (round(turn[edge] * rate_hz) for edge in ("start", "end"))
        pcm = soxr.resample(sound[first : last + rate_hz // 4, 1], rate_hz, 16_000)
        segments, _ = model.transcribe(
            pcm, language="zh", beam_size=5, initial_prompt="以下是普通话的句子。", temperature=0
        )
        heard = simplify("".join(segment.text for segment in segments))
        alike.append(difflib.SequenceMatcher(None, turn["text"], heard).ratio())
    assert sum(alike) / len(alike) > least, alike
