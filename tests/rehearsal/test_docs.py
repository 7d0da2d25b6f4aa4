"""The page about rehearsals: its trainee plays, its program runs, its commands are read."""

import re
import shlex
from pathlib import Path

import pytest

from surgisim.cli import parser
from surgisim.procedure import find
from surgisim.rehearsal import Plan, Rehearsal, make_plan, rehearse
from surgisim.rehearsal.once import play_once
from surgisim.rehearsal.outcome import Task
from surgisim.trainees import Skill

PAGE = (Path(__file__).parents[2] / "docs" / "rehearse.md").read_text(encoding="utf-8")
OWN, PROGRAM = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_trainee_of_the_page_plays(
    tmp_path: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_trainees.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    text = find("liver_palpation").read_text(encoding="utf-8")
    outcome = play_once(
        Task(trainee="my_trainees:Toucher", skill=1.0, seed=1, text=text, anatomy=str(coarse_liver))
    )
    assert outcome.completed is False
    assert outcome.metrics["path"] > 0.02
    assert outcome.duration_s < 5.0


def test_the_program_of_the_page_runs(
    tmp_path: Path, coarse_liver: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def quick_plan(procedure: str, **given: object) -> Plan:
        assert given == {"trainees": ("careful",), "runs": 2}
        return make_plan(procedure, trainees=(f"{own}:Leaver",), runs=2, anatomy=coarse_liver)

    names = {"make_plan": quick_plan, "rehearse": rehearse}
    exec(re.sub(r"^from surgisim.*\n", "", PROGRAM, flags=re.MULTILINE), names)  # noqa: S102
    found = names["found"]
    assert isinstance(found, Rehearsal)
    assert found.summary.runs == 2


def test_the_commands_of_the_page_are_read() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)
    lines = [line for line in "".join(blocks).splitlines() if line.startswith("surgisim ")]
    assert len(lines) >= 5
    for line in lines:
        arguments = shlex.split(line)[1:]
        assert parser(arguments).parse_args(arguments).command == "rehearse"


def test_the_shortcomings_of_the_page_are_those_of_the_skill() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+)( \S+)? \|", PAGE, flags=re.MULTILINE)
    told = {name: float(value) for name, value, _ in rows if name in _NAMES}
    none = Skill.at(0.0)
    assert told == {
        "reaction": none.reaction_s,
        "tremor": pytest.approx(1e3 * none.tremor_m),
        "force": none.overpress,
        "touch": 100.0 * none.weber,
        "search": 100.0 * none.missed,
        "pace": 1.0 + none.slowness,
    }


_NAMES = ("reaction", "tremor", "force", "touch", "search", "pace")
