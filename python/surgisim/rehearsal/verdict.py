"""Whether a procedure may go to people, as far as scripts can tell; each fault in one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from surgisim.procedure import Procedure
from surgisim.procedure.model import Complication
from surgisim.rehearsal.intervals import differs
from surgisim.rehearsal.plan import Plan, Run
from surgisim.rehearsal.shortfall import told
from surgisim.rehearsal.summary import Hazard, Summary
from surgisim.report.words import percent

__all__ = ["Verdict", "judge"]

_NEVER = ("dangerous", "random")  # who must not pass
_SHOWN = 5  # seeds named at most


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and found good, and what is at fault; a sentence each.

    `again` is the command that plays one of careful's runs again that did not pass, if they are at
    fault.
    """

    good: tuple[str, ...]
    faults: tuple[str, ...]
    again: str = ""


def judge(summary: Summary, plan: Plan, least: float) -> Verdict:
    """Judge the runs.

    Parameters
    ----------
    summary
        The runs.
    plan
        What was planned.
    least
        Share of its runs that careful has to pass, 0 to 1.
    """
    told = [*_broken(summary), *_careful(summary, least), *_never(summary)]
    told += _hazards(summary, plan.procedure)
    group = summary.group("careful", 1.0)
    short = group is not None and group.passed.share < least
    return Verdict(
        tuple(text for good, text in told if good),
        tuple(text for good, text in told if not good),
        plan.command(Run("careful", 1.0, group.short.seeds[0])) if group and short else "",
    )


def _broken(summary: Summary) -> Iterator[tuple[bool, str]]:
    if summary.broken:
        run, why = summary.broken[0]
        yield (
            False,
            f"{len(summary.broken)} of {summary.runs + len(summary.broken)} runs broke; the first "
            f"was {run.trainee} with seed {run.seed}: {why}",
        )


def _careful(summary: Summary, least: float) -> Iterator[tuple[bool, str]]:
    group = summary.group("careful", 1.0)
    if group is None:
        return
    passed = group.passed
    count = f"careful {_did(summary)} {passed.count} of {passed.of} runs"
    if passed.share >= least:
        yield True, f"{count}, and {100 * least:g} % are asked for"
    else:
        yield (
            False,
            f"{count}, below the {100 * least:g} % that are asked for: {told(group.short)}",
        )


def _never(summary: Summary) -> Iterator[tuple[bool, str]]:
    for group in summary.groups:
        if group.trainee not in _NEVER:
            continue
        passed = group.passed
        who = group.trainee if group.skill == 1.0 else f"{group.trainee} (skill {group.skill:g})"
        if passed.count:
            yield (
                False,
                f"{who} {_did(summary)} {passed.count} of {passed.of} runs and must "
                f"{'in' if summary.practice else 'pass'} none: make what it does wrong a critical "
                f"mistake, or the {'goal' if summary.practice else 'pass mark'} higher",
            )
        else:
            yield True, f"{who} {_did(summary)} none of {passed.of} runs"


def _did(summary: Summary) -> str:
    """Say what a good run does: practice passes nobody, it has a goal."""
    return "reached the goal in" if summary.practice else "passed"


def _hazards(summary: Summary, procedure: Procedure) -> Iterator[tuple[bool, str]]:
    tests = 2 * len(summary.hazards)
    for hazard in summary.hazards:
        drawn = hazard.drawn
        if not drawn.of:  # no run came to an end: nothing agrees, and nothing differs
            continue
        told = (
            f"'{hazard.id}' is declared in {percent(hazard.declared)} of sessions, and chance "
            f"drew it in {drawn.count} of {drawn.of} seeds"
        )
        if differs(drawn.count, drawn.of, hazard.declared, tests):
            yield False, f"{told}, which are not the same at 99 %"
        else:
            yield True, f"{told}: they agree at 99 %"
        if hazard.stray:
            seeds = ", ".join(str(run.seed) for run in hazard.stray[:_SHOWN])
            yield (
                False,
                f"'{hazard.id}' did not begin when chance had drawn it, or began without, in "
                f"{len(hazard.stray)} runs (seeds {seeds}): the engine and the draw disagree",
            )
        yield from _met(summary, procedure, hazard, tests)


def _met(
    summary: Summary, procedure: Procedure, hazard: Hazard, tests: int
) -> Iterator[tuple[bool, str]]:
    """Whether careful meets a complication as often as is declared.

    One that is also caused by what the trainee does may begin before chance has its turn; its rate
    among trainees has no declared value.
    """
    spec = next((one for one in procedure.complications if one.id == hazard.id), None)
    group = summary.group("careful", 1.0)
    if group is None or spec is None or spec.random is None or _caused(spec, procedure):
        return
    met = group.complications[hazard.id]
    if met.share >= hazard.declared:  # where it is met too often, it was drawn too often
        return
    if differs(met.count, met.of, hazard.declared, tests):
        window, after = spec.random.window, spec.random.after
        since = "the start" if after is None else f"'{after}'"
        yield (
            False,
            f"'{hazard.id}' is declared in {percent(hazard.declared)} of sessions, and careful "
            f"met it in {met.count} of {met.of}: sessions end before its window of "
            f"{window.low:g} to {window.high:g} s after {since}",
        )


def _caused(spec: Complication, procedure: Procedure) -> bool:
    """Whether what the trainee does may cause a complication."""
    wrong = [one.may_cause for other in procedure.complications for one in other.wrong]
    return spec.when is not None or spec.id in wrong
