"""``surgisim passmark``: what experts and novices measure, and the pass mark between them."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from surgisim.commands.groups import GROUP_HELP, Group, group_of
from surgisim.commands.store_options import add_store_options, store_once
from surgisim.commands.wrapping import columns, terminal_width
from surgisim.errors import RecordError
from surgisim.procedure import Procedure, find, load
from surgisim.procedure.quantity import convert
from surgisim.scoring.metric import shown
from surgisim.scoring.proficiency import Contrast, ExpertLevel, contrasting_groups, expert_levels

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "passmark",
        help="take a pass mark from experts and novices",
        description="Take the level of experts in every line of a procedure's score, and with "
        "novices the pass mark of contrasting groups. Several runs of one person count as their "
        "mean: give everybody a folder of their own below a group's, or name them in the store of "
        "records.",
    )
    p.add_argument("procedure", metavar="PROCEDURE", help="a YAML file, or a shipped one's name")
    p.add_argument("--experts", required=True, metavar="GROUP", help=GROUP_HELP)
    p.add_argument("--novices", metavar="GROUP", help="the same for novices")
    p.add_argument(
        "--margin",
        type=float,
        default=0.0,
        metavar="K",
        help="standard deviations that are let off from the experts' mean (default 0)",
    )
    p.add_argument(
        "--limits", action="store_true", help="write the experts' level as limits for a course"
    )
    p.add_argument("--json", action="store_true", help="for programs")
    add_store_options(p)
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    procedure = load(find(given.procedure))
    opened = store_once(given)
    experts = group_of(given.experts, procedure, opened)
    novices = None if given.novices is None else group_of(given.novices, procedure, opened)
    lines = procedure.scoring.lines
    runs = {one.id: _values(experts, one.metric) for one in lines}
    up = {one.id: one.best_value > one.worst_value for one in lines}
    try:
        levels = expert_levels({k: v for k, v in runs.items() if v}, up, given.margin)
        between = _between(novices, experts) if novices else None
    except ValueError as error:
        told = [f"no pass mark can be taken: {error}"]
        told += experts.few() + (novices.few() if novices else [])
        raise RecordError(f"{'; '.join(told)}.") from error
    if given.json:
        print(json.dumps(_data(levels, between, len(experts), len(novices or ())), indent=2))
    elif given.limits:
        print(_limits(procedure, levels, given.margin))
    else:
        _tell(procedure, levels, between, (experts, novices))
    return 0


def _values(people: Group, metric: str) -> list[float]:
    """Mean of a measure by person, of those who have it."""
    values = []
    for runs in people.runs.values():
        found = [run.metrics.get(metric) for run in runs]
        numbers = [one.value for one in found if one is not None and one.value is not None]
        if numbers:
            values.append(float(np.mean(numbers)))
    return values


def _points(people: Group) -> list[float]:
    """Mean of the points by person."""
    return [float(np.mean([run.score for run in runs])) for runs in people.runs.values()]


def _between(novices: Group, experts: Group) -> Contrast:
    """Take the mark between both groups, of which experts have the more points."""
    low, high = _points(novices), _points(experts)
    if np.mean(high) <= np.mean(low):
        raise ValueError(
            f"experts have {np.mean(high):.1f} points on average, and novices {np.mean(low):.1f}: "
            "the score does not tell them apart"
        )
    return contrasting_groups(low, high)


def _tell(
    procedure: Procedure,
    levels: Sequence[ExpertLevel],
    between: Contrast | None,
    groups: "tuple[Group, Group | None]",
) -> None:
    experts, novices = groups
    sizes = f"{len(experts)} experts" + (f" and {len(novices)} novices" if novices else "")
    print(f"{procedure.title} ({procedure.id}, version {procedure.version}): {sizes}")
    lines = {one.id: one for one in procedure.scoring.lines}
    rows = [("line", "experts' mean", "SD", "limit", "")]
    for level in levels:
        unit, word = lines[level.metric].unit, "at least" if level.more_is_better else "at most"
        rows.append(
            (
                lines[level.metric].title,
                shown(level.mean, unit),
                shown(level.sd, unit),
                f"{word} {shown(level.limit, unit)}",
                _far(level),
            )
        )
    print(columns(rows, terminal_width()))
    told = {level.metric for level in levels}
    for one in lines.values():
        if one.id not in told:
            print(f"{one.title}: no expert's session has a value of {one.metric}")
    if between is not None and novices is not None:
        _tell_between(between, len(experts), len(novices))


def _limits(procedure: Procedure, levels: Sequence[ExpertLevel], margin: float) -> str:
    """Write the levels as a course wants them, rounded so that the level itself is a success."""
    lines = {one.id: one for one in procedure.scoring.lines}
    told = ["limits:"]
    for level in levels:
        line, bound = lines[level.metric], "at_least" if level.more_is_better else "at_most"
        number, unit = convert(level.limit, line.unit)
        step = 10.0 ** (math.floor(math.log10(abs(number))) - 2) if number else 1.0
        if level.more_is_better:
            number = math.floor(number / step + 1e-9) * step
        else:
            number = math.ceil(number / step - 1e-9) * step
        value = f"{number:.6g} {unit}".strip()
        off = f", {margin:g} SD let off" if margin else ""
        source = f"mean of {level.experts} experts{off}"
        told.append(f'  - {{metric: {line.metric}, {bound}: {value}, source: "{source}"}}')
    return "\n".join(told)


def _far(level: ExpertLevel) -> str:
    count = len(level.outside)
    return "" if not count else f"{count} more than 2 SD from the mean"


def _tell_between(between: Contrast, experts: int, novices: int) -> None:
    passing = round((between.observed_false_positive or 0.0) * novices)
    failing = round((between.observed_false_negative or 0.0) * experts)
    print(f"\npass mark by contrasting groups: {between.cut:.1f} points")
    print(
        f"  novices who pass: {between.false_positive:.1%} by the fitted curves, "
        f"{passing} of {novices} here"
    )
    print(
        f"  experts who fail: {between.false_negative:.1%} by the fitted curves, "
        f"{failing} of {experts} here"
    )
    print(
        f'  pass: {{min: {between.cut:.0f}, source: "contrasting groups, {experts} experts '
        f'and {novices} novices"}}'
    )


def _data(
    levels: Sequence[ExpertLevel], between: Contrast | None, experts: int, novices: int
) -> dict[str, Any]:
    return {
        "experts": experts,
        "novices": novices,
        "lines": [
            {
                "id": one.metric,
                "people": one.experts,
                "mean": one.mean,
                "sd": one.sd,
                "limit": one.limit,
                "more_is_better": one.more_is_better,
            }
            for one in levels
        ],
        "contrasting_groups": None
        if between is None
        else {
            "cut": between.cut,
            "false_positive": between.false_positive,
            "false_negative": between.false_negative,
            "observed_false_positive": between.observed_false_positive,
            "observed_false_negative": between.observed_false_negative,
        },
    }
