"""Framebuffers around textures that a runtime owns.

moderngl takes foreign textures as colour only, and drops them with a delete that is not ours to
make; a framebuffer made by hand and then detected takes depth as well and leaves them alone.
"""

from __future__ import annotations

import ctypes
from typing import Any

from surgisim.errors import HeadsetError
from surgisim.render.context import GLContext

__all__ = ["Framebuffers"]

_FRAMEBUFFER = 0x8D40
_TEXTURE_2D = 0x0DE1
_RENDERBUFFER = 0x8D41
_COLOR, _DEPTH = 0x8CE0, 0x8D00
_COMPLETE = 0x8CD5


class Framebuffers:
    """Makes them in one context."""

    def __init__(self, gl: GLContext) -> None:
        self._gl = gl
        number = ctypes.c_uint32
        names = ctypes.POINTER(number)
        self._generate = self._function("glGenFramebuffers", ctypes.c_int32, names)
        self._delete = self._function("glDeleteFramebuffers", ctypes.c_int32, names)
        self._bind = self._function("glBindFramebuffer", number, number)
        self._texture = self._function(
            "glFramebufferTexture2D", number, number, number, number, ctypes.c_int32
        )
        self._buffer = self._function("glFramebufferRenderbuffer", number, number, number, number)
        self._check = self._function("glCheckFramebufferStatus", number, result=number)

    def _function(self, name: str, *arguments: Any, result: Any = None) -> Any:
        return ctypes.CFUNCTYPE(result, *arguments)(self._gl.function(name))

    def around(self, color: int, *, depth: int = 0, buffer: int = 0) -> tuple[int, Any]:
        """Make one around a colour texture and a depth texture or a depth renderbuffer.

        Returns
        -------
        name, framebuffer
            OpenGL's name of it, for `drop`, and moderngl's framebuffer.

        Raises
        ------
        HeadsetError
            OpenGL cannot draw into such textures.
        """
        name = ctypes.c_uint32()
        self._generate(1, ctypes.byref(name))
        self._bind(_FRAMEBUFFER, name.value)
        self._texture(_FRAMEBUFFER, _COLOR, _TEXTURE_2D, color, 0)
        if depth:
            self._texture(_FRAMEBUFFER, _DEPTH, _TEXTURE_2D, depth, 0)
        elif buffer:
            self._buffer(_FRAMEBUFFER, _DEPTH, _RENDERBUFFER, buffer)
        if self._check(_FRAMEBUFFER) != _COMPLETE:
            self.drop(name.value)
            raise HeadsetError("OpenGL cannot draw into the pictures that the runtime gives")
        return name.value, self._gl.api.detect_framebuffer(name.value)

    def drop(self, name: int) -> None:
        """Delete one; its textures stay."""
        self._delete(1, ctypes.byref(ctypes.c_uint32(name)))
