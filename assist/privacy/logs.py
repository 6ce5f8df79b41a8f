"""Log lines with private data masked: one handler for the process, exceptions included."""

from __future__ import annotations

import logging
import sys

from assist.privacy.detect import mask


class MaskingFilter(logging.Filter):
    """Masks a record's message, arguments filled in, and the text of its exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info:
            # A formatter uses `exc_text` where there is one instead of the exception itself.
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True


class _StderrHandler(logging.StreamHandler):
    """Writes to what standard error is at that moment, as `logging.lastResort` does."""

    def __init__(self) -> None:
        logging.Handler.__init__(self, logging.WARNING)
        self.addFilter(MaskingFilter())

    @property
    def stream(self):
        return sys.stderr


def log_to_stderr() -> None:
    """Warnings and errors of every logger to standard error, masked. Safe to repeat."""
    root = logging.getLogger()
    if not any(isinstance(handler, _StderrHandler) for handler in root.handlers):
        root.addHandler(_StderrHandler())
