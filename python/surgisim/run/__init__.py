"""Runs: one tick function, on its own thread at 1 kHz, in lockstep, or from a record.

A run works on a copy of the world it is given. Commands go down a ring and act at the start of a
tick; snapshots (the latest), events and the trace (none lost unless counted) come up.
"""

from surgisim.run.live import LiveRun
from surgisim.run.lockstep import LockstepRun
from surgisim.run.replay import replayed, verify
from surgisim.run.run import Run
from surgisim.run.setup import tissue_ticks
from surgisim.run.stats import Distribution, Disturbance, TickStats, TissueSteps

__all__ = [
    "Distribution",
    "Disturbance",
    "LiveRun",
    "LockstepRun",
    "Run",
    "TickStats",
    "TissueSteps",
    "replayed",
    "tissue_ticks",
    "verify",
]
