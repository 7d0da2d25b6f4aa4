"""What one run came to, as a line of the file of runs."""

from collections.abc import Generator
from typing import Self, TypeAlias

from pydantic import Field

from surgisim.record.files import Part
from surgisim.rehearsal.plan import Run

__all__ = ["Outcome", "Outcomes", "Task"]


class Task(Part):
    """A run with all that a process needs to play it; the procedure travels as text."""

    trainee: str
    skill: float
    seed: int
    text: str
    anatomy: str | None = None
    files: dict[str, str] = Field(default_factory=dict)
    allow_behaviour: bool = False

    @property
    def run(self) -> Run:
        """Which run it is."""
        return Run(self.trainee, self.skill, self.seed)


class Outcome(Part):
    """What a run came to.

    Attributes
    ----------
    trainee, skill, seed
        Which run.
    broke
        Why it has no outcome, or nothing.
    passed, score, duration_s
        Whether the points pass (in practice: reach the goal) without a critical mistake; the
        points; simulated seconds.
    completed
        Whether every step was done.
    steps
        Outcome of each step, as in ``result.json``.
    complications
        Causes of those that began: ``chance`` or ``caused``.
    drawn, due
        Complications that chance drew, and of these the ones whose time came.
    may
        Wrong responses that chance lets cause a complication.
    errors
        How often each mistake was made.
    lines, metrics
        Points of each line of the rubric; every measure, SI, None where there was nothing.
    cpu_s
        Processor time it took.
    program
        Digest of the file that a trainee of one's own was written in, see `Plan.programs`.
    """

    trainee: str
    skill: float
    seed: int
    broke: str = ""
    passed: bool = False
    score: float = 0.0
    duration_s: float = 0.0
    completed: bool = False
    steps: dict[str, str] = Field(default_factory=dict)
    complications: dict[str, str] = Field(default_factory=dict)
    drawn: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    errors: dict[str, int] = Field(default_factory=dict)
    lines: dict[str, float] = Field(default_factory=dict)
    metrics: dict[str, float | None] = Field(default_factory=dict)
    cpu_s: float = 0.0
    program: str = ""

    @property
    def run(self) -> Run:
        """Which run it was."""
        return Run(self.trainee, self.skill, self.seed)

    @classmethod
    def broken(cls, run: Run, why: str) -> Self:
        """Say that a run has no outcome, and why."""
        return cls(trainee=run.trainee, skill=run.skill, seed=run.seed, broke=why)


Outcomes: TypeAlias = Generator[Outcome, None, None]
"""Outcomes as they come; whoever stops early closes it, and what is at work is let go."""
