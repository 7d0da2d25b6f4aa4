"""From a record to what the debriefing says of the device and of what the hand felt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.record import SessionRecord, Timing
from surgisim.report.model import Hand
from surgisim.report.words import nodule_name, times
from surgisim.scoring.feel import Profile, Unfelt, presses, profiles
from surgisim.scoring.palpation import NoduleLike
from surgisim.vectors import rotation_matrix

__all__ = ["counts_of", "hand_of", "profile_sentence", "unfelt_sentence"]

_MEAN_S = 0.04  # forces are compared as means over this: no hand feels single ticks
_DIFFERS = 0.02  # of the tissue's force, RMS: less is not worth a plot
_NO_HAND = ("mouse",)  # the force reaches a hand made of numbers, and nobody feels it
_WITHOUT_FORCE = ("tick.fault", "device.back", "force.waits", "tissue.behind")
_UNMOVED = (1.0, 0.0, 0.0, 0.0)


def hand_of(
    record: SessionRecord, timing: Timing | None, nodules: Sequence[NoduleLike]
) -> Hand | None:
    """Collect what is said of the hand; None where the record does not say what was in it."""
    info, control = record.header.get("device_info"), record.header.get("control")
    if not isinstance(info, Mapping) or not isinstance(control, Mapping):
        return None
    mapping = control.get("mapping") or {}
    feels = bool(info.get("output_dof")) and record.header.get("device") not in _NO_HAND
    scale = float(mapping.get("force_scale", 1.0))
    felt, tissue = _forces(record)
    told = _profiles(record, control, nodules) if feels else []
    return Hand(
        facts=(*_facts(record.header, info, control), *counts_of(timing)),
        faults=tuple(
            (event.time_s, event.text) for event in record.events if event.kind in _WITHOUT_FORCE
        ),
        felt_n=felt if feels and _differ(felt, scale * tissue) else None,
        tissue_n=scale * tissue,
        profiles=tuple(one for one in told if isinstance(one, Profile)),
        unfelt=tuple(one for one in told if isinstance(one, Unfelt)),
    )


def _profiles(
    record: SessionRecord, control: Mapping[str, Any], nodules: Sequence[NoduleLike]
) -> list[Profile | Unfelt]:
    mapping = control.get("mapping") or {}
    turn = None if _port(control) else rotation_matrix(mapping.get("rotation", _UNMOVED))
    return profiles(presses(record.trace, turn, record.dt_s), nodules)


def _port(control: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the port of a run's control; empty where the instrument went through none."""
    port: Mapping[str, Any] = control.get("port") or {}
    return port if port.get("on") else {}


def _facts(
    header: Mapping[str, Any], info: Mapping[str, Any], control: Mapping[str, Any]
) -> list[tuple[str, str]]:
    mapping, gains = control.get("mapping") or {}, control.get("gains") or {}
    stiffness = gains.get("stiffness")
    rows = [("Device", str(info.get("model") or header.get("device", "")))]
    if header.get("rig"):
        rows.append(("Rig", str(header["rig"])))
    if not info.get("output_dof"):
        rows.append(("Force", "none: this device does not push the hand"))
    elif stiffness is None:
        rows.append(("Coupling", "rigid: the tool is where the hand is"))
    else:
        damping = float(gains.get("damping", 0.0))
        rows.append(("Coupling", f"{float(stiffness):,.0f} N/m, {damping:.1f} N s/m"))
    scale, forces = float(mapping.get("scale", 1.0)), float(mapping.get("force_scale", 1.0))
    moved = f"1 mm of hand is {scale:.3g} mm of tool"
    rows.append(("Scale", f"{moved}, 1 N at the tool is {forces:.3g} N in the hand"))
    hz = header.get("tissue_hz")
    if hz:
        text = f"computed {float(hz):g} times a second beside the loop; the hand felt a local model"
        rows.append(("Tissue", f"{text} of what it touched"))
    port = _port(control)
    if port:
        seal = float(port["friction"]["kinetic_n"])
        held = f"its seal holds the shaft with {seal:.2g} N" if seal > 0.0 else "its seal is free"
        rows.append(("Port", f"instrument of {1e3 * port['length_m']:.0f} mm; {held}"))
    friction = float(info.get("friction_n") or 0.0)
    if friction > 0.0:
        rows.append(("Own friction", f"{friction:.2g} N, which the hand feels as well"))
    return rows


def counts_of(timing: Timing | None) -> list[tuple[str, str]]:
    """Tell what the loop did to the force; of what never happened, nothing."""
    if timing is None:
        return []
    limited = (
        (timing.clamped, f"in size in {_ticks(timing.clamped)}"),
        (timing.slew_limited, f"in change in {_ticks(timing.slew_limited)}"),
        (timing.silenced, f"taken away by a fault in {_ticks(timing.silenced)}"),
    )
    held = (
        (
            timing.watchdog_trips,
            f"{times(timing.watchdog_trips)} so long that the force came back by a ramp",
        ),
        (timing.leaps, f"the hand's place leapt {times(timing.leaps)}"),
    )
    energy = f"braked in {_ticks(timing.braked)}, lest the loop give the hand any"
    waited = f"for {_ticks(timing.waited)}, in which the hand was not calm enough to begin"
    other = f"the device said so of what it played in {timing.echo_errors} answers"
    rows = (
        ("Not switched on", ((timing.waited, waited),)),
        ("Force limited", limited),
        ("Energy", ((timing.braked, energy),)),
        ("Held up", held),
        (
            "Watchdog",
            ((timing.device_watchdog, "the device drops its force where the loop hangs"),),
        ),
        ("Other force", ((timing.echo_errors, other),)),
    )
    told = ((name, "; ".join(text for count, text in parts if count)) for name, parts in rows)
    return [(name, text) for name, text in told if text]


def _ticks(count: int) -> str:
    return "1 tick" if count == 1 else f"{count:,} ticks"


def _forces(record: SessionRecord) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Size of the force in the hand and on the tool, means over 40 ms, (n,) N each."""
    ticks = max(round(_MEAN_S / record.dt_s), 1)
    return (
        _smooth(record.trace["device_force"], ticks),
        _smooth(record.trace["force"], ticks),
    )


def _smooth(force: NDArray[np.float64], ticks: int) -> NDArray[np.float64]:
    sums = np.cumsum(force, axis=0)
    late = sums.copy()
    late[ticks:] -= sums[:-ticks]
    return np.asarray(np.linalg.norm(late, axis=1) / ticks)


def _differ(felt: NDArray[np.float64], tissue: NDArray[np.float64]) -> bool:
    size = float(np.sqrt(np.mean(tissue**2))) if tissue.size else 0.0
    return size > 0.0 and float(np.sqrt(np.mean((felt - tissue) ** 2))) > _DIFFERS * size


def profile_sentence(one: Profile) -> str:
    """Say what the hand felt over a nodule."""
    share = f"{abs(100.0 * one.excess):.0f} % {'more' if one.excess >= 0.0 else 'less'}"
    low, high = (100.0 * (x / one.beside - 1.0) for x in one.spread)
    text = (
        f"Over nodule {nodule_name(one.nodule)} the hand felt {share} than beside it "
        f"({one.over:.2f} and {one.beside:.2f} N after {1e3 * one.way:.1f} mm of its way, "
        f"{1e3 * one.off:.1f} mm from the middle); beside it the force goes from {low:+.0f} % "
        f"to {high:+.0f} %."
    )
    return text.replace("-", "\N{MINUS SIGN}")


def unfelt_sentence(one: Unfelt) -> str:
    """Say why nothing is told of a nodule."""
    return f"Nodule {nodule_name(one.nodule)} cannot be compared: {one.why}."
