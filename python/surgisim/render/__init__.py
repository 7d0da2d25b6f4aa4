"""Pictures of plain scene data: in a window, in a file, in a headset.

`scene` and `view` describe what is seen and from where, in numpy and dataclasses alone;
`renderer` draws them into any OpenGL target, `offscreen` into a picture and `window` on the
desktop. Nothing here knows of procedures, scores or devices, and importing this package imports
no graphics library: take `Renderer`, `OffscreenCanvas` and `DesktopWindow` from their modules.
"""

from surgisim.render.scene import (
    BloodPool,
    Char,
    Highlight,
    Hud,
    Instrument,
    Label,
    Light,
    Mark,
    Scene,
    Smoke,
    Suctioned,
    SurfaceMesh,
    Vitals,
)
from surgisim.render.view import Fov, Ray, View, Viewport

__all__ = [
    "BloodPool",
    "Char",
    "Fov",
    "Highlight",
    "Hud",
    "Instrument",
    "Label",
    "Light",
    "Mark",
    "Ray",
    "Scene",
    "Smoke",
    "Suctioned",
    "SurfaceMesh",
    "View",
    "Viewport",
    "Vitals",
]
