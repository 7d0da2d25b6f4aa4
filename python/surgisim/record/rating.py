"""Ratings of a session by people: ``ratings/SCALE-RATER.json`` beside the record."""

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from surgisim.errors import RecordError
from surgisim.record.files import Part, read_model, write_model
from surgisim.record.layout import SESSION_FILE
from surgisim.record.pseudonym import PSEUDONYM
from surgisim.scoring.rating import scales

__all__ = [
    "RATINGS",
    "Rating",
    "keep_rating",
    "mark_of",
    "ratings_of",
    "read_rating",
    "session_mark",
]

RATINGS = "ratings"

Rater = Annotated[str, StringConstraints(pattern=PSEUDONYM)]


class Rating(Part):
    """One rating.

    Attributes
    ----------
    scale
        Id of the scale.
    session
        Mark of the session that was rated, see `session_mark`.
    rater
        A pseudonym: letters, digits, ``_`` and ``-``.
    blinded
        Whether the rater did not know who was rated.
    seen
        What the rater saw: the work itself, or a video of it.
    scores
        By item, 1 to 5.
    """

    surgisim: Literal["rating@1"] = "rating@1"
    scale: str
    session: str
    rater: Rater
    blinded: bool
    seen: Literal["live", "video"]
    scores: dict[str, Annotated[int, Field(strict=True)]]

    @property
    def total(self) -> int:
        """Sum of the scores."""
        return sum(self.scores.values())


def session_mark(folder: Path) -> str:
    """Tell a session from all others: 16 hexadecimal digits of its record's SHA-256.

    Raises
    ------
    RecordError
        There is no record.
    """
    path = folder / SESSION_FILE
    try:
        with path.open("rb") as file:
            return mark_of(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}.") from error


def mark_of(sha256: str) -> str:
    """Make a session's mark of the SHA-256 of its record, in hexadecimal digits."""
    return sha256[:16]


def read_rating(path: Path) -> Rating:
    """Read a rating and check it against its scale.

    Raises
    ------
    RecordError
        The file is none, names an unknown scale, or leaves an item out.
    """
    rating = read_model(path, Rating)
    if rating.scale not in scales():
        known = ", ".join(scales())
        raise RecordError(f"{path} is of the scale '{rating.scale}': known are {known}.")
    try:
        scales()[rating.scale].total(rating.scores)
    except ValueError as error:
        raise RecordError(f"{path} is not whole: {error}.") from error
    return rating


def keep_rating(folder: Path, rating: Rating) -> Path:
    """Keep a rating with its session; the same rater's earlier one on that scale gives way.

    Raises
    ------
    RecordError
        The rating is of another session, or the folder cannot be written.
    """
    mark = session_mark(folder)
    if rating.session != mark:
        raise RecordError(
            f"the rating is of session {rating.session}, and {folder} is {mark}: give the folder "
            "that was rated."
        )
    place = folder / RATINGS
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise RecordError(f"{place} cannot be made: {error.strerror or error}.") from error
    path = place / f"{rating.scale}-{rating.rater}.json"
    write_model(path, rating)
    return path


def ratings_of(folder: Path) -> list[Rating]:
    """Read every rating of a session, in the order of scales and raters.

    Those of an older session that this one took the place of stay in the folder and are left out.
    """
    found = [read_rating(path) for path in sorted((folder / RATINGS).glob("*.json"))]
    mark = session_mark(folder) if found else ""
    return [one for one in found if one.session == mark]
