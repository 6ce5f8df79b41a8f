"""Who may do what: one row for each route and for each command of the event socket.

What has no row is refused, and the log says so. `own`: agents see calls of their own only
(assist/web/sight.py decides which those are).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assist.accounts.model import ROLES, Person, Role, Use


@dataclass(frozen=True)
class Permit:
    """Who may: these roles, and machines with one of these uses; `open`: whoever asks."""

    roles: frozenset[Role] = frozenset()
    uses: frozenset[Use] = frozenset()
    open: bool = False
    own: bool = False

    def allows(self, person: Person | None) -> bool:
        if self.open or person is None:
            return self.open
        return not self.roles.isdisjoint(person.roles) or not self.uses.isdisjoint(person.uses)


def _may(*roles: Role, own: bool = False) -> Permit:
    return Permit(roles=frozenset(roles), own=own)


def _machines(*uses: Use, roles: tuple[Role, ...] = ()) -> Permit:
    return Permit(roles=frozenset(roles), uses=frozenset(uses))


_OPEN = Permit(open=True)
_SIGNED_IN = _may(*ROLES)
_ADMIN = _may("admin")
_EDITS = _may("editor", "admin")
_SEE_CALLS = _may("agent", "elite", "trainer", "supervisor", own=True)
_TALKS = _may("agent", "elite", "trainer")
_PLAY_DEMOS = _may("agent", "elite", "trainer")
_TICKETS = _may("agent", "elite", "supervisor", "admin", own=True)
_BACKSTOP = _may("elite", "supervisor", "admin")
_WALL = _may("supervisor", "admin")
_TRAINS = _may("trainer", "admin")
_PRACTISES = _may("agent", "elite", "trainer", "admin", own=True)
_SEE_TRAINING = _may("agent", "elite", "trainer", "supervisor", "admin", own=True)

ROUTES: Mapping[tuple[str, str], Permit] = {
    # Coming in, and what a page needs before anybody has.
    ("GET", "/sign-in"): _OPEN,
    ("GET", "/sign-in/link"): _OPEN,
    ("GET", "/sign-in/oidc"): _OPEN,
    ("GET", "/sign-in/oidc/back"): _OPEN,
    ("GET", "/api/sign-in"): _OPEN,
    ("POST", "/api/sign-in"): _OPEN,
    ("POST", "/api/set-up"): _OPEN,
    ("GET", "/static"): _OPEN,
    ("GET", "/embed"): _OPEN,  # holds nothing; asks for what it shows as its user
    ("GET", "/demo/crm"): _SIGNED_IN,
    ("GET", "/health"): _OPEN,  # says no more than that it lives to whom nobody knows
    ("GET", "/api/me"): _SIGNED_IN,
    ("POST", "/api/me/password"): _SIGNED_IN,
    ("POST", "/api/sign-out"): _SIGNED_IN,
    # Pages
    ("GET", "/studio"): _EDITS,
    ("GET", "/wall"): _WALL,
    ("GET", "/tickets"): _TICKETS,
    ("GET", "/tickets/{number}"): _TICKETS,
    ("GET", "/backstop"): _BACKSTOP,
    ("GET", "/admin"): _ADMIN,
    # Calls
    ("GET", "/"): _SIGNED_IN,
    ("GET", "/panel"): _SEE_CALLS,
    ("GET", "/api/calls"): _SEE_CALLS,
    ("GET", "/api/calls/{call}/events"): _SEE_CALLS,
    ("GET", "/api/calls/{call}/summary"): _SEE_CALLS,
    ("GET", "/api/customers/{customer}/calls"): _SEE_CALLS,
    ("WS", "/v1/calls"): _SEE_CALLS,
    ("WS", "/v1/calls/{call}/events"): _SEE_CALLS,
    ("WS", "/v1/audio"): _machines("phone"),
    ("WS", "/v1/microphone"): _TALKS,
    ("GET", "/mic"): _TALKS,
    ("GET", "/api/mic"): _TALKS,
    # Phone systems that can send no token of ours: each door has its own way to know them
    ("WS", "/v1/twilio"): _OPEN,
    ("WS", "/v1/telnyx"): _OPEN,
    ("WS", "/v1/audiohook"): _OPEN,
    ("WS", "/v1/asterisk"): _OPEN,
    ("WS", "/v1/freeswitch"): _OPEN,
    ("POST", "/api/cti/events"): _OPEN,
    ("GET", "/api/demo-calls"): _PLAY_DEMOS,
    ("POST", "/api/demo-calls/{name}"): _PLAY_DEMOS,
    # Guides
    ("GET", "/api/guides"): _SIGNED_IN,
    ("GET", "/api/guides/{guide}"): _SIGNED_IN,
    ("GET", "/api/find"): _SIGNED_IN,
    # After the call
    ("GET", "/api/tickets"): _TICKETS,
    ("GET", "/api/ticket-choices"): _TICKETS,
    ("GET", "/api/tickets/{number}"): _TICKETS,
    ("POST", "/api/tickets/{number}/moves"): _TICKETS,
    ("GET", "/api/backstop"): _BACKSTOP,
    ("GET", "/api/backstop/notes"): _may("editor", "elite", "supervisor"),
    ("GET", "/api/backstop/calls/{call}"): _BACKSTOP,
    ("POST", "/api/backstop/calls/{call}/moves"): _BACKSTOP,
    # The studio
    ("GET", "/studio/guides/{guide}"): _EDITS,
    ("GET", "/api/studio/guides"): _EDITS,
    ("POST", "/api/studio/guides"): _EDITS,
    ("GET", "/api/studio/vocabulary"): _EDITS,
    ("GET", "/api/studio/guides/{guide}"): _EDITS,
    ("PUT", "/api/studio/guides/{guide}/draft"): _EDITS,
    ("DELETE", "/api/studio/guides/{guide}/draft"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/check"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/preview"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/form"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/moves"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/rebase"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/publish"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/roll-back"): _EDITS,
    ("GET", "/api/studio/guides/{guide}/history"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/diff"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/tests"): _EDITS,
    ("POST", "/api/studio/guides/{guide}/backtest"): _EDITS,
    ("GET", "/api/studio/jobs/{job}"): _EDITS,
    ("DELETE", "/api/studio/jobs/{job}"): _EDITS,
    ("GET", "/studio/corpus"): _EDITS,
    ("GET", "/studio/inbox"): _EDITS,
    ("GET", "/api/studio/corpus"): _EDITS,
    ("POST", "/api/studio/corpus/rows"): _EDITS,
    ("PATCH", "/api/studio/corpus/rows/{row}"): _EDITS,
    ("POST", "/api/studio/corpus/status"): _EDITS,
    ("POST", "/api/studio/corpus/import"): _EDITS,
    ("POST", "/api/studio/corpus/nearest"): _EDITS,
    ("POST", "/api/studio/corpus/check"): _EDITS,
    ("POST", "/api/studio/corpus/overlap"): _EDITS,
    ("GET", "/api/studio/inbox"): _EDITS,
    ("POST", "/api/studio/inbox/fill"): _EDITS,
    ("POST", "/api/studio/inbox/take"): _EDITS,
    ("POST", "/api/studio/inbox/dismiss"): _EDITS,
    ("POST", "/api/studio/inbox/attach"): _EDITS,
    # The trainer's room: whoever trains sees all of it, a trainee what is open and their own
    ("GET", "/training"): _SEE_TRAINING,
    ("GET", "/training/calls/{call}"): _TRAINS,
    ("GET", "/training/practice/{practice}"): _PRACTISES,
    ("GET", "/training/progress"): _SEE_TRAINING,
    ("GET", "/training/report"): _SEE_TRAINING,
    ("GET", "/training/report/{result}"): _SEE_TRAINING,
    ("GET", "/api/training/library"): _TRAINS,
    ("GET", "/api/training/demos"): _TRAINS,
    ("POST", "/api/training/demos/{name}/run"): _TRAINS,
    ("GET", "/api/training/calls/{call}"): _TRAINS,
    ("GET", "/api/training/calls/{call}/sound"): _TRAINS,
    ("GET", "/api/training/calls/{call}/waveform"): _TRAINS,
    ("POST", "/api/training/calls/{call}/case"): _TRAINS,
    ("POST", "/api/training/calls/{call}/case/withdraw"): _TRAINS,
    ("POST", "/api/training/calls/{call}/what-if"): _TRAINS,
    ("GET", "/api/training/open"): _SEE_TRAINING,
    ("POST", "/api/training/practices"): _PRACTISES,
    ("GET", "/api/training/practices/{practice}"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/commands"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/say"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/next"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/hang-up"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/hint"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/finish"): _PRACTISES,
    ("POST", "/api/training/practices/{practice}/close"): _PRACTISES,
    ("GET", "/api/training/results"): _SEE_TRAINING,
    ("GET", "/api/training/results/{result}"): _SEE_TRAINING,
    ("GET", "/api/training/progress"): _SEE_TRAINING,
    ("GET", "/api/training/progress.csv"): _SEE_TRAINING,
    # The wall
    ("GET", "/api/wall"): _WALL,
    ("GET", "/api/wall/topics"): _WALL,
    ("GET", "/api/wall/uncovered"): _WALL,
    ("GET", "/api/wall/funnels/{guide}"): _may("supervisor", "admin", "editor"),
    ("GET", "/api/alerts"): _WALL,
    ("POST", "/api/alerts/{alert}/acknowledge"): _WALL,
    ("WS", "/v1/wall"): _WALL,
    # The house itself
    ("GET", "/api/admin/accounts"): _ADMIN,
    ("POST", "/api/admin/accounts"): _ADMIN,
    ("POST", "/api/admin/accounts/{login}"): _ADMIN,
    ("GET", "/api/admin/tokens"): _ADMIN,
    ("POST", "/api/admin/tokens"): _ADMIN,
    ("POST", "/api/admin/tokens/{token}/revoke"): _ADMIN,
    ("GET", "/api/admin/audit"): _ADMIN,
    ("GET", "/api/admin/connections"): _ADMIN,
    ("POST", "/api/admin/connections/{connection}/try"): _ADMIN,
    ("GET", "/api/admin/retention"): _ADMIN,
    ("POST", "/api/admin/retention"): _ADMIN,
    ("POST", "/api/admin/retention/run"): _ADMIN,
    ("GET", "/api/admin/health"): _ADMIN,
    ("GET", "/metrics"): _machines("metrics", roles=("admin",)),
}

BAR = ("/", "/studio", "/training", "/wall", "/tickets", "/backstop", "/admin")
"""The pages that the bar above leads to."""

FOR_EMBEDDERS = frozenset(
    {
        ("GET", "/static"),
        ("GET", "/api/me"),
        ("GET", "/api/calls"),
        ("GET", "/api/calls/{call}/events"),
        ("GET", "/api/guides"),
        ("GET", "/api/guides/{guide}"),
        ("GET", "/api/find"),
        ("WS", "/v1/calls"),
        ("WS", "/v1/calls/{call}/events"),
    }
)
"""What the panel asks for; pages of the addresses in `frame_ancestors` may ask for it, too."""

_HANDLES = _may("agent", "elite", "trainer", own=True)
_ADVISES = _may("elite", "supervisor")

COMMANDS: Mapping[str, Permit] = {
    "seek_customer": _HANDLES,
    "open_guide": _HANDLES,
    "close_guide": _HANDLES,
    "tick_step": _HANDLES,
    "answer_step": _HANDLES,
    "undo_step": _HANDLES,
    "set_slot": _HANDLES,
    "settle_conflict": _HANDLES,
    "revert_correction": _HANDLES,
    "decide_continuation": _HANDLES,
    "retry_diagnosis": _HANDLES,
    "decide_offer": _HANDLES,
    "confirm_consent": _HANDLES,
    "file_ticket": _HANDLES,
    "hand_off": _HANDLES,
    "keep_summary": _HANDLES,
    "wrap_up": _HANDLES,
    "answer_advice": _HANDLES,
    "supervisor_message": _ADVISES,
    "propose_step": _ADVISES,
}
"""`own` here: whoever handles a call is the one whom the phone system gave it to."""
