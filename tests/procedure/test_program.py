"""A procedure's own program: read without running, run under guard, the same each time."""

import re
from pathlib import Path

import numpy as np
import pytest

from surgisim.errors import ProcedureError
from surgisim.procedure import (
    Effect,
    Engine,
    Program,
    Vessel,
    load,
    problems_of,
    program_text,
)
from surgisim.procedure.fingerprint import fingerprint
from surgisim.snapshot import Event, Meters, ProbeState, Snapshot

from .trial import HEAD

DOC = Path(__file__).parents[2] / "docs" / "procedures.md"
BODY = """\
steps:
  - {id: touch, title: Touch, done_when: own.swing > 1 N or own.still}
behaviour: behaviour.py
facts:
  - {name: own.swing, unit: N, text: change of force}
  - {name: own.still, unit: yes or no, text: nothing moves}
"""
PROGRAM = """\
from surgisim.procedure import Behaviour, Effect, Vessel

class Own(Behaviour):
    def facts(self, snapshot):
        drawn = self.rng.random()
        return {"own.swing": snapshot.probe.force[1] + drawn, "own.still": False}

    def on_event(self, event):
        if event.kind == "error":
            yield Effect("bleed", "ooze", 0, 0.0, vessel=Vessel("vein", 1e-3, 1000.0))
"""


def written(folder: Path, program: str = PROGRAM, body: str = BODY) -> Path:
    (folder / "behaviour.py").write_text(program)
    path = folder / "own.yaml"
    path.write_text(HEAD + body)
    return path


def snapshot(force_n: float) -> Snapshot:
    probe = ProbeState((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, force_n, 0.0), True)
    return Snapshot(20, 0.02, probe, Meters(), np.zeros((0, 3)))


def begun(folder: Path, program: str = PROGRAM) -> Program:
    procedure = load(written(folder, program))
    return Program(procedure, program_text(procedure, folder), np.random.default_rng(7))


def test_its_facts_are_words_of_conditions(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path)) == []
    path = written(tmp_path, body=BODY.replace("own.swing > 1 N", "own.swng > 1 N"))
    assert problems_of(path)[0].message == "unknown name 'own.swng' (did you mean 'own.swing'?)"
    path = written(tmp_path, body=BODY.replace("own.swing > 1 N", "own.swing > 1 mm"))
    assert "cannot be compared" in problems_of(path)[0].message


def test_what_a_windows_editor_writes_first_is_no_mistake(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, "\ufeff" + PROGRAM)) == []


def test_a_bleed_after_its_stop_is_a_new_one(tmp_path: Path) -> None:
    engine = Engine(load(written(tmp_path)), np.random.default_rng(1))
    vessel = Vessel("vein", 1e-3, 1000.0)
    bleed = Effect("bleed", "ooze", 0, 0.0, vessel=vessel)
    told = []
    for effect in (bleed, bleed, Effect("bleed_stop", "ooze", 0, 0.0, vessel=vessel), bleed):
        told += engine.apply(effect, 20, 0.02)
    assert [one.kind for one in told] == ["bleed.started", "bleed.changed", "bleed.started"]


def test_it_tells_and_answers_the_same_each_time(tmp_path: Path) -> None:
    drawn = np.random.default_rng(7).random()
    for _ in range(2):
        program = begun(tmp_path)
        assert program.facts(snapshot(2.0)) == {"own.swing": 2.0 + drawn, "own.still": False}
        (effect,) = program.answer([Event(20, 0.02, "mark.set"), Event(20, 0.02, "error")])
        assert effect.vessel is not None
        assert effect.vessel.name == "vein"


def test_checking_runs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    path = written(tmp_path, PROGRAM + f"\nopen({str(ran)!r}, 'w').close()\n")
    assert problems_of(path) == []
    assert load(path).behaviour == "behaviour.py"
    assert not ran.exists()
    begun(tmp_path, path.with_name("behaviour.py").read_text())
    assert ran.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["behaviour.py", "own.yaml", "ran"]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("class Own(Behaviour:\n", "behaviour.py:1: not Python: "),
        ("x = 1\n", "the program 'behaviour.py' must hold one class derived from 'Behaviour'"),
        (PROGRAM + PROGRAM, "must hold one class derived from 'Behaviour'"),
        ("(" * 5000, "behaviour.py"),
        ("#" * 200_001, "the program 'behaviour.py' is longer than 200000 characters"),
        ("\0", "behaviour.py"),
        (f"class Own(a{'.b' * 700}):\n    pass\n", "must hold one class derived from 'Behaviour'"),
    ],
)
def test_what_is_no_program_is_told_at_its_key(tmp_path: Path, program: str, message: str) -> None:
    (problem,) = problems_of(written(tmp_path, program))
    assert message in problem.message
    assert problem.line == HEAD.count("\n") + 3


def test_a_program_outside_the_folder_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, body=BODY.replace("behaviour.py", "../behaviour.py"))
    assert "leads out of the procedure's folder" in problems_of(path)[0].message


def test_facts_need_a_program(tmp_path: Path) -> None:
    path = written(tmp_path, body=BODY.replace("behaviour: behaviour.py\n", ""))
    assert [problem.message for problem in problems_of(path)] == [
        "nobody tells these facts: name the program that does under 'behaviour'"
    ]


@pytest.mark.parametrize(
    ("part", "other", "message"),
    [
        (
            "drawn = self.rng.random()",
            "drawn = 1 / 0",
            r"behaviour\.py:5: the procedure's own program failed: ZeroDivisionError: division",
        ),
        ("drawn = self.rng.random()", "raise SystemExit(3)", r"behaviour\.py:5: .* SystemExit: 3"),
        (
            '"own.still": False',
            '"own.quiet": False',
            r"no others: own\.quiet, own\.still",
        ),
        ('"own.still": False', '"own.still": 3', r"'own\.still' must be yes or no, not 3"),
        (
            "snapshot.probe.force[1] + drawn",
            'float("nan")',
            r"'own\.swing' must be a finite number, not nan",
        ),
        (', vessel=Vessel("vein", 1e-3, 1000.0)', "", "an effect is a 'bleed' with a 'vessel'"),
        ('Effect("bleed"', 'Effect("leak"', "an effect is .* and not a 'leak' without"),
        ("yield Effect(", "yield print(", r"behaviour\.py:10: .* TypeError"),
        ("yield Effect(", "yield (lambda *a, **k: 3)(", "'on_event' must return effects, not 3"),
    ],
)
def test_a_failure_is_one_sentence_with_its_line(
    tmp_path: Path, part: str, other: str, message: str
) -> None:
    program = begun(tmp_path, PROGRAM.replace(part, other))
    event = Event(20, 0.02, "error")
    answers = "Effect(" in part or "Vessel" in part
    with pytest.raises(ProcedureError, match=message) as caught:
        program.answer([event]) if answers else program.facts(snapshot(1.0))
    assert "\n" not in str(caught.value)


def test_a_program_that_cannot_begin_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProcedureError, match=r"behaviour\.py:1: .* ModuleNotFoundError"):
        begun(tmp_path, "import nothing_of_the_kind\n" + PROGRAM)


def test_it_counts_for_the_version(tmp_path: Path) -> None:
    procedure = load(written(tmp_path))
    assert fingerprint(procedure, PROGRAM) != fingerprint(procedure, PROGRAM + "# more\n")


def test_the_program_of_the_guide_runs(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", DOC.read_text(), re.DOTALL)
    procedure = load(written(tmp_path, program, BODY.replace(" or own.still", "")[:-60]))
    own = Program(procedure, program_text(procedure, tmp_path), np.random.default_rng(1))
    assert own.facts(snapshot(2.0)) == {"own.swing": 2.0}
    assert own.facts(snapshot(0.5)) == {"own.swing": 1.5}
    assert [one.kind for one in own.answer([Event(20, 0.02, "error")])] == ["bleed"]
