"""The pictures of all views: targets, masks, and drawing one scene into them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from surgisim.render import Fov, Scene
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.xr.instance import Instance, ViewSet
from surgisim.xr.layers import Eye
from surgisim.xr.mask import Mask, hidden_mesh
from surgisim.xr.picture import Cost
from surgisim.xr.pose import Pose
from surgisim.xr.space import view_of
from surgisim.xr.swapchain import Target

__all__ = ["Eyes", "choose_views", "eye_size"]

_SMALLEST_PX = 64


def choose_views(offered: Sequence[ViewSet], wanted: int | None) -> ViewSet | None:
    """Choose a view configuration: with `wanted` views, or the runtime's favourite of 1, 2 or 4."""
    counts = (1, 2, 4) if wanted is None else (wanted,)
    return next((one for one in offered if len(one.sizes) in counts), None)


def eye_size(
    recommended: tuple[int, int], scale: float, largest: tuple[int, int]
) -> tuple[int, int]:
    """Scale a recommended size, px; never below 64, nor above the largest that can be had."""
    width, height = (
        min(max(round(scale * side), _SMALLEST_PX), most)
        for side, most in zip(recommended, largest, strict=True)
    )
    return width, height


class Eyes:
    """What the views of one session are drawn into.

    Parameters
    ----------
    instance, session, gl
        Whose.
    views
        The view configuration.
    renderer, cost
        Draws them; counts that.
    scale
        Factor on the recommended sizes.
    samples
        Samples a pixel.
    """

    def __init__(
        self,
        instance: Instance,
        session: Any,
        gl: GLContext,
        views: ViewSet,
        renderer: Renderer,
        cost: Cost,
        *,
        scale: float = 1.0,
        samples: int = 1,
    ) -> None:
        self._instance, self._session, self._gl = instance, session, gl
        self._kind = views.kind
        self._renderer, self._cost = renderer, cost
        self.targets = [
            Target(
                instance,
                session,
                gl,
                eye_size(size, scale, largest),
                depth="depth" in instance.caps,
                samples=samples,
            )
            for size, largest in zip(views.sizes, views.largest, strict=True)
        ]
        self._masks: dict[int, Mask | None] = {}

    def locate(self, space: Any, time_ns: int) -> list[Any]:
        """Locate the views for a time; empty where the head is not known."""
        xr = self._instance.xr
        order = xr.ViewLocateInfo(
            view_configuration_type=xr.ViewConfigurationType(self._kind),
            display_time=time_ns,
            space=space,
        )
        state, views = xr.locate_views(self._session, order)
        known = int(state.view_state_flags) & 0b11 == 0b11
        return list(views) if known else []

    def draw(
        self, scene: Scene, located: Sequence[Any], world: Pose, *, alpha: float = 1.0
    ) -> list[Eye]:
        """Draw a scene for all views; returns what the projection layer is made of."""
        drawn = []
        for index, (xr_view, target) in enumerate(zip(located, self.targets, strict=True)):
            view = view_of(xr_view, world)
            assert isinstance(view.fov, Fov)  # noqa: S101  # OpenXR gives four angles
            mask = self._mask(index)
            hide = None if mask is None else partial(mask.cover, view.fov)
            with target.drawing() as framebuffer, self._cost.drawing():
                self._renderer.draw(
                    scene, [view], framebuffer, streamed=index > 0, hide=hide, alpha=alpha
                )
            drawn.append(Eye(xr_view.pose, xr_view.fov, target))
        return drawn

    def _mask(self, index: int) -> Mask | None:
        if "mask" not in self._instance.caps:
            return None
        if index not in self._masks:
            vertices, indices = hidden_mesh(self._instance, self._session, self._kind, index)
            self._masks[index] = Mask(self._gl, vertices, indices) if len(indices) else None
        return self._masks[index]

    def forget_mask(self, index: int) -> None:
        """Ask anew what a view hides."""
        self._masks.pop(index, None)

    def close(self) -> None:
        """Destroy the targets."""
        for target in self.targets:
            target.close()
