"""Tileable volume textures that give tissue its grain: made by code, the same on every machine."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["detail_volume", "fractal", "lobule_volume"]

SIDE = 64
"""Voxels along each side."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


def fractal(side: int, exponent: float, seed: int) -> Floats:
    """Noise (side, side, side) from 0 to 1 whose amplitude falls as frequency^-exponent.

    White noise filtered in the frequency domain, hence periodic in all directions.
    """
    white = np.random.default_rng(seed).standard_normal((side, side, side))
    axis = np.fft.fftfreq(side) * side
    last = np.fft.rfftfreq(side) * side
    frequency = np.sqrt(
        axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + last[None, None, :] ** 2
    )
    gain = np.where(frequency > 0.0, np.maximum(frequency, 1.0) ** -exponent, 0.0)
    gain *= np.exp(-((frequency / (0.32 * side)) ** 2))
    field = np.fft.irfftn(np.fft.rfftn(white) * gain, s=white.shape, axes=(0, 1, 2))
    return np.asarray(np.clip(0.5 + field / (5.0 * field.std()), 0.0, 1.0))


@cache
def detail_volume() -> Bytes:
    """Fractal noise with its slope, (64, 64, 64, 4): slope along x, y, z (128 is level), value.

    Axes of the array are z, y, x, as OpenGL reads them.
    """
    value = fractal(SIDE, 2.1, seed=11)
    slopes = [np.roll(value, -1, axis) - np.roll(value, 1, axis) for axis in (2, 1, 0)]
    scale = 0.5 / (3.0 * np.std(slopes[0]))
    channels = [np.clip(0.5 + scale * slope, 0.0, 1.0) for slope in slopes] + [value]
    return (np.stack(channels, axis=-1) * 255.0 + 0.5).astype(np.uint8)


@cache
def lobule_volume() -> Bytes:
    """Cells and vessels, (64, 64, 64, 2).

    First channel: Worley's (1996) F2 - F1 of a jittered grid, 0 on the borders between cells.
    Second: sheets where a fractal field passes its middle, torn by another one: a surface cuts
    them in winding, branching lines.
    """
    cells = 10
    jitter = np.random.default_rng(12).random((cells, cells, cells, 3))
    axis = (np.arange(SIDE) + 0.5) * cells / SIDE
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).astype(np.float32)
    home = np.floor(points).astype(np.int32)
    nearest = np.full(points.shape[:3], 9.0, dtype=np.float32)
    second = nearest.copy()
    for offset in np.ndindex(3, 3, 3):
        cell = home + np.array(offset, dtype=np.int32) - 1
        wrapped = cell % cells
        site = cell + jitter[wrapped[..., 0], wrapped[..., 1], wrapped[..., 2]]
        distance = np.sqrt(((points - site) ** 2).sum(axis=-1))
        second = np.minimum(second, np.maximum(nearest, distance))
        nearest = np.minimum(nearest, distance)
    borders = np.clip((second - nearest) / 0.6, 0.0, 1.0)
    first, other = fractal(SIDE, 1.9, seed=13), fractal(SIDE, 1.9, seed=14)
    vessels = _sheet(first, 0.016) * _ramp(other, 0.42, 0.58)
    vessels = np.maximum(vessels, 0.7 * _sheet(other, 0.012) * _ramp(first, 0.50, 0.62))
    return (np.stack([borders, vessels], axis=-1) * 255.0 + 0.5).astype(np.uint8)


def _sheet(field: Floats, width: float) -> Floats:
    return np.asarray(np.exp(-(((field - 0.5) / width) ** 2)))


def _ramp(field: Floats, low: float, high: float) -> Floats:
    return np.asarray(np.clip((field - low) / (high - low), 0.0, 1.0))
