"""The one table of settings: a TOML file (`ASSIST_CONFIG`, ./assist.toml) and `ASSIST_*`.

A variable wins over the file, the file over the default. A group's settings are written with two
underscores (`ASSIST_DOORS__TWILIO__ENABLED`), in the file as a table (`[doors.twilio]`). `root`
picks checkout or installed bundle; nobody else computes paths from `__file__`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr
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


_LOOPBACK = ("127.0.0.0/8", "::1/128")


class DoorSettings(BaseModel):
    """What every phone system's door can be told. Secrets belong into variables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = Field(default=False, description="whether it is open")
    token: SecretStr = Field(default=SecretStr(""), description="who knows it may connect")
    allow: tuple[str, ...] = Field(
        default=(), description="networks that may connect, such as 10.1.0.0/16; empty: all"
    )
    max_connections: int = Field(default=64, ge=1, description="sockets open at once")
    idle_s: float = Field(default=30, gt=0, description="silence of the wire that ends a call")
    hold_s: float = Field(default=3600, gt=0, description="the same while the call is on hold")
    grace_s: float = Field(
        default=0, ge=0, le=120, description="how long a connection broken off may come back"
    )
    max_frame_bytes: int = Field(default=1 << 16, ge=1024, description="longest message taken")
    lang: Literal["zh", "en", "auto"] = Field(
        default="zh", description="language of calls that do not say theirs"
    )


class NativeDoor(DoorSettings):
    enabled: bool = True
    idle_s: float = Field(default=120, gt=0)
    max_frame_bytes: int = Field(default=1 << 18, ge=1024)


class MicrophoneDoor(DoorSettings):
    grace_s: float = Field(default=20, ge=0, le=120)


class LegDoor(DoorSettings):
    """`leg` says on whose connection to the phone system the stream was started, where the stream
    itself does not: with it, who is on which track."""

    leg: Literal["customer", "agent"] = "customer"


class TwilioDoor(LegDoor):
    auth_token: SecretStr = Field(
        default=SecretStr(""), description="the account's; checks X-Twilio-Signature"
    )
    url: str = Field(default="", description="wss:// address as written in the TwiML; signed")


class AudioHookDoor(DoorSettings):
    """`secret` is the client secret as entered in the integration, base64."""

    api_key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    grace_s: float = Field(default=10, ge=0, le=120)


class AudioSocketDoor(DoorSettings):
    """Nothing in the protocol says who connects: networks have to be named."""

    host: str = "127.0.0.1"
    port: int = 8712
    allow: tuple[str, ...] = _LOOPBACK
    proxies: tuple[str, ...] = Field(
        default=(),
        description="networks of proxies that begin with a PROXY header, such as HAProxy",
    )


class ChanWebSocketDoor(DoorSettings):
    connect_to: str = Field(
        default="", description="Asterisk's address for media, such as ws://pbx:8088/media"
    )


class FreeSwitchDoor(LegDoor):
    rate_hz: Literal[8000, 16000] = Field(default=8000, description="where the start says none")
    grace_s: float = Field(default=10, ge=0, le=120)


class CtiSettings(BaseModel):
    """The webhook for events of the phone system; open once it has a token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr = SecretStr("")
    allow: tuple[str, ...] = ()
    announced_s: float = Field(
        default=300, gt=0, description="how long an announced call waits for its sound"
    )


class DoorsSettings(BaseModel):
    """Where calls come in, one group a phone system; all but the native socket are closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    native: NativeDoor = NativeDoor()
    microphone: MicrophoneDoor = MicrophoneDoor()
    twilio: TwilioDoor = TwilioDoor()
    telnyx: LegDoor = LegDoor()
    audiohook: AudioHookDoor = AudioHookDoor()
    audiosocket: AudioSocketDoor = AudioSocketDoor()
    chan_websocket: ChanWebSocketDoor = ChanWebSocketDoor()
    freeswitch: FreeSwitchDoor = FreeSwitchDoor()
    cti: CtiSettings = CtiSettings()
    extensions: dict[str, str] = Field(
        default_factory=dict, description="extension -> login of its agent, where they differ"
    )


class OidcSettings(BaseModel):
    """An OpenID Connect provider that people sign in with; `roles` says which value of its claim
    gives which role here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    client_id: str
    client_secret: SecretStr
    scope: str = "openid profile email"
    login_claim: str = Field(default="preferred_username", description="the agent's name in calls")
    roles_claim: str = "roles"
    roles: dict[str, Literal["agent", "editor", "trainer", "supervisor", "elite", "admin"]] = {}


class Settings(BaseSettings):
    """Every setting has a unit in its name or its description."""

    model_config = SettingsConfigDict(
        env_prefix="ASSIST_", env_nested_delimiter="__", extra="forbid"
    )

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
    root_path: str = Field(
        default="", description="path prefix under which a proxy serves us, such as /assist"
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=("127.0.0.1",), description="proxies whose X-Forwarded-For and -Proto are believed"
    )
    tls_cert: Path | None = Field(default=None, description="certificate chain, PEM; with tls_key")
    tls_key: Path | None = Field(default=None, description="its private key, PEM")
    drain_s: float = Field(
        default=30, ge=0, description="how long a stopping server waits for live calls to end"
    )
    doors: DoorsSettings = Field(
        default=DoorsSettings(), description="where calls come in; docs/doors.md"
    )
    demo: bool = Field(
        default=False, description="one made-up person for each role, who sign in by a click"
    )
    session_idle_min: int = Field(default=120, ge=1, description="a session ends when idle so long")
    session_h: int = Field(default=12, ge=1, description="and so long after it began")
    oidc: OidcSettings | None = Field(default=None, description="sign-in by an OpenID provider")
    frame_ancestors: tuple[str, ...] = Field(
        default=(),
        description="addresses of pages that may embed ours, such as https://crm.example",
    )
    cross_site_cookies: bool = Field(
        default=False, description="sign-in holds in pages embedded by another site; https only"
    )
    lang: Literal["zh", "en"] = Field(
        default="zh", description="language in which checks on the command line speak to editors"
    )
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
        description="use-multilingual, use+e5, use+minilm, or a sentence-transformers model name "
        "or folder",
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
