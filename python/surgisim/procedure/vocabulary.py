"""The words that guards and scores may use, each with its unit and its meaning.

A guard sees facts of the present tick and nothing that the trainee could not know: which mark
hit a nodule is a matter of scoring alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from surgisim.nearest import suggest

__all__ = ["FACTS", "METRICS", "OWN", "OWN_FACTS", "Word", "facts_of", "unknown_metric"]


@dataclass(frozen=True, slots=True)
class Word:
    """One name of the vocabulary.

    Attributes
    ----------
    unit
        SI symbol; ``1`` for a plain number, ``bool`` for yes or no.
    text
        What it means, in one phrase.
    share
        Whether it is a part of something and may be compared with per cents.
    """

    unit: str
    text: str
    share: bool = False


FACTS: dict[str, Word] = {
    "probe.touching": Word("bool", "the probe touches the organ"),
    "probe.force": Word("N", "force between probe and organ, largest since the last look"),
    "probe.force.peak": Word("N", "largest force since the start"),
    "probe.speed": Word("m/s", "speed of the probe's tip"),
    "probe.path": Word("m", "length of the tip's path since the start"),
    "capsule.torn": Word("bool", "the organ's capsule has torn"),
    "capsule.strain": Word("1", "largest stretch of the capsule so far, 0.1 = 10 %", share=True),
    "marks.count": Word("1", "marks set so far"),
    "blood.lost": Word("m3", "blood lost so far"),
    "blood.rate": Word("m3/s", "present rate of bleeding"),
    "limit.exceeded": Word("bool", "the force limit was exceeded since the last look"),
    "limit.time": Word("s", "time spent above the force limit so far"),
    "view.fogged": Word("bool", "the lens is fogged, so that targets cannot be made out"),
    "view.horizon": Word("rad", "how far the picture is turned from upright"),
    "scope.depth": Word("m", "from the port to the tip of the scope in the hand"),
    "lens.touching": Word("bool", "the lens touches the organ or what stands beside it"),
    "target.in_view": Word("bool", "the lit target is in the picture, not hidden and not fogged"),
    "target.centred": Word("bool", "it is in view, in the middle, at a distance that counts"),
    "target.distance": Word("m", "from the lens to the lit target, 0 when all are found"),
    "target.held": Word("s", "for how long it has been centred without a break"),
    "targets.found": Word("1", "targets found so far"),
    "targets.count": Word("1", "targets in the scene"),
    "exposure.visible": Word("1", "share of what lies beneath that the scope sees", share=True),
    "exposure.held": Word("s", "time so far with enough of it in view, below the force limit"),
    "exposure.asked": Word("s", "how long it is to be held in view"),
    "exposure.slips": Word("1", "times that the edge slipped off the instrument so far"),
    "trainee.finished": Word("bool", "the trainee has declared the work finished"),
}
"""Facts that the session supplies at every look of the engine."""

OWN_FACTS: dict[str, Word] = {
    "time": Word("s", "time since the start"),
    "limit.force": Word("N", "the force limit of the scene"),
    "nodules.count": Word("1", "nodules in the organ"),
}
"""Facts that the engine knows by itself."""

OWN = "own."
"""What the names of facts begin with that a procedure's own program tells."""

METRICS: dict[str, Word] = {
    "nodules.found": Word("1", "nodules with a mark of their own"),
    "nodules.missed": Word("1", "nodules without a mark"),
    "marks.false": Word("1", "marks that belong to no nodule"),
    "targets.found": Word("1", "targets that were held as asked"),
    "targets.time": Word("s", "mean time for a found target, from its lighting up"),
    "target.lost": Word("s", "time for which a lit target was out of view again"),
    "view.horizon": Word("rad", "mean tilt of the picture while targets were looked for"),
    "lens.touches": Word("1", "how often the lens touched something"),
    "time": Word("s", "duration of the session"),
    "path": Word("m", "length of the tip's path"),
    "economy": Word("1", "straight way from mark to mark over the way taken, 0 to 1", share=True),
    "economy.area": Word("1", "side of the level area used over the path, 0 to 0.71", share=True),
    "economy.volume": Word("1", "side of the room used over the path, 0 to 0.58", share=True),
    "path.depth": Word("m", "way of the tip along the shaft, there and back"),
    "path.angular": Word("rad", "how much the shaft turned, there and back"),
    "path.roll": Word("rad", "how much the tool rolled about its shaft, there and back"),
    "idle": Word("s", "time at rest, slower than 5 mm/s for more than 1 s"),
    "sparc": Word("1", "smoothness of the strokes by spectral arc length, median, 0 is ideal"),
    "ldlj": Word("1", "smoothness of the strokes by log dimensionless jerk, median"),
    "jerk": Word("1", "smoothness of the strokes by dimensionless jerk, median, less is smoother"),
    "no_contact": Word("s", "time without touching the organ, after the first touch"),
    "force.peak": Word("N", "largest force"),
    "force.mean": Word("N", "mean force while touching"),
    "force.sd": Word("N", "standard deviation of the force while touching"),
    "force.integral": Word("N s", "force summed over time"),
    "force.over_limit_time": Word("s", "time above the force limit"),
    "force.over_limit_integral": Word("N s", "force above the limit, summed over time"),
    "force.over_limit_count": Word("1", "how often the force rose above the limit"),
    "blood.lost": Word("m3", "blood lost"),
    "exposure.held": Word("s", "time with enough of it in view, below the force limit"),
    "exposure.reached": Word("s", "time until enough of it was in view"),
    "exposure.slips": Word("1", "times that the edge slipped off the instrument"),
    "hints.given": Word("1", "hints that came"),
}
"""What a score line may be computed from."""


def unknown_metric(name: str) -> str:
    """Say that there is no such measure, with the nearest one or where they are listed."""
    listed = ": there are time, path, force.peak and more, all in docs/procedures.md, 'Measures'"
    return f"unknown metric '{name}'{suggest(name, METRICS) or listed}"


def facts_of(
    steps: Iterable[str],
    errors: Iterable[str],
    complications: Iterable[str],
    responses: Iterable[str] = (),
) -> dict[str, Word]:
    """Collect the vocabulary of guards in a procedure with these ids."""
    words = FACTS | OWN_FACTS
    for step in steps:
        words[f"step.{step}.done"] = Word("bool", f"step {step} is done")
        words[f"step.{step}.late"] = Word("bool", f"step {step} ran over its time limit")
        words[f"step.{step}.suspended"] = Word("bool", f"step {step} stands still now")
    for error in errors:
        words[f"error.{error}"] = Word("bool", f"error {error} has happened at least once")
    for complication in complications:
        name = f"complication.{complication}.active"
        words[name] = Word("bool", f"complication {complication} goes on now")
    for response in responses:
        words[f"response.{response}"] = Word("bool", f"response {response} has been given")
    return words
