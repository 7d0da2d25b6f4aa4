"""What the runs of a plan came to, group by group: a trainee with a skill is a group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from surgisim.procedure import Procedure
from surgisim.rehearsal.intervals import Mean, Share, mean_of, share_of
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.plan import Plan, Run
from surgisim.rehearsal.shortfall import Shortfall, shortfall_of

__all__ = ["Group", "Hazard", "Summary", "mistakes_of", "summarise"]


@dataclass(frozen=True, slots=True)
class Group:
    """What a trainee with a skill came to.

    Attributes
    ----------
    trainee, skill
        Who.
    runs
        How many have an outcome.
    passed, score, duration_s
        Shares and means.
    scores
        Of each run, in the order of seeds.
    steps, complications, errors
        By id: steps done, complications that began, mistakes made at least once.
    by_chance
        Complications that chance began.
    lines
        Mean points of each line of the rubric.
    short
        Those that did not pass.
    """

    trainee: str
    skill: float
    runs: int
    passed: Share
    score: Mean
    duration_s: Mean
    scores: tuple[float, ...]
    steps: dict[str, Share]
    complications: dict[str, Share]
    by_chance: dict[str, Share]
    errors: dict[str, Share]
    lines: dict[str, Mean]
    short: Shortfall


@dataclass(frozen=True, slots=True)
class Hazard:
    """A complication that chance may bring, or a wrong response that may cause one.

    Attributes
    ----------
    id, declared
        Which, and its probability in the procedure.
    drawn
        In how many seeds chance drew it.
    stray
        Runs in which it was due and did not begin, or began by chance without being drawn.
    """

    id: str
    declared: float
    drawn: Share
    stray: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the runs of a plan came to.

    Attributes
    ----------
    procedure, version, pass_mark, practice
        What was played, the points that pass, and whether they are a goal of practice instead.
    planned
        How many runs the plan has.
    groups, hazards
        See there.
    broken
        Runs without an outcome, and why.
    cpu_s
        Processor time of all runs with an outcome.
    """

    procedure: str
    version: str
    pass_mark: float
    practice: bool
    planned: int
    groups: tuple[Group, ...]
    hazards: tuple[Hazard, ...]
    broken: tuple[tuple[Run, str], ...]
    cpu_s: float

    @property
    def runs(self) -> int:
        """How many runs have an outcome."""
        return sum(group.runs for group in self.groups)

    def group(self, trainee: str, skill: float) -> Group | None:
        """Find a group that has an outcome."""
        found = (one for one in self.groups if (one.trainee, one.skill) == (trainee, skill))
        return next(found, None)


def summarise(plan: Plan, done: Mapping[Run, Outcome]) -> Summary:
    """Sum up the runs of a plan that are done; the same runs give the same summary."""
    outcomes = [done[run] for run in plan.runs() if run in done]
    good = [outcome for outcome in outcomes if not outcome.broke]
    groups = []
    for trainee, skill in plan.groups:
        of_it = [one for one in good if (one.trainee, one.skill) == (trainee, skill)]
        if of_it:
            groups.append(_group(plan.procedure, trainee, skill, of_it))
    return Summary(
        procedure=plan.procedure.id,
        version=plan.procedure.version,
        pass_mark=plan.procedure.scoring.pass_mark.min,
        practice=plan.procedure.purpose == "practice",
        planned=len(plan),
        groups=tuple(groups),
        hazards=tuple(_hazards(plan.procedure, good)),
        broken=tuple((one.run, one.broke) for one in outcomes if one.broke),
        cpu_s=sum(one.cpu_s for one in good),
    )


def mistakes_of(procedure: Procedure) -> dict[str, str]:
    """Text of every mistake that can be made, by its id: errors, wrong responses, late ones."""
    told = {rule.id: rule.text for rule in procedure.all_errors}
    for complication in procedure.complications:
        told |= {wrong.id: wrong.text for wrong in complication.wrong}
        for right in complication.recognised:
            if right.id is not None and right.worst is not None:
                told[right.id] = f"late: {right.text}"
    return told


def _group(procedure: Procedure, trainee: str, skill: float, outcomes: list[Outcome]) -> Group:
    outcomes = sorted(outcomes, key=lambda one: one.seed)
    complications = [one.id for one in procedure.complications]

    def shares(ids: Sequence[str], holds: Callable[[Outcome, str], bool]) -> dict[str, Share]:
        return {
            name: share_of(sum(holds(one, name) for one in outcomes), len(outcomes)) for name in ids
        }

    scores = tuple(one.score for one in outcomes)
    return Group(
        trainee=trainee,
        skill=skill,
        runs=len(outcomes),
        passed=share_of(sum(one.passed for one in outcomes), len(outcomes)),
        score=mean_of(scores, 100.0),
        duration_s=mean_of([one.duration_s for one in outcomes]),
        scores=scores,
        steps=shares(
            [step.id for step in procedure.steps],
            lambda one, name: one.steps.get(name) in ("done", "late"),
        ),
        complications=shares(complications, lambda one, name: name in one.complications),
        by_chance=shares(complications, lambda one, name: one.complications.get(name) == "chance"),
        errors=shares(list(mistakes_of(procedure)), lambda one, name: name in one.errors),
        lines={
            line.id: mean_of([one.lines.get(line.id, 0.0) for one in outcomes], line.weight)
            for line in procedure.scoring.lines
        },
        short=shortfall_of(procedure, outcomes),
    )


def _hazards(procedure: Procedure, outcomes: list[Outcome]) -> list[Hazard]:
    """Compare what was drawn with what began; each seed draws once, whoever plays it."""
    seeds = {one.seed: (*one.drawn, *one.may) for one in outcomes}
    found = []
    for complication in procedure.complications:
        for wrong in complication.wrong:
            if wrong.may_cause is not None:
                drawn = sum(wrong.id in names for names in seeds.values())
                found.append(Hazard(wrong.id, wrong.p, share_of(drawn, len(seeds)), ()))
        if complication.random is None:
            continue
        name = complication.id
        drawn = sum(name in names for names in seeds.values())
        stray = tuple(one.run for one in outcomes if _strays(one, name))
        found.append(Hazard(name, complication.random.p, share_of(drawn, len(seeds)), stray))
    return found


def _strays(outcome: Outcome, name: str) -> bool:
    began = outcome.complications.get(name)
    if name in outcome.due:
        return began is None
    return began == "chance"
