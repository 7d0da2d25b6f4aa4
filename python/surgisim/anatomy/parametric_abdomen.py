"""An upper abdomen made by formula: the parametric liver with what lies around it.

The liver is that of `parametric`, shape for shape. Around it lie implicit shapes (negative inside,
roughly a signed distance in millimetres) in the same axes: a pear in the gallbladder's bed, a bent
tube for the stomach, ellipsoids for spleen and kidneys, and a lumpy bed below for omentum and
bowel. Each gives way to those before it by a gap, so that no two meet. It is nobody's anatomy:
places and sizes are those of textbook pictures, not measurements; the volumes lie within the usual
ranges (gallbladder 30 to 60 mL, spleen and each kidney 120 to 300 mL).
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.labels import LabelVolume
from surgisim.anatomy.parametric import capsule, ellipsoid, liver, union

__all__ = ["AROUND", "EDGES_M", "PARAMETRIC_ABDOMEN", "SHAPE_VERSION", "labels_around"]

Floats = NDArray[np.float64]
Shape = Callable[[Floats], Floats]

PARAMETRIC_ABDOMEN = "parametric_abdomen"
SHAPE_VERSION = 1
"""Raised whenever a shape here changes: it is part of the cache's key."""

AROUND = {
    4: "gallbladder",
    6: "stomach",
    1: "spleen",
    2: "kidney_right",
    3: "kidney_left",
    18: "omentum",
}
"""Labels of what lies around the liver; but for the omentum those of TotalSegmentator's class map.
"""
EDGES_M = {"gallbladder": 0.007, "stomach": 0.013, "omentum": 0.016}
"""Mean edges of their tetrahedra, m; 12 mm where none is named."""

_GRID_MM = 4.0
_LOW_MM = np.array([-168.0, -120.0, -232.0])
_HIGH_MM = np.array([168.0, 104.0, 124.0])
_GAP_MM = 3.0
_BLEND_MM = 12.0


def _gallbladder(p: Floats) -> Floats:
    body = ellipsoid(p, (-34, 48, -72), (17, 24, 26), 0.0)
    return union(body, capsule(p, (-30, 44, -64), (-15, 0, -24), 8.0), 10.0)


def _stomach(p: Floats) -> Floats:
    fundus = ellipsoid(p, (82, -24, 22), (42, 36, 44), 0.2)
    body = capsule(p, (84, -14, 8), (66, 22, -58), 29.0)
    antrum = capsule(p, (66, 22, -58), (6, 32, -80), 22.0)
    return union(union(fundus, body, _BLEND_MM), antrum, _BLEND_MM)


def _spleen(p: Floats) -> Floats:
    return ellipsoid(p, (124, -58, 4), (26, 42, 54), -0.2)


def _kidney_right(p: Floats) -> Floats:
    return ellipsoid(p, (-54, -78, -72), (29, 25, 53), 0.12)


def _kidney_left(p: Floats) -> Floats:
    return ellipsoid(p, (62, -82, -44), (29, 24, 53), -0.12)


def _omentum(p: Floats) -> Floats:
    x, y, s = p[..., 0], p[..., 1], p[..., 2]
    lumps = np.sin(x / 13.0 + 0.4 * np.sin(s / 19.0)) * np.sin(s / 15.0) + 0.5 * np.sin(
        (x - 2.0 * s) / 21.0 + y / 17.0
    )
    bed: Floats = ellipsoid(p, (4, -14, -150), (140, 44, 74), 0.0) + 4.0 * lumps
    return bed


_SHAPES: dict[str, Shape] = {
    "gallbladder": _gallbladder,
    "stomach": _stomach,
    "spleen": _spleen,
    "kidney_right": _kidney_right,
    "kidney_left": _kidney_left,
    "omentum": _omentum,
}


def _inside(p: Floats, seed: int) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Label and voxels of each organ, which keeps off the liver and those before it."""
    taken = liver(p, np.random.default_rng(seed))
    for label, name in AROUND.items():
        shape = np.maximum(_SHAPES[name](p), _GAP_MM - taken)
        yield label, shape < 0.0
        taken = np.minimum(taken, shape)


def labels_around(seed: int = 0) -> LabelVolume:
    """Sample what lies around the parametric liver of `seed` on a label grid; see `AROUND`."""
    step = _GRID_MM
    axes = [
        np.arange(low, high + step / 2, step) for low, high in zip(_LOW_MM, _HIGH_MM, strict=True)
    ]
    p = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    data = np.zeros(p.shape[:3], dtype=np.uint8)
    for label, voxels in _inside(p, seed):
        data[voxels] = label
    affine = np.diag([1e-3 * step, 1e-3 * step, -1e-3 * step, 1.0])  # world z = -superior
    affine[:3, 3] = 1e-3 * np.array([axes[0][0], axes[1][0], -axes[2][0]])
    return LabelVolume(data, affine, f"{PARAMETRIC_ABDOMEN}, seed {seed}")
