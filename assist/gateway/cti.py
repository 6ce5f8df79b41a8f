"""What a phone system says of a call beside its sound: who has it, whose it is, hold, transfer."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assist.events import Speaker


class CtiEvent(BaseModel):
    """`ringing` and `answered` announce a call, so that the customer is known before the first
    word; `transferred` names who has it now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: Literal["ringing", "answered", "held", "resumed", "transferred", "wrapped_up"]
    call: str = Field(min_length=1, max_length=64, description="the id its sound will come with")
    agent: str = Field(default="", max_length=64, description="login of who has it")
    extension: str = Field(default="", max_length=64, description="or the extension")
    number: str = Field(default="", max_length=64, description="the customer's")
    direction: Literal["inbound", "outbound"] = "inbound"
    lang: Literal["zh", "en", "auto"] = "zh"
    legs: dict[Speaker, UUID] = Field(
        default_factory=dict, description="AudioSocket: who speaks on the leg with this UUID"
    )
    media: str = Field(
        default="",
        max_length=64,
        pattern=r"^[\w-]*$",
        description="chan_websocket: connection id of a channel that waits to be connected to",
    )
    speakers: tuple[Speaker, ...] = Field(
        default=(), description="who is on that channel: one speaker, or mixed"
    )
