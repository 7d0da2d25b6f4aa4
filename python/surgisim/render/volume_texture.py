"""An image on the GPU: its texture, and which blocks of it a transfer function leaves empty.

Values are stored as 16 bits between the image's smallest and largest one, so that a texture
look-up gives (value - low) / (high - low). An image larger than the GPU takes is averaged over
cubes of f voxels; a sentence says so.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.exhibit import Transfer, VolumeImage
from surgisim.render.programs import UNITS
from surgisim.render.transfer import TABLE_SIZE, table

__all__ = ["BLOCK", "VolumeTexture", "reduced"]

BLOCK = 8
MOST_VOXELS = 2**28
"""Half a gigabyte on the GPU."""


def reduced(image: VolumeImage, longest: int, most: int) -> tuple[VolumeImage, int]:
    """Average an image over cubes until it fits.

    Parameters
    ----------
    image
        Any.
    longest
        Voxels along an axis at most.
    most
        Voxels at most.

    Returns
    -------
    image, factor
        The same image if it fits, with factor 1.
    """
    shape = image.values.shape
    factor = math.ceil(max(shape) / longest)
    while math.prod(math.ceil(n / factor) for n in shape) > most:
        factor += 1
    if factor == 1:
        return image, 1
    steps = tuple(min(factor, n // 2) for n in shape)  # two voxels are left along each axis
    kept = tuple(n - n % s for n, s in zip(shape, steps, strict=True))
    cropped = image.values[tuple(slice(0, n) for n in kept)]
    blocks = [side for n, s in zip(kept, steps, strict=True) for side in (n // s, s)]
    values = cropped.reshape(blocks).mean(axis=(1, 3, 5), dtype=np.float32)
    affine = image.affine.copy()
    affine[:3, 3] += image.affine[:3, :3] @ ((np.array(steps) - 1) / 2.0)
    affine[:3, :3] = image.affine[:3, :3] * np.array(steps)
    return VolumeImage(values, affine), factor


class VolumeTexture:
    """One image in video memory.

    Attributes
    ----------
    image
        What was uploaded, averaged if need be.
    low, high
        Values of 0 and 1 in the texture.
    texture_from_voxel
        Matrix (4, 4) from voxel indices of what was given to 0..1 along each axis.
    note
        A sentence if the image was too large, else empty.
    """

    def __init__(self, api: Any, image: VolumeImage) -> None:
        self._api = api
        self.source = image.values
        self.image, factor = reduced(image, int(api.info["GL_MAX_3D_TEXTURE_SIZE"]), MOST_VOXELS)
        self._averaged = np.divide(
            np.linalg.norm(self.image.affine[:3, :3], axis=0),
            np.linalg.norm(image.affine[:3, :3], axis=0),
        )
        size = " x ".join(map(str, image.values.shape))
        self.note = (
            f"The image of {size} voxels is too large for this graphics card; shown at every "
            f"{factor} voxels."
            if factor > 1
            else ""
        )
        # memory as it lies: the axis that runs fastest becomes the texture's first
        ordered, turned = _ordered(self.image.values)
        self.texture_from_voxel = turned @ self.image.texture_from_world() @ image.affine
        values = self.image.values
        self.low, self.high = float(values.min()), float(values.max())
        if self.high <= self.low:
            self.high = self.low + 1.0
        packed = _packed(ordered, self.low, self.high)
        self._texture = api.texture3d(packed.shape[::-1], 1, packed, dtype="nu2", alignment=1)
        self._texture.filter = (api.LINEAR, api.LINEAR)  # not the default for whole numbers
        self._texture.repeat_x = self._texture.repeat_y = self._texture.repeat_z = False
        self._extremes = _block_extremes(ordered)
        self._transfer: Transfer | None = None
        self._table: Any = None
        self._occupied: Any = None

    def spacing_m(self, image: VolumeImage) -> float:
        """Least distance between the texture's voxels where an image lies that has its values."""
        spacing = np.linalg.norm(image.affine[:3, :3], axis=0)
        return float((self._averaged * spacing).min())

    def use(self) -> None:
        """Bind the image."""
        self._texture.use(UNITS["image"])

    def use_transfer(self, transfer: Transfer) -> None:
        """Bind a transfer function's table and the blocks that it does not leave empty."""
        if transfer != self._transfer:
            rows = table(transfer, self.low, self.high)
            self._table = self._api.texture((TABLE_SIZE, 1), 4, rows.tobytes(), dtype="f4")
            self._table.repeat_x = False
            occupied = self._seen(rows[:, 3]) * np.uint8(255)
            shape = occupied.shape[::-1]
            self._occupied = self._api.texture3d(shape, 1, occupied.tobytes(), alignment=1)
            nearest = self._api.NEAREST
            self._occupied.filter = (nearest, nearest)
            self._transfer = transfer
        self._table.use(UNITS["transfer"])
        self._occupied.use(UNITS["occupied"])

    def _seen(self, extinction: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Blocks with a value that the table does not make invisible, 0 or 1."""
        count = np.concatenate([[0], np.cumsum(extinction > 1e-4)])
        scale = (TABLE_SIZE - 1) / (self.high - self.low)
        smallest, largest = self._extremes
        first = np.floor((smallest - self.low) * scale).astype(int)
        last = np.ceil((largest - self.low) * scale).astype(int)
        seen: NDArray[np.uint8] = (
            count[np.clip(last, 0, TABLE_SIZE - 1) + 1] > count[np.clip(first, 0, TABLE_SIZE - 1)]
        ).astype(np.uint8)
        return seen


def _ordered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return values in the order of memory, slowest axis first, and the turn of axes (4, 4).

    The turn takes texture places of the image's axes to those of the texture.
    """
    if values.flags.f_contiguous:
        return values.T, np.eye(4)
    return np.ascontiguousarray(values), np.eye(4)[[2, 1, 0, 3]]


def _packed(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint16]:
    """Values as 16 bits between low and high, a slab at a time to save memory."""
    packed = np.empty(values.shape, dtype=np.uint16)
    scale = np.float32(65535.0 / (high - low))
    for slab, out in zip(values, packed, strict=True):
        out[:] = np.rint((slab.astype(np.float32) - np.float32(low)) * scale)
    return packed


def _block_extremes(values: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Smallest and largest value that a look-up inside each block of 8 can meet."""
    from scipy import ndimage

    pads = [(0, -n % BLOCK) for n in values.shape]
    padded = np.pad(values, pads, mode="edge")
    blocks = [side for n in padded.shape for side in (n // BLOCK, BLOCK)]
    split = padded.reshape(blocks)
    smallest = split.min(axis=(1, 3, 5)).astype(np.float32)
    largest = split.max(axis=(1, 3, 5)).astype(np.float32)
    # a look-up near a block's face meets the neighbour's voxels
    return ndimage.minimum_filter(smallest, 3), ndimage.maximum_filter(largest, 3)
