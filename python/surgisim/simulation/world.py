"""Worlds: bodies and tools that are simulated together."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from surgisim import _core
from surgisim.errors import MeshError, SurgisimError
from surgisim.simulation.attachment import Attachment, Break
from surgisim.simulation.body import SoftBody
from surgisim.simulation.checks import (
    Floats,
    as_ids,
    as_points,
    as_quaternion,
    check_part,
    check_ticks,
    flag,
    number,
    positive,
    shown,
    vector,
    whole_number,
)
from surgisim.simulation.ends import end_of, end_text, tissue_end
from surgisim.simulation.material import Material, materials_of
from surgisim.simulation.mesh import TetMesh
from surgisim.simulation.step_stats import StepStats
from surgisim.simulation.tool import Tool

__all__ = ["World"]


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

    __slots__ = ("__weakref__", "_cpu_s", "_native")

    def __init__(self, dt: float = 1e-3, gravity: ArrayLike = (0.0, -9.81, 0.0)) -> None:
        self._native = _core.World(number(dt, "dt"), vector(gravity, "gravity"))
        self._cpu_s = 0.0
        if kernel := os.environ.get("SURGISIM_KERNEL"):
            self._native.kernel = kernel

    def __repr__(self) -> str:
        try:
            bodies, tools, attachments = self._native.counts()
            when = f"tick {self.tick} of {self.dt:g} s"
        except SurgisimError:  # another thread steps it
            return "<World at work>"
        return f"<World at {when}: bodies {bodies}, tools {tools}, attachments {attachments}>"

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
        if not isinstance(mesh, TetMesh):
            raise MeshError(f"mesh is {shown(mesh)}; give a TetMesh, for example of TetMesh.read")
        each = materials_of(tissue, len(mesh.tetrahedra))
        kinds = list(dict.fromkeys(each))
        place = {kind: i for i, kind in enumerate(kinds)}
        of_tetrahedron = [place[kind] for kind in each] if len(kinds) > 1 else []
        nodes = [int(i) for i in as_ids(fixed, "fixed").ravel()]
        if not isinstance(averaging, str):
            raise SurgisimError(f"averaging is {shown(averaging)}; give 'strain' or 'pressure'")
        folds = flag(self_contact, "self_contact")
        index = self._native.add_soft_body(
            mesh._native, [kind._given() for kind in kinds], of_tetrahedron, nodes, averaging
        )
        if folds:
            self._native.set_tissue_contact(index, index, True)
        return SoftBody(self, index, mesh)

    def set_contact(self, a: SoftBody, b: SoftBody, on: bool = True) -> None:
        """Let bodies `a` and `b` of this world collide, or pass through each other.

        Two bodies collide unless told otherwise; one body collides with itself (`a` is `b`) only
        when told.

        Raises
        ------
        SurgisimError
            `a` or `b` is no body of this world, `on` neither True nor False.
        """
        for body in (a, b):
            check_part(self, body, SoftBody, "body")
        self._native.set_tissue_contact(a.index, b.index, flag(on, "on"))

    def force_substeps(self, substeps: int | None) -> None:
        """Make every tick in `substeps` equal parts, 1 to 1000, instead of choosing (None: choose).

        Fewer than it would choose keep their rest states and cost inertia where tissue is stiff
        (`stats.added_mass_kg`); more follow fast motion more exactly.

        Raises
        ------
        SurgisimError
            No whole number from 1 to 1000.
        """
        if substeps is not None:
            substeps = min(whole_number(substeps, "substeps", 1), 2**32 - 1)
        self._native.force_substeps(substeps)

    @property
    def tissue_friction(self) -> float:
        """Coulomb coefficient of tissue on tissue, 0 or more, 0.1 unless set.

        Raises
        ------
        SurgisimError
            It is set to what is no number, negative or not finite.
        """
        return self._native.tissue_friction()

    @tissue_friction.setter
    def tissue_friction(self, friction: float) -> None:
        self._native.set_tissue_friction(number(friction, "tissue_friction"))

    def add_sphere(self, radius: float, position: ArrayLike, friction: float = 0.0) -> Tool:
        """Add a sphere of `radius` (m) with a Coulomb `friction` coefficient against tissue.

        Raises
        ------
        SurgisimError
            A radius that is not positive, a negative coefficient, a `position` (m) that is not
            finite.
        """
        round_, at = number(radius, "radius"), vector(position, "position")
        index = self._native.add_sphere(round_, at, number(friction, "friction"))
        return Tool(self, index, f"sphere of radius {round_:g} m")

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

        Raises
        ------
        SurgisimError
            Sizes that are not positive, an axis of zero, numbers that are not finite.
        """
        along, at = vector(axis, "axis"), vector(position, "position")
        round_, half = number(radius, "radius"), number(half_length, "half_length")
        index = self._native.add_capsule(round_, half, along, at, number(friction, "friction"))
        return Tool(self, index, f"capsule of radius {round_:g} m, half length {half:g} m")

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
        turn = as_quaternion(orientation)
        edge, rub = number(rounding, "rounding"), number(friction, "friction")
        index = self._native.add_box(half, edge, at, turn, rub)
        return Tool(self, index, "box of {:g} x {:g} x {:g} m".format(*(2.0 * h for h in half)))

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
        ids = as_ids(triangles, "triangles")
        if ids.ndim != 2 or ids.shape[1] != 3:
            raise MeshError(f"triangles has shape {ids.shape}; give an (m, 3) array")
        surface = (as_points(points, "points"), ids.astype(np.uint32))
        at, turn = vector(position, "position"), as_quaternion(orientation)
        thicker, rub = number(rounding, "rounding"), number(friction, "friction")
        index = self._native.add_mesh_tool(surface, thicker, at, turn, rub)
        return Tool(self, index, f"mesh of {len(ids)} triangles")

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
            number(stiffness, "stiffness"),
            None if rest_length is None else number(rest_length, "rest_length"),
            number(damping, "damping"),
            None if breaking_force is None else number(breaking_force, "breaking_force"),
            flag(tension_only, "tension_only"),
        )
        start = tissue_end(self, body, node_or_point)
        end = end_of(self, to)
        index = self._native.attach(start, end, spring)
        return Attachment(self, index, f"{end_text(*start)} to {end_text(*end)}")

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
            `ticks` is no whole number from 0 to 2**64 - 1.
        StabilityError
            A body left the range of numbers. It is at rest in the shape that it had before that
            tick, everything else has moved on, and the tick counts.
        """
        given = check_ticks(ticks, "step")
        before = time.thread_time()
        self._native.step(given)
        self._cpu_s = (time.thread_time() - before) / max(given, 1)

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
            Equilibrium was not reached; the message names the likeliest reason.
        """
        share = positive(tolerance, "settle: tolerance")
        return self._native.settle(share, positive(max_seconds, "settle: max_seconds"))

    @property
    def stats(self) -> StepStats:
        """What the last tick did."""
        return StepStats(cpu_s=self._cpu_s, **self._native.stats)

    @property
    def gravity(self) -> Floats:
        """Acceleration of free fall, shape (3,), m/s^2, a copy; chosen when the world is made."""
        return np.array(self._native.gravity)

    @gravity.setter
    def gravity(self, _: object) -> None:
        raise SurgisimError(
            "a world's gravity cannot be changed; give it when the world is made: "
            "World(gravity=(0, -9.81, 0))"
        )

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
