"""One mistake of a procedure, and where it is."""

from dataclasses import dataclass

__all__ = ["Finding", "Path"]

Path = tuple[str | int, ...]
"""Keys and indices from the top of a file down to a place in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake.

    Attributes
    ----------
    path
        Keys and indices down to the place.
    message
        What is wrong and what to do.
    offset
        Character inside the text there, for guards.
    whole
        The part of the file that must be readable for this finding to count, as a path.
    """

    path: Path
    message: str
    offset: int = 0
    whole: Path | None = None
