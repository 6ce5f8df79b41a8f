"""Everything that can go wrong and is known, as one tree.

    AssistError                 code, message for people, remedy (what to do now)
    ├── AudioError              sound that cannot be read: not a WAV, wrong rate, cut short
    ├── ModelError              a model file is missing, broken or cannot be fetched
    ├── GuideError              a guide cannot be used; carries every problem with file:line:column
    ├── CorpusError             a corpus row or file that cannot be used
    ├── IndexError_             the search index is missing or does not fit corpus and embedder
    ├── DeskError               the back office refused or could not be understood
    │   ├── DeskDown            the back office did not answer in time
    │   └── DeskRefused         the back office said no, and why: asking again changes nothing
    ├── StoreError              the journal's database cannot be read or written
    ├── CommandRefused          what was asked makes no sense in the call's present state
    ├── TicketRefused           what was asked makes no sense for the ticket as it stands
    ├── BackstopRefused         … for the call of the backstop queue as it stands
    ├── AlertRefused            … for the alert as it stands
    ├── AccountRefused          … for accounts and tokens: a rule of theirs is broken
    ├── SignInRefused           nobody is signed in, or signing in failed
    ├── NotAllowed              who is signed in may not do this
    └── StudioRefused           … for a guide's working copy as it stands

A known error travels as a `Trouble` fact on the call's own stream; anything else is a bug, ends
that one call and is logged. No module raises a bare `Exception`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from pydantic import ValidationError


class ErrorJson(TypedDict):
    code: str
    message: str
    remedy: str
    values: dict[str, str]


class AssistError(Exception):
    """A known trouble: `code` for machines, `message` for people, `remedy` says what to do now.

    `values` are what the message tells of this one case, for a panel that says it in its own words.
    """

    code = "assist"

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        code: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.values = dict(values or {})
        if code is not None:
            self.code = code

    def as_json(self) -> ErrorJson:
        """As every door says it: code, message, remedy, and the values of the message."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "values": dict(self.values),
        }

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def first_problem(error: ValidationError, whole: str) -> str:
    """Where a message from outside is wrong, and how; `whole` names it when it is all of it."""
    problem = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or whole
    return f"{place}: {problem['msg']}"


class AudioError(AssistError):
    code = "audio"


class ModelError(AssistError):
    code = "model"


class GuideError(AssistError):
    code = "guide"


class CorpusError(AssistError):
    code = "corpus"


class IndexError_(AssistError):
    code = "index"


class DeskError(AssistError):
    code = "desk"


class DeskDown(DeskError):
    code = "desk.down"


class DeskRefused(DeskError):
    code = "desk.refused"


class StoreError(AssistError):
    code = "store"


class CommandRefused(AssistError):
    code = "command.refused"


class TicketRefused(AssistError):
    code = "ticket.refused"


class BackstopRefused(AssistError):
    code = "backstop.refused"


class AlertRefused(AssistError):
    code = "alert.refused"


class AccountRefused(AssistError):
    code = "account.refused"


class SignInRefused(AssistError):
    code = "sign_in"


class NotAllowed(AssistError):
    code = "not_allowed"


class StudioRefused(AssistError):
    code = "studio.refused"
