"""``surgisim passmark``: what experts and novices measure, and the pass mark between them."""

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from surgisim.commands.wrapping import columns, terminal_width
from surgisim.errors import RecordError
from surgisim.procedure import Procedure, find, load
from surgisim.procedure.quantity import convert
from surgisim.record.past import PERSON, PastSession, sessions_below
from surgisim.scoring.metric import shown
from surgisim.scoring.proficiency import Contrast, ExpertLevel, contrasting_groups, expert_levels
from surgisim.scoring.proficiency.experts import LEAST

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "passmark",
        help="take a pass mark from experts and novices",
        description="Take the level of experts in every line of a procedure's score, and with "
        "novices the pass mark of contrasting groups. Several runs of one person count as their "
        "mean: give everybody a folder of their own below DIR.",
    )
    p.add_argument("procedure", metavar="PROCEDURE", help="a YAML file, or a shipped one's name")
    p.add_argument(
        "--experts", type=Path, required=True, metavar="DIR", help="a folder for each of them"
    )
    p.add_argument("--novices", type=Path, metavar="DIR", help="the same for novices")
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
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    procedure = load(find(given.procedure))
    experts = _people(given.experts, procedure)
    novices = [] if given.novices is None else _people(given.novices, procedure)
    lines = procedure.scoring.lines
    runs = {one.id: _values(experts, one.metric) for one in lines}
    up = {one.id: one.best_value > one.worst_value for one in lines}
    try:
        levels = expert_levels({k: v for k, v in runs.items() if v}, up, given.margin)
        between = _between(novices, experts) if novices else None
    except ValueError as error:
        told = [f"no pass mark can be taken: {error}"]
        told += _few(given.experts, experts) + _few(given.novices, novices)
        if len(told) > 1:
            told.append(
                "scripts are told apart by their names, people by a folder of their own, such as "
                f"{given.experts / 'anna'} and {given.experts / 'ben'}"
            )
        raise RecordError(f"{'; '.join(told)}.") from error
    if given.json:
        print(json.dumps(_data(levels, between, len(experts), len(novices)), indent=2))
    elif given.limits:
        print(_limits(procedure, levels, given.margin))
    else:
        _tell(procedure, levels, between, (experts, novices))
    return 0


People = list[list[PastSession]]
"""The runs of each person."""


def _few(folder: Path | None, people: People) -> list[str]:
    """Say whose the sessions of a group are where they are of too few people."""
    if folder is None or len(people) >= LEAST:
        return []
    names = [_whose(runs[0], folder) for runs in people]
    runs = sum(len(one) for one in people)
    return [
        f"below {folder} {'are' if runs > 1 else 'is'} {runs} session{'s' if runs > 1 else ''} "
        f"of {' and '.join(names)}"
    ]


def _whose(one: PastSession, folder: Path) -> str:
    """Name who played: the label of the record, or the first folder on the way to it."""
    if one.trainee != PERSON:
        return f"'{one.trainee}'"
    return f"the person of {folder.joinpath(*one.folder.relative_to(folder).parts[:1])}"


def _people(folder: Path, procedure: Procedure) -> People:
    """Group the sessions of a procedure by who played; interrupted ones are left out.

    A record does not name a person: everybody has a folder of their own below `folder`. Where a
    label stands in the record, as of scripts, it counts instead.
    """
    found: dict[tuple[str, str], list[PastSession]] = {}
    for one in sessions_below(folder):
        result = one.result
        if (result.procedure, result.version) != (procedure.id, procedure.version):
            continue
        if result.outcome != "interrupted":
            whose = one.folder.relative_to(folder).parts[:1]
            label = "" if one.trainee == PERSON else one.trainee
            found.setdefault((label, "" if label else "".join(whose)), []).append(one)
    if not found:
        raise RecordError(
            f"no session of {procedure.id}, version {procedure.version}, lies below {folder}."
        )
    return list(found.values())


def _values(people: People, metric: str) -> list[float]:
    """Mean of a measure by person, of those who have it."""
    values = []
    for runs in people:
        found = [run.result.metrics.get(metric) for run in runs]
        numbers = [one.value for one in found if one is not None and one.value is not None]
        if numbers:
            values.append(float(np.mean(numbers)))
    return values


def _points(runs: Sequence[PastSession]) -> float:
    return float(np.mean([run.result.score for run in runs]))


def _between(novices: People, experts: People) -> Contrast:
    """Take the mark between both groups, of which experts have the more points."""
    low, high = ([_points(one) for one in group] for group in (novices, experts))
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
    groups: tuple[People, People],
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
    if between is not None:
        _tell_between(between, groups)


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


def _tell_between(between: Contrast, groups: tuple[People, People]) -> None:
    experts, novices = groups
    passing = round((between.observed_false_positive or 0.0) * len(novices))
    failing = round((between.observed_false_negative or 0.0) * len(experts))
    print(f"\npass mark by contrasting groups: {between.cut:.1f} points")
    print(
        f"  novices who pass: {between.false_positive:.1%} by the fitted curves, "
        f"{passing} of {len(novices)} here"
    )
    print(
        f"  experts who fail: {between.false_negative:.1%} by the fitted curves, "
        f"{failing} of {len(experts)} here"
    )
    print(
        f'  pass: {{min: {between.cut:.0f}, source: "contrasting groups, {len(experts)} experts '
        f'and {len(novices)} novices"}}'
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
