"""The physical scene of a session as plain arrays: enough to build its world again."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.record import Recorder, SessionRecord
from surgisim.session.rod import CORE_M, rod_surface, turned_to
from surgisim.simulation import Material, SoftBody, TetMesh, Tool, World
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["PhysicalScene", "Placed", "Probe", "scene_of"]

_STRETCHED = 0.7  # of the strain that the capsule bears, from where on one is warned

_ARRAYS = ("points", "tetrahedra", "support", "young_modulus")


@dataclass(frozen=True, slots=True)
class Probe:
    """The instrument.

    Attributes
    ----------
    radius_m, friction
        Of its tip and its shaft, and against tissue.
    start
        Where the middle of its tip is at the start, m.
    length_m
        Of the part of the shaft that touches tissue; 0: a ball, whose shaft touches nothing.
    toward
        From the tip to the hand at the start; any length but zero.
    """

    radius_m: float
    friction: float
    start: Vector
    length_m: float = 0.0
    toward: Vector = (0.0, 1.0, 0.0)

    def put_into(self, world: World) -> Tool:
        """Add it to a world."""
        if self.length_m == 0.0:
            return world.add_sphere(self.radius_m, self.start, self.friction)
        points, triangles = rod_surface(self.length_m)
        return world.add_mesh_tool(
            points,
            triangles,
            self.start,
            self.friction,
            orientation=turned_to(self.toward),
            rounding=self.radius_m - CORE_M,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A world with its organ and its probe."""

    world: World
    organ: SoftBody
    probe: Tool


@dataclass(frozen=True, slots=True, eq=False)
class PhysicalScene:
    """One organ, one probe.

    Attributes
    ----------
    points, tetrahedra, support
        The organ's mesh, (n, 3) m and (m, 4), and ids of its held nodes.
    young_modulus
        Of each tetrahedron, (m,), Pa.
    tissue
        The healthy tissue; its modulus is replaced by `young_modulus`.
    ultimate_strain
        What the capsule bears, or None.
    probe, dt_s
        The instrument, and the length of a tick.

    Notes
    -----
    There is no gravity: an anatomy comes from an image of the organ hanging in its body, so its
    rest shape already balances its weight.
    """

    points: NDArray[np.float64]
    tetrahedra: NDArray[np.integer]
    support: NDArray[np.integer]
    young_modulus: NDArray[np.float64]
    tissue: Material
    ultimate_strain: float | None
    probe: Probe
    dt_s: float

    def warns(self, strain: float) -> bool:
        """Whether a `strain` of the surface near the probe is close to what the capsule bears."""
        return self.ultimate_strain is not None and strain > _STRETCHED * self.ultimate_strain

    def place(self) -> Placed:
        """Build the world; the same scene gives the same bits."""
        world = World(dt=self.dt_s, gravity=(0.0, 0.0, 0.0))
        moduli, kind = np.unique(self.young_modulus, return_inverse=True)
        kinds = [replace(self.tissue, young_modulus=float(modulus)) for modulus in moduli]
        mesh = TetMesh(self.points, self.tetrahedra)
        organ = world.add_soft_body(mesh, [kinds[i] for i in kind], fixed=self.support)
        organ.set_capsule(self.ultimate_strain)
        return Placed(world, organ, self.probe.put_into(world))

    def header(self) -> dict[str, Any]:
        """Return the scalars, for a record's header."""
        return {
            "tissue": asdict(self.tissue),
            "ultimate_strain": self.ultimate_strain,
            "probe": asdict(self.probe),
            "dt_s": self.dt_s,
        }

    def write_arrays(self, writer: Recorder) -> None:
        """Write the arrays into a record."""
        for name in _ARRAYS:
            writer.write_array(name, getattr(self, name))


def scene_of(record: SessionRecord) -> PhysicalScene:
    """Build the scene again from a record.

    Raises
    ------
    RecordError
        The record lacks a part of it.
    """
    header, arrays = record.header, record.arrays
    try:
        tissue = dict(header["tissue"])
        spread = tissue["range"]
        tissue["range"] = None if spread is None else (float(spread[0]), float(spread[1]))
        probe = dict(header["probe"])
        for name in {"start", "toward"} & probe.keys():
            probe[name] = as_vector(np.asarray(probe[name], dtype=np.float64))
        return PhysicalScene(
            **{name: arrays[name] for name in _ARRAYS},
            tissue=Material(**tissue),
            ultimate_strain=header["ultimate_strain"],
            probe=Probe(**probe),
            dt_s=float(header["dt_s"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise RecordError(
            f"{record.folder} lacks {error} of its scene; it cannot be simulated again"
        ) from error
