"""Tissue in a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from surgisim.errors import MaterialError, MeshError, SurgisimError
from surgisim.simulation.checks import (
    Floats,
    as_floats,
    check_part,
    number,
    shown,
    vector,
    whole_ticks,
)
from surgisim.simulation.mesh import TetMesh
from surgisim.simulation.topology import Cuttable

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = ["SoftBody"]


class SoftBody(Cuttable):
    """Tissue in a world; made by `World.add_soft_body`.

    `mesh` is what it was built from; `topology` what has become of it.
    """

    __slots__ = ("mesh",)

    def __init__(self, world: World, index: int, mesh: TetMesh) -> None:
        super().__init__(world, index)
        self.mesh = mesh

    def __repr__(self) -> str:
        return f"<SoftBody {self.index}: made of {self.mesh!r}>"

    def prescribe(self, node_ids: ArrayLike, displacements: ArrayLike) -> None:
        """Hold nodes at displacements from rest, reached at the end of the next step.

        Parameters
        ----------
        node_ids
            Shape (k,), integers.
        displacements
            Shape (k, 3) or (3,) for all, m.

        Raises
        ------
        MeshError
            Unknown nodes or a wrong shape.
        """
        nodes = self._nodes(node_ids)
        shape = f"({len(nodes)}, 3), or (3,) for all"
        given = as_floats(displacements)
        if given is None:
            raise MeshError(f"displacements is {shown(displacements)}; give numbers, shape {shape}")
        try:
            wanted = np.broadcast_to(np.require(given, requirements=["A"]), (len(nodes), 3))
        except ValueError:
            raise MeshError(f"displacements has shape {given.shape}; give {shape}") from None
        self._world._native.prescribe(self.index, nodes, np.ascontiguousarray(wanted))

    def release(self, node_ids: ArrayLike) -> None:
        """Let nodes go that were fixed or prescribed, shape (k,); free ones stay free.

        They keep the speed at which they were carried in the last tick.

        Raises
        ------
        MeshError
            Unknown nodes.
        """
        self._world._native.release(self.index, self._nodes(node_ids))

    def move_supports(self, offset: ArrayLike, seconds: float) -> None:
        """Let all held nodes glide (minimum jerk) to their place + `offset` (m) in `seconds`.

        Raises
        ------
        SurgisimError
            An offset that is not finite, or a time below 0 or beyond 2**32 - 1 ticks.
        """
        ticks = whole_ticks(seconds, self._world.dt)
        self._world._native.move_supports(self.index, vector(offset, "offset"), ticks)

    def set_capsule(self, ultimate_strain: float | None) -> None:
        """Set the largest in-plane strain the surface bears near tools; None bears any.

        The strain is averaged over some millimetres: see the core's `capsule`.

        Raises
        ------
        MaterialError
            It is not a positive number.
        """
        if ultimate_strain is not None:
            ultimate_strain = number(ultimate_strain, "ultimate_strain", MaterialError)
            if not ultimate_strain > 0.0:
                raise MaterialError(f"ultimate_strain is {ultimate_strain}; give a positive number")
        self._world._native.set_capsule(self.index, ultimate_strain)

    @property
    def positions(self) -> Floats:
        """Nodes, shape (n, 3), m; a copy."""
        return self._world._native.positions(self.index)

    @property
    def displacements(self) -> Floats:
        """Displacements from rest, shape (n, 3), m; a copy."""
        return self._world._native.displacements(self.index)

    @property
    def velocities(self) -> Floats:
        """Velocities, shape (n, 3), m/s; a copy."""
        return self._world._native.velocities(self.index)

    def reaction(self, node_ids: ArrayLike) -> Floats:
        """Sum of what the supports push on the given nodes, shape (3,), N.

        Free nodes among them count as zero. It holds the tissue against its own forces, its weight,
        and what attachments, tools and other tissue do to these nodes.

        Raises
        ------
        MeshError
            Unknown nodes.
        """
        forces = self._world._native.reaction(self.index, self._nodes(node_ids))
        return np.asarray(forces.sum(axis=0))

    def contact_force(self, other: SoftBody) -> Floats:
        """Return what tissue `other` pushes on it with, shape (3,), N, mean of the last tick.

        Raises
        ------
        SurgisimError
            `other` is no body of the same world, or this body itself, whose touches on itself
            cancel.
        """
        check_part(self._world, other, SoftBody, "other body")
        if other is self:
            raise SurgisimError(
                f"body {self.index} pushes itself with no force in sum; give another body"
            )
        return np.array(self._world._native.tissue_force(self.index, other.index))

    @property
    def energy(self) -> float:
        """Elastic + kinetic + gravitational energy, J; zero at rest without load."""
        return float(sum(self._world._native.energy(self.index)))

    @property
    def energies(self) -> tuple[float, float, float]:
        """Elastic, kinetic and gravitational energy, J."""
        return self._world._native.energy(self.index)

    @property
    def volume(self) -> float:
        """Present volume, m^3."""
        return self._world._native.volume(self.index)

    @property
    def torn_triangles(self) -> tuple[int, ...]:
        """Ids of surface triangles whose capsule has torn."""
        return tuple(self._world._native.torn(self.index))
