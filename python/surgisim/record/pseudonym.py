"""What may stand for a person: no name, and nothing that a path or an address would read."""

import re

from surgisim.errors import RecordError

__all__ = ["PSEUDONYM", "check_pseudonym"]

PSEUDONYM = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
"""Letters, digits, ``_`` and ``-``: no spaces, as most names have."""


def check_pseudonym(text: str) -> str:
    """Return a pseudonym; raises `RecordError` where it is none."""
    if re.fullmatch(PSEUDONYM, text) is None:
        raise RecordError(f"'{text}' is no pseudonym: letters, digits, '_' and '-', 40 at most.")
    return text
