"""`surgisim why`, and the same in the report."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.authoring import beginning
from surgisim.cli import main
from surgisim.procedure import FACTS, Engine, find
from surgisim.procedure.load import loads
from surgisim.record import SessionWriter
from surgisim.report.why import transitions
from surgisim.session.chance import sources
from surgisim.snapshot import TRACE_DTYPE, Event

TORN = "    text: the capsule has torn and the liver bleeds\n"
STANDS = "    interrupt: {suspend: [search]}\n"
STOPPED = "    correct:\n      - stop pressing and say that you have finished\n"
RESPONDED = """\
    correct:
      - {id: let_go, text: let go, when: not probe.touching, best: 3 s, worst: 10 s}
    wrong:
      - {id: pressed_on, text: pressed on, when: probe.force > 9 N}
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A record of the liver's procedure whose capsule tears while it is pressed."""
    text = find("liver_palpation").read_text(encoding="utf-8")
    return recorded(tmp_path / "session", text, torn_from=51)


def recorded(folder: Path, text: str, torn_from: int) -> Path:
    """A record of 2 s; the probe touches from the look 11 to 90, and the capsule tears."""
    engine = Engine(loads(text, "recorded"), sources(1).engine)
    facts = {name: False if word.unit == "bool" else 0.0 for name, word in FACTS.items()}
    events: list[Event] = []
    for n in range(100):
        seen = {"probe.touching": 10 < n <= 90, "capsule.torn": n >= torn_from, "probe.force": 3.5}
        events += engine.update(n * 20 + 20, n * 0.02 + 0.02, facts | seen)
    trace = np.zeros(2000, TRACE_DTYPE)
    trace["tick"] = np.arange(1, 2001)
    header = {"procedure": "p", "version": "1", "seed": 1, "dt_s": 1e-3, "procedure_text": text}
    with SessionWriter(folder) as writer:
        writer.write_header(header)
        writer.write_trace(trace)
        for event in events:
            writer.write_event(event)
        writer.write_footer({"completed": False})
    return folder


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


@pytest.mark.usefixtures("unfolded")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("report", "step 'report' never began: it needs search to be done"),
        ("pressed_too_hard", "mistake 'pressed_too_hard' was never made: 'limit.exceeded' never "),
        ("deep_breath", "complication 'deep_breath' never began: chance (100 %) drew it for "),
    ],
)
def test_what_did_not_happen_is_told_with_its_condition(
    session: Path, name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", str(session), "--of", name]) == 0
    assert capsys.readouterr().out.startswith(told)


def test_a_misspelt_name_is_told(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(session), "--of", "capsule_taer"]) == 2
    assert "'capsule_taer' (did you mean 'capsule_tear'?)" in capsys.readouterr().err


@pytest.mark.usefixtures("unfolded")
def test_responses_are_named_and_told_with_their_complication(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = beginning("own").replace(STOPPED, RESPONDED).replace(TORN, f"{TORN}{STANDS}", 1)
    played = recorded(tmp_path / "torn", text, torn_from=70)
    assert main(["why", str(played), "--of", "tear"]) == 0
    told = capsys.readouterr().out
    assert "response.given  let_go (tear)\n    because not probe.touching" in told
    assert "step.suspended  search (tear)\n    because of: complication tear" in told
    assert main(["why", str(played), "--of", "pressed_on"]) == 0
    assert capsys.readouterr().out == (
        "response 'pressed_on' was never given: 'probe.force > 9 N' never held while 'tear' "
        "lasted\n"
    )
    spared = recorded(tmp_path / "spared", text, torn_from=1000)
    for name, why in (
        ("tear", "complication 'tear' never began: 'capsule.torn' never held\n"),
        ("let_go", "response 'let_go' was never given: 'tear' never began\n"),
        ("deep_breath", "complication 'deep_breath' never began: chance (50 %) "),
    ):
        assert main(["why", str(spared), "--of", name]) == 0
        assert capsys.readouterr().out.startswith(why)


def test_values_are_kept_in_si_too() -> None:
    values = {"why": "condition", "guard": "a > 1 N", "seen": "a 2 N", "fact.a": 2.0}
    (one,) = transitions([Event(20, 0.02, "error", "pressed", None, values), Event(21, 0.021, "x")])
    assert (one.tick, one.guard, one.seen) == (20, "a > 1 N", "a 2 N")
