"""Shader programs from the files beside this module, and the block of data that they share."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np

__all__ = ["FRAME_BINDING", "FRAME_DTYPE", "load_program"]

FRAME_BINDING = 0

FRAME_DTYPE = np.dtype(
    [
        ("clip_from_world", "<f4", (4, 4)),  # columns first
        ("eye", "<f4", (4,)),
        ("light_position", "<f4", (2, 4)),
        ("light_color", "<f4", (2, 4)),
        ("ball", "<f4", (4,)),
        ("shaft", "<f4", (4,)),
        ("viewport", "<f4", (4,)),
        ("ambient", "<f4", (4,)),
    ]
)
"""The uniform block of shaders/frame.glsl in std140 layout."""


def _source(name: str) -> str:
    return (resources.files("surgisim.render") / "shaders" / name).read_text("utf-8")


def load_program(
    api: Any, vertex: str, fragment: str, *, software: bool, also: tuple[str, ...] = ()
) -> Any:
    """Compile `vertex`.vert with `fragment`.frag and what is shared.

    `software` picks the cheaper branches; files named in `also` go before the fragment shader.
    """
    head = f"#version 330 core\n#define SOFTWARE {int(software)}\n"
    shared = _source("frame.glsl") + _source("shade.glsl")
    display = _source("display.glsl")
    more = "".join(_source(f"{name}.glsl") for name in also)
    program = api.program(
        vertex_shader=head + shared + _source(f"{vertex}.vert"),
        fragment_shader=head + shared + display + more + _source(f"{fragment}.frag"),
    )
    if "Frame" in program:
        program["Frame"].binding = FRAME_BINDING
    return program
