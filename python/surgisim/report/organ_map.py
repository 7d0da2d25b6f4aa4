"""The organ seen from above with the path over it, the nodules as they lay and the marks set.

Seen along -y, from in front of the patient, who lies on the back; up on the page is the head and
right on the page the patient's left, as in a CT picture turned to the surgeon at the feet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from surgisim.report import drawing as d
from surgisim.report.model import Motion, OrganShape, ReportData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["height_map", "organ_map_svg"]

_CELL_M = 0.0015
_RELIEF_MM = 10.0
_PATH_POINTS = 5000
_MARGIN_M = 0.012
_HEIGHT_IN = 5.4


def height_map(
    organ: OrganShape, cell_m: float = _CELL_M
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Height of the organ's front over a grid seen from above.

    Returns
    -------
    x, up
        Centres of columns and rows, m; ``up`` is -z, towards the head.
    height
        (rows, columns) largest y in each cell, m; NaN beside the organ.
    """
    corners = organ.points[organ.triangles]
    flat = corners[:, :, [0, 2]] * (1.0, -1.0)
    low = flat.min(axis=(0, 1)) - 4 * cell_m
    columns, rows = (np.ceil((flat.max(axis=(0, 1)) + 4 * cell_m - low) / cell_m)).astype(int)
    longest = float(np.linalg.norm(np.diff(flat, axis=1), axis=2).max())
    weights = _lattice(max(2, int(np.ceil(1.5 * longest / cell_m))))
    height = np.full((rows, columns), -np.inf)
    for part in np.array_split(np.arange(len(corners)), max(1, len(corners) * len(weights) >> 20)):
        place = np.einsum("wk,tkd->twd", weights, flat[part])
        column, row = ((place - low) / cell_m).astype(np.intp).reshape(-1, 2).T
        y = np.einsum("wk,tk->tw", weights, corners[part, :, 1]).ravel()
        np.maximum.at(height, (row, column), y)
    x = low[0] + (np.arange(columns) + 0.5) * cell_m
    up = low[1] + (np.arange(rows) + 0.5) * cell_m
    return x, up, np.where(np.isfinite(height), height, np.nan)


def organ_map_svg(data: ReportData) -> Markup:
    """Draw organ, path, nodules and marks to one scale, in mm."""
    low, high = _extent(data)
    size = np.maximum(high - low, 1e-3)
    plot_height = _HEIGHT_IN - 0.7
    plot_width = min(plot_height * float(size[0] / size[1]), d.WIDTH_IN - 1.1)
    plot_height = plot_width * float(size[1] / size[0])
    width, height = plot_width + 1.1, plot_height + 0.7
    with d.drawing("organ", height, width) as figure:
        axes = figure.add_axes(
            (0.75 / width, 0.5 / height, plot_width / width, plot_height / height)
        )
        d.bare(axes)
        axes.set_xlim(low[0] * 1e3, high[0] * 1e3)
        axes.set_ylim(low[1] * 1e3, high[1] * 1e3)
        axes.set_xlabel("← patient's right    mm    patient's left →")
        axes.set_ylabel("← feet    mm    head →")
        if data.organ is not None:
            _draw_organ(axes, data.organ)
        _draw_path(axes, data.motion)
        _draw_nodules(axes, data)
        _draw_marks(axes, data)
        return d.to_svg(figure, _alt(data))


def _lattice(count: int) -> NDArray[np.float64]:
    """Barycentric weights of an even lattice with `count` steps along each edge."""
    i, j = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
    inside = i + j <= count
    first, second = i[inside] / count, j[inside] / count
    return np.stack([first, second, 1.0 - first - second], axis=1)


def _extent(data: ReportData) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frame the organ with a margin, or the path where there is no organ."""
    places = data.organ.points if data.organ is not None else data.motion.tool
    if not len(places):
        places = np.zeros((1, 3))
    flat = places[:, [0, 2]] * (1.0, -1.0)
    return flat.min(axis=0) - _MARGIN_M, flat.max(axis=0) + _MARGIN_M


def _draw_organ(axes: Axes, organ: OrganShape) -> None:
    from scipy import ndimage

    x, up, height = height_map(organ)
    inside = np.isfinite(height)
    shape = ndimage.gaussian_filter(ndimage.binary_closing(inside, iterations=2).astype(float), 1.6)
    axes.contourf(x * 1e3, up * 1e3, shape, levels=[0.5, 2.0], colors=[d.MISSED], alpha=0.13)
    axes.contour(x * 1e3, up * 1e3, shape, levels=[0.5], colors=[d.FAINT], linewidths=1.3)
    y = height * 1e3
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    smooth = ndimage.gaussian_filter(y[tuple(nearest)], 2.0)
    smooth[shape < 0.6] = np.nan
    levels = np.arange(np.floor(np.nanmin(y) / 10) * 10, np.nanmax(y), _RELIEF_MM)
    axes.contour(x * 1e3, up * 1e3, smooth, levels=levels, colors=[d.GRID], linewidths=0.6)


def _draw_path(axes: Axes, motion: Motion) -> None:
    if not len(motion.tool):
        return
    kept = np.linspace(0, len(motion.tool) - 1, min(len(motion.tool), _PATH_POINTS)).astype(int)
    x, up = motion.tool[kept, 0] * 1e3, -motion.tool[kept, 2] * 1e3
    touching = motion.touching[kept]
    axes.plot(x, up, color=d.FAINT, linewidth=0.5, alpha=0.6)
    on_organ = np.where(touching, 1.0, np.nan)
    axes.plot(x * on_organ, up * on_organ, color=d.TOOL, linewidth=1.0)


def _draw_nodules(axes: Axes, data: ReportData) -> None:
    from matplotlib.patches import Circle

    for row in data.nodules:
        x, up = row.center[0] * 1e3, -row.center[2] * 1e3
        color = d.GOOD if row.found else d.ALARM
        circle = Circle((x, up), row.radius_m * 1e3, facecolor=color, alpha=0.3, linewidth=0)
        outline = Circle((x, up), row.radius_m * 1e3, fill=False, edgecolor=color, linewidth=1.6)
        outline.set_linestyle("-" if row.found else (0, (3, 2)))
        axes.add_patch(circle)
        axes.add_patch(outline)
        axes.annotate(
            row.id if row.found else f"{row.id}, missed",
            (x, up - row.radius_m * 1e3),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=10,
            fontweight="bold",
            color=color,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": d.PAPER, "alpha": 0.8, "lw": 0},
        )


def _draw_marks(axes: Axes, data: ReportData) -> None:
    for row in data.marks:
        x, up = row.point[0] * 1e3, -row.point[2] * 1e3
        if row.nodule is None:
            axes.plot(x, up, "x", color=d.ALARM, markersize=8, markeredgewidth=2.2)
        else:
            color = d.GOOD if row.nodule else d.TOOL
            axes.plot(x, up, "o", color=color, markersize=7, markeredgecolor=d.PAPER)
        axes.annotate(
            str(row.number),
            (x, up),
            xytext=(7, 5),
            textcoords="offset points",
            fontsize=10,
            fontweight="bold",
        )


def _alt(data: ReportData) -> str:
    seen = "The organ seen from in front, head up, with the path of the instrument"
    if not data.nodules:
        return f"{seen} and {len(data.marks)} marks." if data.marks else f"{seen}."
    found = sum(row.found for row in data.nodules)
    false = sum(row.nodule is None for row in data.marks)
    return (
        f"{seen}, {len(data.nodules)} nodules of which {found} were found, and "
        f"{len(data.marks)} marks of which {false} are false."
    )
