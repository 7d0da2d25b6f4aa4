"""A picture of a subject without a window."""

from dataclasses import replace
from typing import Any

from surgisim.explore.looking import Looking
from surgisim.explore.subject import Subject
from surgisim.render.body_camera import BodyCamera
from surgisim.render.offscreen import Picture, render_image

__all__ = ["draw_picture"]


def draw_picture(
    subject: Subject,
    looking: Looking,
    camera: BodyCamera,
    size: tuple[int, int],
    *,
    listed: bool = False,
    gl: Any = None,
) -> Picture:
    """Draw a subject.

    Parameters
    ----------
    subject, looking, camera
        What, how and from where.
    size
        Width and height, px.
    listed
        Whether the list of parts is written at the left.
    gl
        A context to draw with; by default one is made.

    Returns
    -------
    picture
        (height, width, 3) uint8, sRGB.

    Raises
    ------
    RenderError
        If no OpenGL context can be made here.
    """
    scene = looking.scene(subject)
    if listed and scene.exhibit is not None:
        scene = replace(scene, exhibit=replace(scene.exhibit, panel=looking.panel(subject)))
    return render_image(scene, camera.view(), size, gl)
