"""Any model becomes an engine: mel bands, token layouts, languages, devices; tiny real models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from assist.audio import RATE_HZ
from assist.config import Settings
from assist.errors import ModelError
from assist.models import model_folder
from assist.speech.compute import Machine
from assist.speech.whisper import WhisperEngine
from assist.wiring.engines import (
    describe_engine,
    english_only,
    open_engine,
    refuse_language,
    vocabulary_size,
)

MakeModel = Callable[..., Path]
TIMESTAMPS = 1501


def tokenizer_file(source: Path, target: Path, size: int) -> None:
    """whisper-base's tokenizer cut or stretched to another layout of special tokens.

    English-only: one ordinary token fewer, so every special one moves down. 100 languages: `yue`
    behind the last language, so what follows moves up.
    """
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    added = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    names = [name for name, _ in sorted(added.items(), key=lambda pair: pair[1])]
    vocabulary = tokenizer["model"]["vocab"]
    first = added["<|endoftext|>"]
    if size == 51_864:
        first -= 1
        for text in [text for text, number in vocabulary.items() if number >= first]:
            del vocabulary[text]
        kept = set(vocabulary)
        merges = tokenizer["model"]["merges"]
        joined = [
            "".join(pair) if isinstance(pair, list) else pair.replace(" ", "") for pair in merges
        ]
        tokenizer["model"]["merges"] = [
            pair for pair, text in zip(merges, joined, strict=True) if text in kept
        ]
    if size == 51_866:
        names.insert(names.index("<|translate|>"), "<|yue|>")
    sample = tokenizer["added_tokens"][0]
    tokenizer["added_tokens"] = [
        {**sample, "content": name, "id": first + at} for at, name in enumerate(names)
    ]
    target.write_text(json.dumps(tokenizer), encoding="utf-8")


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> MakeModel:
    """A function that writes a tiny Whisper with random weights as a CTranslate2 folder."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers import (
        GenerationConfig,
        PreTrainedTokenizerFast,
        WhisperConfig,
        WhisperForConditionalGeneration,
    )

    base = model_folder(Settings().models, "whisper-base")

    class InMemory(TransformersConverter):
        def __init__(self, model: Any, tokenizer: Any, source: str) -> None:
            super().__init__(source)
            self.ready, self.words = model, tokenizer

        def load_model(self, *_: Any, **__: Any) -> Any:
            return self.ready

        def load_tokenizer(self, *_: Any, **__: Any) -> Any:
            return self.words

    def make(mels: int, size: int) -> Path:
        source = tmp_path_factory.mktemp(f"source-{mels}-{size}")
        target = tmp_path_factory.mktemp("made") / f"tiny-{mels}-{size}"
        config = WhisperConfig(
            d_model=32,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            num_mel_bins=mels,
            vocab_size=size,
            activation_function="gelu",
        )
        torch.manual_seed(mels + size)
        model = WhisperForConditionalGeneration(config).eval()
        model.generation_config = GenerationConfig(suppress_tokens=[], begin_suppress_tokens=[])
        config.save_pretrained(source)
        tokenizer_file(base / "tokenizer.json", source / "tokenizer.json", size)
        words = PreTrainedTokenizerFast(tokenizer_file=str(source / "tokenizer.json"))
        # The base model's file leaves out the timestamps, which the vocabulary needs.
        missing = size - len(words.get_vocab())
        words.add_tokens([f"<|{at * 0.02:.2f}|>" for at in range(missing)])
        InMemory(model, words, str(source)).convert(str(target), quantization="int8_float32")
        shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
        return target

    return make


LAYOUTS = [
    pytest.param(80, 51_865, id="80 mels, 99 languages"),
    pytest.param(128, 51_865, id="128 mels, 99 languages"),
    pytest.param(128, 51_866, id="128 mels, 100 languages"),
    pytest.param(80, 51_866, id="80 mels, 100 languages"),
    pytest.param(80, 51_864, id="80 mels, English only"),
    pytest.param(128, 51_864, id="128 mels, English only"),
]


@pytest.mark.model
@pytest.mark.parametrize(("mels", "size"), LAYOUTS)
def test_every_layout_is_decoded(make_model: MakeModel, mels: int, size: int) -> None:
    """Random weights say nothing sensible: what counts is that a decode runs through."""
    folder = make_model(mels, size)
    assert vocabulary_size(folder) == size
    only_english = size == 51_864
    assert english_only(folder, folder.name) == only_english
    lang = "en" if only_english else "zh"
    engine = open_engine(Settings(), str(folder), (lang,))
    sound = np.random.default_rng(0).normal(0, 0.1, 2 * RATE_HZ).astype(np.float32)
    for final in (False, True):
        decoded = engine.decode(sound, lang=lang, final=final)
        assert 0 <= decoded.confidence <= 1
        assert decoded.model == str(folder)
    engine.warm_up(lang)
    raw = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert raw.token_to_id("<|notimestamps|>") == size - TIMESTAMPS - 1
    if only_english:
        with pytest.raises(ModelError, match="knows English only, but calls in zh"):
            open_engine(Settings(), str(folder))
    else:
        assert engine.language_of(sound) in ("zh", "en")


@pytest.mark.model
def test_the_settings_reach_the_engine() -> None:
    settings = Settings(device="cpu", compute_type="float32", threads=1)
    engine = open_engine(settings, "base")
    assert isinstance(engine, WhisperEngine)
    assert engine.name == "base"
    assert (
        describe_engine(settings, "base")
        == "base: cpu, float32, 1 thread (as set; precision as set)."
    )


@pytest.mark.model
def test_a_wish_that_cannot_be_had_names_the_setting() -> None:
    none = Machine({"cpu": frozenset({"float32"})})
    with pytest.raises(ModelError, match="Setting device: cuda"):
        open_engine(Settings(device="cuda"), "whisper-base", machine=none)
    with pytest.raises(ModelError, match="'int3' is not possible on cpu"):
        open_engine(Settings(compute_type="int3"), "whisper-base", machine=none)


def test_a_missing_model_is_said_with_the_command(tmp_path: Path) -> None:
    settings = Settings(models=tmp_path)
    with pytest.raises(ModelError) as caught:
        open_engine(settings, "turbo")
    assert caught.value.remedy == "Run `assist models pull large-v3-turbo`."


def test_distilled_models_are_refused_for_chinese_whatever_their_tokens(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.json").write_text(json.dumps(["a"] * 51_866))
    refuse_language(tmp_path, "large-v3", ["zh", "en"])
    refuse_language(tmp_path, "distil-large-v3", ["en"])
    with pytest.raises(ModelError, match="distil-large-v3: this model knows English only"):
        refuse_language(tmp_path, "distil-large-v3", ["zh", "en"])


@pytest.mark.parametrize("written", ["{", "[]", "7", None])
def test_a_vocabulary_that_cannot_be_read_is_said(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "vocabulary.json").write_text(written)
    with pytest.raises(ModelError, match="its vocabulary") as caught:
        vocabulary_size(tmp_path)
    assert caught.value.remedy


def test_an_old_vocabulary_is_one_token_a_line(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.txt").write_text("a\nb\nc")
    assert vocabulary_size(tmp_path) == 3
    (tmp_path / "vocabulary.txt").write_text("a\nb\nc\n")
    assert vocabulary_size(tmp_path) == 3
