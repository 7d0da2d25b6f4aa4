"""Smoke, over all that is solid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from surgisim.render.programs import load_program
from surgisim.render.scene import Smoke
from surgisim.render.view import View

__all__ = ["SmokePass"]

_CORNERS = 4


class SmokePass:
    """Puffs as squares that face the eye, farthest first."""

    def __init__(self, api: Any, *, software: bool, high: bool) -> None:
        self._api = api
        self._soft = not software  # shaders end each ray at the surface behind
        self._program = load_program(api, "smoke", "smoke", software=software, high=high)
        self._array = api.vertex_array(self._program, [])

    def draw(self, puffs: Sequence[Smoke], view: View, target: Any) -> None:
        """Draw them into a target in which all that is solid is drawn already."""
        if not puffs:
            return
        api, program = self._api, self._program
        api.enable_only(api.BLEND if self._soft else api.BLEND | api.DEPTH_TEST)
        api.blend_func = api.SRC_ALPHA, api.ONE_MINUS_SRC_ALPHA, api.ONE, api.ONE_MINUS_SRC_ALPHA
        target.depth_mask = False
        right, up, backward = view.rotation.T
        program["right"].value, program["up"].value = tuple(right), tuple(up)
        if "forward" in program:
            program["forward"].value = tuple(-backward)
        for puff in sorted(puffs, key=lambda puff: _gap(puff, view), reverse=True):
            program["puff"].value = (*puff.position, puff.radius_m)
            program["density"].value = puff.density
            self._array.render(api.TRIANGLE_STRIP, vertices=_CORNERS)
        target.depth_mask = True


def _gap(puff: Smoke, view: View) -> float:
    return float(np.linalg.norm(np.asarray(puff.position) - view.position))
