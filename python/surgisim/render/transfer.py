"""Transfer functions: presets, and their tables for the GPU.

The presets are chosen by eye for pictures that teach; values of CT are Hounsfield units (air
-1000, fat -100, water 0, muscle and organs 30 to 60, with contrast medium up to 200, vessels 150
to 350, bone from 300 on). MRI has no unit, so its preset is laid over the image's own range.

A point's opacity o is that of one millimetre: the extinction is s = -ln(1 - o) / 1 mm, and a step
of length d lets exp(-s d) through (Beer and Lambert), so that pictures do not depend on steps.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.exhibit import GreyWindow, Transfer, VolumeImage
from surgisim.render.scene import Vector

__all__ = ["PRESETS", "preset", "table", "window_of"]

TABLE_SIZE = 1024

_SKIN: Vector = (0.55, 0.27, 0.18)
_FLESH: Vector = (0.50, 0.14, 0.10)
_BLOOD: Vector = (0.75, 0.06, 0.04)
_BONE: Vector = (0.86, 0.79, 0.64)
_WHITE: Vector = (0.95, 0.93, 0.88)

_CT: dict[str, Transfer] = {
    "soft": Transfer(
        "soft tissue",
        (
            (-1024.0, _SKIN, 0.0),
            (-20.0, _SKIN, 0.0),
            (15.0, _SKIN, 0.02),
            (45.0, _FLESH, 0.16),
            (90.0, _BLOOD, 0.22),
            (160.0, _BONE, 0.35),
            (350.0, _BONE, 0.6),
            (1200.0, _WHITE, 0.85),
        ),
        gradient=25.0,
    ),
    "bone": Transfer(
        "bone",
        (
            (-1024.0, _BONE, 0.0),
            (140.0, (0.62, 0.40, 0.28), 0.0),
            (200.0, (0.72, 0.55, 0.40), 0.10),
            (350.0, _BONE, 0.55),
            (1200.0, _WHITE, 0.95),
        ),
    ),
    "vessels": Transfer(
        "vessels",
        (
            (-1024.0, _BLOOD, 0.0),
            (105.0, _BLOOD, 0.0),
            (150.0, _BLOOD, 0.14),
            (300.0, (0.80, 0.16, 0.08), 0.35),
            (420.0, _BONE, 0.22),
            (1200.0, _WHITE, 0.5),
        ),
    ),
    "skin": Transfer(
        "skin",
        (
            (-1024.0, _SKIN, 0.0),
            (-450.0, _SKIN, 0.0),
            (-250.0, _SKIN, 0.6),
            (200.0, _SKIN, 0.9),
        ),
    ),
}

_MRI = (  # share of the range from the 2nd to the 99.5th percentile
    (0.0, (0.05, 0.05, 0.06), 0.0),
    (0.22, (0.20, 0.17, 0.16), 0.0),
    (0.40, (0.50, 0.40, 0.36), 0.02),
    (0.75, (0.80, 0.72, 0.66), 0.10),
    (1.0, (0.95, 0.93, 0.90), 0.22),
)

_RANGES: WeakKeyDictionary[VolumeImage, tuple[float, float]] = WeakKeyDictionary()

PRESETS: tuple[str, ...] = (*_CT, "mri")
"""Names of the presets."""


def preset(name: str, image: VolumeImage) -> Transfer:
    """Find a preset; that for MRI fits the image.

    Raises
    ------
    RenderError
        If there is none of that name.
    """
    if name in _CT:
        return _CT[name]
    if name != "mri":
        raise RenderError(f"there is no preset '{name}'; use one of {', '.join(PRESETS)}")
    low, high = _range(image)
    points = tuple((low + share * (high - low), color, opacity) for share, color, opacity in _MRI)
    return Transfer("MRI", points, gradient=0.02 * (high - low))


def window_of(image: VolumeImage, *, is_ct: bool) -> GreyWindow:
    """Choose the usual window: soft tissue (40 / 400 HU) for CT, else the image's own range."""
    if is_ct:
        return GreyWindow(40.0, 400.0)
    low, high = _range(image)
    return GreyWindow(0.5 * (low + high), high - low)


def _range(image: VolumeImage) -> tuple[float, float]:
    """Second and 99.5th percentile of a thinned image, never equal; found once for an image."""
    if image in _RANGES:
        return _RANGES[image]
    thin = image.values[tuple(slice(None, None, max(n // 64, 1)) for n in image.values.shape)]
    low, high = np.percentile(thin, [2.0, 99.5])
    _RANGES[image] = float(low), float(high if high > low else low + 1.0)
    return _RANGES[image]


def table(transfer: Transfer, low: float, high: float) -> NDArray[np.float32]:
    """Sample a transfer function between two values.

    Returns
    -------
    table
        (1024, 4): linear RGB, and extinction per millimetre.
    """
    values = np.linspace(low, high, TABLE_SIZE)
    at = [p[0] for p in transfer.points]
    rows = np.array([(*p[1], -np.log1p(-min(max(p[2], 0.0), 0.9999))) for p in transfer.points])
    columns = [np.interp(values, at, rows[:, k]) for k in range(4)]
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.float32)
