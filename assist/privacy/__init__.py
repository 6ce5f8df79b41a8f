"""Private data: found, masked, sealed. Nothing here keeps or sends anything."""

from assist.privacy.detect import Found, Kind, find, mask
from assist.privacy.facts import CallMask, number_masked
from assist.privacy.logs import MaskingFilter, log_to_stderr
from assist.privacy.seal import Sealer

__all__ = [
    "CallMask",
    "Found",
    "Kind",
    "MaskingFilter",
    "Sealer",
    "find",
    "log_to_stderr",
    "mask",
    "number_masked",
]
