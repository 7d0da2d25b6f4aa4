"""What a tick did and cost."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["StepStats"]


@dataclass(frozen=True, slots=True)
class StepStats:
    """What the last tick did; `cpu_s` is the mean over the ticks of the last call of step.

    Attributes
    ----------
    cpu_s
        Thread CPU time of a tick, s.
    substeps
        Substeps of the tick.
    floored_fraction, added_mass_kg
        Share of free nodes that carried added mass for stability, and its sum.
    guard
        Whether speeds were clipped in this tick or shortly before.
    untangled
        Nodes that the watchdog put back because their elements stayed inverted.
    contacts
        Contact points at the end.
    """

    cpu_s: float
    substeps: int
    floored_fraction: float
    added_mass_kg: float
    untangled: int
    guard: bool
    contacts: int
