"""What a run tells: native events as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surgisim.snapshot import Event

__all__ = ["event_of"]

_FORCE_WAITS = (
    "the force has not been switched on yet: lift the instrument off the tissue and hold it still "
    "for a moment"
)


def event_of(raw: Mapping[str, Any]) -> Event:
    """Say in words, with its figures, what the native run told as plain values."""
    kind = raw["kind"]
    base = (raw["tick"], raw["time_s"], kind)
    if kind == "tissue.torn":
        rest = dict(zip(("rest_x", "rest_y", "rest_z"), raw["rest_point"], strict=True))
        values = {"strain": raw["strain"], "triangle": raw["triangle"], **rest}
        text = f"the capsule tore at a stretch of {100.0 * raw['strain']:.0f} %"
        return Event(*base, text=text, point=raw["point"], values=values)
    if kind == "force.limit":
        text = f"the force passed the limit ({raw['force_n']:.1f} N)"
        return Event(*base, text=text, point=raw["point"], values={"force_n": raw["force_n"]})
    if kind == "tissue.behind":
        text = f"the tissue fell behind ({1e3 * raw['late_s']:.0f} ms); its force was let go"
        return Event(*base, text=text, values={"late_s": raw["late_s"]})
    if kind == "force.waits":
        return Event(*base, text=_FORCE_WAITS)
    if kind == "device.back":
        return Event(*base, text="the device is back")
    return Event(*base, text=raw["fault"], values={"fault": raw["fault"]})
