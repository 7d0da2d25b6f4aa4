"""What fingers make of a surface: how stiff each spot is, and where it stands out.

A ball of radius R pressed d deep into an elastic half space is pushed back by (Hertz 1882)

    F = 4/3 E* sqrt(R) d^(3/2),    E* = E / (1 - nu^2),    d << R

so that F / d^(3/2) compares spots that were pressed to different depths. An organ is no half space:
a thin lobe bends away as a whole. The eye sees it, and what the surface around sinks is taken off
the depth: d is how deep the tip sits in its dimple. (The half space sinks around the tip as well,
by the same share of d everywhere, which drops out of a ratio.) What differs then, with thickness
and supports, differs slowly from place to place; a spot stands out when it is stiffer than the
median of the spots around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.trainees.surface import Site

__all__ = ["Felt", "contrasts", "peaks", "stiffness"]

Floats = NDArray[np.float64]

_SHALLOWEST_M = 1e-3
_FEW = 6  # spots around do not say much: then what stands out counts half


@dataclass(frozen=True, slots=True, eq=False)
class Felt:
    """What one press told.

    Attributes
    ----------
    site, place
        Where: the material point, and where it lay undisturbed, (3,), m.
    stiffness
        F / d^(3/2), N m^(-3/2).
    time_s
        When the press ended.
    """

    site: Site
    place: Floats
    stiffness: float
    time_s: float


def stiffness(force_n: float, depth_m: float) -> float:
    """Return F / d^(3/2), N m^(-3/2); depths below 1 mm, which tell nothing, count as 1 mm."""
    return float(force_n / max(depth_m, _SHALLOWEST_M) ** 1.5)


def contrasts(felt: Sequence[Felt], ground: Sequence[Felt], within: float) -> Floats:
    """How much stiffer each spot is than the median of the spots around it.

    Parameters
    ----------
    felt
        The spots in question, n of them.
    ground
        Spots spread evenly, to compare with; they may be the same.
    within
        How far away (m) one to compare with may lie.

    Returns
    -------
    Floats
        Ratios (n,), nearer to 1 the fewer spots there are to compare with.
    """
    places = np.array([spot.place for spot in ground]).reshape(-1, 3)
    values = np.array([spot.stiffness for spot in ground])
    result = np.ones(len(felt))
    for i, spot in enumerate(felt):
        around = np.linalg.norm(places - spot.place, axis=1) < within
        around &= np.array([other is not spot for other in ground], dtype=bool)
        count = int(around.sum())
        if count:
            ratio = spot.stiffness / np.median(values[around])
            result[i] = 1.0 + (ratio - 1.0) * count / (count + _FEW)
    return result


def peaks(places: Floats, contrast: Floats, count: int, apart: float) -> list[int]:
    """Choose the `count` spots that stand out most, each `apart` (m) or more from the others."""
    chosen: list[int] = []
    for i in np.argsort(-contrast, kind="stable"):
        if len(chosen) >= count:
            break
        gaps: Sequence[float] = [float(np.linalg.norm(places[i] - places[j])) for j in chosen]
        if all(gap >= apart for gap in gaps):
            chosen.append(int(i))
    return chosen
