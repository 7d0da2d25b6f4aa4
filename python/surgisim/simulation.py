"""Worlds of soft tissue and tools: the only module that meets the native extension.

Units are SI, arrays NumPy float64 of shape (n, 3) unless said otherwise. Everything is
deterministic: the same calls give the same bits.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim import _core
from surgisim.errors import MaterialError, MeshError, SurgisimError
from surgisim.snapshot import Vector

__all__ = [
    "Attachment",
    "Break",
    "Material",
    "MeshReport",
    "SoftBody",
    "StepStats",
    "TetMesh",
    "Tool",
    "Topology",
    "World",
]

Floats = NDArray[np.float64]
Ids = NDArray[np.uint32]

# Ids are 32 bits wide, and the last of them means none.
_NO_ID = 2**32 - 1


def vector(value: ArrayLike, what: str) -> Vector:
    """Three finite numbers as a tuple; a SurgisimError names `what` otherwise."""
    array = np.asarray(value, dtype=np.float64)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise SurgisimError(f"{what} is {value!r}; give three finite numbers")
    return (float(array[0]), float(array[1]), float(array[2]))


def _points(value: ArrayLike, what: str) -> Floats:
    array = np.require(value, dtype=np.float64, requirements=["C", "A"])
    if array.ndim != 2 or array.shape[1] != 3:
        raise MeshError(f"{what} has shape {array.shape}; give an (n, 3) array")
    return array


Quaternion = tuple[float, float, float, float]


def _quaternion(orientation: ArrayLike | None) -> Quaternion:
    """(w, x, y, z) of a quaternion or a rotation matrix; no turn for None."""
    if orientation is None:
        return (1.0, 0.0, 0.0, 0.0)
    array = np.asarray(orientation, dtype=np.float64)
    if array.shape == (3, 3):
        array = _of_matrix(array)
    if array.shape != (4,) or not np.isfinite(array).all() or not array.any():
        raise SurgisimError(
            f"orientation is {orientation!r}; give a quaternion (w, x, y, z) that is not zero, "
            "or a rotation matrix"
        )
    w, x, y, z = array.tolist()
    return (w, x, y, z)


def _of_matrix(matrix: Floats) -> Floats:
    """Quaternion of a rotation matrix, by its largest component (Shepperd 1978)."""
    error = np.abs(matrix @ matrix.T - np.eye(3)).max()
    if not error < 1e-6 or np.linalg.det(matrix) < 0.0:
        raise SurgisimError(
            "orientation is no rotation matrix (its columns have to be unit vectors, square to "
            "each other and right-handed); give one, or a quaternion (w, x, y, z)"
        )
    trace = np.trace(matrix)
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrix
    rows = np.array(
        [
            [1.0 + trace, zy - yz, xz - zx, yx - xy],
            [zy - yz, 1.0 + 2.0 * xx - trace, xy + yx, xz + zx],
            [xz - zx, xy + yx, 1.0 + 2.0 * yy - trace, yz + zy],
            [yx - xy, xz + zx, yz + zy, 1.0 + 2.0 * zz - trace],
        ]
    )
    row = rows[np.argmax(np.diag(rows))]
    return np.asarray(row / np.linalg.norm(row), dtype=np.float64)


def _ids(value: ArrayLike, what: str) -> NDArray[np.int64]:
    array = np.asarray(value)
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise MeshError(f"{what} holds {array.dtype} values; give integers, counted from 0")
    lowest, highest = int(array.min()), int(array.max())
    if lowest < 0 or highest >= _NO_ID:
        wrong = lowest if lowest < 0 else highest
        raise MeshError(f"{what} holds the id {wrong}; ids count from 0 and end before {_NO_ID}")
    return array.astype(np.int64)


def whole_ticks(seconds: float, dt: float) -> int:
    """Ticks of `dt` in a movement of `seconds`, at least 1.

    Raises
    ------
    SurgisimError
        `seconds` is negative, not finite or more ticks than can be counted.
    """
    if not 0.0 <= seconds / dt <= 2**32 - 1:
        raise SurgisimError(
            f"a movement of {seconds} s cannot be made in ticks of {dt} s; "
            f"give between 0 and {(2**32 - 1) * dt:.0f} s"
        )
    return max(1, round(seconds / dt))


def check_ticks(ticks: int, what: str) -> None:
    """Raise a SurgisimError that names `what` unless `ticks` is from 0 to 2**64 - 1."""
    if not 0 <= ticks < 2**64:
        raise SurgisimError(f"{what} was asked for {ticks} ticks; give 0 to 2**64 - 1")


@dataclass(frozen=True, slots=True)
class MeshReport:
    """What was found while a mesh was validated.

    Attributes
    ----------
    flipped
        Tetrahedra given in the other orientation and turned over.
    unused
        Nodes of the file that no tetrahedron uses and that were left out.
    volume
        m^3.
    min_dihedral_deg
        Smallest angle between two faces of one tetrahedron (70.5 in a regular one).
    edge_range
        Shortest and longest edge, m.
    """

    flipped: int
    unused: int
    volume: float
    min_dihedral_deg: float
    edge_range: tuple[float, float]


class TetMesh:
    """A validated tetrahedral mesh.

    Parameters
    ----------
    points
        Nodes, shape (n, 3), m.
    tetrahedra
        Node ids, shape (m, 4), integers from 0; either orientation is accepted and reported.

    Raises
    ------
    MeshError
        NaN, wrong shapes, ids out of range, flat, overlapping or duplicate elements, nodes that
        no element uses.
    """

    def __init__(self, points: ArrayLike, tetrahedra: ArrayLike) -> None:
        ids = _ids(tetrahedra, "tetrahedra")
        if ids.ndim != 2 or ids.shape[1] != 4:
            raise MeshError(f"tetrahedra has shape {ids.shape}; give an (m, 4) array")
        native = _core.TetMesh(_points(points, "points"), ids.astype(np.uint32))
        self._adopt(native, unused=0)

    def _adopt(self, native: _core.TetMesh, unused: int) -> None:
        self._native = native
        self.points: Floats = native.points
        self.tetrahedra: Ids = native.tetrahedra
        self.surface: Ids = native.surface
        for array in (self.points, self.tetrahedra, self.surface):
            array.flags.writeable = False
        self.report = MeshReport(unused=unused, **native.report)

    @classmethod
    def box(cls, size: Sequence[float], cells: Sequence[int]) -> Self:
        """Box with a corner at the origin, six tetrahedra a cell, alternating diagonals.

        Parameters
        ----------
        size
            Edge lengths along x, y, z, m.
        cells
            Cells along x, y, z.

        Raises
        ------
        MeshError
            Sizes or counts that are not positive.
        """
        mesh = cls.__new__(cls)
        counts = [int(n) for n in cells]
        if len(size) != 3 or len(counts) != 3 or min(counts) < 1:
            raise MeshError(f"a box needs three sizes and three counts of cells, not {cells!r}")
        mesh._adopt(_core.TetMesh.box([float(s) for s in size], counts), unused=0)
        return mesh

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Tetrahedra of a .vtu, .vtk, .msh or .mesh file, through meshio; its length unit is m.

        Nodes that no tetrahedron uses are left out and counted in ``report.unused``.

        Raises
        ------
        MeshError
            The file is missing, unreadable or holds no tetrahedra.
        """
        import meshio  # half a second that only readers of files should pay

        if not Path(path).is_file():
            raise MeshError(f"{path} does not exist; give the path of a mesh file")
        try:
            content = meshio.read(path)
        except (meshio.ReadError, ValueError, KeyError, IndexError, SystemExit) as error:
            raise MeshError(f"{path} cannot be read as a mesh: {error}") from error
        tetrahedra = content.cells_dict.get("tetra")
        if tetrahedra is None:
            kinds = ", ".join(sorted(content.cells_dict)) or "nothing"
            raise MeshError(f"{path} holds no tetrahedra (but {kinds}); export a volume mesh")
        used, ids = np.unique(tetrahedra, return_inverse=True)
        points = _points(content.points[used], f"the nodes of {path}")
        native = _core.TetMesh(points, ids.reshape(-1, 4).astype(np.uint32))
        mesh = cls.__new__(cls)
        mesh._adopt(native, unused=len(content.points) - len(used))
        return mesh


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A tissue: an isotropic hyperelastic law and its constants.

    Attributes
    ----------
    young_modulus
        E at small strain, Pa, positive.
    poisson_ratio
        nu at small strain, in (0, 0.5).
    density
        kg/m^3, positive.
    law
        ``"stable_neo_hookean"`` (Smith, de Goes, Kim 2018), ``"neo_hookean"`` (logarithmic form,
        Bonet and Wood 2008) or ``"mooney_rivlin"`` (compressible, with (ln J)^2).
    damping
        Mass-proportional damping rate, 1/s: a mode of angular frequency w has the damping ratio
        damping / (2 w).
    mooney_ratio
        Of ``"mooney_rivlin"``: c2 / (c1 + c2), from 0 to 1 and less than nu / (1 - 2 nu).
    prony
        How the shear modulus fades: pairs (g, tau) with G(t) = mu (1 - sum g (1 - exp(-t / tau))),
        tau in s, at most 4. E and nu are then the instantaneous ones.
    source, confidence, range
        Where E comes from, "A" (table read), "B" (abstract read) or "C" (recollection), and the
        published range of E, Pa; empty for a material of your own.

    Raises
    ------
    MaterialError
        A constant outside its range, or an unknown law.
    """

    young_modulus: float
    poisson_ratio: float
    density: float
    law: str = "stable_neo_hookean"
    damping: float = 10.0
    mooney_ratio: float = 0.0
    prony: tuple[tuple[float, float], ...] = ()
    source: str = ""
    confidence: str = ""
    range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "prony", _series(self.prony))
        if self.mooney_ratio and self.law != "mooney_rivlin":
            raise MaterialError(
                f"mooney_ratio is {self.mooney_ratio}, but the law is {self.law!r}; "
                "use law='mooney_rivlin' or leave it out"
            )
        _core.check_material(self._given())

    def _given(self) -> tuple[str, list[float], list[tuple[float, float]]]:
        numbers = (
            self.young_modulus,
            self.poisson_ratio,
            self.density,
            self.damping,
            self.mooney_ratio,
        )
        try:
            return self.law, [float(x) for x in numbers], list(self.prony)
        except TypeError as error:
            raise MaterialError(f"a material's constants are numbers: {error}") from error


def _series(prony: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    try:
        return tuple((float(g), float(tau)) for g, tau in prony)
    except (TypeError, ValueError) as error:
        raise MaterialError(f"prony is pairs of numbers (g, tau): {error}") from error


@dataclass(frozen=True, slots=True)
class StepStats:
    """What the last tick did; `cpu_s` is the mean over the ticks of the last call of step.

    Attributes
    ----------
    cpu_s
        Thread CPU time of a tick, s.
    substeps
        Substeps of the tick.
    floored_fraction, added_mass_kg
        Share of free nodes that carried added mass for stability, and its sum.
    guard
        Whether speeds were clipped in this tick or shortly before.
    untangled
        Nodes that the watchdog put back because their elements stayed inverted.
    contacts
        Contact points at the end.
    """

    cpu_s: float
    substeps: int
    floored_fraction: float
    added_mass_kg: float
    untangled: int
    guard: bool
    contacts: int


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

    def __init__(self, world: "World", index: int, mesh: TetMesh) -> None:
        self._world = world
        self.index = index
        self.mesh = mesh
        self._topology: Topology | None = None

    def _nodes(self, ids: ArrayLike) -> list[int]:
        checked = _ids(ids, "node ids").ravel()
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
        """Reserve room for what cutting will add; beyond it a cut is refused.

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
            A negative number, or more than ids can number.
        """
        room = (int(nodes), int(tetrahedra), int(triangles))
        if min(room) < 0:
            raise MeshError(f"room for {room} was asked for; give numbers of 0 or more")
        self._world._native.reserve_for_cutting(self.index, *room)

    def remove(self, tetrahedra: ArrayLike) -> None:
        """Remove tetrahedra, with their mass, stiffness and boundary.

        Nodes without tetrahedra stay where they are; attachments to them let go.

        Parameters
        ----------
        tetrahedra
            Ids, shape (k,).

        Raises
        ------
        MeshError
            Tetrahedra that are not there or named twice, or no room for the new surface; nothing
            has changed then.
        """
        ids = _ids(tetrahedra, "tetrahedra").ravel()
        self._world._native.remove(self.index, ids.tolist())

    def split(self, edge: ArrayLike, fraction: float = 0.5) -> int:
        """Bisect the edge between two nodes: every tetrahedron at it becomes two.

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
            No tetrahedron has the edge, a fraction that leaves parts too thin, or no room; nothing
            has changed then.
        """
        ends = _ids(edge, "edge")
        if ends.shape != (2,):
            raise MeshError(f"edge has shape {ends.shape}; give two node ids")
        return self._world._native.split(self.index, ends.tolist(), float(fraction))

    def unglue(self, faces: ArrayLike) -> int:
        """Let faces go of their neighbours; nodes that nothing joins any more are duplicated.

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
            Faces that are free or not there, or no room; nothing has changed then.
        """
        pairs = _ids(faces, "faces")
        if pairs.size == 0:
            return 0
        if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs[:, 1].max() > 3:
            raise MeshError(f"faces has shape {pairs.shape}; give (k, 2): tetrahedron, face 0 to 3")
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
        try:
            given = np.require(displacements, dtype=np.float64, requirements=["A"])
            wanted = np.broadcast_to(given, (len(nodes), 3))
        except ValueError:
            shape = np.shape(displacements)
            raise MeshError(f"displacements has shape {shape}; give ({len(nodes)}, 3)") from None
        self._world._native.prescribe(self.index, nodes, np.ascontiguousarray(wanted))

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
        """Set the largest in-plane strain the surface bears near tools; None bears any."""
        if ultimate_strain is not None and not ultimate_strain > 0.0:
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

        Free nodes among them count as zero; contact forces are not part of it.

        Raises
        ------
        MeshError
            Unknown nodes.
        """
        forces = self._world._native.reaction(self.index, self._nodes(node_ids))
        return np.asarray(forces.sum(axis=0))

    def contact_force(self, other: "SoftBody") -> Floats:
        """Return what tissue `other` pushes on it with, shape (3,), N, mean of the last tick."""
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


class Tool:
    """A rigid, position-driven tool; made by `World.add_sphere` and its siblings."""

    def __init__(self, world: "World", index: int) -> None:
        self._world = world
        self.index = index

    def move_to(self, position: ArrayLike, orientation: ArrayLike | None = None) -> None:
        """Be at `position` at the end of the next step.

        Parameters
        ----------
        position
            m.
        orientation
            How it is turned then: a quaternion (w, x, y, z) or a rotation matrix, shape (3, 3),
            which turns the tool's own axes into the world's; None: as it was.

        Raises
        ------
        SurgisimError
            Numbers that are not finite, no rotation.
        """
        at = vector(position, "position")
        if orientation is None:
            self._world._native.move_tool(self.index, at)
        else:
            self._world._native.pose_tool(self.index, at, _quaternion(orientation))

    def _state(self) -> tuple[Vector, Vector, Vector, int]:
        return self._world._native.tool(self.index)

    @property
    def position(self) -> Floats:
        """Where it is, shape (3,), m."""
        return np.array(self._state()[0])

    @property
    def orientation(self) -> Floats:
        """How it is turned: unit quaternion (w, x, y, z), shape (4,)."""
        return np.array(self._world._native.orientation(self.index))

    @property
    def force(self) -> Floats:
        """What the tissue pushes on it, shape (3,), N, mean of the last tick."""
        return np.array(self._state()[1])

    @property
    def torque(self) -> Floats:
        """The same as a torque about its position, shape (3,), N m."""
        return np.array(self._state()[2])

    @property
    def contacts(self) -> int:
        """Contact points at the end of the last tick."""
        return self._state()[3]


@dataclass(frozen=True, slots=True)
class Break:
    """An attachment that broke in the last tick.

    Attributes
    ----------
    attachment
        Its index, `Attachment.index`.
    force
        The tension that it broke at, N.
    point
        Where it left its body, m.
    """

    attachment: int
    force: float
    point: Vector


class Attachment:
    """A spring that holds tissue, such as a ligament; made by `World.attach`."""

    def __init__(self, world: "World", index: int) -> None:
        self._world = world
        self.index = index

    def _state(self) -> tuple[float, Vector, float, float, bool]:
        return self._world._native.attachment(self.index)

    @property
    def force(self) -> float:
        """Tension, N, mean of the last tick; below 0 where it pushes, 0 once it is broken."""
        return self._state()[0]

    @property
    def force_vector(self) -> Floats:
        """What it pulls on its body with, shape (3,), N, mean of the last tick."""
        return np.array(self._state()[1])

    @property
    def length(self) -> float:
        """Distance of its ends at the end of the last tick, m, also when it is broken."""
        return self._state()[2]

    @property
    def rest_length(self) -> float:
        """Length at which it bears nothing, m."""
        return self._state()[3]

    @property
    def broken(self) -> bool:
        """Whether it broke or was detached."""
        return self._state()[4]

    def move_to(self, point: ArrayLike) -> None:
        """Lead to `point` of the world (m) at the end of the next step.

        Raises
        ------
        SurgisimError
            It leads to tissue, or `point` is not finite.
        """
        self._world._native.move_anchor(self.index, vector(point, "point"))

    def detach(self) -> None:
        """Cut it; it counts as broken from now on."""
        self._world._native.detach(self.index)


class World:
    """Bodies and tools that are simulated together.

    Parameters
    ----------
    dt
        Length of a tick, s.
    gravity
        m/s^2.

    Notes
    -----
    ``SURGISIM_KERNEL`` (portable, avx2, avx512) forces a kernel; all give the same bits.

    Raises
    ------
    SurgisimError
        A `dt` outside (0, 0.1], gravity that is not finite, an unknown kernel.
    """

    def __init__(self, dt: float = 1e-3, gravity: ArrayLike = (0.0, -9.81, 0.0)) -> None:
        self._native = _core.World(float(dt), vector(gravity, "gravity"))
        self._cpu_s = 0.0
        if kernel := os.environ.get("SURGISIM_KERNEL"):
            self._native.kernel = kernel

    def add_soft_body(
        self,
        mesh: TetMesh,
        tissue: Material | Sequence[Material],
        fixed: ArrayLike | Iterable[int] = (),
        *,
        averaging: str = "strain",
        self_contact: bool = False,
    ) -> SoftBody:
        """Add tissue. It collides with all other tissue; see `set_contact`.

        Parameters
        ----------
        mesh
            Its tetrahedra.
        tissue
            One material, or one per tetrahedron.
        fixed
            Ids of nodes that are held, shape (k,).
        averaging
            What elements average at their nodes: ``"strain"`` (bends right) or ``"pressure"`` only
            (cheaper, too stiff in bending; elastic materials only).
        self_contact
            Whether it collides with itself where it folds, which costs a few per cent of its tick.

        Raises
        ------
        MaterialError, MeshError
            The wrong number of materials, unknown nodes.
        """
        each = [tissue] if isinstance(tissue, Material) else list(tissue)
        kinds = list(dict.fromkeys(each))
        place = {kind: i for i, kind in enumerate(kinds)}
        of_tetrahedron = [] if isinstance(tissue, Material) else [place[m] for m in each]
        if isinstance(tissue, Material) is False and len(each) != len(mesh.tetrahedra):
            raise MaterialError(
                f"{len(each)} materials for {len(mesh.tetrahedra)} tetrahedra; "
                "give one, or one per tetrahedron"
            )
        held = np.asarray(fixed if isinstance(fixed, np.ndarray) else list(fixed))  # type: ignore[arg-type]
        nodes = [int(i) for i in _ids(held, "fixed").ravel()]
        index = self._native.add_soft_body(
            mesh._native, [kind._given() for kind in kinds], of_tetrahedron, nodes, averaging
        )
        if self_contact:
            self._native.set_tissue_contact(index, index, True)
        return SoftBody(self, index, mesh)

    def set_contact(self, a: SoftBody, b: SoftBody, on: bool = True) -> None:
        """Let bodies `a` and `b` of this world collide, or pass through each other.

        Two bodies collide unless told otherwise; one body collides with itself (`a` is `b`) only
        when told.
        """
        self._native.set_tissue_contact(a.index, b.index, bool(on))

    @property
    def tissue_friction(self) -> float:
        """Coulomb coefficient of tissue on tissue, 0 or more, 0.1 unless set."""
        return self._native.tissue_friction()

    @tissue_friction.setter
    def tissue_friction(self, friction: float) -> None:
        self._native.set_tissue_friction(float(friction))

    def add_sphere(self, radius: float, position: ArrayLike, friction: float = 0.0) -> Tool:
        """Add a sphere of `radius` (m) with a Coulomb `friction` coefficient against tissue."""
        at = vector(position, "position")
        return Tool(self, self._native.add_sphere(float(radius), at, float(friction)))

    def add_capsule(
        self,
        radius: float,
        half_length: float,
        axis: ArrayLike,
        position: ArrayLike,
        friction: float = 0.0,
    ) -> Tool:
        """Add a capsule: all points within `radius` of the segment position +- half_length axis.

        Parameters
        ----------
        radius, half_length
            m.
        axis
            Direction of the segment, any length but zero.
        position
            Its middle, m.
        friction
            Coulomb coefficient against tissue.
        """
        along, at = vector(axis, "axis"), vector(position, "position")
        index = self._native.add_capsule(
            float(radius), float(half_length), along, at, float(friction)
        )
        return Tool(self, index)

    def add_box(
        self,
        half_extents: ArrayLike,
        position: ArrayLike,
        friction: float = 0.0,
        *,
        orientation: ArrayLike | None = None,
        rounding: float = 0.0,
    ) -> Tool:
        """Add a box.

        Parameters
        ----------
        half_extents
            Half its edges along its own axes, shape (3,), m.
        position
            Its middle, m.
        friction
            Coulomb coefficient against tissue.
        orientation
            A quaternion (w, x, y, z) or a rotation matrix, shape (3, 3); None for no turn.
        rounding
            Radius of its edges, m, less than each half extent; the faces stay where they are.

        Raises
        ------
        SurgisimError
            Sizes that are not positive, numbers that are not finite, no rotation.
        """
        half, at = vector(half_extents, "half_extents"), vector(position, "position")
        turn = _quaternion(orientation)
        index = self._native.add_box(half, float(rounding), at, turn, float(friction))
        return Tool(self, index)

    def add_mesh_tool(
        self,
        points: ArrayLike,
        triangles: ArrayLike,
        position: ArrayLike = (0.0, 0.0, 0.0),
        friction: float = 0.0,
        *,
        orientation: ArrayLike | None = None,
        rounding: float = 0.0,
    ) -> Tool:
        """Add a rigid tool that is bounded by a closed surface, such as a retractor's blade.

        Parameters
        ----------
        points
            Of the surface, in the tool's own frame, whose origin is its position and what it turns
            about, shape (n, 3), m.
        triangles
            Ids of points, shape (m, 3), integers from 0; all outward or all inward.
        position
            m.
        friction
            Coulomb coefficient against tissue.
        orientation
            A quaternion (w, x, y, z) or a rotation matrix, shape (3, 3); None for no turn.
        rounding
            By how much the tool is thicker than the surface, all round, m.

        Raises
        ------
        MeshError
            A surface that is open, flat, branching or not oriented alike, wrong shapes or ids, NaN.
        SurgisimError
            Other numbers that are not finite or negative, no rotation.
        """
        ids = _ids(triangles, "triangles")
        if ids.ndim != 2 or ids.shape[1] != 3:
            raise MeshError(f"triangles has shape {ids.shape}; give an (m, 3) array")
        surface = (_points(points, "points"), ids.astype(np.uint32))
        at, turn = vector(position, "position"), _quaternion(orientation)
        index = self._native.add_mesh_tool(surface, float(rounding), at, turn, float(friction))
        return Tool(self, index)

    def attach(
        self,
        body: SoftBody,
        node_or_point: int | ArrayLike,
        to: ArrayLike | tuple[SoftBody, int | ArrayLike],
        *,
        stiffness: float,
        rest_length: float | None = None,
        breaking_force: float | None = None,
        tension_only: bool = True,
        damping: float = 0.0,
    ) -> Attachment:
        """Tie `body` to a point of the world or to tissue with a spring, such as a ligament.

        The tension is stiffness (length - rest_length) + damping d(length)/dt.

        Parameters
        ----------
        body
            The body of its first end.
        node_or_point
            A node id, or a point, shape (3,), m: the tissue that is there now, or the surface
            nearest to it.
        to
            A point of the world, shape (3,), m, or a body of this world with a node id or a point.
        stiffness
            N/m, positive.
        rest_length
            m; None for the present distance. With 0 it is a tie, which is never slack.
        breaking_force
            Tension beyond which it breaks for good, N; None for never.
        tension_only
            Whether it is slack where it is shorter than `rest_length`, as a ligament is.
        damping
            Along its line, N s/m.

        Raises
        ------
        MeshError
            Unknown nodes.
        SurgisimError
            A body of another world, a point that is not finite, a number outside its range.
        """
        spring = (
            float(stiffness),
            None if rest_length is None else float(rest_length),
            float(damping),
            None if breaking_force is None else float(breaking_force),
            bool(tension_only),
        )
        start = self._tissue(body, node_or_point)
        end: tuple[int | None, int | Vector] = (None, (0.0, 0.0, 0.0))
        if isinstance(to, tuple) and len(to) == 2 and isinstance(to[0], SoftBody):
            end = self._tissue(to[0], to[1])
        else:
            end = (None, vector(to, "to"))
        return Attachment(self, self._native.attach(start, end, spring))

    def _tissue(self, body: SoftBody, place: int | ArrayLike) -> tuple[int, int | Vector]:
        if body._world is not self:
            raise SurgisimError(
                "the body belongs to another world; give one that was added to this one"
            )
        if np.ndim(place) == 0:
            return body.index, body._nodes(place)[0]
        return body.index, vector(place, "an attachment's point")

    @property
    def broken(self) -> tuple[Break, ...]:
        """Attachments that broke in the last tick."""
        return tuple(Break(*event) for event in self._native.broken())

    @property
    def attachment_energy(self) -> float:
        """Elastic energy of all attachments, J."""
        return self._native.attachment_energy()

    def step(self, ticks: int = 1) -> None:
        """Advance by `ticks` ticks of `dt`; Ctrl-C ends it early, after a whole tick.

        Raises
        ------
        SurgisimError
            `ticks` is not from 0 to 2**64 - 1.
        StabilityError
            The state left the range of numbers; it has been taken back to the start of that tick.
        """
        check_ticks(ticks, "step")
        before = time.thread_time()
        self._native.step(ticks)
        self._cpu_s = (time.thread_time() - before) / max(ticks, 1)

    def settle(self, tolerance: float = 1e-5, max_seconds: float = 20.0) -> int:
        """Move everything to static equilibrium; time does not advance. Ctrl-C ends it early.

        Parameters
        ----------
        tolerance
            Unbalanced force over the acting forces (weights, supports, contacts, attachments).
        max_seconds
            Gives up after `max_seconds` / dt sweeps.

        Returns
        -------
        int
            Sweeps made.

        Raises
        ------
        SurgisimError
            `tolerance` or `max_seconds` is not a positive number.
        StabilityError
            Equilibrium was not reached.
        """
        for name, value in (("tolerance", tolerance), ("max_seconds", max_seconds)):
            if not 0.0 < value < float("inf"):
                raise SurgisimError(f"settle: {name} is {value}; give a positive number")
        return self._native.settle(float(tolerance), float(max_seconds))

    @property
    def stats(self) -> StepStats:
        """What the last tick did."""
        return StepStats(cpu_s=self._cpu_s, **self._native.stats)

    @property
    def dt(self) -> float:
        """Length of a tick, s."""
        return self._native.dt

    @property
    def time(self) -> float:
        """Simulated time, s."""
        return self._native.time

    @property
    def tick(self) -> int:
        """Ticks made."""
        return self._native.tick

    @property
    def kernel(self) -> str:
        """Instruction set in use: portable, avx2 or avx512."""
        return self._native.kernel

    def digest(self) -> int:
        """Hash of every bit that the future depends on; equal in two runs that are equal."""
        return self._native.digest()


def check_same_world(world: World, tool: Tool, organ: SoftBody) -> None:
    """Raise a SurgisimError unless `tool` and `organ` were added to `world` itself."""
    for what, part in (("tool", tool), ("organ", organ)):
        if part._world is not world:
            raise SurgisimError(
                f"the {what} belongs to another world; give the {what} that was added to this one"
            )


NativeLockstep = _core.Lockstep
NativeLive = _core.Live


class RunSetup(TypedDict):
    """What a run is made of besides the world.

    Attributes
    ----------
    tool, organ
        Index of the tool in the hand and of the body that snapshots show.
    force_limit
        N; crossing it is an event. Infinite for none.
    device
        ``"hand"``, ``"mouse"`` or ``"replay"``.
    trace
        Bytes of `TRACE_DTYPE` rows for ``"replay"``, else empty.
    """

    tool: int
    organ: int
    force_limit: float
    device: str
    trace: bytes


def native_lockstep(world: World, setup: RunSetup) -> _core.Lockstep:
    """Make a native run in lockstep on a copy of `world`; see `surgisim.run`."""
    return _core.Lockstep(world._native, setup)


def native_live(world: World, setup: RunSetup, priority: int | None) -> _core.Live:
    """Make a native run on its own thread on a copy of `world`; see `surgisim.run`."""
    return _core.Live(world._native, setup, priority)


def first_difference(a: bytes, b: bytes) -> int | None:
    """Return the first tick at which two traces differ in any bit, or None if they agree.

    Parameters
    ----------
    a, b
        Rows of `surgisim.snapshot.TRACE_DTYPE`.
    """
    return _core.first_difference(a, b)
