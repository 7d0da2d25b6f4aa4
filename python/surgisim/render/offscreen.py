"""Pictures without a window: for reports, tests and videos."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer, Tier
from surgisim.render.scene import Scene
from surgisim.render.view import View

__all__ = ["OffscreenCanvas", "encode_png", "render_image", "save_picture"]

Picture = NDArray[np.uint8]


class OffscreenCanvas:
    """A picture of fixed size that scenes are drawn into, one after the other.

    Parameters
    ----------
    size
        Width and height, px.
    gl
        The context; by default one is made, and given back by `release`.
    tier
        See `Renderer`; a picture can wait, so the default is the better one.
    samples
        Multisamples a pixel, lowered to what the driver offers.

    Raises
    ------
    RenderError
        No OpenGL context can be made here, or none that draws pictures of this size.
    """

    def __init__(
        self,
        size: tuple[int, int],
        gl: GLContext | None = None,
        tier: Tier = "standard",
        samples: int = 4,
    ) -> None:
        self._owned = gl is None
        self._gl = GLContext.offscreen() if gl is None else gl
        try:
            self._open(size, tier, samples)
        except BaseException:
            self.release()
            raise

    def _open(self, size: tuple[int, int], tier: Tier, samples: int) -> None:
        self._gl.make_current()
        api: Any = self._gl.api
        largest = int(api.info["GL_MAX_RENDERBUFFER_SIZE"])
        if min(size) < 1 or max(size) > largest:
            raise RenderError(
                f"a picture of {size[0]} x {size[1]} cannot be drawn here; "
                f"give 1 to {largest} px each way"
            )
        self.renderer = Renderer(self._gl, tier)
        samples = min(samples, int(api.max_samples))
        self._plain = api.framebuffer([api.renderbuffer(size)], api.depth_renderbuffer(size))
        self._multi = (
            api.framebuffer(
                [api.renderbuffer(size, samples=samples)],
                api.depth_renderbuffer(size, samples=samples),
            )
            if samples > 1
            else self._plain
        )

    def draw(self, scene: Scene, *views: View) -> Picture:
        """Draw a scene from 1, 2 or 4 views.

        Returns
        -------
        picture
            (height, width, 3) uint8, sRGB, first row on top.
        """
        self._gl.make_current()
        self.renderer.draw(scene, views, self._multi)
        if self._multi is not self._plain:
            self._gl.api.copy_framebuffer(self._plain, self._multi)
        return _picture(self._plain.read(components=3, alignment=1), self._plain.size)

    def release(self) -> None:
        """Give the context back if it was made here."""
        if self._owned:
            self._gl.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def render_image(
    scene: Scene,
    view: View,
    size: tuple[int, int],
    gl: GLContext | None = None,
    tier: Tier = "standard",
) -> Picture:
    """Draw one picture; for many, keep an `OffscreenCanvas`.

    Returns
    -------
    picture
        (height, width, 3) uint8, sRGB, first row on top.

    Raises
    ------
    RenderError
        If no OpenGL context can be made here.
    """
    with OffscreenCanvas(size, gl, tier) as canvas:
        return canvas.draw(scene, view)


def encode_png(picture: Picture) -> bytes:
    """Encode a picture (height, width, 3) uint8 as PNG; the same picture gives the same bytes."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def save_picture(folder: Path, data: bytes, size: tuple[int, int]) -> Path:
    """Save a framebuffer's pixels as the next free ``picture-NNN.png`` of a folder.

    Parameters
    ----------
    folder
        Is made if it is not there.
    data
        3 bytes a pixel, as OpenGL reads them: last row first.
    size
        Width and height, px.

    Raises
    ------
    RenderError
        The file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = {path.name for path in folder.glob("picture-*.png")}
        number = next(n for n in range(1, len(taken) + 2) if f"picture-{n:03}.png" not in taken)
        path = folder / f"picture-{number:03}.png"
        path.write_bytes(encode_png(_picture(data, size)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"no picture could be saved in {folder}: {reason}") from error
    return path


def _picture(data: bytes, size: tuple[int, int]) -> Picture:
    width, height = size
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)[::-1].copy()
