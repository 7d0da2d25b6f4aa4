"""A liver made by formula, so that a procedure can run without anyone's data.

An implicit shape (negative inside, roughly a signed distance in millimetres): two ellipsoidal
lobes joined smoothly, less the hollow of the visceral side, the bed of the gallbladder, the
fissure of the round ligament and the groove of the vena cava. It is sampled on a label grid and
takes the same path as a segmented CT: labels, smooth surface, tetrahedra. A seed varies the shape
by a few per cent. It is nobody's anatomy: proportions are those of textbook pictures (width about
20 cm, height about 15 cm; 1.2 to 1.5 L), not measurements.

Smooth union and difference: the polynomial blend ``min(a, b) - h^2 k / 4``,
``h = max(k - |a - b|, 0) / k``, which adds a fillet of width k. The distance to an ellipsoid is
approximated to first order by ``f0 (f0 - 1) / f1``, f0 = |p / r|, f1 = |p / r^2|.

Axes here: x towards the patient's left, y anterior, s superior (the head); millimetres.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.labels import LabelVolume
from surgisim.errors import AnatomyError

__all__ = [
    "ACROSS_M",
    "LARGEST_BALL_M",
    "PARAMETRIC_LIVER",
    "SHAPE_VERSION",
    "capsule",
    "ellipsoid",
    "liver",
    "parametric_labels",
    "union",
]

Floats = NDArray[np.float64]

PARAMETRIC_LIVER = "parametric_liver"
SHAPE_VERSION = 2
"""Raised whenever the shape or the path to tetrahedra changes: it is part of the cache's key."""

LIVER_LABEL = 5
# Of the shape with seed 0, rounded up; `tests/anatomy/test_parametric.py` holds them to the labels.
LARGEST_BALL_M = 0.044
ACROSS_M = 0.24
GRID_MM = 3.0
HALF_BOX_MM = np.array([165.0, 105.0, 125.0])
VOLUME_RANGE_ML = (1200.0, 1500.0)


def ellipsoid(p: Floats, centre: Sequence[float], radii: Sequence[float], tilt: float) -> Floats:
    """Return the distance to an ellipsoid turned about the anterior axis.

    ``tilt``, rad, lifts the left end towards the head.
    """
    c, s = np.cos(tilt), np.sin(tilt)
    q = (p - np.asarray(centre)) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    r = np.asarray(radii)
    f0 = np.linalg.norm(q / r, axis=-1)
    f1 = np.maximum(np.linalg.norm(q / r**2, axis=-1), 1e-9)
    distance: Floats = f0 * (f0 - 1.0) / f1
    return distance


def capsule(p: Floats, a: Sequence[float], b: Sequence[float], radius: float) -> Floats:
    """Return the distance to a tube of ``radius`` with round ends about the line from a to b."""
    start, along = np.asarray(a), np.asarray(b) - np.asarray(a)
    t = np.clip((p - start) @ along / (along @ along), 0.0, 1.0)
    distance: Floats = np.linalg.norm(p - start - t[..., None] * along, axis=-1) - radius
    return distance


def union(a: Floats, b: Floats, k: float) -> Floats:
    """Join two shapes, with a fillet of width ``k``."""
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    blended: Floats = np.minimum(a, b) - 0.25 * h * h * k
    return blended


def _less(a: Floats, b: Floats, k: float) -> Floats:
    return -union(-a, b, k)


def liver(p: Floats, rng: np.random.Generator) -> Floats:
    """Implicit liver at points (..., 3) mm; negative inside."""

    def vary(value: float, share: float = 0.04) -> float:
        return value * (1.0 + share * rng.uniform(-1.0, 1.0))

    right = ellipsoid(p, (-40, 0, -4), (vary(70), vary(60), vary(84)), 0.12)
    left = ellipsoid(p, (34, 14, 22), (vary(98), vary(42), vary(46)), vary(0.10, 0.3))
    body = union(right, left, 46.0)
    # The visceral side: one wide hollow that faces down, back and left leaves a wedge with a sharp
    # lower margin in front, and a left lobe that tapers.
    viscera = np.linalg.norm(p - np.array([110.0, -60.0, -140.0]), axis=-1) - vary(188.0, 0.01)
    body = _less(body, viscera, 18.0)
    kidney = ellipsoid(p, (-52, -70, -62), (vary(40), vary(40), vary(56)), 0.0)
    body = _less(body, kidney, 16.0)
    gallbladder = capsule(p, (-36, 62, -82), (-12, -4, -8), vary(15.0))
    body = _less(body, gallbladder, 9.0)
    fissure = capsule(p, (26, 76, -16), (20, 14, 8), vary(7.0))
    body = _less(body, fissure, 8.0)
    cava = capsule(p, (2, -58, -80), (2, -58, 100), vary(19.0))
    body = _less(body, cava, 10.0)
    heart = ellipsoid(p, (46, 6, 120), (vary(62), 70, vary(56)), 0.0)
    body = _less(body, heart, 30.0)
    return _less(body, p[..., 1] + 50.0, 20.0)  # the bare area lies flat in front of the spine


def parametric_labels(seed: int = 0) -> LabelVolume:
    """Sample the parametric liver on a label grid.

    Parameters
    ----------
    seed
        Chooses the variation of the shape; the same seed gives the same voxels.

    Returns
    -------
    LabelVolume
        Label 5 is the liver, as in TotalSegmentator's class map.

    Raises
    ------
    AnatomyError
        If the seed is negative.
    """
    if seed < 0:
        raise AnatomyError(f"The parametric liver's seed is {seed}; give a whole number from 0.")
    axes = [np.arange(-h, h + GRID_MM / 2, GRID_MM) for h in HALF_BOX_MM]
    p = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    shape = liver(p, np.random.default_rng(seed))
    data = np.where(shape < 0.0, LIVER_LABEL, 0).astype(np.uint8)
    step = GRID_MM * 1e-3
    affine = np.diag([step, step, -step, 1.0])  # x left, y anterior, world z = -superior
    affine[:3, 3] = [axes[0][0] * 1e-3, axes[1][0] * 1e-3, -axes[2][0] * 1e-3]
    return LabelVolume(data, affine, f"{PARAMETRIC_LIVER}, seed {seed}")
