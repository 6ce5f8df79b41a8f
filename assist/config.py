"""The one table of settings: a TOML file (`ASSIST_CONFIG`, ./assist.toml) and `ASSIST_*`.

A variable wins over the file, the file over the default. `root` picks checkout or installed
bundle; nobody else computes paths from `__file__`.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

_PACKAGE = Path(__file__).resolve().parent


def _default_root() -> Path:
    """The checkout this package stands in, or the bundle inside an installed wheel."""
    checkout = _PACKAGE.parent
    return checkout if (checkout / "guides").is_dir() else _PACKAGE / "bundle"


class Settings(BaseSettings):
    """Every setting has a unit in its name or its description."""

    model_config = SettingsConfigDict(env_prefix="ASSIST_", extra="forbid")

    root: Path = Field(default_factory=_default_root, description="guides/, corpus/ and ui/")
    data: Path = Field(default=Path("var"), description="run-time data: journal, sandbox database")
    index: Path = Field(default=Path("index"), description="folder of the built search index")
    models: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("assist") / "models",
        description="model files, shared by all checkouts",
    )
    key_file: Path | None = Field(
        default=None, description="key of the sealed values; default: seal.key in the data folder"
    )
    models_from: Path | None = Field(
        default=None, description="folder tried first when models are pulled"
    )

    host: str = Field(default="127.0.0.1", description="address the server listens on")
    port: int = Field(default=8710, description="port of the panel, the API and the audio socket")
    sandbox_port: int = Field(default=8711, description="port of the sandbox back office")
    desk_url: str = Field(
        default="http://127.0.0.1:8711", description="base address of the back office"
    )
    desk_timeout_s: float = Field(default=5.0, description="longest wait for one desk answer")

    guess_model: str = Field(
        default="whisper-base", description="writes the grey guesses: a name, hub id or folder"
    )
    final_model: str = Field(
        default="whisper-small", description="writes the final text: a name, hub id or folder"
    )
    embedder: str = Field(
        default="use-multilingual",
        description="use-multilingual, use+e5, or a sentence-transformers model name or folder",
    )
    threads: int = Field(default=2, description="CPU threads a speech model may use")
    device: str = Field(
        default="auto", description="where speech models run: auto, cpu or cuda (a GPU)"
    )
    compute_type: str = Field(
        default="auto", description="precision of speech models: auto, or one of CTranslate2's"
    )
    lean: bool = Field(
        default=True,
        description="decode with a copy of the speech model that knows Chinese and English only",
    )
    max_calls: int = Field(default=8, description="live calls at once; more are refused")

    @property
    def guides_dir(self) -> Path:
        return self.root / "guides"

    @property
    def corpus_dir(self) -> Path:
        return self.root / "corpus"

    @property
    def ui_dir(self) -> Path:
        return self.root / "ui"

    @property
    def seal_key(self) -> Path:
        return self.key_file or self.data / "seal.key"

    @property
    def database(self) -> Path:
        return self.data / "assist.db"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(
            settings_cls, toml_file=os.environ.get("ASSIST_CONFIG", "assist.toml")
        )
        return init_settings, env_settings, toml
