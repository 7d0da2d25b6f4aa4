"""What stands around the organ of a scene: seen, in the way of sight, and never moving.

These are the surfaces that are drawn and that hide things, the same triangles for both. A record
holds them, so that replay, film and report show them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.organ import Anatomy, Organ
from surgisim.errors import RecordError
from surgisim.procedure.scene import ALL
from surgisim.record import Recorder, SessionRecord
from surgisim.visibility import TriangleTree

__all__ = ["Occluders", "Piece", "joined", "piece_of", "pieces_beside", "pieces_of", "write_pieces"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An organ that stands still.

    Attributes
    ----------
    name
        Of the organ.
    points, triangles
        Its closed surface: corners in the world, (n, 3), m, and outward triangles, (k, 3).
    """

    name: str
    points: Floats
    triangles: NDArray[np.integer]


def pieces_beside(anatomy: Anatomy, names: Sequence[str], organ: str) -> tuple[Piece, ...]:
    """Take organs of an anatomy, those that it has, in the order of `names`.

    `ALL` among them stands for every one but `organ`.
    """
    there = {one.name: one for one in anatomy.organs if one.name != organ}
    if ALL in names:
        names = tuple(there)
    return tuple(piece_of(there[name]) for name in names if name in there)


def piece_of(organ: Organ) -> Piece:
    """Take the surface of an organ at rest."""
    nodes, triangles = np.unique(organ.surface, return_inverse=True)
    return Piece(organ.name, organ.points[nodes], triangles.reshape(-1, 3).astype(np.int32))


def write_pieces(writer: Recorder, pieces: Sequence[Piece]) -> None:
    """Write their surfaces into a record, whose header lists their names under ``beside``."""
    for piece in pieces:
        writer.write_array(f"beside_{piece.name}_points", piece.points)
        writer.write_array(f"beside_{piece.name}_triangles", piece.triangles)


def pieces_of(record: SessionRecord) -> tuple[Piece, ...]:
    """Take the surfaces out of a record; none where it was made without.

    Raises
    ------
    RecordError
        The record lacks one that it lists.
    """
    names: Sequence[Any] = record.header.get("beside", ())
    arrays = record.arrays
    try:
        return tuple(
            Piece(str(n), arrays[f"beside_{n}_points"], arrays[f"beside_{n}_triangles"])
            for n in names
        )
    except KeyError as error:
        raise RecordError(f"{record.folder} lacks {error} of its scene; record it again") from error


def joined(pieces: Sequence[Piece]) -> tuple[Floats, NDArray[np.integer]] | None:
    """Join surfaces to one of several parts: its corners and triangles; None of nothing."""
    if not pieces:
        return None
    starts = np.cumsum([0, *(len(piece.points) for piece in pieces[:-1])])
    triangles = [piece.triangles + start for piece, start in zip(pieces, starts, strict=True)]
    return np.concatenate([piece.points for piece in pieces]), np.concatenate(triangles)


class Occluders:
    """Everything that is in the way of sight: an organ that deforms, and what stands beside.

    Parameters
    ----------
    points, surface
        Nodes of the organ at rest, (n, 3) m, and its triangles, (k, 3).
    beside
        What stands still.
    """

    def __init__(
        self, points: Floats, surface: NDArray[np.integer], beside: Sequence[Piece]
    ) -> None:
        self._organ = TriangleTree(points, surface)
        still = joined(beside)
        self._still = [TriangleTree(*still)] if still is not None else []

    def trees(self, positions: Floats | None = None) -> list[TriangleTree]:
        """Return what may be in the way, the organ's nodes at `positions`, (n, 3), m.

        Without positions the organ lies as it was seen last.
        """
        if positions is not None:
            self._organ.move(positions)
        return [self._organ, *self._still]
