"""What ``surgisim doctor`` finds."""

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is as it should be, what was found, what to do."""

    what: str
    good: bool
    found: str
    advice: str = ""
