"""A label's smooth closed surface: the level set of its blurred mask.

The mask (1 inside, 0 outside) is blurred with a Gaussian whose width is a share of the element
size, or of the voxel where that is larger, in physical units along each axis; the result is
resampled on a cubic grid in the world frame, so that anisotropic and rotated grids come out the
same. A blur moves the 0.5 level inwards where the surface is convex; the level is therefore
chosen so that the enclosed volume is the labels' own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from surgisim.anatomy.quality import enclosed_volume
from surgisim.errors import AnatomyError

__all__ = [
    "LevelSet",
    "Piece",
    "Surface",
    "at_volume",
    "faired",
    "label_surface",
    "largest_piece",
    "smooth",
    "surface",
]

Floats = NDArray[np.float64]

BLUR_PER_EDGE = 0.3
BLUR_PER_VOXEL = 0.7
GRID_PER_EDGE = 0.25
MARGIN_BLURS = 4.0
VOLUME_TOLERANCE = 2e-3
FAIRING = (0.5, -0.53)
FAIRING_PASSES = 15
"""Chosen by eye: steps of voxels vanish, fissures stay."""
LEVELS = (0.25, 0.75)
"""Levels outside of this range mean that the blur ate the organ."""

TOO_SMALL = (
    "The organ is too small or too thin for elements of this size: nothing of it is left after "
    "smoothing; build it with a smaller edge."
)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """The largest connected piece of a mask, with its enclosed holes filled."""

    mask: NDArray[np.bool_]
    voxels: int
    dropped_voxels: int
    dropped_pieces: int
    filled_voxels: int


@dataclass(frozen=True, slots=True, eq=False)
class LevelSet:
    """A smooth field that is positive inside an organ.

    Attributes
    ----------
    values
        Blurred mask on a cubic grid, shape (i, j, k).
    origin, spacing
        World position of the grid's first point, (3,) m, and the grid's step, m.
    level
        Value of the surface.
    """

    values: NDArray[np.float32]
    origin: Floats
    spacing: float
    level: float

    @property
    def upper(self) -> Floats:
        """World position of the grid's last point, (3,) m."""
        corner: Floats = self.origin + (np.array(self.values.shape) - 1) * self.spacing
        return corner

    def __call__(self, points: Floats) -> Floats:
        """Field at points (k, 3) m: positive inside, trilinear between grid points."""
        from scipy import ndimage

        index = (points - self.origin).T / self.spacing
        field: Floats = ndimage.map_coordinates(
            self.values, index, order=1, mode="constant", cval=0.0, output=np.float64
        )
        return field - self.level

    def gradient(self, points: Floats) -> Floats:
        """Gradient of the field by central differences over one grid step, (k, 3), 1/m."""
        h = self.spacing
        columns = [(self(points + h * e) - self(points - h * e)) / (2 * h) for e in np.eye(3)]
        return np.stack(columns, axis=-1)

    def project(self, points: Floats) -> Floats:
        """Pull points (k, 3) onto the surface by Newton steps; NaN where that fails."""
        p = points.copy()
        for _ in range(4):
            g = self.gradient(p)
            step = (self(p) / np.maximum((g * g).sum(axis=1), 1e-12))[:, None] * g
            length = np.linalg.norm(step, axis=1, keepdims=True)
            p -= step * np.minimum(1.0, 2 * self.spacing / np.maximum(length, 1e-12))
        p[np.abs(self(p)) > 5e-3] = np.nan
        return p


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A closed triangle surface: points (n, 3) m, outward faces (k, 3)."""

    points: Floats
    faces: NDArray[np.int32]

    @property
    def volume(self) -> float:
        """Enclosed volume, m^3."""
        return enclosed_volume(self.points, self.faces)


def label_surface(mask: NDArray[np.bool_], affine: Floats) -> Surface:
    """Surface of a mask at its own resolution, blurred by less than a voxel: the reference.

    Parameters
    ----------
    mask : (i, j, k) bool
    affine : (4, 4), m
        World from voxel index.
    """
    from scipy import ndimage

    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    margin = 4
    cropped = np.pad(mask[box].astype(np.float32), margin)
    ndimage.gaussian_filter(cropped, BLUR_PER_VOXEL, output=cropped)
    axes = affine[:3, :3]
    first = axes @ (np.array([s.start for s in box]) - margin) + affine[:3, 3]
    level = min(0.5, 0.5 * float(cropped.max()))
    found = surface(LevelSet(cropped, np.zeros(3), 1.0, level))
    faces = found.faces if np.linalg.det(axes) > 0 else np.ascontiguousarray(found.faces[:, ::-1])
    return Surface(found.points @ axes.T + first, faces)


def faired(surface: Surface) -> Surface:
    """Take the steps of voxels out of a closed surface, without shrinking it.

    Taubin (1995), "A signal processing approach to fair surface design": with the umbrella U x =
    (mean of the neighbours of x) - x, steps x += lambda U x and x += mu U x in turn. Waves along
    the surface pass below the frequency 1 / lambda + 1 / mu (of at most 2) and die out above it.

    Parameters
    ----------
    surface
        As `label_surface` makes it.
    """
    from scipy import sparse

    a, b, c = surface.faces.T
    start, stop = np.concatenate([a, b, c, b, c, a]), np.concatenate([b, c, a, a, b, c])
    count = len(surface.points)
    # each edge of a closed surface is met from both of its triangles, all alike
    met = sparse.csr_array((np.ones(len(start)), (start, stop)), shape=(count, count))
    mean = sparse.diags_array(1.0 / np.maximum(met.sum(axis=1), 1.0)) @ met
    points = surface.points
    for _ in range(FAIRING_PASSES):
        for share in FAIRING:
            points = points + share * (mean @ points - points)
    return Surface(points, surface.faces)


def largest_piece(mask: NDArray[np.bool_]) -> Piece:
    """Keep the largest face-connected piece of a mask and fill what it encloses."""
    from scipy import ndimage

    numbered, _ = ndimage.label(mask)
    sizes = np.bincount(numbered.ravel())[1:]
    kept = numbered == 1 + int(sizes.argmax())
    filled = ndimage.binary_fill_holes(kept)
    # What the main piece encloses is filled whatever it was; only pieces outside are dropped.
    dropped = np.unique(numbered[mask & ~filled])
    voxels = int(np.count_nonzero(filled))
    return Piece(
        filled,
        voxels,
        int(np.count_nonzero(mask & ~filled)),
        len(dropped),
        voxels - int(np.count_nonzero(mask & filled)),
    )


def smooth(mask: NDArray[np.bool_], affine: Floats, edge_m: float) -> LevelSet:
    """Blur a mask and choose the level that keeps its volume.

    Parameters
    ----------
    mask : (i, j, k) bool
        One piece.
    affine : (4, 4), m
        World from voxel index.
    edge_m : float, m
        Size of the elements to come: details much smaller are smoothed away.

    Raises
    ------
    AnatomyError
        If the organ is too thin for elements of that size.
    """
    from scipy import ndimage

    steps = np.linalg.norm(affine[:3, :3], axis=0)
    blur = np.maximum(BLUR_PER_EDGE * edge_m, BLUR_PER_VOXEL * steps)
    margin = np.ceil(MARGIN_BLURS * blur / steps).astype(int) + 2
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    cropped = np.pad(mask[box].astype(np.float32), [(int(m), int(m)) for m in margin])
    ndimage.gaussian_filter(cropped, blur / steps, output=cropped, truncate=MARGIN_BLURS)
    if cropped.max() <= 0.5:
        raise AnatomyError(TOO_SMALL)
    first = affine[:3, :3] @ (np.array([s.start for s in box]) - margin) + affine[:3, 3]
    target = np.count_nonzero(mask) * float(abs(np.linalg.det(affine[:3, :3])))
    level_set = _resampled(cropped, affine[:3, :3], first, GRID_PER_EDGE * edge_m)
    return at_volume(level_set, target, lambda ls: surface(ls).volume)


def _resampled(values: NDArray[np.float32], axes: Floats, first: Floats, step: float) -> LevelSet:
    """Resample a field on a cubic grid in the world frame, around its values above 1 %."""
    from scipy import ndimage

    kept = np.argwhere(values > 0.01)
    low, high = kept.min(axis=0) - 1, kept.max(axis=0) + 1
    corners = np.stack(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), -1).reshape(-1, 3)
    world = corners @ axes.T + first
    # Grid points at whole multiples of the step: the same place in space gives the same samples.
    lower = np.floor(world.min(axis=0) / step).astype(int) - 1
    shape = np.ceil(world.max(axis=0) / step).astype(int) + 2 - lower
    inverse = np.linalg.inv(axes)
    out = ndimage.affine_transform(
        values, inverse * step, inverse @ (lower * step - first), output_shape=tuple(shape),
        order=1, mode="constant", cval=0.0,
    )  # fmt: skip
    return LevelSet(out, lower * step, step, 0.5)


def at_volume(level_set: LevelSet, target: float, measure: Callable[[LevelSet], float]) -> LevelSet:
    """Move the level until the volume measured at it meets a target (secant steps).

    Parameters
    ----------
    level_set
        Field to move.
    target
        Volume to reach within `VOLUME_TOLERANCE`, m^3.
    measure
        Volume of a level set, m^3; falls as the level rises.

    Raises
    ------
    AnatomyError
        If no level within `LEVELS` comes near: the organ is too thin for the element size.
    """
    levels = [level_set.level, level_set.level - 0.02]
    volumes = [measure(replace(level_set, level=level)) for level in levels]
    for _ in range(6):
        if abs(volumes[-1] - target) <= VOLUME_TOLERANCE * target:
            return replace(level_set, level=levels[-1])
        rise = volumes[-1] - volumes[-2]
        if rise == 0.0:
            break
        guess = levels[-1] + (target - volumes[-1]) * (levels[-1] - levels[-2]) / rise
        levels.append(min(max(guess, LEVELS[0]), LEVELS[1]))
        volumes.append(measure(replace(level_set, level=levels[-1])))
    best = min(range(len(levels)), key=lambda k: abs(volumes[k] - target))
    if abs(volumes[best] - target) > 0.02 * target:
        raise AnatomyError(
            f"The organ ({target * 1e6:.1f} mL) is too small or too thin for elements of this "
            "size: smoothing changes its volume; build it with a smaller edge."
        )
    return replace(level_set, level=levels[best])


def surface(level_set: LevelSet) -> Surface:
    """Triangulate a level set's closed surface by marching cubes (Lewiner).

    Raises
    ------
    AnatomyError
        If nothing is left at this level.
    """
    from skimage.measure import marching_cubes

    values = level_set.values
    if not values.min() < level_set.level < values.max():
        raise AnatomyError(TOO_SMALL)
    points, faces, _, _ = marching_cubes(  # type: ignore[no-untyped-call]
        values, level_set.level, spacing=(level_set.spacing,) * 3, gradient_direction="descent"
    )
    found = Surface(points.astype(np.float64) + level_set.origin, faces.astype(np.int32))
    if found.volume < 0:
        found = Surface(found.points, np.ascontiguousarray(found.faces[:, ::-1]))
    return found
