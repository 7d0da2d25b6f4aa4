"""What a record must hold to be scored, taken out of it; what is missing is named."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.procedure import Procedure
from surgisim.procedure.load import reread
from surgisim.record import SessionRecord
from surgisim.snapshot import Event, Vector

__all__ = [
    "event_number",
    "event_value",
    "header_number",
    "header_value",
    "place_at_rest",
    "procedure_of",
    "shaft_of",
]

_Floats = NDArray[np.float64]


def header_value(record: SessionRecord, key: str) -> Any:
    """Take an entry of the header.

    Raises
    ------
    RecordError
        It is not there.
    """
    try:
        return record.header[key]
    except KeyError:
        raise RecordError(
            f"{record.folder} cannot be scored: its header lacks '{key}', which `surgisim run` "
            "writes; record it with surgisim, or add the key."
        ) from None


def procedure_of(record: SessionRecord) -> Procedure:
    """Read the procedure that a session followed, as it was then.

    Raises
    ------
    RecordError
        The header does not hold it.
    ProcedureError
        This version cannot read it any more.
    """
    return reread(str(header_value(record, "procedure_text")), str(record.folder / "procedure"))


def header_number(record: SessionRecord, key: str) -> float:
    """Take a number out of the header.

    Raises
    ------
    RecordError
        It is not there, or no number.
    """
    value = header_value(record, key)
    return _number(value, f"{record.folder} cannot be scored: '{key}' in its header")


def event_value(event: Event, key: str) -> float | str | bool:
    """Take one of an event's values.

    Raises
    ------
    RecordError
        It is not there.
    """
    try:
        return event.values[key]
    except KeyError:
        raise RecordError(
            f"the record cannot be scored: its event '{event.kind}' at {event.time_s:.3f} s lacks "
            f"'{key}', which `surgisim run` writes; record it with surgisim, or add the value."
        ) from None


def event_number(event: Event, key: str) -> float:
    """Take a number out of an event's values.

    Raises
    ------
    RecordError
        It is not there, or no number.
    """
    value = event_value(event, key)
    where = f"'{key}' of its event '{event.kind}' at {event.time_s:.3f} s"
    return _number(value, f"the record cannot be scored: {where}")


def _number(value: Any, what: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise RecordError(f"{what} must be a number, not {value!r}.") from None


def place_at_rest(event: Event) -> Vector:
    """Where on the organ at rest a mark or a tear is, m.

    Raises
    ------
    RecordError
        The event does not say.
    """
    x, y, z = (event_number(event, f"rest_{axis}") for axis in "xyz")
    return (x, y, z)


def shaft_of(record: SessionRecord) -> tuple[_Floats | None, _Floats | None]:
    """Which way the shaft pointed, and how the tool was turned.

    The shaft is the tool's own z axis; a port turns it so. Where there is no port and the tool
    never turned, the device says nothing of a shaft, and none is given.

    Returns
    -------
    tuple
        Unit vectors from the tip to the hand, (n, 3), or None; unit quaternions (w, x, y, z),
        (n, 4), or None.
    """
    rotation = np.ascontiguousarray(record.trace["tool_rot"])
    control = record.header.get("control")
    port = control.get("port") if isinstance(control, Mapping) else None
    through = isinstance(port, Mapping) and bool(port.get("on"))
    if not through and not np.any(rotation != rotation[0]):
        return None, None
    return _third_axis(rotation), rotation


def _third_axis(rotation: _Floats) -> _Floats:
    """Where unit quaternions (n, 4) turn the z axis, (n, 3)."""
    w, x, y, z = rotation.T
    return np.stack([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)], axis=1)
