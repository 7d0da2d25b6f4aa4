"""Anatomy to be looked at, as plain data: parts, an image with its slices, a cut, a list of parts.

A `Scene` may carry one `Exhibit`. Nothing in it moves with tissue: it is a body at rest. Arrays
are brought to the GPU once and known again by identity, so an exhibit that is made anew with the
same arrays costs nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.scene import Highlight, Vector
from surgisim.render.view import View, Viewport

__all__ = [
    "Exhibit",
    "GreyWindow",
    "Inset",
    "Panel",
    "PanelRow",
    "Part",
    "Plane",
    "Slice",
    "Transfer",
    "VolumeImage",
    "VolumeRendering",
]


MOST_PARTS = 2000
"""Cut faces are told apart by sums of squared numbers in float32."""
MOST_SPOTS = 8  # places in shaders/exhibit.glsl


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class VolumeImage:
    """A grey image in space.

    Attributes
    ----------
    values
        (i, j, k) int16 or float32, each axis at least 2 long.
    affine
        World metres from voxel index (centres at whole numbers), (4, 4), not singular.
    """

    values: NDArray[np.int16] | NDArray[np.float32]
    affine: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or min(self.values.shape) < 2:
            raise RenderError(
                f"an image needs three axes of at least 2 voxels, not the shape {self.values.shape}"
            )
        if self.affine.shape != (4, 4) or not abs(np.linalg.det(self.affine)) > 0.0:
            raise RenderError("an image's affine must be a (4, 4) matrix that can be inverted")

    def texture_from_world(self) -> NDArray[np.float64]:
        """Matrix (4, 4) from the world to 0..1 along each axis, voxel faces included."""
        shape = np.array(self.values.shape, dtype=np.float64)
        scale = np.eye(4)
        scale[:3, :3] = np.diag(1.0 / shape)
        scale[:3, 3] = 0.5 / shape
        matrix: NDArray[np.float64] = scale @ np.linalg.inv(self.affine)
        return matrix

    def value_at(self, point: Vector) -> float | None:
        """Value of the voxel that holds a place in the world, m; None outside."""
        index = np.linalg.inv(self.affine) @ (*point, 1.0)
        i, j, k = (round(float(v)) for v in index[:3])
        inside = all(0 <= n < size for n, size in zip((i, j, k), self.values.shape, strict=True))
        return float(self.values[i, j, k]) if inside else None

    def corners(self) -> NDArray[np.float64]:
        """Outer corners of the outermost voxels, (8, 3), m; bits of the row are i, j, k."""
        ends = [(-0.5, n - 0.5) for n in self.values.shape]
        grid = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3)
        corners: NDArray[np.float64] = grid @ self.affine[:3, :3].T + self.affine[:3, 3]
        return corners


@dataclass(frozen=True, slots=True)
class GreyWindow:
    """Which values are black and which are white: `level` -/+ half of `width`, linear between."""

    level: float = 40.0
    width: float = 400.0

    @property
    def ends(self) -> tuple[float, float]:
        """Value of black and of white."""
        half = 0.5 * max(self.width, 1e-9)
        return self.level - half, self.level + half


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane; a cut takes away what lies on the side that `normal` points to."""

    point: Vector
    normal: Vector


@dataclass(frozen=True, slots=True)
class Slice:
    """The image where a plane meets it.

    Attributes
    ----------
    plane
        Any, oblique ones included.
    opacity
        0 to 1.
    empty_below
        Values below are left out, so that air does not hide what lies behind; None keeps all.
    """

    plane: Plane
    opacity: float = 1.0
    empty_below: float | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """From values to light: straight pieces between points.

    Attributes
    ----------
    name
        For people.
    points
        (value, linear RGB, opacity of a millimetre), values ascending; beyond the ends the
        outermost points hold.
    gradient
        Value change per millimetre at which a boundary counts in full as a surface; 0 shows all
        of the volume alike.
    """

    name: str
    points: tuple[tuple[float, Vector, float], ...]
    gradient: float = 0.0

    def __post_init__(self) -> None:
        values = [p[0] for p in self.points]
        if len(values) < 2 or any(b <= a for a, b in pairwise(values)):
            raise RenderError(
                f"the transfer function '{self.name}' needs two or more points of ascending value"
            )


@dataclass(frozen=True, slots=True)
class VolumeRendering:
    """The whole image as a cloud that is lit from the eye."""

    transfer: Transfer
    density: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A closed surface with a name.

    Attributes
    ----------
    name
        Unlike those of all other parts.
    vertices, normals
        Corners (m) and unit outward normals, both (n, 3) float32.
    triangles
        (m, 3) int32, outward by the right-hand rule.
    color
        Linear RGB.
    opacity
        0 (hidden) to 1 (solid).
    cut
        Whether the exhibit's cut takes away from it.
    """

    name: str
    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]
    color: Vector = (0.5, 0.3, 0.25)
    opacity: float = 1.0
    cut: bool = True

    def __post_init__(self) -> None:
        count = len(self.vertices)
        if self.vertices.shape != (count, 3) or self.normals.shape != (count, 3):
            raise RenderError(
                f"part '{self.name}': vertices {self.vertices.shape} and normals "
                f"{self.normals.shape} must both have shape (n, 3)"
            )
        shape = self.triangles.shape
        if len(shape) != 2 or shape[1] != 3 or not len(self.triangles):
            raise RenderError(f"part '{self.name}': triangles must have shape (m, 3), not {shape}")
        if self.triangles.min() < 0 or self.triangles.max() >= count:
            raise RenderError(f"part '{self.name}': triangles must name vertices 0 to {count - 1}")


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line of the list of parts: a swatch, a name; `shown` from 0 (hidden) to 1 (solid)."""

    text: str
    color: Vector
    shown: float = 1.0
    lit: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The list at the left edge.

    Attributes
    ----------
    title
        Over the rows.
    rows
        All of them; those that do not fit are scrolled.
    first
        Row at the top.
    notes
        Lines under the list.
    """

    title: str = ""
    rows: tuple[PanelRow, ...] = ()
    first: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """All that is to be looked at.

    Attributes
    ----------
    parts
        Surfaces; at most 2000, no two of one name.
    image
        What slices, volume rendering and cut faces take their grey from.
    window
        Grey of the slices and cut faces.
    cut
        Takes away one side of parts and volume; the cut faces of solid parts are filled.
    highlights
        Areas of concern, spheres in the world: on the part that `surface` names, or with an empty
        name on everything, image included; at most 8 on one part.
    compass
        Whether letters at the picture's edges say where the patient's sides are.
    """

    parts: tuple[Part, ...] = ()
    image: VolumeImage | None = None
    window: GreyWindow = GreyWindow()
    slices: tuple[Slice, ...] = ()
    volume: VolumeRendering | None = None
    cut: Plane | None = None
    highlights: tuple[Highlight, ...] = ()
    panel: Panel | None = None
    compass: bool = False

    def __post_init__(self) -> None:
        names = {part.name for part in self.parts}
        if len(names) < len(self.parts):
            raise RenderError("an exhibit's parts must have names of their own; two have the same")
        if len(self.parts) > MOST_PARTS:
            raise RenderError(f"an exhibit has at most {MOST_PARTS} parts, not {len(self.parts)}")
        self._refuse_many_highlights()

    def _refuse_many_highlights(self) -> None:
        own = Counter(highlight.surface for highlight in self.highlights)
        everywhere = own.pop("", 0)
        most = everywhere + max(own.values(), default=0)
        if most > MOST_SPOTS:
            raise RenderError(
                f"one part shows at most {MOST_SPOTS} areas of concern, not {most}; "
                "name the part of each, or leave some out"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """A small square picture of an exhibit in the lower right corner of a scene.

    Attributes
    ----------
    exhibit, view
        What and from where; list and letters are left out.
    share
        Of the picture's height.
    """

    exhibit: Exhibit
    view: View
    share: float = 0.36

    def viewport(self, around: Viewport) -> Viewport:
        """Place in a picture, over the line of the hint."""
        side = max(round(self.share * min(around.height, around.width)), 16)
        gap = round(0.02 * around.height)
        hint = round(0.045 * around.height)
        return Viewport(around.x + around.width - side - gap, around.y + gap + hint, side, side)
