"""Pictures that the runtime owns: taken, drawn into, given back.

SRGB8_ALPHA8 first. The renderer encodes to sRGB itself and leaves GL_FRAMEBUFFER_SRGB off, so the
bytes that are stored are those that a window would show, and the runtime decodes them rightly.
Some runtimes leave another OpenGL context current after xrCreateSwapchain and
xrWaitSwapchainImage; ours is made current again after each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from surgisim.errors import HeadsetError
from surgisim.render.context import GLContext
from surgisim.xr.framebuffer import Framebuffers
from surgisim.xr.instance import Instance

__all__ = ["COLORS", "DEPTHS", "Chain", "Target"]

COLORS = (0x8C43, 0x8C41, 0x8058)
"""GL_SRGB8_ALPHA8, GL_SRGB8, GL_RGBA8: as wanted, best first."""

DEPTHS = (0x81A6, 0x8CAC, 0x88F0, 0x81A5)
"""GL_DEPTH_COMPONENT24, 32F, DEPTH24_STENCIL8, DEPTH_COMPONENT16. The first is what moderngl's own
depth buffers have, so that a picture of several samples a pixel can be copied with its depth."""


class Chain:
    """One swapchain of plain two-dimensional pictures.

    Parameters
    ----------
    instance, session, gl
        Whose.
    size
        Width and height, px.
    wanted
        Formats, best first.
    depth
        Whether it is for depth.

    Attributes
    ----------
    handle, size, format
        What was made.
    images
        OpenGL's names of its textures.

    Raises
    ------
    HeadsetError
        The runtime has none of the formats.
    """

    def __init__(
        self,
        instance: Instance,
        session: Any,
        gl: GLContext,
        size: tuple[int, int],
        wanted: Sequence[int],
        *,
        depth: bool = False,
    ) -> None:
        self._xr = xr = instance.xr
        self._gl = gl
        self.size = size
        offered = [int(f) for f in xr.enumerate_swapchain_formats(session)]
        chosen = next((f for f in wanted if f in offered), None)
        if chosen is None:
            raise HeadsetError(f"the runtime has no picture format that suits: {offered}")
        self.format = chosen
        flags = xr.SwapchainUsageFlags
        use = flags.DEPTH_STENCIL_ATTACHMENT_BIT if depth else flags.COLOR_ATTACHMENT_BIT
        order = xr.SwapchainCreateInfo(
            usage_flags=use | flags.SAMPLED_BIT,
            format=chosen,
            sample_count=1,
            width=size[0],
            height=size[1],
            face_count=1,
            array_size=1,
            mip_count=1,
        )
        self.handle = xr.create_swapchain(session, order)
        gl.make_current()
        told = xr.enumerate_swapchain_images(self.handle, xr.SwapchainImageOpenGLKHR)
        self.images = [int(one.image) for one in told]
        self._wait = xr.SwapchainImageWaitInfo(timeout=xr.INFINITE_DURATION)

    @contextmanager
    def taken(self) -> Iterator[int]:
        """Take the next picture; yields its number. It is given back whatever happens then.

        One that could not be waited for must not be given back (xrReleaseSwapchainImage).
        """
        index = int(self._xr.acquire_swapchain_image(self.handle))
        self._xr.wait_swapchain_image(self.handle, self._wait)
        try:
            self._gl.make_current()
            yield index
        finally:
            self._xr.release_swapchain_image(self.handle)

    def part(self) -> Any:
        """Return the whole picture, as a layer names it."""
        xr = self._xr
        whole = xr.Rect2Di(offset=xr.Offset2Di(0, 0), extent=xr.Extent2Di(*self.size))
        return xr.SwapchainSubImage(swapchain=self.handle, image_rect=whole, image_array_index=0)

    def close(self) -> None:
        """Destroy it; one whose session is lost is let go."""
        try:
            self._xr.destroy_swapchain(self.handle)
        except self._xr.exception.ErrorResult:
            return


class Target:
    """What one view is drawn into: colour, depth, and a framebuffer for each of their pictures.

    Parameters
    ----------
    instance, session, gl
        Whose.
    size
        Width and height, px.
    depth
        Whether the depth is to be handed over, too.
    samples
        Samples a pixel; more than one are drawn beside and brought together at the end.

    Attributes
    ----------
    color, depth
        Its chains; no depth where none is handed over.
    on_drawn
        Called with each finished picture, while it is still ours to read.
    """

    def __init__(
        self,
        instance: Instance,
        session: Any,
        gl: GLContext,
        size: tuple[int, int],
        *,
        depth: bool = False,
        samples: int = 1,
    ) -> None:
        self._gl = gl
        self.color = Chain(instance, session, gl, size, COLORS)
        self.depth = Chain(instance, session, gl, size, DEPTHS, depth=True) if depth else None
        if self.depth is not None and samples > 1 and self.depth.format != DEPTHS[0]:
            self.depth.close()
            self.depth = None
        self._framebuffers = Framebuffers(gl)
        self._made: dict[tuple[int, int], tuple[int, Any]] = {}
        self._own_depth = None if self.depth else gl.api.depth_renderbuffer(size)
        self.on_drawn: Callable[[Any], None] | None = None
        self._multi: Any = _multisampled(gl, size, samples) if samples > 1 else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.color.size

    @contextmanager
    def drawing(self) -> Iterator[Any]:
        """Take a picture and yield the framebuffer to draw into."""
        if self.depth is None:
            with self.color.taken() as color:
                yield from self._within(color, -1)
        else:
            with self.color.taken() as color, self.depth.taken() as depth:
                yield from self._within(color, depth)

    def _within(self, color: int, depth: int) -> Iterator[Any]:
        plain = self._framebuffer(color, depth)
        if self._multi is None:
            yield plain
        else:
            yield self._multi
            self._gl.api.copy_framebuffer(plain, self._multi)
        if self.on_drawn is not None:
            self.on_drawn(plain)

    def _framebuffer(self, color: int, depth: int) -> Any:
        made = self._made.get((color, depth))
        if made is None:
            texture = self.color.images[color]
            if self.depth is not None:
                made = self._framebuffers.around(texture, depth=self.depth.images[depth])
            else:
                assert self._own_depth is not None  # noqa: S101  # made where there is no chain
                made = self._framebuffers.around(texture, buffer=self._own_depth.glo)
            self._made[(color, depth)] = made
        return made[1]

    def close(self) -> None:
        """Destroy all of it."""
        self._gl.make_current()
        for name, _ in self._made.values():
            self._framebuffers.drop(name)
        self._made.clear()
        self.color.close()
        if self.depth is not None:
            self.depth.close()


def _multisampled(gl: GLContext, size: tuple[int, int], samples: int) -> Any:
    api = gl.api
    return api.framebuffer(
        [api.renderbuffer(size, samples=samples)], api.depth_renderbuffer(size, samples=samples)
    )
