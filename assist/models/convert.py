"""Rebuilds whisper from an 8-bit ONNX export and writes it as a CTranslate2 folder.

The package registry carries whisper-small only in the transformers.js layout: ONNX graphs with
dynamically quantised weights. The weights are read out of the graphs, put back into transformers'
own model class, and CTranslate2's own converter does the rest. The graphs are parsed as data:
nothing from the carrier is ever executed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError

if TYPE_CHECKING:
    import onnx

CT2_QUANTIZATION = "int8_float32"
EXTRA_FILES = ("tokenizer.json", "preprocessor_config.json")
_ENCODER = "encoder_model_quantized.onnx"
_DECODER = "decoder_model_merged_quantized.onnx"
_EMBEDDING = "model.decoder.embed_tokens.weight"

Array = NDArray[Any]


def convert_whisper(source: Path, target: Path, step: Callable[[int], None]) -> None:
    """Write `target` (must not exist) as a folder faster-whisper loads, from `source`.

    `source` holds config.json, generation_config.json, the tokenizer's files and
    `onnx/{encoder,decoder}` as transformers.js expects them. `step(n)` is called as each of the
    three parts of the work is done: encoder read, decoder read, folder written. Takes about 3 GB of
    memory for whisper-small. Raises ModelError when the graphs do not spell the whole model.
    """
    weights = dict(_float_weights(_load(source / "onnx" / _ENCODER), "model.encoder."))
    step(1)
    weights |= _float_weights(_load(source / "onnx" / _DECODER), "")
    if _EMBEDDING not in weights:
        raise ModelError(f"{source / 'onnx' / _DECODER}: the token embedding is not in the graph.")
    # Whisper's output projection is the embedding table itself.
    weights["proj_out.weight"] = weights[_EMBEDDING]
    step(2)
    _write_ctranslate2(source, target, weights)
    for name in EXTRA_FILES:
        shutil.copyfile(source / name, target / name)
    step(3)


def _load(path: Path) -> onnx.ModelProto:
    import onnx
    from google.protobuf.message import DecodeError

    try:
        return onnx.load(str(path))
    except (OSError, DecodeError) as error:
        raise ModelError(f"{path}: not a readable ONNX graph ({error}).") from error


def _float_weights(model: onnx.ModelProto, prefix: str) -> Iterator[tuple[str, Array]]:
    """(parameter name, float32 array) of every weight in `model`, dequantised.

    Names of float tensors are kept; a quantised matrix is named after the node that multiplies by
    it (`/layers.3/self_attn/q_proj/MatMul_quant` -> `layers.3.self_attn.q_proj.weight`), because
    the exporter gave the matrix itself only a number. q is mapped back as (q - zero point) * scale
    (ONNX operator DequantizeLinear); MatMul holds what torch keeps transposed.
    """
    from onnx import TensorProto, numpy_helper

    tensors = {t.name: t for t in model.graph.initializer}

    def dequantised(quantised: str) -> Array:
        base = quantised.removesuffix("_quantized")
        parts = [tensors.get(f"{base}{end}") for end in ("_quantized", "_scale", "_zero_point")]
        if any(part is None for part in parts):
            raise ModelError(f"the ONNX graph has no scale or zero point for {base}.")
        q, scale, zero = (numpy_helper.to_array(part) for part in parts if part is not None)
        return (q.astype(np.float32) - zero.astype(np.float32)) * scale.astype(np.float32)

    for tensor in tensors.values():
        name = tensor.name.removesuffix("_merged_0")
        if tensor.data_type == TensorProto.FLOAT and name.endswith((".weight", ".bias")):
            yield prefix + name, numpy_helper.to_array(tensor).copy()
    for node in _nodes(model.graph):
        if node.op_type == "MatMulInteger" and node.input[1] in tensors:
            yield f"{prefix}{_module(node.name)}.weight", dequantised(node.input[1]).T.copy()
        elif node.op_type == "ConvInteger" and node.input[1] in tensors:
            yield f"{prefix}{_module(node.name)}.weight", dequantised(node.input[1])
    table = f"{_EMBEDDING}_merged_0_quantized"
    if table in tensors:
        yield _EMBEDDING, dequantised(table)


def _nodes(graph: onnx.GraphProto) -> Iterable[onnx.NodeProto]:
    """The nodes of `graph`; of a merged decoder, those of the branch without a cache.

    Only that branch computes the keys and values of the encoder's output, so only it names every
    weight.
    """
    for node in graph.node:
        if node.op_type != "If":
            yield node
            continue
        for attribute in node.attribute:
            if attribute.name == "else_branch":
                yield from attribute.g.node


def _module(node_name: str) -> str:
    return node_name.strip("/").rsplit("/", 1)[0].replace("/", ".")


def _write_ctranslate2(source: Path, target: Path, weights: Mapping[str, Array]) -> None:
    import ctranslate2
    import torch
    import transformers
    from ctranslate2.converters import TransformersConverter
    from transformers import GenerationConfig, WhisperForConditionalGeneration

    class FromWeights(TransformersConverter):
        """Hands the rebuilt model over in memory instead of writing a gigabyte to read it back."""

        def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            with torch.device("meta"):
                model = WhisperForConditionalGeneration(kwargs["config"])
            tensors = {name: torch.from_numpy(array) for name, array in weights.items()}
            try:
                model.load_state_dict(tensors, strict=True, assign=True)
            except RuntimeError as error:
                raise ModelError(
                    f"{source}: the ONNX graphs do not fit the model's config.json: {error}"
                ) from error
            model.generation_config = GenerationConfig.from_pretrained(model_name_or_path)
            return model.eval()

    loud = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity_error()
    try:
        FromWeights(str(source)).convert(str(target), quantization=CT2_QUANTIZATION)
    except (ValueError, RuntimeError, AttributeError, TypeError, ImportError) as error:
        raise ModelError(
            f"conversion failed with ctranslate2 {ctranslate2.__version__} and transformers "
            f"{transformers.__version__}: {type(error).__name__}: {error}."
        ) from error
    finally:
        transformers.logging.set_verbosity(loud)
