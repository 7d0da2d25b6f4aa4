"""Scores that cannot be computed, and pass marks that cannot be reached."""

from collections.abc import Iterator

from surgisim.nearest import suggest
from surgisim.procedure.checks.lacking import unmeasured
from surgisim.procedure.finding import Finding, Path
from surgisim.procedure.model import Procedure, ScoreSpec
from surgisim.procedure.quantity import in_words
from surgisim.procedure.vocabulary import METRICS, unknown_metric

__all__ = ["check_scoring"]


_BOUNDS: dict[str, tuple[float, float]] = {
    "economy": (0.0, 1.0),
    "economy.area": (0.0, 0.71),
    "economy.volume": (0.0, 0.58),
    "sparc": (-1e9, 0.0),
}
_FOUND = ("nodules.found", "targets.found")
_ANY = (-1e9, 1e9)


def _bounds(procedure: Procedure, metric: str) -> tuple[float, float]:
    """Give the least and the largest value that a metric can take."""
    if metric == "targets.found":
        targets = procedure.scene.targets
        return 0.0, float(targets.count if targets else 0)
    if metric == "hints.given":
        return 0.0, float(len(procedure.hints))
    if metric == "exposure.held":
        return 0.0, procedure.time_limit
    nodules = procedure.scene.nodules
    if metric in ("nodules.found", "nodules.missed"):
        return 0.0, float(nodules.count if nodules else 0)
    return _BOUNDS.get(metric, _ANY if metric == "ldlj" else (0.0, 1e9))


def _reachable(procedure: Procedure, line: ScoreSpec) -> float:
    """Give the most points that a line can earn."""
    low, high = _bounds(procedure, line.metric)
    nearest = min(max(line.best.value, low), high)
    share = (nearest - line.worst.value) / (line.best.value - line.worst.value)
    return line.weight * min(max(share, 0.0), 1.0)


def check_scoring(procedure: Procedure) -> Iterator[Finding]:
    """Unknown metrics, wrong units, weights that are not 100, a pass mark out of reach."""
    sound = True
    for number, line in enumerate(procedure.scoring.lines):
        path: Path = ("scoring", "lines", number)
        if line.metric not in METRICS:
            yield Finding((*path, "metric"), unknown_metric(line.metric))
            sound = False
            continue
        for key, quantity in (("best", line.best), ("worst", line.worst)):
            if quantity.unit != line.unit:
                text = f"'{key}' has the wrong unit: '{line.metric}' is {in_words(line.unit)}"
                yield Finding((*path, key), text)
                sound = False
            elif quantity.per_cent and not METRICS[line.metric].share:
                text = f"'{key}' is in per cent: '{line.metric}' takes a number such as 3"
                yield Finding((*path, key), text)
                sound = False
        lack = unmeasured(line.metric, procedure)
        if lack:
            what, where = lack
            text = f"'{line.metric}' has nothing to measure: {what}"
            yield Finding((*path, "metric"), text, whole=(where,))
            sound = False
        elif line.metric in _FOUND and line.best.value > _bounds(procedure, line.metric)[1]:
            most = int(_bounds(procedure, line.metric)[1])
            things = line.metric.removesuffix("s.found" if most == 1 else ".found")
            text = f"'best' is more than can be found: the scene has {most} {things}"
            yield Finding((*path, "best"), text, whole=("scene",))
        if line.best == line.worst:
            yield Finding((*path, "worst"), "'best' and 'worst' are the same")
            sound = False
    yield from _needs(procedure)
    if sound:
        yield from _points(procedure)


def _needs(procedure: Procedure) -> Iterator[Finding]:
    """Lines that need one which is not there, or which needs others itself."""
    needs = {line.id: line.needs for line in procedure.scoring.lines}
    for number, line in enumerate(procedure.scoring.lines):
        for at, need in enumerate(line.needs):
            path: Path = ("scoring", "lines", number, "needs", at)
            if need not in needs:
                text = f"unknown score line '{need}'{suggest(need, sorted(needs))}"
                yield Finding(path, text, whole=("scoring",))
            elif needs[need]:
                text = (
                    f"the score line '{need}' needs others itself: name a line that counts in any "
                    "case"
                )
                yield Finding(path, text)


def _points(procedure: Procedure) -> Iterator[Finding]:
    total = sum(line.weight for line in procedure.scoring.lines)
    if abs(total - 100.0) > 1e-6:
        text = f"the weights add up to {total:g}: they must make 100"
        yield Finding(("scoring", "lines"), text, whole=("scoring",))
        return
    alone = {line.id: _reachable(procedure, line) for line in procedure.scoring.lines}
    reachable = sum(
        alone[line.id]
        for line in procedure.scoring.lines
        if all(alone.get(need, 1.0) > 0.0 for need in line.needs)
    )
    if reachable < procedure.scoring.pass_mark.min - 1e-6:
        text = (
            f"the pass mark of {procedure.scoring.pass_mark.min:g} cannot be reached: "
            f"the lines give {reachable:.4g} points at most"
        )
        yield Finding(("scoring", "pass", "min"), text, whole=())
