"""What is wrong with an editor's file, with its place, in both languages of the house."""

from assist.problems.faults import fault_said, refusal
from assist.problems.model import (
    LANGS,
    Lang,
    Level,
    Problem,
    Said,
    Texts,
    exit_code,
    rule_of,
    said,
)

__all__ = [
    "LANGS",
    "Lang",
    "Level",
    "Problem",
    "Said",
    "Texts",
    "exit_code",
    "fault_said",
    "refusal",
    "rule_of",
    "said",
]
