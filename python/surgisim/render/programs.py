"""Shader programs from the files beside this module, and the block of data that they share."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np

__all__ = ["FRAME_BINDING", "FRAME_DTYPE", "UNITS", "load_program"]

FRAME_BINDING = 0

FRAME_DTYPE = np.dtype(
    [
        ("clip_from_world", "<f4", (4, 4)),  # columns first
        ("lamp_from_world", "<f4", (4, 4)),
        ("eye", "<f4", (4,)),
        ("light_position", "<f4", (2, 4)),
        ("light_color", "<f4", (2, 4)),
        ("ball", "<f4", (4,)),
        ("shaft", "<f4", (4,)),
        ("viewport", "<f4", (4,)),
        ("ambient", "<f4", (4,)),
        ("shadow", "<f4", (4,)),
        ("frustum", "<f4", (4,)),
        ("range", "<f4", (4,)),
    ]
)
"""The uniform block of shaders/frame.glsl in std140 layout."""

UNITS = {
    "detail": 0,
    "lobules": 1,
    "glyphs": 2,
    "shadow_map": 3,
    "occlusion": 4,
    "scene_depth": 5,
    "plate": 6,
    "image": 7,
    "transfer": 8,
    "occupied": 9,
    "solid_depth": 10,
    "solid": 11,
    "cloud": 12,
    "glass_layer": 13,
    "winding": 14,
    "palette": 15,
}
"""Texture units by the name of the sampler; OpenGL 3.3 promises 16 of them."""


def _source(name: str) -> str:
    return (resources.files("surgisim.render") / "shaders" / name).read_text("utf-8")


def load_program(
    api: Any,
    vertex: str,
    fragment: str,
    *,
    software: bool,
    high: bool = False,
    also: tuple[str, ...] = (),
) -> Any:
    """Compile `vertex`.vert with `fragment`.frag and what is shared.

    `software` picks the cheaper branches, `high` the dearer ones; files named in `also` go before
    the fragment shader.
    """
    head = f"#version 330 core\n#define SOFTWARE {int(software)}\n#define HIGH {int(high)}\n"
    shared = _source("frame.glsl") + _source("shade.glsl")
    display = "".join(map(_source, ("slope.glsl", "shadow.glsl", "display.glsl")))
    more = "".join(_source(f"{name}.glsl") for name in also)
    program = api.program(
        vertex_shader=head + shared + _source(f"{vertex}.vert"),
        fragment_shader=head + shared + display + more + _source(f"{fragment}.frag"),
    )
    if "Frame" in program:
        program["Frame"].binding = FRAME_BINDING
    for name, unit in UNITS.items():
        if name in program:
            program[name].value = unit
    return program
