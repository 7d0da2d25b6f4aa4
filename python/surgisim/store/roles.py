"""Who may do what: rights, roles and how far each reaches. What is not in the table is denied."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["MATRIX", "Reach", "Right", "Role", "allows", "reach_of"]


class Role(StrEnum):
    """What somebody is in the store."""

    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    DESIGNER = "designer"
    ADMIN = "admin"


class Right(StrEnum):
    """What can be done."""

    ENTER = "enter sessions"
    READ_RESULTS = "read results"
    OPEN_SESSIONS = "open sessions"
    OVERRULE = "overrule scores"
    RATE = "rate sessions"
    WRITE_NOTES = "write notes"
    READ_NOTES = "read notes"
    EXPORT = "export a person"
    ERASE = "erase a person"
    LIST_PEOPLE = "list people"
    MANAGE_PEOPLE = "manage people"
    READ_AUDIT = "read and verify the log"


class Reach(StrEnum):
    """Whose records a right reaches; those of scripted trainees are nobody's.

    Attributes
    ----------
    NONE
        Nobody's and no person's.
    OWN
        One's own, and nobody's.
    OTHERS
        All but one's own.
    UNNAMED
        Everybody's, without saying whose.
    ALL
        Everybody's.
    """

    NONE = "none"
    OWN = "own"
    OTHERS = "others"
    UNNAMED = "unnamed"
    ALL = "all"


_NONE, _OWN, _OTHERS, _UNNAMED, _ALL = Reach

MATRIX: Mapping[Right, Mapping[Role, Reach]] = {
    right: dict(zip(Role, reaches, strict=True))
    for right, reaches in {
        # trainee, instructor, designer, admin
        Right.ENTER: (_OWN, _ALL, _OWN, _ALL),
        Right.READ_RESULTS: (_OWN, _ALL, _UNNAMED, _ALL),
        Right.OPEN_SESSIONS: (_OWN, _ALL, _OWN, _OWN),
        Right.OVERRULE: (_NONE, _OTHERS, _NONE, _NONE),
        Right.RATE: (_NONE, _OTHERS, _NONE, _NONE),
        Right.WRITE_NOTES: (_NONE, _ALL, _NONE, _NONE),
        Right.READ_NOTES: (_OWN, _ALL, _OWN, _OWN),
        Right.EXPORT: (_OWN, _OWN, _OWN, _ALL),
        Right.ERASE: (_NONE, _NONE, _NONE, _ALL),
        Right.LIST_PEOPLE: (_NONE, _ALL, _NONE, _ALL),
        Right.MANAGE_PEOPLE: (_NONE, _NONE, _NONE, _ALL),
        Right.READ_AUDIT: (_NONE, _ALL, _NONE, _ALL),
    }.items()
}
"""The whole table; `docs/records.md` shows it, and a test tries every cell."""


def reach_of(role: Role | None, right: Right) -> Reach:
    """Say how far a right reaches for a role; nowhere for nobody."""
    return Reach.NONE if role is None else MATRIX[right][role]


def allows(reach: Reach, me: str | None, owner: str | None) -> bool:
    """Say whether a reach covers a record.

    Parameters
    ----------
    reach
        Of the right.
    me
        Pseudonym of who asks, or None.
    owner
        Pseudonym of whom the record is of, or None for nobody's.
    """
    if reach is Reach.NONE:
        return False
    if reach is Reach.OWN:
        return owner is None or owner == me
    if reach is Reach.OTHERS:
        return owner is None or owner != me
    return True
