"""A session of a procedure that brings its own program."""

from pathlib import Path

import pytest

from surgisim.errors import ProcedureError, SurgisimError
from surgisim.record import SessionRecord, load
from surgisim.rehearsal import make_plan
from surgisim.rehearsal.once import play_once
from surgisim.rehearsal.outcome import Task
from surgisim.session import Order, debrief, play

from .bleeds import BLEEDS, Away

OWN = BLEEDS.replace(
    "complications:\n",
    "behaviour: behaviour.py\n"
    "facts: [{name: own.looks, text: looks so far}]\n"
    "errors:\n"
    "  - {id: slow, when: own.looks > 20, severity: minor, text: slow, penalty: 1}\n"
    "complications:\n",
)
PROGRAM = """\
from surgisim.procedure import Behaviour, Effect, Vessel

class Own(Behaviour):
    looks = 0

    def facts(self, snapshot):
        self.looks += 1
        if self.looks > LAST:
            raise RuntimeError("enough")
        return {"own.looks": self.looks}

    def on_event(self, event):
        if event.kind == "error":
            yield Effect("bleed", "ooze", 0, 0.0, vessel=Vessel("vein", 1e-3, 1000.0))
"""


def played(folder: Path, liver: Path, last: int) -> tuple[SessionRecord, tuple[str, ...]]:
    folder.mkdir()
    (folder / "own.yaml").write_text(OWN)
    (folder / "behaviour.py").write_text(PROGRAM.replace("LAST", str(last)))
    order = Order(folder / "own.yaml", folder / "session", anatomy=liver, allow_behaviour=True)
    done = play(order, lambda *_: Away())
    return load(folder / "session"), done.warnings


def test_it_runs_only_where_it_is_allowed(tmp_path: Path, coarse_liver: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    (tmp_path / "behaviour.py").write_text(PROGRAM)
    order = Order(tmp_path / "own.yaml", tmp_path / "session", anatomy=coarse_liver)
    with pytest.raises(ProcedureError, match=r"brings its own program, behaviour\.py, .* --allow"):
        play(order, lambda *_: Away())
    assert not (tmp_path / "session" / "session.mcap").exists()


def test_what_it_does_is_recorded(tmp_path: Path, coarse_liver: Path) -> None:
    record, warnings = played(tmp_path / "own", coarse_liver, 10_000)
    assert warnings == ()
    (slow,) = (event for event in record.events if event.kind == "error")
    assert slow.values["seen"] == "own.looks 21"
    (ooze,) = (e for e in record.events if e.values.get("complication") == "ooze")
    assert (ooze.kind, ooze.tick) == ("bleed.started", slow.tick)
    assert "class Own" in str(record.header["behaviour_text"])
    again, _ = played(tmp_path / "again", coarse_liver, 10_000)
    assert again.events == record.events


def test_where_it_fails_the_session_ends_and_the_record_is_whole(
    tmp_path: Path, coarse_liver: Path
) -> None:
    record, (warning,) = played(tmp_path / "own", coarse_liver, 30)
    told = "behaviour.py:9: the procedure's own program failed: RuntimeError: enough"
    assert warning == f"the session was ended: {told}"
    assert record.damaged is None
    assert record.duration_s == pytest.approx(0.62)
    assert [e.text for e in record.events if e.kind == "behaviour.failed"] == [told]
    assert record.footer is not None
    assert record.footer["left"] is True
    assert not debrief(record.folder).result.completed


def test_it_is_rehearsed_with_what_it_names(tmp_path: Path, coarse_liver: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN + "patient: {ref: adult.yaml}\n")
    (tmp_path / "behaviour.py").write_text(PROGRAM.replace("LAST", "10_000"))
    (tmp_path / "adult.yaml").write_text("surgisim: patient@1\nage: 54 years\nsource: chosen\n")
    path = tmp_path / "own.yaml"
    with pytest.raises(SurgisimError, match="brings its own program"):
        make_plan(path, runs=1, anatomy=coarse_liver)
    plan = make_plan(path, runs=1, anatomy=coarse_liver, allow_behaviour=True)
    assert sorted(plan.files) == ["adult.yaml", "behaviour.py"]
    task = Task(
        trainee="dangerous",
        skill=1.0,
        seed=1,
        text=plan.text,
        anatomy=str(coarse_liver),
        files=dict(plan.files),
        allow_behaviour=True,
    )
    assert play_once(task).errors == {"slow": 1}
