"""The lights of a picture for several eyes: those on the camera ride on the first one."""

from dataclasses import replace

import numpy as np

from surgisim.render import Scene, View

__all__ = ["lit_from"]


def lit_from(scene: Scene, first: View) -> Scene:
    """Fix a scene's lights in the world where they are for a first eye."""
    lights = []
    for light in scene.lights:
        if light.on_camera:
            x, y, z = first.position + first.rotation @ np.asarray(light.position)
            light = replace(light, position=(float(x), float(y), float(z)), on_camera=False)
        lights.append(light)
    return replace(scene, lights=tuple(lights))
