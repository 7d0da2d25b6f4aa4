"""What an application submitted to the fake runtime, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import TestingError

__all__ = ["Depth", "Frame", "Haptic", "Layer", "Pose", "Surface", "pose_numbers", "pose_of"]

Floats = NDArray[np.float64]
Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where something is and how it is turned.

    Attributes
    ----------
    position
        m.
    rotation
        Unit quaternion (w, x, y, z).
    """

    position: Vector = (0.0, 0.0, 0.0)
    rotation: Quaternion = (1.0, 0.0, 0.0, 0.0)


def pose_numbers(pose: Any) -> Floats:
    """Return OpenXR's seven numbers: x, y, z, w of the quaternion, then the position, (7,).

    Parameters
    ----------
    pose
        Anything with a `position` (m) and a `rotation` (w, x, y, z), as `Pose` has them; or just
        a position, (3,), that is not turned.

    Raises
    ------
    TestingError
        If it is neither.
    """
    try:
        position = np.asarray(getattr(pose, "position", pose), dtype=np.float64).reshape(3)
        rotation = getattr(pose, "rotation", (1.0, 0.0, 0.0, 0.0))
        w, x, y, z = np.asarray(rotation, dtype=np.float64).reshape(4)
    except (TypeError, ValueError) as error:
        raise TestingError(
            f"{pose!r} is no pose; give a position (3,) or an object with position (3,) and "
            "rotation (w, x, y, z)"
        ) from error
    return np.concatenate([[x, y, z, w], position])


def pose_of(numbers: ArrayLike) -> Pose:
    """Return the pose of OpenXR's seven numbers."""
    x, y, z, w, *position = (float(value) for value in np.asarray(numbers).reshape(7))
    return Pose((position[0], position[1], position[2]), (w, x, y, z))


@dataclass(frozen=True, slots=True)
class Depth:
    """The depth that went with a view; a `near` beyond `far` means that it is reversed.

    Attributes
    ----------
    near, far
        Distances of the planes, m.
    minimum, maximum
        What the depth image has at those planes, 0 to 1.
    rect
        x, y, width, height in the depth image, pixels.
    """

    near: float
    far: float
    minimum: float
    maximum: float
    rect: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Surface:
    """A view of a projection, or the one image of a quad.

    Attributes
    ----------
    pose
        In the layer's space: where the view was taken from, or the quad's centre.
    fov
        Left, right, up, down, rad; none for a quad.
    rect
        x, y, width, height in the swapchain's image, pixels.
    array_index
        Which layer of an array image.
    format
        OpenGL's internal format.
    swapchain
        Number of the swapchain.
    """

    pose: Pose
    fov: tuple[float, float, float, float] | None
    rect: tuple[int, int, int, int]
    array_index: int
    format: int
    swapchain: int
    depth: Depth | None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a frame.

    Attributes
    ----------
    kind
        ``projection`` or ``quad``.
    space
        ``view``, ``local``, ``local_floor``, ``stage`` or ``action``.
    flags
        OpenXR's bits.
    size
        Width and height of a quad, m.
    eye
        Who sees a quad: ``left``, ``right`` or ``both``.
    """

    kind: str
    space: str
    flags: int
    surfaces: tuple[Surface, ...]
    size: tuple[float, float] | None
    eye: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as xrEndFrame got it; times in ns.

    Attributes
    ----------
    index
        Number of the frame since the runtime was reset.
    display_time
        The time that the application named.
    predicted_time
        The time that xrWaitFrame had predicted.
    views_time
        The time that the views were located for; none if they were not.
    should_render
        What xrWaitFrame had said.
    blend_mode
        ``opaque``, ``additive`` or ``alpha_blend``.
    """

    index: int
    display_time: int
    predicted_time: int
    views_time: int | None
    should_render: bool
    blend_mode: str
    layers: tuple[Layer, ...]

    @property
    def projection(self) -> Layer | None:
        """The first layer that is a projection."""
        return next((layer for layer in self.layers if layer.kind == "projection"), None)

    @property
    def quads(self) -> tuple[Layer, ...]:
        """The layers that are quads."""
        return tuple(layer for layer in self.layers if layer.kind == "quad")

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Frame:
        """Make a frame of what the library says."""
        layers = tuple(_layer(layer) for layer in data["layers"])
        return cls(**{**data, "layers": layers})


@dataclass(frozen=True, slots=True)
class Haptic:
    """One pulse, or the end of all.

    Attributes
    ----------
    time
        When, ns.
    action
        The action's name.
    paths
        Where it was felt.
    stop
        Whether it ended the pulses before.
    duration
        ns; -1 for the shortest that the device has.
    frequency
        Hz; 0 for what the device likes.
    amplitude
        0 to 1.
    """

    time: int
    action: str
    paths: tuple[str, ...]
    stop: bool
    duration: int
    frequency: float
    amplitude: float

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Haptic:
        """Make a pulse of what the library says."""
        return cls(**{**data, "paths": tuple(data["paths"])})


def _four(values: Sequence[Any]) -> tuple[Any, Any, Any, Any]:
    a, b, c, d = values
    return (a, b, c, d)


def _layer(data: Mapping[str, Any]) -> Layer:
    return Layer(
        kind=data["kind"],
        space=data["space"],
        flags=data["flags"],
        surfaces=tuple(_surface(surface) for surface in data["surfaces"]),
        size=None if data["size"] is None else (data["size"][0], data["size"][1]),
        eye=data["eye"],
    )


def _surface(data: Mapping[str, Any]) -> Surface:
    depth = data["depth"]
    return Surface(
        pose=pose_of(data["pose"]),
        fov=None if data["fov"] is None else _four(data["fov"]),
        rect=_four(data["rect"]),
        array_index=data["array_index"],
        format=data["format"],
        swapchain=data["swapchain"],
        depth=None
        if depth is None
        else Depth(depth["near"], depth["far"], depth["min"], depth["max"], _four(depth["rect"])),
    )
