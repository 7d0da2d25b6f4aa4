"""A rig as data: device, mapping, workspace. Checked when it is made, so a `Rig` is always sound.

The formulas of the mapping stand at the head of ``crates/haptics/src/mapping.rs`` and in
``docs/rigs.md``; the fields have the names of the native code.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surgisim.errors import RigError
from surgisim.rig import text
from surgisim.rig.fields import POINT, SCHEMA, is_point, mistakes_in
from surgisim.snapshot import Vector

if TYPE_CHECKING:
    from surgisim.rig.calibration import Calibration

__all__ = ["LARGEST_FIT", "Accuracy", "Ball", "Mapping", "Quaternion", "Rig"]

Quaternion = tuple[float, float, float, float]

LARGEST_FIT = 3.0
"""Largest scale that `Rig.fit` chooses: beyond, a hand's tremor is too large for the organ. The
clutch then reaches the rest of the field."""


def _numbers(value: Any) -> Any:
    """Return rows as tuples of floats and numbers as floats; what is neither stays, to be told."""
    if isinstance(value, str | bytes | bool):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        pass
    try:
        return tuple(float(x) for x in value)
    except (TypeError, ValueError):
        return value


def _check(one: Any, table: str, rows: Sequence[str]) -> None:
    """Make the `rows` of a table floats, and raise a RigError with its first mistake."""
    for name in rows:
        object.__setattr__(one, name, _numbers(getattr(one, name)))
    told = next(mistakes_in(table, _plain(one)), None)
    if told is not None:
        raise RigError(f"{table} of a rig: {told[1]}")


def _corner(value: Sequence[float], name: str) -> Vector:
    point = _numbers(value)
    if not is_point(point):
        raise RigError(f"the corner '{name}' of the field is {value}; give {POINT}")
    x, y, z = point
    return (x, y, z)


def _plain(one: Any) -> dict[str, Any]:
    """Return fields that are not None."""
    named = ((f.name, getattr(one, f.name)) for f in dataclasses.fields(one))
    return {name: value for name, value in named if value is not None}


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the hand's space lies in the world.

    ``p_world = origin_world + scale R (p_device - origin_device)``

    Attributes
    ----------
    rotation
        R: turns the device frame into the world, unit quaternion (w, x, y, z).
    scale
        Metres of tool in a metre of hand.
    origin_device, origin_world
        A point of the device frame, and where it lies in the world, m.
    force_scale
        Newtons in the hand for a newton at the tool; 0 for none.
    tool_turn
        How the tool sits in the handle: turns the tool's own axes into the handle's.
    clutch
        The button (counted from 0) that parts hand and tool while it is held; None for none.
    clutch_turns
        Whether the clutch parts their turns, too; otherwise the tool is always turned like the
        handle.

    Raises
    ------
    RigError
        A field is out of range.
    """

    rotation: Quaternion = (1.0, 0.0, 0.0, 0.0)
    scale: float = 1.0
    origin_device: Vector = (0.0, 0.0, 0.0)
    origin_world: Vector = (0.0, 0.0, 0.0)
    force_scale: float = 1.0
    tool_turn: Quaternion = (1.0, 0.0, 0.0, 0.0)
    clutch: int | None = None
    clutch_turns: bool = True

    def __post_init__(self) -> None:
        rows = ("rotation", "scale", "origin_device", "origin_world", "force_scale", "tool_turn")
        _check(self, "mapping", rows)

    def device_stiffness(self, world: float) -> float:
        """Return what a stiffness, damping or mass of the world is in the hand (SI units)."""
        return world * self.scale * self.force_scale


@dataclass(frozen=True, slots=True)
class Ball:
    """Where the handle of a device can be, in the device frame.

    Attributes
    ----------
    center, radius
        m.

    Raises
    ------
    RigError
        A field is out of range.
    """

    center: Vector = (0.0, 0.0, 0.0)
    radius: float = 0.1

    def __post_init__(self) -> None:
        _check(self, "workspace", ("center", "radius"))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well the points of a calibration fitted.

    Attributes
    ----------
    points
        How many there were.
    rms, worst
        What is left between the points: root mean square, and at the worst one, m.

    Raises
    ------
    RigError
        A field is out of range.
    """

    points: int
    rms: float
    worst: float

    def __post_init__(self) -> None:
        _check(self, "calibration", ("rms", "worst"))


@dataclass(frozen=True, slots=True)
class Rig:
    """A device in a place.

    Attributes
    ----------
    device
        What is in the hand: a name for ``--device``.
    mapping
        How its space lies in the world.
    workspace
        Where its handle can be.
    calibration
        How well the mapping was measured; None where it was chosen.

    Raises
    ------
    RigError
        The device has no name.
    """

    device: str
    mapping: Mapping = field(default_factory=Mapping)
    workspace: Ball = field(default_factory=Ball)
    calibration: Accuracy | None = None

    def __post_init__(self) -> None:
        told = next(mistakes_in("", {"schema": SCHEMA, "device": self.device}), None)
        if told is not None:
            raise RigError(f"a rig: {told[1]}")

    @classmethod
    def load(cls, path: str | Path) -> Rig:
        """Read a rig's file.

        Raises
        ------
        RigError
            With every mistake of the file, one a line: file, line and what to do.
        """
        plain = text.read(Path(path))
        calibration = plain.get("calibration")
        return cls(
            device=plain["device"],
            mapping=Mapping(**plain.get("mapping", {})),
            workspace=Ball(**plain.get("workspace", {})),
            calibration=None if calibration is None else Accuracy(**calibration),
        )

    def save(self, path: str | Path) -> None:
        """Write the rig's file, whole or not at all; `load` gives the same rig to the bit.

        Raises
        ------
        RigError
            Where it cannot be written.
        """
        plain = _plain(self)
        tables = {name: _plain(part) for name, part in plain.items() if name != "device"}
        text.write(Path(path), text.written({"device": self.device, **tables}))

    @classmethod
    def fit(
        cls,
        device: str,
        low: Sequence[float],
        high: Sequence[float],
        workspace: Ball | None = None,
    ) -> Rig:
        """Lay the workspace of a device over an operating field.

        Middle lies on middle, and away from the person stays away. One to one where the workspace
        reaches around the field; otherwise as much larger as it takes, up to `LARGEST_FIT`. Forces
        are felt as they are: it is they that a trainee has to learn.

        Parameters
        ----------
        device
            A name for ``--device``.
        low, high
            Opposite corners of the box around the field, world, m.
        workspace
            Where the handle can be; for None, 10 cm around the device's origin.

        Raises
        ------
        RigError
            The corners are no points.
        """
        ball = workspace or Ball()
        a, b = _corner(low, "low"), _corner(high, "high")
        scale = min(max(0.5 * math.dist(a, b) / ball.radius, 1.0), LARGEST_FIT)
        middle = (0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]), 0.5 * (a[2] + b[2]))
        mapping = Mapping(scale=scale, origin_device=ball.center, origin_world=middle)
        return cls(device, mapping, ball)

    def calibrated(self, found: Calibration) -> Rig:
        """Return this rig with the turn and the origins of a calibration.

        The scale stays the rig's own, about the middle of the points; with 1 the tool is where the
        hand is.
        """
        mapping = dataclasses.replace(
            self.mapping,
            rotation=found.rotation,
            origin_device=found.origin_device,
            origin_world=found.origin_world,
        )
        accuracy = Accuracy(len(found.residuals), found.rms, max(found.residuals))
        return dataclasses.replace(self, mapping=mapping, calibration=accuracy)

    def to_core(self) -> dict[str, Any]:
        """Return what the loop needs, as plain numbers under the names of the native code."""
        return {
            "device": self.device,
            "mapping": dataclasses.asdict(self.mapping),
            "workspace": dataclasses.asdict(self.workspace),
        }
