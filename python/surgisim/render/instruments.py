"""Shapes of laparoscopic instruments, made by code: a ball, jaws, blades, a hook, a tube.

Sizes are those of common 5 mm instruments, rounded; no maker's drawing was used. An instrument
lies along z with its tip at 0 and the hand at positive z.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.scene import Instrument
from surgisim.render.solids import Solid, lofted, swept, turned

__all__ = ["FINISHES", "Finish", "Part", "parts_of"]

Floats = NDArray[np.float64]

_JAW_M = 0.020  # from the hinge to the tip
_BLADE_M = 0.017
_BARE_M = 0.004  # of steel before the insulation begins
_WHOLE = np.eye(4)


@dataclass(frozen=True, slots=True)
class Finish:
    """How a part's surface looks.

    Attributes
    ----------
    color
        Linear RGB: what metal mirrors, or what plastic scatters.
    metal
        1 for metal, 0 for plastic and ceramic.
    rough
        GGX roughness along the instrument and across it: lathe grooves spread light along it.
    """

    color: tuple[float, float, float]
    metal: float
    rough: tuple[float, float]


FINISHES = {
    "polished": Finish((0.78, 0.77, 0.75), 1.0, (0.20, 0.20)),
    "brushed": Finish((0.66, 0.655, 0.64), 1.0, (0.52, 0.24)),
    "satin": Finish((0.60, 0.59, 0.57), 1.0, (0.38, 0.38)),
    "insulated": Finish((0.011, 0.011, 0.012), 0.0, (0.36, 0.30)),
    "ceramic": Finish((0.62, 0.60, 0.54), 0.0, (0.30, 0.30)),
    "bore": Finish((0.004, 0.003, 0.003), 0.0, (0.7, 0.7)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A solid, its finish by name, and where it is in the instrument's frame, (4, 4)."""

    solid: Solid
    finish: str
    place: Floats


def parts_of(instrument: Instrument) -> list[Part]:
    """Build an instrument.

    Raises
    ------
    RenderError
        If its kind is unknown.
    """
    if instrument.kind not in _KINDS:
        raise RenderError(
            f"no instrument '{instrument.kind}' is known; use one of {', '.join(sorted(_KINDS))}"
        )
    it = instrument
    sizes = (it.tip_radius_m, it.shaft_radius_m, it.shaft_length_m, it.opening, it.insulated)
    return _built(it.kind, *sizes)


@lru_cache(maxsize=32)
def _built(
    kind: str, tip_m: float, radius_m: float, length_m: float, opening: float, insulated: bool
) -> list[Part]:
    """Build an instrument once for all passes and frames: where it is makes no difference."""
    it = Instrument(
        tip=(0.0, 0.0, 0.0),
        tip_radius_m=tip_m,
        shaft_radius_m=radius_m,
        shaft_length_m=length_m,
        kind=kind,
        opening=opening,
        insulated=insulated,
    )
    return _KINDS[kind](it)


def _probe(it: Instrument) -> list[Part]:
    ball = Part(_ball(), "polished", np.diag([*[it.tip_radius_m] * 3, 1.0]))
    return [ball, *_shaft(it, 0.8 * it.tip_radius_m)]


def _grasper(it: Instrument) -> list[Part]:
    jaws = [Part(_jaw(), "satin", _hinged(_JAW_M, half)) for half in _halves(it.opening)]
    return [*jaws, Part(_clevis(), "satin", _lifted(_JAW_M)), *_shaft(it, _JAW_M + 0.006)]


def _scissors(it: Instrument) -> list[Part]:
    blades = [Part(_blade(), "polished", _hinged(_BLADE_M, half)) for half in _halves(it.opening)]
    return [*blades, Part(_clevis(), "satin", _lifted(_BLADE_M)), *_shaft(it, _BLADE_M + 0.006)]


def _hook(it: Instrument) -> list[Part]:
    collar = Part(_collar(), "ceramic", _lifted(0.013))
    return [Part(_bent_wire(), "satin", _WHOLE), collar, *_shaft(it, 0.017)]


def _suction(it: Instrument) -> list[Part]:
    radius, length = it.shaft_radius_m, it.shaft_length_m
    tube = Part(_tube(), "brushed", np.diag([radius, radius, length, 1.0]))
    bore = np.diag([radius, radius, 1.0, 1.0])
    holes = [
        Part(_hole(), "bore", _side_hole(radius, 0.005 + 0.004 * (k // 2), np.pi * (k % 2)))
        for k in range(6)
    ]
    return [tube, Part(_bore(), "bore", bore), *holes]


def _endoscope(it: Instrument) -> list[Part]:
    tube = Part(_tube(), "satin", np.diag([*[it.shaft_radius_m] * 2, it.shaft_length_m, 1.0]))
    lens = Part(_bore(), "bore", np.diag([it.shaft_radius_m, it.shaft_radius_m, 1.0, 1.0]))
    return [tube, lens]


_KINDS: dict[str, Callable[[Instrument], list[Part]]] = {
    "probe": _probe,
    "grasper": _grasper,
    "scissors": _scissors,
    "hook": _hook,
    "suction": _suction,
    "endoscope": _endoscope,
}


def _shaft(it: Instrument, start_m: float) -> list[Part]:
    """Shaft from `start_m` on, with a bare end where it is insulated."""

    def tube(finish: str, low: float, high: float, wider: float = 1.0) -> Part:
        radius = wider * it.shaft_radius_m
        place = _lifted(low)
        place[:3, :3] = np.diag([radius, radius, high - low])
        return Part(_tube_open(), finish, place)

    end = start_m + it.shaft_length_m
    if not it.insulated:
        return [tube("brushed", start_m, end)]
    bare = start_m + _BARE_M
    return [tube("satin", start_m, bare), tube("insulated", bare, end, 1.04)]


def _halves(opening: float) -> tuple[Floats, Floats]:
    """Turn the upper jaw by half the opening, and the lower one as its mirror image."""
    angle = 0.5 * max(opening, 0.0)
    upper = np.eye(4)
    upper[0, 0] = upper[2, 2] = np.cos(angle)
    upper[0, 2], upper[2, 0] = -np.sin(angle), np.sin(angle)
    turn = np.diag([-1.0, -1.0, 1.0, 1.0])  # half a turn about z keeps faces outward
    return upper, turn @ upper


def _hinged(hinge_m: float, turned_by: Floats) -> Floats:
    return _lifted(hinge_m) @ turned_by


def _lifted(z: float) -> Floats:
    matrix = np.eye(4)
    matrix[2, 3] = z
    return matrix


def _side_hole(radius: float, z: float, angle: float) -> Floats:
    x, y = np.cos(angle), np.sin(angle)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = (0.0, 0.0, 1.0), (-y, x, 0.0), (-x, -y, 0.0)
    matrix[:3, 3] = (radius * x, radius * y, z)
    return matrix


@cache
def _ball() -> Solid:
    theta = np.linspace(0.0, np.pi, 17)
    return turned([(-float(np.cos(t)), float(np.sin(t))) for t in theta], 32)


@cache
def _tube_open() -> Solid:
    return turned([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], 36)


@cache
def _tube() -> Solid:
    return turned([(0.0, 0.72), (0.0, 1.0), (1.0, 1.0)], 36)


@cache
def _bore() -> Solid:
    return turned([(0.0002, 0.0), (0.0002, 0.74)], 24)


@cache
def _hole() -> Solid:
    """Make a dark disc, domed so that it stands out of the tube it lies on."""
    return turned([(-0.0001, 0.0), (0.0002, 0.0008)], 14)


@cache
def _clevis() -> Solid:
    profile = [(-0.0015, 0.0), (-0.0015, 0.0016), (0.0, 0.0022), (0.0045, 0.0025), (0.006, 0.0025)]
    return turned(profile, 28)


@cache
def _collar() -> Solid:
    return turned([(0.0, 0.0), (0.0, 0.0011), (0.0015, 0.0019), (0.004, 0.0023)], 24)


@cache
def _bent_wire() -> Solid:
    """Make an L-hook: 5 mm across at the tip, then 13 mm along the shaft."""
    bend = np.linspace(0.0, 0.5 * np.pi, 7)
    radius = 0.0014
    arc = np.stack(
        [radius - radius * np.sin(bend), 0.0 * bend, radius - radius * np.cos(bend)], axis=1
    )
    path = np.concatenate([[[0.0048, 0.0, 0.0]], arc, [[0.0, 0.0, 0.013]]])
    return swept(path, 0.0006)


@cache
def _jaw() -> Solid:
    """Make one half of a grasper, from its hinge at 0 to the tip, with teeth on its face."""
    steps = 41
    sections = []
    for k, u in enumerate(np.linspace(1.0, 0.0, steps)):
        blunt = min(1.0, 4.5 * (1.0 - u) ** 0.5 + 0.25)
        width, height = 0.0023 * blunt * (1.0 - 0.25 * u), 0.0021 * blunt * (1.0 - 0.45 * u)
        tooth = 0.00028 * (k % 2) * (0.08 < u < 0.8)
        phi = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 11)
        x = np.maximum(height * np.cos(phi), 0.00012 + tooth)
        y = width * np.sin(phi)
        sections.append(np.stack([x, y, np.full(11, -_JAW_M * u)], axis=1))
    return lofted(sections)


@cache
def _blade() -> Solid:
    """Make one blade of curved scissors: a flat wedge that narrows and bends to one side."""
    sections = []
    for u in np.linspace(1.0, 0.0, 25):
        width = 0.0024 * (1.0 - u) ** 0.7 + 0.0003
        back = 0.0014 * (1.0 - 0.6 * u)
        bend = 0.0028 * u * u
        outline = np.array(
            [[0.00005, -width], [back, -0.5 * width], [back, 0.5 * width], [0.00005, width]]
        )
        z = np.full(4, -_BLADE_M * u)
        sections.append(np.stack([outline[:, 0], outline[:, 1] + bend, z], axis=1))
    return lofted(sections)
