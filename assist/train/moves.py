"""How a practice was asked for and what was done in it, move by move, as it is kept.

Rules, callers and their dice are the same each time: the same moves come to the same point, as long
as the guides are the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assist import events as ev
from assist.train.caller_phrases import Temperament
from assist.train.practice import Hints, Practice


class Asked(BaseModel):
    """Of a call or of a guide; a what-if goes on from event `seq` of its call."""

    model_config = ConfigDict(frozen=True)

    call: str = ""
    seq: int = 0
    guide: str = ""
    hints: Hints = "shown"
    temperament: Temperament = "calm"
    seed: int = 1
    case: int | None = None


class Pressed(ev.Frozen):
    kind: Literal["press"] = "press"
    command: ev.Command


class Spoken(ev.Frozen):
    kind: Literal["say"] = "say"
    text: str


class Heard(ev.Frozen):
    """The caller was let go on."""

    kind: Literal["next"] = "next"


class HungUp(ev.Frozen):
    kind: Literal["hang_up"] = "hang_up"


class Hinted(ev.Frozen):
    kind: Literal["hint"] = "hint"


Move = Annotated[Pressed | Spoken | Heard | HungUp | Hinted, Field(discriminator="kind")]
MOVE: TypeAdapter[Move] = TypeAdapter(Move)


def do(practice: Practice, move: Move, now: datetime) -> list[ev.Event]:
    """What came of it. Raises AssistError, and then nothing was done."""
    match move:
        case Pressed(command=command):
            return practice.press(command, now)
        case Spoken(text=text):
            return practice.say(text, now)
        case Heard():
            return practice.next(now)
        case HungUp():
            return practice.hang_up(now)
        case Hinted():
            practice.hint()
            return []
