"""Whether points for a calibration look as if they were written in another unit than millimetres.

Compared are the spreads of the two sets, the root mean square distances of their points from the
middle: the same places spread the same in both.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["unit_slip"]

_SMALLEST_M = 1e-3  # no field that a hand reaches over is smaller
_LARGEST_M = 10.0  # or larger
_THOUSAND = 1.25  # about a thousand: within this factor of it


def unit_slip(device: NDArray[np.float64], world: NDArray[np.float64]) -> str:
    """Say which points look like metres, or like thousandths of a millimetre; nothing if none do.

    Parameters
    ----------
    device, world
        Shape (n, 3), m, as they come from a file in millimetres.
    """
    d, w = _spread(device), _spread(world)
    if d == 0.0 or w == 0.0:
        return ""
    for ours, other, far, near in (("device", "world", d, w), ("world", "device", w, d)):
        if abs(math.log(near / far / 1e3)) < math.log(_THOUSAND):
            shown = f"{_mm(far)}, those of the {other} {_mm(near)}, about 1000 times as far"
            if near > _LARGEST_M:
                return _told(other, "micrometres", f"they spread {_mm(near)}")
            return _told(ours, "metres", f"they spread {shown}")
    if max(d, w) < _SMALLEST_M:
        return _told("device and of the world", "metres", f"they spread {_mm(d)} and {_mm(w)}")
    if min(d, w) > _LARGEST_M:
        spread = f"they spread {_mm(d)} and {_mm(w)}"
        return _told("device and of the world", "micrometres", spread)
    return ""


def _spread(points: NDArray[np.float64]) -> float:
    if len(points) == 0:
        return 0.0
    return float(np.sqrt(np.mean(np.sum((points - points.mean(axis=0)) ** 2, axis=1))))


def _mm(length_m: float) -> str:
    return f"{1e3 * length_m:.3g} mm"


def _told(whose: str, unit: str, why: str) -> str:
    return f"the points of the {whose} look like {unit} ({why}); write all in millimetres"
