"""One written form for phone numbers and account numbers, so that they can be compared.

Never guesses: what holds no digit has no such form.
"""

from __future__ import annotations

import re
import unicodedata

MOBILE_DIGITS = 11


def digits_of(number: str) -> str:
    """`+86 154-0372 6618` -> `15403726618`; full-width digits become plain ones.

    The country code of China goes only when what is left is a mobile number. Empty when `number`
    holds no digit.
    """
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", number))
    for code in ("0086", "86"):
        if digits.startswith(code + "1") and len(digits) == len(code) + MOBILE_DIGITS:
            return digits[len(code) :]
    return digits
