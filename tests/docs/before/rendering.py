"""Names that docs/rendering.md leaves to the reader."""

from pathlib import Path

import numpy as np

from surgisim.render import Scene
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.render.view import View

vertices = np.array([(-0.1, 0.0, -0.1), (0.1, 0.0, -0.1), (0.1, 0.0, 0.1), (-0.1, 0.0, 0.1)])
rest_vertices, normals = vertices, np.tile((0.0, 1.0, 0.0), (4, 1))
triangles = np.array([(0, 2, 1), (0, 3, 2)])
tip, shaft_direction = (0.0, 0.01, 0.0), (0.0, 1.0, 0.3)
point_rest, normal_rest, tear_rest = (0.02, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.03)
eye, target = (0.0, 0.3, 0.3), (0.0, 0.0, 0.0)
values, affine = np.zeros((8, 8, 8), np.int16), np.diag([0.02, 0.02, 0.02, 1.0])
point, normal, port = (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.2, 0.1)
context = GLContext.offscreen()


class CurrentRenderer(Renderer):
    """Draws in its own context, whichever was used last."""

    def draw(self, *given, **more):
        context.make_current()
        super().draw(*given, **more)


renderer = CurrentRenderer(context)
size = (320, 180)
screen = context.api.framebuffer(
    [context.api.renderbuffer(size)], context.api.depth_renderbuffer(size)
)
room = view = View.look_at(eye, target)
path, scenes = Path("film.mp4"), [Scene(), Scene()]
