"""From what the tick reported to the facts that a procedure's guards may name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from surgisim.procedure.bleeding import Bleed
from surgisim.procedure.complication import Effect
from surgisim.session.exposure import Exposure
from surgisim.snapshot import Event, Snapshot, Vector

__all__ = ["Bleeding", "Ledger", "largest_force"]


def largest_force(snapshot: Snapshot, trace: NDArray[np.void]) -> float:
    """Return the largest force since the last look, N; the present one where no tick came."""
    if not len(trace):
        return float(np.linalg.norm(snapshot.probe.force))
    return float(np.linalg.norm(trace["force"], axis=1).max())


class Bleeding:
    """All bleeds of a session, by complication."""

    def __init__(self) -> None:
        self._bleeds: dict[str, Bleed] = {}

    def act(self, effect: Effect) -> None:
        """Start, change or stop the bleed of a complication."""
        running = self._bleeds.get(effect.complication)
        if effect.kind == "bleed_stop" and running is not None:
            running.stop(effect.time_s)
        elif effect.kind == "bleed" and effect.vessel is not None:
            if running is None:
                self._bleeds[effect.complication] = Bleed(effect.vessel, effect.time_s)
            else:
                running.change(effect.time_s, effect.vessel)

    def advance(self, time_s: float) -> None:
        """Let blood flow until `time_s`."""
        for bleed in self._bleeds.values():
            bleed.advance(time_s)

    @property
    def lost(self) -> float:
        """Volume lost so far, m3."""
        return float(sum(bleed.volume for bleed in self._bleeds.values()))

    @property
    def rate(self) -> float:
        """Present rate, m3/s."""
        return float(sum(bleed.rate for bleed in self._bleeds.values()))


@dataclass(slots=True)
class Ledger:
    """What the session remembers between looks.

    Attributes
    ----------
    force_limit_n
        Of the scene.
    exposure
        What is to be brought into view, if anything is.
    bleeding, marks
        Bleeds, and the material points marked so far.
    torn, finished
        Whether the capsule has torn, and whether the trainee is done.
    """

    force_limit_n: float
    exposure: Exposure | None = None
    bleeding: Bleeding = field(default_factory=Bleeding)
    marks: list[Vector] = field(default_factory=list)
    torn: bool = False
    finished: bool = False

    def facts(
        self, snapshot: Snapshot, events: Sequence[Event], trace: NDArray[np.void]
    ) -> dict[str, float | bool]:
        """Collect the facts of one look (`surgisim.procedure.vocabulary.FACTS`).

        Parameters
        ----------
        snapshot
            The latest.
        events, trace
            What the tick reported since the last look.
        """
        self.torn |= any(event.kind == "tissue.torn" for event in events)
        force = largest_force(snapshot, trace)
        shown = self.exposure
        crossed = any(event.kind == "force.limit" for event in events)
        return {
            "probe.touching": snapshot.probe.touching,
            "probe.force": force,
            "probe.force.peak": snapshot.meters.peak_force_n,
            "probe.speed": float(np.linalg.norm(snapshot.probe.velocity)),
            "probe.path": snapshot.meters.path_length_m,
            "capsule.torn": self.torn,
            "capsule.strain": snapshot.meters.peak_strain,
            "marks.count": float(len(self.marks)),
            "blood.lost": self.bleeding.lost,
            "blood.rate": self.bleeding.rate,
            "limit.exceeded": crossed or force > self.force_limit_n,
            "limit.time": snapshot.meters.over_limit_s,
            "exposure.visible": 0.0 if shown is None else shown.visible,
            "exposure.held": 0.0 if shown is None else shown.held_s,
            "exposure.asked": 0.0 if shown is None else shown.beneath.asked_s,
            "exposure.slips": 0.0 if shown is None else float(shown.slips),
            "trainee.finished": self.finished,
        }
