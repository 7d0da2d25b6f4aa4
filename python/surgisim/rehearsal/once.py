"""One run, from its seed to its outcome; nothing of it is kept on disk."""

import tempfile
import time
from collections import Counter
from pathlib import Path

from surgisim.procedure import Engine, Procedure
from surgisim.record import Notebook
from surgisim.rehearsal.outcome import Outcome, Task
from surgisim.session import Order
from surgisim.session.debrief import Assessment, assess
from surgisim.session.play import perform
from surgisim.session.script import script, titled

__all__ = ["play_once"]


def play_once(task: Task) -> Outcome:
    """Play a run as `surgisim run` would, in lockstep, and score it.

    Raises
    ------
    SurgisimError
        Whatever keeps it from being played.
    """
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="surgisim-") as folder:
        path = Path(folder) / "procedure.yaml"
        path.write_text(task.text, encoding="utf-8")
        for name, text in task.files.items():
            beside = path.parent / name
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
        order = Order(
            procedure=path,
            out=Path(folder),
            seed=task.seed,
            anatomy=None if task.anatomy is None else Path(task.anatomy),
            trainee=titled(task.trainee, task.skill),
            allow_behaviour=task.allow_behaviour,
        )
        notebook = Notebook()
        played = perform(order, script(task.trainee, task.skill), notebook)
    found = assess(notebook.record(Path("rehearsal")))
    return _outcome(task, played.stage.procedure, played.engine, found, time.process_time() - began)


def _outcome(
    task: Task, procedure: Procedure, engine: Engine, found: Assessment, cpu_s: float
) -> Outcome:
    result = found.result
    rubric = {line.id for line in procedure.scoring.lines}
    drawn = tuple(name for name, delay in engine.drawn.items() if delay is not None)
    return Outcome(
        trainee=task.trainee,
        skill=task.skill,
        seed=task.seed,
        passed=found.score.passed,
        score=result.score,
        duration_s=result.duration_s,
        completed=result.completed,
        steps={step.id: step.outcome for step in result.steps},
        complications={record.id: record.cause for record in engine.complications if record.cause},
        drawn=drawn,
        due=tuple(name for name in drawn if _was_due(name, procedure, engine, result.duration_s)),
        may=tuple(name for name, lets in engine.chances.items() if lets),
        errors=dict(Counter(error.id for error in result.errors)),
        lines={line.id: line.points for line in found.score.lines if line.id in rubric},
        metrics={name: metric.value for name, metric in result.metrics.items()},
        cpu_s=cpu_s,
    )


def _was_due(name: str, procedure: Procedure, engine: Engine, end_s: float) -> bool:
    """Whether the time that chance drew for a complication came before the end."""
    chance = next(one.random for one in procedure.complications if one.id == name)
    delay = engine.drawn[name]
    if chance is None or delay is None:
        return False
    begin_s: float | None = 0.0
    if chance.after is not None:
        begin_s = next(step.ended_s for step in engine.steps if step.id == chance.after)
    return begin_s is not None and begin_s + delay <= end_s
