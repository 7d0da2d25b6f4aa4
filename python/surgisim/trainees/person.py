"""A person at a window: the mouse aims, the wheel presses.

The pointer's ray meets the organ as it would lie there untouched: its shape at the start, moved
along with the organ as a whole. A dent made by the probe itself therefore never draws the aim
deeper. The aim lies on the surface's normal there, above it or, with the wheel, below. However fast
the mouse is, the aim glides over the front of the organ and does not cut through it; while the
pointer is beside the front, the probe waits. The
simulated hand that holds the probe is elastic: over a stiff spot the probe stays further behind
its aim.

With a device in the hand it is the hand that moves the probe: the mouse aims nothing, the wheel
presses nothing, and a button of the device sets a mark, as Space does.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from surgisim.render.control import Control
from surgisim.render.pick import Hit, pick
from surgisim.render.view import Ray
from surgisim.snapshot import Vector
from surgisim.trainees.trainee import Action, Sight
from surgisim.vectors import as_vector

__all__ = ["DEEPEST_M", "HIGHEST_M", "HOVER_M", "Aim", "Person", "Window"]

HOVER_M = 0.005
"""Between tip and surface when the wheel was not turned."""

HIGHEST_M = 0.010
"""How far the wheel lifts the tip over the surface."""

DEEPEST_M = 0.025
"""How far the wheel lets the hand go below the surface."""

_POINTER_SHARE = 0.4  # of the way to the pointer at each look: 20 ms / 0.4 is a lag of 50 ms
_GLIDE_M = 0.012  # the aim's longest way over the surface between two looks: 0.6 m/s
_HALVINGS = 5  # of the way to the pointer, to keep to it
_LEAST_UP = (
    0.2  # y of the normal where the front ends: from there on the probe would go down a side
)
_MOVE_SHARE = 0.2  # the same for the motion of the whole organ

Floats = NDArray[np.float64]


class Window(Protocol):
    """What a person's hands do at a window."""

    def poll(self) -> Control:
        """Take in what happened since the last call."""

    def set_depth(self, depth_m: float) -> None:
        """Count the wheel from here."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the hand is told to go.

    Attributes
    ----------
    point
        For the centre of the probe's tip, m.
    surface_rest
        The place on the organ under it, at the start of the session, m.
    normal
        Outward there.
    height_m
        Of the tip's lowest point over the untouched surface; negative below.
    """

    point: Vector
    surface_rest: Vector
    normal: Vector
    height_m: float


class Person:
    """A person at a window.

    Parameters
    ----------
    window
        Where the mouse and the keys are.
    device
        Whether a device in the person's hand moves the probe.
    mark_button
        The button of the device that sets a mark, counted from 0.

    Attributes
    ----------
    aim
        The last one, or None before the pointer first met the organ and with a device.
    """

    def __init__(self, window: Window, *, device: bool = False, mark_button: int = 0) -> None:
        self._window = window
        self.device = device
        self._mark_bit = 1 << mark_button
        self.aim: Aim | None = None
        self._start: Floats | None = None
        self._surface: NDArray[np.integer] = np.zeros((0, 3), dtype=np.int64)
        self._nodes: NDArray[np.integer] = np.zeros(0, dtype=np.int64)
        self._moved = np.zeros(3)
        self._ray: Ray | None = None

    def act(self, sight: Sight) -> Action:
        """Do what mouse, keys and the device's buttons say."""
        control = self._window.poll()
        if not self.device:
            offset = self._follow(sight)
            if "right" not in control.pointer.buttons:  # then the mouse turns the view
                self._point(control, sight, offset)
        by_button = self.device and bool(sight.pressed & self._mark_bit)
        return Action(
            aim=None if self.aim is None else self.aim.point,
            mark="mark" in control.pressed or by_button,
            finish="finish" in control.pressed,
            leave=control.closing,
        )

    def _follow(self, sight: Sight) -> Floats:
        """How far the organ as a whole has moved since the start, m: the median of its surface."""
        if self._start is None:
            self._nodes, triangles = np.unique(sight.surface, return_inverse=True)
            self._surface = triangles.reshape(-1, 3)
            self._start = np.array(sight.positions[self._nodes])
        moved = np.median(sight.positions[self._nodes] - self._start, axis=0)
        self._moved = self._moved + _MOVE_SHARE * (moved - self._moved)
        return self._moved

    def _point(self, control: Control, sight: Sight, offset: Floats) -> None:
        hit = self._next_hit(control, offset) if control.pointer.inside else None
        if hit is None:
            self._lift(sight)
            return
        height = min(max(HOVER_M - control.depth_m, -DEEPEST_M), HIGHEST_M)
        if HOVER_M - control.depth_m != height:
            self._window.set_depth(HOVER_M - height)
        self.aim = _aim(hit.point, hit.normal, offset, sight.probe_radius_m, height)

    def _next_hit(self, control: Control, offset: Floats) -> Hit | None:
        """Where the aim goes next on its way to the pointer; None while the pointer is beside."""
        wanted = control.pointer.ray
        hit = self._front(wanted, offset)
        if hit is None:
            return None
        if self._ray is None or self.aim is None:
            self._ray = wanted
            return hit
        last, share = np.asarray(self.aim.surface_rest), _POINTER_SHARE
        for _ in range(_HALVINGS):
            ray = _between(self._ray, wanted, share)
            hit = self._front(ray, offset)
            if hit is None or float(np.linalg.norm(hit.point - offset - last)) <= _GLIDE_M:
                break
            share *= 0.5
        self._ray = ray
        return hit

    def _front(self, ray: Ray, offset: Floats) -> Hit | None:
        """Where a ray meets the front of the organ as it would lie there untouched."""
        assert self._start is not None  # noqa: S101  # act sets it before anything else
        hit = pick(ray, self._start + offset, self._surface)
        return hit if hit is not None and hit.normal[1] >= _LEAST_UP else None

    def _lift(self, sight: Sight) -> None:
        """Beside the organ: the probe waits over where it was, and the wheel begins anew."""
        self._window.set_depth(0.0)
        if self.aim is not None and self.aim.height_m < HIGHEST_M:
            rest, normal = np.asarray(self.aim.surface_rest), np.asarray(self.aim.normal)
            place = rest + self._moved
            self.aim = _aim(place, normal, self._moved, sight.probe_radius_m, HIGHEST_M)


def _aim(place: Floats, normal: Floats, offset: Floats, radius_m: float, height_m: float) -> Aim:
    point = place + (radius_m + height_m) * normal
    return Aim(as_vector(point), as_vector(place - offset), as_vector(normal), height_m)


def _between(a: Ray, b: Ray, share: float) -> Ray:
    direction = a.direction + share * (b.direction - a.direction)
    length = float(np.linalg.norm(direction))
    if length < 1e-6:
        return b
    return Ray(a.origin + share * (b.origin - a.origin), direction / length)
