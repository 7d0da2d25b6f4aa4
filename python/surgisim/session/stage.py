"""The stage of a session: the procedure's scene on an anatomy, with its secrets drawn by seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surgisim import anatomy
from surgisim.anatomy.cache import DEFAULT_EDGE_M
from surgisim.anatomy.nodules import Nodule
from surgisim.anatomy.organ import Anatomy, Organ
from surgisim.errors import AnatomyError
from surgisim.procedure.model import Procedure
from surgisim.procedure.port import START_ABOVE_M
from surgisim.procedure.scene import Probe as ProbeSpec
from surgisim.session.around import Around, look_around
from surgisim.session.beneath import Beneath, lay_beneath
from surgisim.session.endoscope import Scope, place_scope
from surgisim.session.physics import PhysicalScene, Probe
from surgisim.session.port import Port, place_port
from surgisim.session.scene_tissue import healthy_tissue, ultimate_strain
from surgisim.session.scenery import Piece, pieces_beside
from surgisim.snapshot import Vector
from surgisim.vectors import as_vector

__all__ = ["DT_S", "Stage", "operating_field", "set_stage"]

DT_S = 1e-3
"""Length of a tick: 1 kHz."""

_START_BEFORE_M = 0.06  # from the edge towards the feet
_TOWARD_HAND: Vector = (0.0, 0.6, 0.8)  # of a shaft without a port

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What is on stage.

    Attributes
    ----------
    procedure
        What is to be done.
    anatomy
        Name of the anatomy, or of its folder.
    organ
        The organ, at rest.
    nodules
        What is hidden in it.
    scene
        Its physics.
    port
        What the procedure's instrument goes through, if it does.
    body
        The whole anatomy that the organ is of.
    beside
        What stands around the organ and is seen.
    scope
        The endoscope, if the procedure has one.
    beneath
        What is to be brought into view, if anything is.
    around
        What lies around the scope in the hand, if one is.
    """

    procedure: Procedure
    anatomy: str
    organ: Organ
    nodules: tuple[Nodule, ...]
    scene: PhysicalScene
    port: Port | None = None
    body: Anatomy | None = None
    beside: tuple[Piece, ...] = ()
    scope: Scope | None = None
    beneath: Beneath | None = None
    around: Around | None = None

    @property
    def seen_beside(self) -> tuple[Piece, ...]:
        """What is drawn around the organ: what stands there, and what its edge hides."""
        return (*self.beside, *(() if self.beneath is None else (self.beneath.piece,)))

    @property
    def field(self) -> tuple[Vector, Vector]:
        """Where the instrument works; see `operating_field`."""
        return operating_field(self.organ.points, self.scene.probe.start[1])


def operating_field(
    points: NDArray[np.float64], height_m: float | None = None
) -> tuple[Vector, Vector]:
    """Box around where an instrument works on an organ, to lay the reach of a device over.

    It goes from the organ's middle height as far beyond the start of the instrument, so that the
    middle of the box is there: a hand that rests in the middle of its reach touches nothing.

    Parameters
    ----------
    points
        The organ at rest, (n, 3), m.
    height_m
        y of the instrument at the start; by default just clear of the organ.

    Returns
    -------
    low, high
        Opposite corners, m.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    middle = float(high[1]) + START_ABOVE_M if height_m is None else height_m
    down = middle - 0.5 * float(low[1] + high[1])
    return (
        (float(low[0]), middle - down, float(low[2])),
        (float(high[0]), middle + down, float(high[2])),
    )


def set_stage(
    procedure: Procedure,
    where: str | Path | None,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Stage:
    """Load the anatomy, hide the nodules and describe the physics.

    Parameters
    ----------
    procedure
        Its scene.
    where
        An anatomy folder, or None for the procedure's own.
    rng
        Draws positions, sizes and stiffness of the nodules.
    progress
        Called with a stage of the work and its share done.

    Raises
    ------
    AnatomyError, MaterialError
        An anatomy, an organ or a tissue that is not there; an organ that nothing holds; nodules
        that do not fit; an instrument that does not reach the organ through its port.
    """
    spec = procedure.scene
    loaded = anatomy.load(where or spec.anatomy, progress, spec.edge or DEFAULT_EDGE_M)
    organ = _hung(loaded.organ(spec.organ)) if spec.beneath else loaded.organ(spec.organ)
    if len(organ.support) == 0:
        raise AnatomyError(
            f"nothing holds the organ '{organ.name}' of this anatomy ({loaded.source}), so it "
            "would fall: build it with a smaller edge, or from labels with a part that faces down"
        )
    nodules = _hide(procedure, organ, rng)
    healthy = healthy_tissue(spec)
    stiffness = anatomy.tet_stiffness(organ.points, organ.tetrahedra, nodules)
    port = None if spec.probe.port is None else place_port(spec.probe.port, organ.points)
    beneath, scope = None, place_scope(spec, loaded, port)
    if spec.beneath is not None and spec.endoscope is not None and scope is not None:
        shape = (organ.points, organ.surface)
        beneath, scope = lay_beneath(spec.beneath, *shape, scope, spec.endoscope.distance)
    scene = PhysicalScene(
        points=organ.points,
        tetrahedra=organ.tetrahedra,
        support=organ.support,
        young_modulus=np.asarray(healthy.young_modulus * stiffness),
        tissue=healthy,
        ultimate_strain=ultimate_strain(spec),
        probe=_probe(spec.probe, organ, beneath, port, scope),
        dt_s=DT_S,
    )
    # The folder's own name: a path may name a person.
    name = Path(where or spec.anatomy).name
    beside = pieces_beside(loaded, spec.beside, organ.name)
    around = look_around(spec, scope, organ, beside, rng)
    return Stage(
        procedure, name, organ, nodules, scene, port, loaded, beside, scope, beneath, around
    )


def _hung(organ: Organ) -> Organ:
    """Let an organ whose edge is to be lifted hang from its back."""
    return replace(organ, support=anatomy.hanging_nodes(organ.points, organ.surface))


def _probe(
    spec: ProbeSpec, organ: Organ, beneath: Beneath | None, port: Port | None, scope: Scope | None
) -> Probe:
    """Place the instrument: over the organ's highest point, or in front of an edge to be lifted.

    A scope in the hand begins just inside its port.
    """
    if scope is not None and scope.held:
        start = np.asarray(scope.entered(organ.points))
    elif beneath is None:
        top = organ.points[np.argmax(organ.points[:, 1])]
        start = np.array([top[0], top[1] + spec.radius + START_ABOVE_M, top[2]])
    else:
        start = np.add(beneath.edge, (0.0, 0.0, _START_BEFORE_M))
    toward = _TOWARD_HAND if port is None else np.subtract(port.pivot, start)
    length = spec.length if spec.shape == "rod" else 0.0
    place = as_vector(start)
    return Probe(spec.radius, spec.friction, place, length, as_vector(toward))


def _hide(procedure: Procedure, organ: Organ, rng: np.random.Generator) -> tuple[Nodule, ...]:
    spec = procedure.scene.nodules
    if spec is None:
        return ()
    return anatomy.place_nodules(
        organ,
        spec.count,
        (spec.radius.low, spec.radius.high),
        (spec.stiffness.low, spec.stiffness.high),
        (spec.depth.low, spec.depth.high),
        rng,
        spec.apart,
    )
