"""What a run is made of, checked where it comes in: each mistake is told in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surgisim.errors import SurgisimError
from surgisim.simulation import (
    RunSetup,
    SoftBody,
    Tool,
    World,
    check_same_world,
    listed,
    number,
    shown,
    vector,
)
from surgisim.snapshot import Vector

__all__ = ["Field", "Rows", "as_json", "as_rows", "run_setup", "tissue_ticks"]

Rows = NDArray[np.void]
Field = tuple[ArrayLike, ArrayLike]
MOST_TISSUE_TICKS = 50


def run_setup(
    world: World,
    tool: Tool,
    organ: SoftBody,
    device: str,
    force_limit_n: float,
    control: Mapping[str, Any] | None,
    field: Field | None,
    tissue_hz: float | None,
) -> RunSetup:
    """Check what a run is given, and put it as the native side takes it; see `LockstepRun`.

    Raises
    ------
    SurgisimError
        Anything that is not what it should be.
    """
    check_same_world(world, tool, organ)
    if not isinstance(device, str):
        raise SurgisimError(
            f"the device is {shown(device)}; give a name, as `surgisim devices` lists it"
        )
    told = as_json(control, "control")
    _check_port(control)
    return {
        "tool": tool.index,
        "organ": organ.index,
        "force_limit": number(force_limit_n, "force_limit_n"),
        "device": device,
        "control": told,
        "field": None if field is None else _corners(field),
        "trace": b"",
        "tissue_every": tissue_ticks(tissue_hz, world.dt),
        "device_info": "",
    }


def tissue_ticks(hz: float | None, dt: float) -> int:
    """Return the ticks of `dt` seconds from one step of the tissue to the next, at `hz` or near it.

    Raises
    ------
    SurgisimError
        A rate that is not from 20 Hz to 500 Hz, in ticks of 1 ms: from 2 to 50 ticks a step.
    """
    if hz is None:
        return 1
    rate = number(hz, "tissue_hz")
    ticks = round(1.0 / (rate * dt)) if rate > 0.0 else 0
    if not 2 <= ticks <= MOST_TISSUE_TICKS:
        least, most = 1.0 / (MOST_TISSUE_TICKS * dt), 0.5 / dt
        raise SurgisimError(
            f"tissue_hz is {rate:g}; give {least:.0f} to {most:.0f} Hz, or nothing for tissue "
            "that is computed in every tick"
        )
    return ticks


def as_json(values: Mapping[str, Any] | None, what: str) -> str:
    """Write plain values as JSON for the native side; nothing for None.

    Parameters
    ----------
    values
        As `LockstepRun` returns them under the name `what`; arrays count as lists.
    what
        ``"control"`` or ``"device_info"``.

    Raises
    ------
    SurgisimError
        Something that is not plain, or a number that is not finite.
    """
    if values is None:
        return ""
    if not isinstance(values, Mapping):
        raise SurgisimError(f"{what} is {shown(values)}; give a dict, as `run.{what}` returns it")

    def plain(value: object) -> object:
        if isinstance(value, (np.ndarray, np.generic)):
            return value.tolist()
        if isinstance(value, Mapping):
            return dict(value)
        raise SurgisimError(
            f"{what} holds {shown(value)}; give dicts, lists, texts and numbers, as `run.{what}` "
            "returns them (of a rig `rig.to_core()`)"
        )

    try:
        return json.dumps(dict(values), allow_nan=False, default=plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise SurgisimError(f"{what}: {error}; give names with finite numbers") from error


def as_rows(rows: Rows, kind: np.dtype[np.void], what: str) -> bytes:
    """Return the bytes of recorded rows of a `kind`.

    Raises
    ------
    SurgisimError
        Rows of another kind; names `what`.
    """
    if not isinstance(rows, np.ndarray) or rows.dtype != kind or rows.ndim != 1:
        raise SurgisimError(
            f"{shown(rows)} cannot be the {what} of a run; give the rows that `run.{what}()` gave"
        )
    return rows.tobytes()


def _check_port(control: Mapping[str, Any] | None) -> None:
    """Refuse a port that nobody placed: at the origin of the world it would lie in the organ."""
    port = None if control is None else control.get("port")
    if isinstance(port, Mapping) and port.get("on") and port.get("pivot") is None:
        raise SurgisimError(
            "the port in control has no 'pivot'; give the point of the abdominal wall that the "
            "instrument turns about, three numbers in metres"
        )


def _corners(field: Field) -> tuple[Vector, Vector]:
    corners = listed(field)
    if corners is None or len(corners) != 2:
        raise SurgisimError(
            f"the field is {shown(field)}; give two opposite corners of a box, three numbers each"
        )
    low, high = (vector(corner, "a corner of the field") for corner in corners)  # type: ignore[arg-type]
    return low, high
