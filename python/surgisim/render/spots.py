"""What lies on tissue, as plain data: marks, blood, burns, tints.

All of it is given in *rest* coordinates of the surface that carries it, so it sticks to the tissue
however that deforms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surgisim.vectors import as_vector

__all__ = ["BloodPool", "Char", "Highlight", "Mark", "Suctioned", "Vector"]

Vector = tuple[float, float, float]


def _keep_plain(spot: object, *names: str) -> None:
    """Turn places that came as arrays into plain numbers, which can be compared and hashed."""
    for name in names:
        object.__setattr__(spot, name, as_vector(getattr(spot, name)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered dot of surgical ink.

    Attributes
    ----------
    point, normal
        Place (m) and outward direction on the surface at rest.
    number
        What is written in it.
    surface
        Name of the surface that carries it.
    radius_m
        Size of the dot.
    """

    point: Vector
    normal: Vector
    number: int
    surface: str = "liver"
    radius_m: float = 0.004

    def __post_init__(self) -> None:
        _keep_plain(self, "point", "normal")


@dataclass(frozen=True, slots=True)
class BloodPool:
    """Blood from one tear: a pool around it and a film that runs downhill from it.

    Attributes
    ----------
    point
        The tear on the surface at rest, m.
    radius_m
        Of the pool.
    film_length_m
        How far the film has run along the surface.
    surface
        Name of the surface that carries it.
    """

    point: Vector
    radius_m: float
    film_length_m: float = 0.0
    surface: str = "liver"

    def __post_init__(self) -> None:
        _keep_plain(self, "point")

    @classmethod
    def from_volume(cls, point: Vector, volume_ml: float, surface: str = "liver") -> BloodPool:
        """Spread a lost volume over the surface.

        Half of it pools as a disc h = 1.5 mm thick, r = sqrt(V / (2 pi h)), up to 25 mm; the
        other half runs off as a film w = 12 mm wide and d = 0.8 mm thick, l = V / (2 w d), up to
        150 mm. Thicknesses are chosen for the eye and no haemodynamics; V from 0 mL on.
        """
        volume_m3 = max(volume_ml, 0.0) * 1e-6
        radius_m = min(float(np.sqrt(volume_m3 / (2.0 * np.pi * 1.5e-3))), 0.025)
        film_m = min(volume_m3 / (2.0 * 12e-3 * 0.8e-3), 0.15)
        return cls(point, radius_m, film_m, surface)


@dataclass(frozen=True, slots=True)
class Suctioned:
    """A place that was sucked dry: no blood within about `radius_m` of `point` at rest (m)."""

    point: Vector
    radius_m: float = 0.006
    surface: str = "liver"

    def __post_init__(self) -> None:
        _keep_plain(self, "point")


@dataclass(frozen=True, slots=True)
class Char:
    """A burnt spot: pale and shrunken at the rim, brown, black in the middle.

    Attributes
    ----------
    point
        Its middle on the surface at rest, m.
    radius_m
        Of all that has changed colour.
    depth
        How far it is burnt: 0 blanches, 0.5 browns, 1 chars to black.
    surface
        Name of the surface that carries it.
    """

    point: Vector
    radius_m: float = 0.005
    depth: float = 1.0
    surface: str = "liver"

    def __post_init__(self) -> None:
        _keep_plain(self, "point")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A tinted region of a surface: what lies within `radius_m` of `point` at rest (m).

    `color` is linear RGB from 0 to 1, `strength` from 0 (unseen) to 1.
    """

    point: Vector
    radius_m: float
    color: Vector = (0.1, 0.8, 0.55)
    strength: float = 0.6
    surface: str = "liver"

    def __post_init__(self) -> None:
        _keep_plain(self, "point", "color")
