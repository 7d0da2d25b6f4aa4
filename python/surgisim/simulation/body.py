"""Tissue in a world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import MaterialError, MeshError, SurgisimError
from surgisim.simulation.checks import (
    Floats,
    Ids,
    as_floats,
    as_ids,
    check_memory,
    check_part,
    number,
    shown,
    vector,
    whole_number,
    whole_ticks,
)
from surgisim.simulation.mesh import TetMesh

if TYPE_CHECKING:
    from surgisim.simulation.world import World

__all__ = ["SoftBody", "Topology"]

# What room for one of each takes, in a world with a tool and another body, bytes; measured.
_BYTES = {"nodes": 500, "tetrahedra": 400, "triangles": 700}


@dataclass(frozen=True, slots=True)
class Topology:
    """What a body consists of under one `version`; read-only arrays.

    Attributes
    ----------
    version
        Rises with each change, 0 as built.
    points
        Nodes at rest, shape (n, 3), m. Nodes keep their ids; new ones are counted on.
    tetrahedra
        Node ids, shape (m, 4). Tetrahedra keep their ids; new ones are counted on, removed ones
        keep their row.
    removed
        Whether each was removed, shape (m,).
    surface
        Node ids of the boundary's triangles, outward, shape (k, 3); numbered anew with each change.
    glue
        For face i (opposite node i) of each tetrahedron 4 * neighbour + its face, or 2**32 - 1
        where it is free; shape (m, 4).
    """

    version: int
    points: Floats
    tetrahedra: Ids
    removed: NDArray[np.bool_]
    surface: Ids
    glue: Ids


class SoftBody:
    """Tissue in a world; made by `World.add_soft_body`.

    `mesh` is what it was built from; `topology` what has become of it.
    """

    __slots__ = ("__weakref__", "_topology", "_world", "index", "mesh")

    def __init__(self, world: World, index: int, mesh: TetMesh) -> None:
        self._world = world
        self.index = index
        self.mesh = mesh
        self._topology: Topology | None = None

    def __repr__(self) -> str:
        return f"<SoftBody {self.index}: made of {self.mesh!r}>"

    def _nodes(self, ids: ArrayLike) -> list[int]:
        checked = as_ids(ids, "node ids").ravel()
        count = len(self.topology.points)
        if len(checked) and checked.max() >= count:
            raise MeshError(
                f"node {checked.max()} does not exist; the body has {count} nodes, numbered from 0"
            )
        return [int(i) for i in checked]

    @property
    def topology_version(self) -> int:
        """Number of changes of the topology since the body was built."""
        return self._world._native.topology_version(self.index)

    @property
    def topology(self) -> Topology:
        """Nodes, tetrahedra, surface and glue as they are now."""
        version = self.topology_version
        if self._topology is None or self._topology.version != version:
            arrays = self._world._native.topology(self.index)
            for array in arrays:
                array.flags.writeable = False
            self._topology = Topology(version, *arrays)
        return self._topology

    def reserve_for_cutting(self, nodes: int, tetrahedra: int, triangles: int) -> None:
        """Reserve room for what cutting will add.

        A cut that finds too little room makes more by itself, which takes as long as a few ticks of
        the body. Reserve where a cut has to keep pace with a hand.

        Parameters
        ----------
        nodes
            One for each split, and one for each node that `unglue` duplicates.
        tetrahedra
            One for each that is split.
        triangles
            Of the surface: one for each neighbour that a removed tetrahedron leaves, two for each
            unglued face, one for each triangle at a split edge.

        Raises
        ------
        MeshError
            Not whole numbers of 0 or more, or more than the machine's memory holds or ids can
            number.
        """
        asked = {"nodes": nodes, "tetrahedra": tetrahedra, "triangles": triangles}
        room = [
            whole_number(count, f"the room for {what}", error=MeshError)
            for what, count in asked.items()
        ]
        need = sum(count * _BYTES[what] for what, count in zip(asked, room, strict=True))
        check_memory(
            need, f"room for {nodes} nodes, {tetrahedra} tetrahedra, {triangles} triangles"
        )
        self._world._native.reserve_for_cutting(self.index, *room)

    def remove(self, tetrahedra: ArrayLike) -> None:
        """Remove tetrahedra, with their mass, stiffness and boundary.

        Nodes without tetrahedra stay where they are; attachments to them let go. Room for the new
        surface is made where it was not reserved; see `reserve_for_cutting`.

        Parameters
        ----------
        tetrahedra
            Ids, shape (k,).

        Raises
        ------
        MeshError
            Tetrahedra that are not there or named twice; nothing has changed then.
        """
        ids = as_ids(tetrahedra, "tetrahedra").ravel()
        self._world._native.remove(self.index, ids.tolist())

    def split(self, edge: ArrayLike, fraction: float = 0.5) -> int:
        """Bisect the edge between two nodes: every tetrahedron at it becomes two.

        Room is made where it was not reserved; see `reserve_for_cutting`.

        Parameters
        ----------
        edge
            Two node ids, shape (2,).
        fraction
            Where the new node is on the way from the first to the second, between 0 and 1.

        Returns
        -------
        int
            The new node; held where both others are.

        Raises
        ------
        MeshError
            No tetrahedron has the edge, or a fraction that leaves parts too thin; nothing has
            changed then.
        """
        ends = as_ids(edge, "edge")
        if ends.shape != (2,):
            raise MeshError(f"edge has shape {ends.shape}; give two node ids")
        return self._world._native.split(
            self.index, ends.tolist(), number(fraction, "fraction", MeshError)
        )

    def unglue(self, faces: ArrayLike) -> int:
        """Let faces go of their neighbours; nodes that nothing joins any more are duplicated.

        Room is made where it was not reserved; see `reserve_for_cutting`.

        Parameters
        ----------
        faces
            Tetrahedron and face (0 to 3, opposite that corner) of each, shape (k, 2); each from one
            of its sides or from both.

        Returns
        -------
        int
            Number of new nodes.

        Raises
        ------
        MeshError
            Faces that are free or not there; nothing has changed then.
        """
        pairs = as_ids(faces, "faces")
        if pairs.size == 0:
            return 0
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise MeshError(f"faces has shape {pairs.shape}; give (k, 2): tetrahedron, face 0 to 3")
        if (face := int(pairs[:, 1].max())) > 3:
            raise MeshError(
                f"a tetrahedron has no face {face}; its faces are 0 to 3, each opposite that corner"
            )
        tetrahedra = len(self.topology.tetrahedra)
        if (highest := int(pairs[:, 0].max())) >= tetrahedra:
            raise MeshError(
                f"tetrahedron {highest} does not exist; the body has had {tetrahedra}, "
                "numbered from 0"
            )
        named = 4 * pairs[:, 0] + pairs[:, 1]
        return self._world._native.unglue(self.index, named.tolist())

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
