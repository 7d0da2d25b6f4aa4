"""Instruments of steel."""

from __future__ import annotations

from typing import Any

import numpy as np

from surgisim.render.probe import ball, cylinder, frame_along
from surgisim.render.programs import load_program
from surgisim.render.scene import Instrument

__all__ = ["InstrumentPass"]


class InstrumentPass:
    """The steel probe."""

    def __init__(self, api: Any, *, software: bool) -> None:
        self._program = load_program(api, "metal", "metal", software=software)
        self._arrays = []
        for vertices, triangles in (ball(), cylinder()):
            content = [(api.buffer(vertices), "3f 3f", "in_position", "in_normal")]
            array = api.vertex_array(self._program, content, api.buffer(triangles), 4)
            self._arrays.append(array)

    def draw(self, instrument: Instrument) -> None:
        """Draw ball and shaft."""
        model = frame_along(instrument.tip, instrument.shaft_direction)
        self._program["world_from_model"].write(np.ascontiguousarray(model.T, dtype=np.float32))
        self._program["dim"].value = 0.6 if instrument.dimmed else 0.0
        sizes = (
            (instrument.tip_radius_m, 0.0),
            (instrument.shaft_radius_m, instrument.shaft_length_m),
        )
        for array, size in zip(self._arrays, sizes, strict=True):
            self._program["size"].value = size
            self._program["brushed"].value = float(size[1] > 0.0)
            array.render()
