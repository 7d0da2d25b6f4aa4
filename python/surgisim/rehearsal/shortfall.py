"""Runs that did not pass: which seeds, and where their points went."""

from collections.abc import Sequence
from dataclasses import dataclass

from surgisim.procedure import Procedure
from surgisim.rehearsal.outcome import Outcome

__all__ = ["Shortfall", "shortfall_of", "told"]

_SHOWN = 5  # seeds named at most


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What runs that did not pass have in common.

    Attributes
    ----------
    seeds, scores
        Of each, in the order of seeds.
    lost
        By the title of a line of the rubric, or "mistakes": points lost, mean of these runs.
    critical
        How many of them made a critical mistake.
    """

    seeds: tuple[int, ...]
    scores: tuple[float, ...]
    lost: dict[str, float]
    critical: int


def shortfall_of(procedure: Procedure, outcomes: Sequence[Outcome]) -> Shortfall:
    """Find what did not pass among outcomes, which are in the order of seeds."""
    short = [one for one in outcomes if not one.passed]
    if not short:
        return Shortfall((), (), {}, 0)
    lost = {
        line.title: sum(line.weight - one.lines.get(line.id, 0.0) for one in short) / len(short)
        for line in procedure.scoring.lines
    }
    lost["mistakes"] = sum(sum(one.lines.values()) - one.score for one in short) / len(short)
    fatal = {rule.id for rule in procedure.all_errors if rule.severity == "critical"}
    for complication in procedure.complications:
        fatal |= {wrong.id for wrong in complication.wrong if wrong.severity == "critical"}
    critical = sum(not fatal.isdisjoint(one.errors) for one in short)
    return Shortfall(
        tuple(one.seed for one in short), tuple(one.score for one in short), lost, critical
    )


def told(short: Shortfall) -> str:
    """Say which seeds did not pass, with their points, and what cost most."""
    named = list(zip(short.seeds, short.scores, strict=True))[:_SHOWN]
    more = len(short.seeds) - len(named)
    seeds = ", ".join(f"{seed} ({score:.1f} points)" for seed, score in named)
    seeds += f" and {more} more" if more else ""
    what, points = max(short.lost.items(), key=lambda item: item[1])
    cost = f"most was lost by '{what}', {points:.1f} points"
    cost += " on average" if len(short.seeds) > 1 else ""
    if short.critical:
        cost += f", and {short.critical} made a critical mistake"
    return f"{'seed' if len(short.seeds) == 1 else 'seeds'} {seeds} did not, {cost}"
