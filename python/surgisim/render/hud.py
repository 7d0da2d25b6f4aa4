"""Text and bars over the picture, laid out in pixels from the viewport's upper left corner."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from surgisim.render.glyphs import Box, GlyphAtlas
from surgisim.render.scene import Hud, Label, Vitals
from surgisim.render.view import View, Viewport

__all__ = ["PLATE", "QUIET", "WHITE", "Color", "HudSheet"]

Color = tuple[float, float, float, float]

WHITE: Color = (0.90, 0.91, 0.92, 1.0)
QUIET: Color = (0.52, 0.54, 0.56, 1.0)
PLATE: Color = (0.006, 0.007, 0.009, 0.62)
_TRACK: Color = (0.10, 0.10, 0.11, 0.9)
# Okabe and Ito (2008): told apart with any colour vision; the words say the same
_BLUE: Color = (0.093, 0.456, 0.815, 1.0)
_AMBER: Color = (0.791, 0.347, 0.0, 1.0)
_RED: Color = (0.665, 0.112, 0.0, 1.0)
_BLEEDING: Color = (1.0, 0.16, 0.09, 1.0)
_ALARM_PLATE: Color = (0.42, 0.012, 0.012, 0.88)
_LARGEST = 2.5
_ROOM, _MOST_LINES = 0.25, 3  # of the width, for an alarm beside the title; its lines there
_GAPS = re.compile(r"[ \t\n]+")  # where a line may break: not at a no-break space
_CORNERS = ((0, 1), (2, 1), (2, 3), (0, 1), (2, 3), (0, 3))


class HudSheet:
    """What is written over one viewport.

    Fill it with `write` and `point_at`, then take `vertices`. `scale` enlarges everything, up to
    two and a half times.
    """

    def __init__(self, atlas: GlyphAtlas, viewport: Viewport, scale: float = 1.0) -> None:
        self._atlas = atlas
        self._width, self._height = viewport.width, viewport.height
        fitting = min(viewport.height / 720.0, viewport.width / 960.0)
        self._scale = fitting * min(max(scale, 0.5), _LARGEST)
        self._quads: list[tuple[float, ...]] = []
        self._beside_title = self._below_title = 0.0
        self._before_clock = float(viewport.width)
        self._below_banner = 0.0

    def vertices(self) -> NDArray[np.float32]:
        """Two triangles a quad: pixel (2), atlas place (2), linear RGB and opacity (4), (n, 8)."""
        if not self._quads:
            return np.zeros((0, 8), dtype=np.float32)
        quads = np.array(self._quads, dtype=np.float32)
        corners = [quads[:, [x, y, 4 + x, 4 + y, 8, 9, 10, 11]] for x, y in _CORNERS]
        return np.ascontiguousarray(np.stack(corners, axis=1).reshape(-1, 8))

    def write(self, hud: Hud) -> None:
        """Lay out everything that `hud` holds."""
        self._title(hud)
        self._clock(hud)
        if hud.force_n is not None:
            self._force_bar(hud.force_n, hud.force_limit_n)
        if hud.alarm:
            self._banner(hud.alarm)
        if hud.hint:
            size, pad = self._size(14), self._px(8)
            width, height = self._atlas.width(hud.hint, size) + 2 * pad, size + 1.4 * pad
            self._rect(self._width - width, self._height - height, width, height, PLATE)
            base = self._height - 0.9 * pad
            self._text(self._width - width + pad, base, hud.hint, size, QUIET)
        if hud.help_lines:
            self._help(hud.help_lines)

    def point_at(self, label: Label, view: View, viewport: Viewport) -> None:
        """Write a label beside its place, with a line to it, if the place is in sight."""
        pixels, visible = view.project(label.point, viewport)
        if not visible[0]:
            return
        x, y = float(pixels[0, 0]), self._height - float(pixels[0, 1])
        size, pad = self._size(15), self._px(6)
        right, up = x + self._px(26), y - self._px(26)
        dot = max(self._px(5), 3)
        self._rect(x - dot / 2, y - dot / 2, dot, dot, WHITE)
        steps = max(int(right - x), 1)
        for k in range(0, steps, 2):
            self._rect(x + k, y - k, 1, 1, WHITE)
        width = self._atlas.width(label.text, size)
        self._rect(right, up - size - pad, width + 2 * pad, size + 2 * pad, PLATE)
        self._text(right + pad, up - pad * 0.2, label.text, size, WHITE)

    def _px(self, length: float) -> float:
        return float(max(round(length * self._scale), 1))

    def _size(self, points: float) -> int:
        return max(round(points * self._scale), 9)

    def _rect(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        self._quad(x, y, width, height, self._atlas.solid, color)

    def _quad(
        self, x: float, y: float, width: float, height: float, box: Box, color: Color
    ) -> None:
        left, top = round(x), round(y)
        right, bottom = left + max(round(width), 0), top + max(round(height), 0)
        self._quads.append((left, top, right, bottom, *box, *color))

    def _text(self, x: float, y: float, text: str, size: int, color: Color) -> None:
        """Write one line with its base line at y.

        The pen starts on a whole pixel: a half would be rounded up for one letter and down for the
        next.
        """
        x, y = round(x), round(y)
        for letter in text:
            glyph = self._atlas.glyph(letter, size)
            left, top = round(x) + glyph.left, y + glyph.top
            self._quad(left, top, glyph.width, glyph.height, glyph.box, color)
            x += glyph.advance

    def _wrap(self, text: str, size: int, width: float) -> list[str]:
        lines: list[str] = []
        for word in _GAPS.split(text.strip()):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._atlas.width(longer, size) <= width:
                lines[-1] = longer
            elif word:
                lines.append(word)
        return lines

    def _title(self, hud: Hud) -> None:
        big, small, pad = self._size(22), self._size(16), self._px(12)
        room = 0.46 * self._width
        lines: list[tuple[str, int, Color]] = []
        if hud.step is not None:
            lines.append((f"step {hud.step[0]} of {hud.step[1]}", self._size(14), QUIET))
        lines += [(line, big, WHITE) for line in self._wrap(hud.title, big, room)]
        lines += [(line, small, QUIET) for line in self._wrap(hud.message, small, room)]
        if not lines:
            return
        height = sum(1.35 * size for _, size, _ in lines) + 1.4 * pad
        width = max(self._atlas.width(line, size) for line, size, _ in lines) + 2 * pad
        self._rect(0, 0, width, height, PLATE)
        self._beside_title, self._below_title = width + pad, height + pad
        y = 0.7 * pad
        for line, size, color in lines:
            self._text(pad, y + size, line, size, color)
            y += 1.35 * size

    def _clock(self, hud: Hud) -> None:
        lines: list[tuple[str, int, Color]] = []
        if hud.time_s is not None:
            minutes, seconds = divmod(math.floor(max(hud.time_s, 0.0)), 60)
            lines.append((f"{minutes:02d}:{seconds:02d}", self._size(24), WHITE))
        if hud.blood_loss_ml is not None:
            color = _BLEEDING if hud.blood_loss_ml >= 0.05 else QUIET
            lines.append((f"blood loss {hud.blood_loss_ml:.0f} mL", self._size(16), color))
        if hud.vitals is not None:
            lines += [(text, self._size(16), WHITE) for text in _monitor(hud.vitals)]
        if not lines:
            return
        pad = self._px(12)
        width = max(self._atlas.width(text, size) for text, size, _ in lines) + 2 * pad
        height = sum(1.35 * size for _, size, _ in lines) + 1.4 * pad
        self._rect(self._width - width, 0, width, height, PLATE)
        self._before_clock = self._width - width - pad
        y = 0.7 * pad
        for text, size, color in lines:
            x = self._width - pad - self._atlas.width(text, size)
            self._text(x, y + size, text, size, color)
            y += 1.35 * size

    def _force_bar(self, force_n: float, limit_n: float | None) -> None:
        size, pad = self._size(16), self._px(12)
        thick = max(self._px(12), 4.0)
        measure = f"force {force_n:.1f} N"
        limit = f"limit {limit_n:.1f} N" if limit_n else ""
        if limit_n and force_n > limit_n:
            limit = f"over {limit}"
        words = self._atlas.width(f"{measure}   {limit}", size)
        length = max(self._px(260), float(math.ceil(words)))
        full = 1.5 * limit_n if limit_n else max(10.0, 1.2 * force_n)
        ratio = force_n / limit_n if limit_n else 0.0
        color = _BLUE if ratio < 0.7 else _AMBER if ratio < 1.0 else _RED
        height = 1.4 * size + thick + 1.7 * pad
        top = self._height - height
        self._rect(0, top, length + 2 * pad, height, PLATE)
        base = top + 0.6 * pad + size
        self._text(pad, base, measure, size, WHITE)
        bar = base + 0.6 * pad
        self._rect(pad, bar, length, thick, _TRACK)
        self._rect(pad, bar, length * min(max(force_n / full, 0.0), 1.0), thick, color)
        if limit_n:
            x = pad + length - self._atlas.width(limit, size)
            self._text(x, base, limit, size, QUIET if ratio < 1.0 else WHITE)
            tick = max(self._px(3), 2.0)
            self._rect(pad + length / 1.5 - tick / 2, bar - tick, tick, thick + 2 * tick, WHITE)

    def _banner(self, text: str) -> None:
        """Write an alarm at the upper edge between title and clock, or below where it is narrow.

        The middle belongs to the organ.
        """
        size, pad = self._size(20), self._px(14)
        left, right, top = self._beside_title, self._before_clock, 0.0
        lines = self._wrap(text, size, right - left - 2 * pad)
        if right - left < _ROOM * self._width or len(lines) > _MOST_LINES:
            left, right, top = 0.0, float(self._width), max(0.20 * self._height, self._below_title)
            lines = self._wrap(text, size, 0.7 * self._width)
        if not lines:
            return
        width = max(self._atlas.width(line, size) for line in lines) + 2 * pad
        height = len(lines) * 1.35 * size + 1.2 * pad
        x, y = 0.5 * (left + right - width), top
        self._below_banner = y + height + pad
        self._rect(x, y, width, height, _ALARM_PLATE)
        for edge in (x, x + width - self._px(5)):
            self._rect(edge, y, self._px(5), height, _RED)
        for row, line in enumerate(lines):
            start = x + 0.5 * (width - self._atlas.width(line, size))
            self._text(start, y + 0.6 * pad + size * (1.0 + 1.35 * row), line, size, WHITE)

    def _help(self, lines: tuple[tuple[str, str], ...]) -> None:
        size, pad, gap = self._size(18), self._px(22), self._px(26)
        keys = max(self._atlas.width(key, size) for key, _ in lines)
        room = 0.94 * self._width - keys - gap - 2 * pad
        rows = [
            (key if part == 0 else "", text)
            for key, meaning in lines
            for part, text in enumerate(self._wrap(meaning, size, room) or [""])
        ]
        meanings = max(self._atlas.width(meaning, size) for _, meaning in rows)
        width, height = keys + gap + meanings + 2 * pad, len(rows) * 1.6 * size + 1.6 * pad
        x, y = 0.5 * (self._width - width), 0.5 * (self._height - height)
        y = max(y, min(self._below_banner, self._height - height))
        self._rect(x, y, width, height, (PLATE[0], PLATE[1], PLATE[2], 0.85))
        for row, (key, meaning) in enumerate(rows):
            base = y + 0.8 * pad + size * (1.05 + 1.6 * row)
            self._text(x + pad, base, key, size, _AMBER)
            self._text(x + pad + keys + gap, base, meaning, size, WHITE)


def _monitor(vitals: Vitals) -> list[str]:
    """Write a monitor's lines."""
    lines = []
    if vitals.heart_rate_bpm is not None:
        lines.append(f"HR {vitals.heart_rate_bpm:.0f} /min")
    if vitals.systolic_mmhg is not None and vitals.diastolic_mmhg is not None:
        lines.append(f"BP {vitals.systolic_mmhg:.0f}/{vitals.diastolic_mmhg:.0f} mmHg")
    if vitals.spo2_percent is not None:
        lines.append(f"SpO₂ {vitals.spo2_percent:.0f} %")
    return lines
