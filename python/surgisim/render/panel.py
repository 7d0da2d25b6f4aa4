"""The list of parts at the left edge: how it is laid out, and which row is under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surgisim.render.exhibit import Exhibit, Panel
from surgisim.render.glyphs import GlyphAtlas
from surgisim.render.hud import PLATE, QUIET, WHITE, Color, HudSheet
from surgisim.render.view import View, Viewport

__all__ = ["PanelLayout", "PanelSheet", "panel_layout"]


_LIT: Color = (0.05, 0.10, 0.13, 0.85)
_COMPASS: Color = (0.75, 0.55, 0.20, 1.0)
_FAINT: Color = (0.20, 0.21, 0.22, 1.0)


@dataclass(frozen=True, slots=True)
class PanelLayout:
    """Places in px from the viewport's upper left corner.

    Attributes
    ----------
    size
        Of the letters.
    top, row_height, width
        Of the rows.
    rows
        How many fit.
    """

    size: int
    top: float
    row_height: float
    width: float
    rows: int

    def row_at(self, x: float, y: float, panel: Panel) -> int | None:
        """Row under a place from the upper left corner, or None."""
        if not 0.0 <= x < self.width or y < self.top:
            return None
        row = int((y - self.top) / self.row_height)
        index = panel.first + row
        return index if row < self.rows and index < len(panel.rows) else None


def panel_layout(panel: Panel, viewport: Viewport) -> PanelLayout:
    """Lay a panel out in a viewport."""
    scale = min(viewport.height / 720.0, viewport.width / 960.0)
    size = max(round(13 * scale), 9)
    height = round(1.45 * size)
    top = (2.0 if panel.title else 0.4) * height
    room = viewport.height - top - (len(panel.notes) + 0.8) * height
    return PanelLayout(size, top, height, round(13.5 * size), max(int(room / height), 1))


def _side(direction: NDArray[np.float64]) -> str:
    """Side of the patient that a direction points to: +x left, +y anterior, +z feet."""
    axis = int(np.abs(direction).argmax())
    return ("LR", "AP", "FH")[axis][int(direction[axis] < 0.0)]


class PanelSheet(HudSheet):
    """What a panel writes over one viewport; take `vertices` when it is filled."""

    def __init__(self, atlas: GlyphAtlas, viewport: Viewport, scale: float = 1.0) -> None:
        super().__init__(atlas, viewport, scale)
        self._viewport = viewport

    def write_exhibit(self, exhibit: Exhibit, view: View) -> None:
        """Write the list and the patient's sides, as far as the exhibit has them."""
        if exhibit.panel is not None:
            self.list_parts(exhibit.panel)
        if exhibit.compass:
            self.name_sides(view, exhibit.panel)

    def list_parts(self, panel: Panel) -> None:
        """Write title, rows and notes."""
        layout = panel_layout(panel, self._viewport)
        size, height = layout.size, layout.row_height
        self._rect(0, 0, layout.width, self._height, PLATE)
        if panel.title:
            self._text(0.8 * size, 1.35 * height, self._fit(panel.title, size, layout), size, WHITE)
        shown = panel.rows[panel.first : panel.first + layout.rows]
        for k, row in enumerate(shown):
            y = layout.top + k * height
            if row.lit:
                self._rect(0, y, layout.width, height, _LIT)
            box = 0.62 * size
            inset = 0.5 * (height - box)
            r, g, b = row.color
            self._rect(0.8 * size, y + inset, box, box, _FAINT)
            if row.shown > 0.0:
                self._rect(0.8 * size, y + inset, box, box, (r, g, b, 0.25 + 0.75 * row.shown))
            color = WHITE if row.shown > 0.99 else QUIET if row.shown > 0.0 else _FAINT
            text = self._fit(row.text, size, layout)
            self._text(1.9 * size, y + 1.05 * size, text, size, color)
        self._scroll_mark(panel, layout)
        for k, note in enumerate(reversed(panel.notes)):
            base = self._height - 0.5 * height - k * height
            self._text(0.8 * size, base, self._fit(note, size, layout), size, QUIET)

    def name_sides(self, view: View, panel: Panel | None) -> None:
        """Write at each edge which side of the patient lies there: R, L, A, P, H or F."""
        size, width, height = self._size(20), self._width, self._height
        left = panel_layout(panel, self._viewport).width if panel is not None else 0.0
        right, up = view.rotation[:, 0], view.rotation[:, 1]
        middle = 0.5 * (left + width)
        for letter, x, y in (
            (_side(-right), left + 0.6 * size, 0.5 * height),
            (_side(right), width - 1.4 * size, 0.5 * height),
            (_side(up), middle, 1.3 * size),
            (_side(-up), middle, height - 0.5 * size),
        ):
            self._text(x, y, letter, size, _COMPASS)

    def _fit(self, text: str, size: int, layout: PanelLayout) -> str:
        """Shorten a text to the panel's width."""
        room = layout.width - 2.4 * size
        if self._atlas.width(text, size) <= room:
            return text
        while text and self._atlas.width(text + "...", size) > room:
            text = text[:-1]
        return text + "..."

    def _scroll_mark(self, panel: Panel, layout: PanelLayout) -> None:
        if len(panel.rows) <= layout.rows:
            return
        track = layout.rows * layout.row_height
        length = track * layout.rows / len(panel.rows)
        start = layout.top + track * panel.first / len(panel.rows)
        self._rect(layout.width - 3, start, 2, length, QUIET)
