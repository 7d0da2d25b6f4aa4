"""The flow of a procedure as plain data: what is drawn and what is written in a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from surgisim.authoring.phrases import condition, deadline, effects, lasting, measured
from surgisim.procedure.hint import Hint
from surgisim.procedure.interrupt import Interrupt
from surgisim.procedure.model import Complication, ErrorRule, Procedure, Random, ScoreSpec, State
from surgisim.procedure.response import ResponseSpec, Wrong
from surgisim.procedure.vocabulary import METRICS
from surgisim.procedure.words import words_of

__all__ = ["Exit", "Flow", "Mistake", "Score", "Stage", "Step", "Trouble", "flow_of"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake: what the report says, when it counts, and what it costs."""

    text: str
    when: str
    severity: str
    cost: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step.

    Attributes
    ----------
    needs
        Ids of the steps before it.
    done
        When it is done, in words.
    limit
        Its time limit in words, or nothing.
    hints
        When each comes, and what it tells.
    troubles
        What complications have to do with it.
    """

    id: str
    title: str
    text: str
    needs: tuple[str, ...]
    done: str
    limit: str
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a state: what opens it and where it leads (`END` ends the complication)."""

    when: str
    target: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A state of a complication."""

    id: str
    text: str
    effects: tuple[str, ...]
    exits: tuple[Exit, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A complication; `letter` is what the steps call it."""

    letter: str
    id: str
    title: str
    text: str
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    stages: tuple[Stage, ...]
    right: tuple[str, ...]
    wrong: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A line of the score."""

    title: str
    measure: str
    weight: float
    best: str
    worst: str


@dataclass(frozen=True, slots=True)
class Flow:
    """All of a procedure that a person who writes one wants to see."""

    title: str
    identity: str
    purpose: str
    briefing: str
    objectives: tuple[str, ...]
    scene: tuple[str, ...]
    end: str
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    troubles: tuple[Trouble, ...]
    pass_mark: float
    scores: tuple[Score, ...]


def flow_of(procedure: Procedure) -> Flow:
    """Say in words what a sound procedure does."""
    return _Teller(procedure).flow()


class _Teller:
    """Says the parts of one procedure; keeps its vocabulary and what people call its parts."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._words = words_of(procedure)
        self._titles = {f"step.{one.id}": one.title for one in procedure.steps}
        self._titles |= {f"complication.{one.id}": one.title for one in procedure.complications}
        self._letters = dict(
            zip((one.id for one in procedure.complications), _letters(), strict=False)
        )

    def flow(self) -> Flow:
        one = self._procedure
        return Flow(
            title=one.title,
            identity=f"{one.id} {one.version}",
            purpose=one.purpose,
            briefing=one.introduction,
            objectives=tuple(objective.text for objective in one.objectives),
            scene=tuple(self._scene()),
            end=self._end(),
            steps=tuple(self._step(number) for number in range(len(one.steps))),
            mistakes=tuple(self._mistake(rule) for rule in one.errors),
            troubles=tuple(self._trouble(spec) for spec in one.complications),
            pass_mark=one.scoring.pass_mark.min,
            scores=tuple(_score(line) for line in one.scoring.lines),
        )

    def _say(self, text: str) -> str:
        return condition(text, self._words, self._titles)

    def _scene(self) -> Iterator[str]:
        scene = self._procedure.scene
        yield f"{scene.organ} of {scene.anatomy}"
        if scene.nodules is not None:
            some = "1 nodule" if scene.nodules.count == 1 else f"{scene.nodules.count} nodules"
            yield f"{some} hidden"
        if scene.targets is not None:
            some = "1 target" if scene.targets.count == 1 else f"{scene.targets.count} targets"
            yield f"{some} to be found with the endoscope"
        if scene.beneath is not None:
            yield f"{scene.beneath.name} to be brought into view"
        yield f"force limit {measured(scene.limits.force.value, 'N')}"

    def _end(self) -> str:
        most = f"after {lasting(self._procedure.time_limit)} at the latest"
        if self._procedure.end_when is None:
            return most
        return f"{most}, or when {self._say(self._procedure.end_when)}"

    def _step(self, number: int) -> Step:
        spec = self._procedure.steps[number]
        return Step(
            id=spec.id,
            title=spec.title,
            text=spec.text,
            needs=tuple(spec.needs),
            done=self._say(spec.done_when),
            limit="" if spec.time_limit is None else f"late after {lasting(spec.time_limit)}",
            mistakes=tuple(self._mistake(rule) for rule in spec.errors),
            hints=tuple(self._hint(one) for one in spec.hints),
            troubles=tuple(self._troubles_of(spec.id)),
        )

    def _hint(self, one: Hint) -> str:
        told = [] if one.after is None else [f"after {lasting(one.after)}"]
        told += [] if one.when is None else [f"when {self._say(one.when)}"]
        return f"hint {' and '.join(told)}: {one.text}"

    def _troubles_of(self, step: str) -> Iterator[str]:
        for spec in self._procedure.complications:
            letter = self._letters[spec.id]
            if spec.random is not None and spec.random.after == step:
                yield f"{letter} may follow"
            if any(step == named for one in spec.interrupts for _, named in one.steps()):
                yield f"{letter} interrupts"

    def _mistake(self, rule: ErrorRule) -> Mistake:
        return Mistake(rule.text, self._say(rule.when), rule.severity, self._cost(rule))

    def _trouble(self, spec: Complication) -> Trouble:
        return Trouble(
            letter=self._letters[spec.id],
            id=spec.id,
            title=spec.title,
            text=spec.text,
            causes=tuple(self._causes(spec)),
            effects=(*effects(spec.effect), *self._acts(spec.interrupt)),
            stages=tuple(self._stage(state) for state in spec.states),
            right=tuple(self._right(one) for one in spec.correct),
            wrong=tuple(self._wrong(one) for one in spec.wrong),
        )

    def _causes(self, spec: Complication) -> Iterator[str]:
        if spec.when is not None:
            yield f"when {self._say(spec.when)}"
        if spec.random is not None:
            yield self._chance(spec.random)
        for other in self._procedure.complications:
            for wrong in other.wrong:
                if wrong.may_cause == spec.id:
                    often = "" if wrong.p == 1.0 else f", in {100.0 * wrong.p:.3g} % of cases"
                    yield f"by {self._letters[other.id]}: {wrong.text}{often}"

    def _chance(self, chance: Random) -> str:
        window = chance.window
        often = (
            "in every session" if chance.p == 1.0 else f"in {100.0 * chance.p:.3g} % of sessions"
        )
        when = f"{lasting(window.low)} to {lasting(window.high)}"
        start = "the start" if chance.after is None else f"'{self._titles[f'step.{chance.after}']}'"
        alone = f", one of '{chance.one_of}' at most" if chance.one_of else ""
        return f"by chance {often}, {when} after {start}{alone}"

    def _acts(self, interrupt: Interrupt | None) -> Iterator[str]:
        """Say what becomes of steps."""
        if interrupt is None:
            return
        for steps, become in (
            (interrupt.suspend, "stands still meanwhile"),
            (interrupt.end, "is over, and not done"),
            (interrupt.complete, "is over, and done"),
        ):
            for step in steps:
                yield f"{self._title(step)} {become}"
        for change in interrupt.change:
            told = [] if change.text is None else [f"reads '{change.text}'"]
            if change.done_when is not None:
                told.append(f"is done when {self._say(change.done_when)}")
            if change.time_limit is not None:
                told.append(f"is late after {lasting(change.time_limit)}")
            yield f"meanwhile {self._title(change.step)} {', '.join(told)}"

    def _title(self, step: str) -> str:
        return f"'{self._titles[f'step.{step}']}'"

    def _right(self, one: ResponseSpec) -> str:
        told = [] if one.when is None else [f"when {self._say(one.when)}"]
        if one.worst is not None:
            told.append(f"in {lasting(one.worst if one.best is None else one.best)}")
        if one.penalty:
            told.append(f"else up to -{one.penalty:g}")
        return f"{one.text} ({', '.join(told)})" if told else one.text

    def _wrong(self, one: Wrong) -> Mistake:
        return Mistake(one.text, self._say(one.when), one.severity, self._cost(one))

    def _cost(self, rule: ErrorRule | Wrong) -> str:
        taken = f"-{rule.penalty:g}" if rule.penalty else ""
        fatal = "no goal reached" if self._procedure.purpose == "practice" else "fails"
        return ", ".join(filter(None, (taken, fatal if rule.severity == "critical" else "")))

    def _stage(self, state: State) -> Stage:
        exits = [Exit(self._say(state.until), state.then)]
        limit = deadline(state.until)
        if limit is not None and state.otherwise is not None:
            exits.append(Exit(f"after {lasting(limit)}", state.otherwise))
        acts = (*effects(state.effect), *self._acts(state.interrupt))
        return Stage(state.id, state.text, acts, tuple(exits))


def _letters() -> Iterator[str]:
    """Give A to Z, then A2 to Z2 and so on."""
    yield from ascii_uppercase
    number = 2
    while True:
        yield from (f"{letter}{number}" for letter in ascii_uppercase)
        number += 1


def _score(line: ScoreSpec) -> Score:
    unit = line.unit
    return Score(
        line.title,
        METRICS[line.metric].text.partition(",")[0],
        line.weight,
        measured(line.best_value, unit),
        measured(line.worst_value, unit),
    )
