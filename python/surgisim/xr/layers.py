"""What is handed to the runtime at the end of a frame."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from surgisim.xr.pose import Pose
from surgisim.xr.swapchain import Chain, Target

__all__ = ["FAR_M", "NEAR_M", "Eye", "posef", "projection", "quad"]

NEAR_M = 0.03
"""Nearer than that nobody's eyes meet."""
FAR_M = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """One view as the runtime located it: `xr.View`'s pose and fov, and what was drawn into."""

    pose: Any
    fov: Any
    target: Target


def posef(xr: Any, pose: Pose) -> Any:
    """Convert to an `xr.Posef`."""
    w, x, y, z = pose.rotation
    return xr.Posef(xr.Quaternionf(x, y, z, w), xr.Vector3f(*pose.position))


def projection(xr: Any, space: Any, eyes: Sequence[Eye], *, blended: bool) -> Any:
    """Make the layer of all views, with their depth where it was drawn.

    Depth goes from 0 at `NEAR_M` to 1 at `FAR_M`, as the renderer's clip space has it.
    """
    views = (xr.CompositionLayerProjectionView * len(eyes))()
    depths = []
    for view, eye in zip(views, eyes, strict=True):
        view.type = xr.StructureType.COMPOSITION_LAYER_PROJECTION_VIEW
        view.pose, view.fov = eye.pose, eye.fov
        view.sub_image = eye.target.color.part()
        if eye.target.depth is not None:
            depth = xr.CompositionLayerDepthInfoKHR(
                sub_image=eye.target.depth.part(),
                min_depth=0.0,
                max_depth=1.0,
                near_z=NEAR_M,
                far_z=FAR_M,
            )
            depths.append(depth)
            view.next = ctypes.cast(ctypes.pointer(depth), ctypes.c_void_p)
    flags = xr.CompositionLayerFlags.NONE
    if blended:
        flags = xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT
    layer = xr.CompositionLayerProjection(layer_flags=flags, space=space, views=views)
    layer.kept = (views, depths)  # what it points to has to live as long as it does
    return layer


def quad(xr: Any, space: Any, chain: Chain, pose: Pose, size_m: tuple[float, float]) -> Any:
    """Make the layer of a screen in the room, `size_m` wide and high, whose front is its +z."""
    return xr.CompositionLayerQuad(
        layer_flags=xr.CompositionLayerFlags.NONE,
        space=space,
        eye_visibility=xr.EyeVisibility.BOTH,
        sub_image=chain.part(),
        pose=posef(xr, pose),
        size=xr.Extent2Df(*size_m),
    )
