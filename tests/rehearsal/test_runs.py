"""Real runs in real processes, on a coarse liver."""

import shutil
import signal
import sys
from pathlib import Path

import pytest

from surgisim.errors import SurgisimError
from surgisim.procedure import find
from surgisim.record import load
from surgisim.rehearsal import make_plan, processes, rehearse
from surgisim.rehearsal.once import play_once
from surgisim.rehearsal.outcome import Outcome, Task
from surgisim.rehearsal.processes import in_processes, play_apart
from surgisim.session import Order, debrief, play
from surgisim.session.script import script

TEXT = find("liver_palpation").read_text(encoding="utf-8")


def task(trainee: str, liver: Path, seed: int = 1) -> Task:
    return Task(trainee=trainee, skill=1.0, seed=seed, text=TEXT, anatomy=str(liver))


def test_a_run_in_memory_is_the_session_on_disk(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order("liver_palpation", tmp_path / "kept", seed=4, anatomy=coarse_liver)
    play(order, script("dangerous"))
    result = debrief(order.out).result
    outcome = play_once(task("dangerous", coarse_liver, 4))
    assert outcome.score == result.score
    assert outcome.passed == result.passed
    assert outcome.metrics == {name: one.value for name, one in result.metrics.items()}
    assert outcome.steps == {step.id: step.outcome for step in result.steps}
    assert sum(outcome.errors.values()) == len(result.errors)
    assert outcome.complications == {"capsule_tear": "caused"}
    lost = 2.0 * outcome.errors["pressed_too_hard"]
    assert max(sum(outcome.lines.values()) - lost, 0.0) == pytest.approx(result.score)
    assert load(order.out).duration_s == outcome.duration_s


def test_the_same_run_gives_the_same_outcome_in_any_process(coarse_liver: Path, own: str) -> None:
    of = task(f"{own}:Leaver", coarse_liver)
    here, there = play_once(of), play_apart(of)
    assert here.model_copy(update={"cpu_s": 0.0}) == there.model_copy(update={"cpu_s": 0.0})


def test_a_process_that_dies_takes_one_run_with_it(
    tmp_path: Path, coarse_liver: Path, own: str
) -> None:
    tasks = [task(f"{own}:Unlucky", coarse_liver, seed) for seed in range(6)]
    outcomes = list(in_processes(tasks, 2, tmp_path / "log"))
    assert sorted(one.seed for one in outcomes) == list(range(6))
    broke = {one.broke for one in outcomes if one.broke}
    assert broke == {f"its process ended with signal {signal.SIGKILL:d}"}
    assert [one.duration_s for one in outcomes if not one.broke]


def test_a_trainee_that_raises_breaks_its_run_and_is_told_where(
    tmp_path: Path, coarse_liver: Path, own: str
) -> None:
    (outcome,) = in_processes([task(f"{own}:Clumsy", coarse_liver)], 1, tmp_path / "log")
    assert outcome.broke.startswith("KeyError: 'where is my probe' (rehearsal_own.py:")
    assert "Traceback" in (tmp_path / "log").read_text()


def test_a_trainee_that_prints_breaks_nothing(tmp_path: Path, coarse_liver: Path, own: str) -> None:
    (outcome,) = in_processes([task(f"{own}:Talker", coarse_liver)], 1, tmp_path / "log")
    assert not outcome.broke
    assert "I see the liver" in (tmp_path / "log").read_text()
    assert "and say so" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("answered", "why"),
    [("{}", "signal 9"), ("{}\n", "its process answered something else"), ("nan\n", "else")],
)
def test_an_answer_that_is_none_breaks_its_run_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answered: str, why: str
) -> None:
    """Half a line, of a process killed while it wrote, ended the thread: the rehearsal hung."""
    monkeypatch.setattr(processes, "_ask", lambda *_: answered)
    tasks = [task("careful", tmp_path, seed) for seed in (1, 2)]
    outcomes = list(in_processes(tasks, 1, tmp_path / "log"))
    assert [one.seed for one in outcomes] == [1, 2]
    assert all(why in one.broke for one in outcomes)


def test_where_no_process_can_be_started_runs_break(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes.sys, "executable", str(tmp_path / "nothing"))
    (outcome,) = in_processes([task("careful", tmp_path)], 1, tmp_path / "log")
    assert outcome.broke == "no process can be started (No such file or directory)"


def test_a_trainee_that_is_stuck_is_given_up(tmp_path: Path, coarse_liver: Path, own: str) -> None:
    tasks = [task(f"{own}:Stuck", coarse_liver)]
    (outcome,) = in_processes(tasks, 1, tmp_path / "log", patience_s=5.0)
    assert outcome.broke == "it was not done after 5 s, so its process was ended"


def test_who_stops_early_leaves_no_process(tmp_path: Path, coarse_liver: Path, own: str) -> None:
    tasks = [task(f"{own}:Leaver", coarse_liver), task(f"{own}:Stuck", coarse_liver)]
    outcomes = in_processes(tasks, 2, tmp_path / "log")
    assert not next(outcomes).broke
    outcomes.close()  # joins the threads, and with them the process that is stuck
    assert list(outcomes) == []


def test_a_rehearsal_goes_on_where_it_was(tmp_path: Path, coarse_liver: Path, own: str) -> None:
    played: list[Outcome] = []

    def rehearsed(runs: int) -> None:
        plan = make_plan(
            "liver_palpation", trainees=(f"{own}:Leaver",), runs=runs, anatomy=coarse_liver
        )
        rehearse(plan, tmp_path / "out", told=played.append)

    rehearsed(2)
    first = (tmp_path / "out" / "runs.jsonl").read_bytes()
    rehearsed(3)
    assert (tmp_path / "out" / "runs.jsonl").read_bytes().startswith(first)
    assert [one.seed for one in played] == [1, 2, 1, 2, 3]
    assert played[0].cpu_s == played[2].cpu_s  # the very same, not played again


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"runs": 0}, "give at least one run"),
        ({"seed_from": -1}, "seeds from 0 on"),
        ({"trainees": ("bold",)}, "trainee 'bold' is not known"),
        ({"trainees": ("nowhere:It",)}, "no trainee 'nowhere:It'"),
        ({"skills": (2.0,)}, "the skill is 2"),
        ({"trainees": ()}, "nobody plays"),
    ],
)
def test_a_plan_that_cannot_be_played_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(SurgisimError, match=told):
        make_plan("liver_palpation", **given)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"id: \xff\n")
    with pytest.raises(SurgisimError, match=r"bad\.yaml:1:"):
        make_plan(path)


def test_runs_come_seed_by_seed(coarse_liver: Path) -> None:
    plan = make_plan("liver_palpation", runs=2, skills=(0.5, 1.0), anatomy=coarse_liver)
    assert [(run.seed, run.trainee, run.skill) for run in plan.runs()][:4] == [
        (1, "careful", 1.0),
        (1, "careful", 0.5),
        (1, "dangerous", 1.0),
        (1, "dangerous", 0.5),
    ]
    assert len(plan) == len(list(plan.runs())) == 8


def test_another_anatomy_has_another_fingerprint(coarse_liver: Path) -> None:
    with_it = make_plan("liver_palpation", anatomy=coarse_liver)
    assert with_it.fingerprint == make_plan("liver_palpation", anatomy=coarse_liver).fingerprint
    assert with_it.fingerprint != make_plan("liver_palpation").fingerprint


def test_an_anatomy_that_the_procedure_names_is_part_of_the_fingerprint(
    tmp_path: Path, coarse_liver: Path
) -> None:
    """A folder named by the file itself could change under a rehearsal that went on."""
    folder = tmp_path / "organs"
    shutil.copytree(coarse_liver, folder)
    path = tmp_path / "own.yaml"
    path.write_text(TEXT.replace("anatomy: parametric_liver", f"anatomy: {folder}"))
    before = make_plan(path).fingerprint
    assert make_plan(path).fingerprint == before
    (folder / "note").write_text("another organ")
    assert make_plan(path).fingerprint != before


def test_a_trainee_of_ones_own_is_known_by_its_program(coarse_liver: Path, own: str) -> None:
    given = ("careful", f"{own}:Leaver")
    first = make_plan("liver_palpation", trainees=given, anatomy=coarse_liver)
    assert list(first.programs) == [f"{own}:Leaver"]
    file = Path(str(sys.modules[own].__file__))
    file.write_text(file.read_text() + "\n# edited\n")
    second = make_plan("liver_palpation", trainees=given, anatomy=coarse_liver)
    assert second.programs != first.programs
    assert second.fingerprint == first.fingerprint  # careful's runs are kept


def test_who_leaves_at_once_earns_nothing_for_it(coarse_liver: Path, own: str) -> None:
    outcome = play_once(task(f"{own}:Leaver", coarse_liver))
    assert outcome.score == 0.0
    assert outcome.metrics["time"] < 1.0
