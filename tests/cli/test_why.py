"""`surgisim why`, and the same in the report."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.cli import main
from surgisim.procedure import FACTS, Engine, find, load
from surgisim.record import SessionWriter
from surgisim.report.why import transitions
from surgisim.snapshot import TRACE_DTYPE, Event


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A record of the liver's procedure whose capsule tears while it is pressed."""
    engine = Engine(load(find("liver_palpation")), np.random.default_rng(1))
    facts = {name: False if word.unit == "bool" else 0.0 for name, word in FACTS.items()}
    events: list[Event] = []
    for n in range(100):
        seen = {"probe.touching": n > 10, "capsule.torn": n > 50, "probe.force": 3.5}
        events += engine.update(n * 20 + 20, n * 0.02 + 0.02, facts | seen)
    trace = np.zeros(2000, TRACE_DTYPE)
    trace["tick"] = np.arange(1, 2001)
    with SessionWriter(tmp_path / "session") as writer:
        writer.write_header({"procedure": "p", "version": "1", "seed": 1, "dt_s": 1e-3})
        writer.write_trace(trace)
        for event in events:
            writer.write_event(event)
        writer.write_footer({"completed": False})
    return tmp_path / "session"


@pytest.mark.usefixtures("unfolded")
def test_every_transition_is_told(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(session)]) == 0
    told = capsys.readouterr().out
    assert (
        "0:01.0  tick 1040  complication.started  capsule_tear\n"
        "    because capsule.torn   [capsule.torn yes]\n" in told
    )
    assert "because probe.touching for 0.2 s   [probe.touching yes]" in told
    assert "because of: its first state" in told


def test_one_subject_alone(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(session), "--of", "search"]) == 0
    assert capsys.readouterr().out == (
        "0:00.4  tick 440  step.started  search\n    because of: done: touch\n"
    )
    assert main(["why", str(session), "--of", "serch"]) == 1


def test_values_are_kept_in_si_too() -> None:
    values = {"why": "condition", "guard": "a > 1 N", "seen": "a 2 N", "fact.a": 2.0}
    (one,) = transitions([Event(20, 0.02, "error", "pressed", None, values), Event(21, 0.021, "x")])
    assert (one.tick, one.guard, one.seen) == (20, "a > 1 N", "a 2 N")
