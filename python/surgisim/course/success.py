"""Whether a run is a success for a module, and what keeps it from being one."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from surgisim.course.model import Limit, Module
from surgisim.course.rules import missed
from surgisim.scoring.metric import shown

__all__ = ["RunResult", "failures"]


class Measure(Protocol):
    """A measured number."""

    @property
    def value(self) -> float | None:
        """In SI."""


class RunResult(Protocol):
    """What a course needs to know of a session; `surgisim.record.Result` has it."""

    @property
    def procedure(self) -> str:
        """Id of the procedure."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def seed(self) -> int:
        """What it was drawn from."""

    @property
    def passed(self) -> bool | None:
        """The session's own verdict; None in practice."""

    @property
    def outcome(self) -> str | None:
        """``interrupted`` runs do not count."""

    @property
    def score(self) -> float:
        """Points of 100."""

    @property
    def barred(self) -> Sequence[str]:
        """What keeps it from being a success whatever else holds; a phrase each."""

    @property
    def metrics(self) -> Mapping[str, Measure]:
        """What was measured, by name."""


def failures(module: Module, result: RunResult) -> list[str]:
    """Say what keeps a run from being a success."""
    success, why = module.success, []
    if success.passed and not result.passed:
        why.append("not passed")
    why += result.barred
    if success.score is not None and result.score < success.score - 1e-9:
        tenths = math.floor(10.0 * result.score + 1e-9)  # rounded up it could be what is needed
        why.append(f"{tenths / 10.0:.1f} of the {success.score:g} points needed")
    for limit in success.limits:
        measured = result.metrics.get(limit.metric)
        value = None if measured is None else measured.value
        if missed(limit, value):
            why.append(_missed(limit, value))
    return why


def _missed(limit: Limit, value: float | None) -> str:
    """Name a measure and the limit that it missed."""
    words = (("at least", limit.at_least), ("at most", limit.at_most))
    bounds = [f"{word} {shown(bound.value, bound.unit)}" for word, bound in words if bound]
    given = next((bound.unit for _, bound in words if bound), "1")
    return f"{limit.metric} {shown(value, given)}, needed {' and '.join(bounds)}"
