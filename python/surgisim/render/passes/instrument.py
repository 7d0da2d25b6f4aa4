"""Instruments of steel, plastic and ceramic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.render.instruments import FINISHES, Part, parts_of
from surgisim.render.passes.depth import DepthProgram
from surgisim.render.programs import load_program
from surgisim.render.scene import Instrument
from surgisim.render.solids import Solid, frame_along

__all__ = ["InstrumentPass"]

Floats = NDArray[np.float64]


class InstrumentPass:
    """All instruments; a solid goes to the GPU once."""

    def __init__(self, api: Any, depth: DepthProgram, *, software: bool, high: bool) -> None:
        self._api = api
        self._depth = depth
        self._program = load_program(api, "metal", "metal", software=software, high=high)
        self._arrays: dict[int, tuple[Solid, Any, Any]] = {}

    def draw(self, instrument: Instrument) -> None:
        """Draw all its parts."""
        frame = _frame_of(instrument)
        self._program["axis"].value = tuple(frame[:3, 2])
        self._program["dim"].value = 0.6 if instrument.dimmed else 0.0
        for part in parts_of(instrument):
            model = frame @ part.place
            finish = FINISHES[part.finish]
            self._program["world_from_model"].write(np.ascontiguousarray(model.T, np.float32))
            upright = np.linalg.inv(model[:3, :3])  # its transpose, columns first
            self._program["world_normal"].write(np.ascontiguousarray(upright, np.float32))
            self._program["base"].value = (*finish.color, finish.metal)
            self._program["rough"].value = finish.rough
            self._array(part)[0].render()

    def draw_depth(self, instrument: Instrument, clip_from_world: Floats) -> None:
        """Draw its depth."""
        frame = clip_from_world @ _frame_of(instrument)
        for part in parts_of(instrument):
            self._depth.look(frame @ part.place)
            self._array(part)[1].render()

    def _array(self, part: Part) -> tuple[Any, Any]:
        key = id(part.solid)  # solids are made once and kept, here too
        if key not in self._arrays:
            vertices, triangles = part.solid
            buffer, indices = self._api.buffer(vertices), self._api.buffer(triangles)
            content = [(buffer, "3f 3f", "in_position", "in_normal")]
            shown = self._api.vertex_array(self._program, content, indices, 4)
            depths = self._depth.array([(buffer, "3f 12x", "in_position")], indices)
            self._arrays[key] = (part.solid, shown, depths)
        _, shown, depths = self._arrays[key]
        return shown, depths


def _frame_of(instrument: Instrument) -> Floats:
    return frame_along(instrument.tip, instrument.shaft_direction, instrument.roll)
