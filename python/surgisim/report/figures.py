"""The numbers that a teacher asks for first, in a strip under the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surgisim.report.model import ReportData
from surgisim.report.words import clock
from surgisim.scoring.metric import shown

__all__ = ["KeyFigure", "key_figures"]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number in the strip under the verdict; `bad` says that it speaks against passing."""

    label: str
    value: str
    note: str = ""
    bad: bool = False


def key_figures(data: ReportData) -> list[KeyFigure]:
    """Choose the numbers, as they were measured: times that do not count are left out of them."""
    figures = _marking(data) if data.nodules else []
    time_s = _measured(data, "time", data.duration_s)
    figures.append(KeyFigure("Time", clock(time_s), "min:s"))
    motion, limit = data.motion, data.force_limit_n
    peak = _measured(data, "force.peak", float(motion.force_n.max(initial=0.0)))
    if limit is None:
        figures.append(KeyFigure("Peak force", shown(peak, "N")))
    else:
        seen_s = float(np.count_nonzero(motion.force_n > limit)) * motion.dt_s
        over_s = _measured(data, "force.over_limit_time", seen_s)
        note = f"limit {shown(limit, 'N')}"
        figures.append(KeyFigure("Peak force", shown(peak, "N"), note, peak > limit))
        figures.append(KeyFigure("Above limit", shown(over_s, "s"), bad=over_s > 0))
    path_m = float(np.linalg.norm(np.diff(motion.tool, axis=0), axis=1).sum())
    figures.append(KeyFigure("Path of the tip", shown(_measured(data, "path", path_m), "m")))
    lost = data.blood_lost_m3
    figures.append(KeyFigure("Blood lost", shown(lost, "m3"), bad=lost > 0))
    return figures


def _marking(data: ReportData) -> list[KeyFigure]:
    found = sum(row.found for row in data.nodules)
    every = len(data.nodules)
    false = sum(row.nodule is None for row in data.marks)
    return [
        KeyFigure("Nodules found", f"{found} of {every}", bad=found < every),
        KeyFigure("False marks", str(false), bad=false > 0),
    ]


def _measured(data: ReportData, name: str, seen: float) -> float:
    """Return a measure, or what the plain record says where nothing was measured."""
    value, _ = data.metrics.get(name, (None, ""))
    return seen if value is None else value
