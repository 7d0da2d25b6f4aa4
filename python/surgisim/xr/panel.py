"""A screen in the room: texts, force and the endoscope's picture, sharp whatever the eyes' size.

It is a quad layer of its own. Where there is none to be had, the texts go into the eyes' pictures.
"""

from __future__ import annotations

from typing import Any

from surgisim.render import Scene, View
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.xr.instance import Instance
from surgisim.xr.layers import quad
from surgisim.xr.picture import Cost
from surgisim.xr.pose import Pose
from surgisim.xr.swapchain import Target

__all__ = ["SIZE_M", "SIZE_PX", "Panel"]

SIZE_PX = (960, 540)
SIZE_M = (0.56, 0.315)
"""As large as a monitor of 25 inches."""

_EVERY = 6  # frames from one picture of it to the next: texts change slowly


class Panel:
    """The screen of one session.

    Parameters
    ----------
    instance, session, gl
        Whose.
    renderer, cost
        Draws it; counts that.
    """

    def __init__(
        self,
        instance: Instance,
        session: Any,
        gl: GLContext,
        renderer: Renderer,
        cost: Cost,
        size: tuple[int, int] = SIZE_PX,
    ) -> None:
        self._xr = instance.xr
        self._renderer, self._cost = renderer, cost
        self._target = Target(instance, session, gl, size)
        self._due = 0

    def draw(self, scene: Scene, view: View) -> None:
        """Bring it up to date, now and then; what was drawn last is shown meanwhile."""
        if self._due == 0:
            with self._target.drawing() as framebuffer, self._cost.drawing():
                self._renderer.draw(scene, [view], framebuffer)
        self._due = (self._due + 1) % _EVERY

    def layer(self, space: Any, pose: Pose) -> Any:
        """Make its layer; `pose` in the headset's space."""
        return quad(self._xr, space, self._target.color, pose, SIZE_M)

    def close(self) -> None:
        """Destroy it."""
        self._target.close()
