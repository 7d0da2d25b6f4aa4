"""Whole sessions, played by a script on a coarse liver: record, replay, score, report."""

import json
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim import ProcedureError, RecordError, SurgisimError
from surgisim.commands.debriefing import write_debriefing
from surgisim.commands.entering import Entry
from surgisim.procedure import find
from surgisim.record import load
from surgisim.run import LockstepRun
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.play import Played
from surgisim.trainees import Action, Sight, Trainee, scripted


class Idle:
    """Touches the liver once, sets a mark, and has finished."""

    def act(self, sight: Sight) -> Action:
        if sight.time_s > 1.6:
            return Action(finish=True)
        x, _, z = sight.probe.position
        top = sight.positions[:, 1].max() + sight.probe_radius_m - 0.004
        return Action(aim=(x, float(top), z), mark=sight.marks == 0 and sight.time_s > 1.4)


def dangerous(out: Path, liver: Path, seed: int = 1) -> Played:
    order = Order("liver_palpation", out, seed=seed, anatomy=liver, trainee="dangerous")
    return play(order, lambda _, rng: scripted("dangerous", rng))


def idle(out: Path, liver: Path, *, seed: int = 1, live: bool = False) -> Played:
    order = Order("liver_palpation", out, seed=seed, anatomy=liver, trainee="idle", live=live)
    return play(order, lambda *_: Idle(), wait=time.sleep)


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    out = tmp_path_factory.mktemp("session") / "torn"
    dangerous(out, coarse_liver)
    return out


def test_same_seed_same_record_to_the_byte(torn: Path, tmp_path: Path, coarse_liver: Path) -> None:
    dangerous(tmp_path / "again", coarse_liver)
    once, again = ((folder / "session.mcap").read_bytes() for folder in (torn, tmp_path / "again"))
    assert once == again


def test_another_seed_hides_the_nodules_elsewhere(tmp_path: Path, coarse_liver: Path) -> None:
    centres = []
    for seed in (1, 2):
        idle(tmp_path / str(seed), coarse_liver, seed=seed)
        nodules = load(tmp_path / str(seed)).header["nodules"]
        centres.append(np.array([nodule["center"] for nodule in nodules]))
    assert np.linalg.norm(centres[0] - centres[1], axis=1).min() > 1e-3


def test_replay_agrees_to_the_bit(torn: Path) -> None:
    record = load(torn)
    verdict = verify_session(record)
    assert verdict.ticks == len(record.trace)
    assert verdict.agrees


def test_replay_sees_another_tissue(torn: Path) -> None:
    record = load(torn)
    softer = dict(record.arrays)
    softer["young_modulus"] = softer["young_modulus"] * (1.0 - 1e-6)
    changed = type(record)(
        **{**{f: getattr(record, f) for f in record.__slots__}, "arrays": softer}
    )
    assert not verify_session(changed).agrees


def test_pressing_hard_tears_bleeds_and_fails(torn: Path) -> None:
    record = load(torn)
    kinds = [event.kind for event in record.events]
    assert kinds.index("tissue.torn") <= kinds.index("bleed.started")
    assert kinds[-1] == "session.ended"
    result = debrief(torn).result
    assert not result.passed
    assert {e.id for e in result.errors} >= {"capsule_torn", "pressed_too_hard"}
    assert result.metrics["blood.lost"].value > 0.0
    page = (torn / "report.html").read_text()
    assert "Torn capsule" in page


def test_result_has_the_published_keys(torn: Path) -> None:
    debrief(torn)
    result = json.loads((torn / "result.json").read_text())
    assert list(result) == [
        "procedure",
        "version",
        "seed",
        "completed",
        "passed",
        "score",
        "duration_s",
        "metrics",
        "errors",
        "complications",
        "steps",
        "ticks",
        "pass_mark",
        "lines",
        "failed_by",
        "objectives",
        "device",
        "outcome",
    ]
    published = {"count", "cpu_us_p50", "cpu_us_p99", "late", "scheduler"}
    more = {"rate_hz", "braked", "watchdog_trips", "tissue_hz", "cpu_holds_tissue"}
    assert set(result["ticks"]) == published | more
    assert (result["ticks"]["tissue_hz"], result["ticks"]["cpu_holds_tissue"]) == (None, True)
    assert result["outcome"] == "failed"
    assert result["ticks"]["count"] == round(1e3 * result["duration_s"])


def test_a_quiet_session_is_completed_and_scored(tmp_path: Path, coarse_liver: Path) -> None:
    idle(tmp_path, coarse_liver)
    result = debrief(tmp_path).result
    assert result.metrics["nodules.found"].value in (0.0, 1.0)
    assert result.metrics["blood.lost"].value == 0.0
    assert result.steps[0].outcome == "done"


def test_live_session_is_recorded_and_replays(tmp_path: Path, coarse_liver: Path) -> None:
    played = idle(tmp_path, coarse_liver, live=True)
    assert played.stats.scheduler in ("fifo", "normal")
    record = load(tmp_path)
    assert record.damaged is None
    assert record.timing is not None
    assert record.timing.lateness_us is not None
    assert verify_session(record).agrees


def test_what_is_missing_is_said_before_anything_is_played(tmp_path: Path) -> None:
    order = Order("liver_palpatoin", tmp_path / "out")
    with pytest.raises(ProcedureError, match="did you mean 'liver_palpation'"):
        play(order, lambda *_: Idle())
    assert not (tmp_path / "out").exists()
    with pytest.raises(RecordError):
        debrief(tmp_path / "nothing")


class Interrupted:
    """Plays as another trainee does, and is stopped when something goes wrong."""

    def __init__(self, trainee: Trainee, by: signal.Signals) -> None:
        self.trainee = trainee
        self.by = by

    def act(self, sight: Sight) -> Action:
        if sight.alarm:
            signal.raise_signal(self.by)
        return self.trainee.act(sight)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_loses_nothing_of_the_look_under_way(
    tmp_path: Path, coarse_liver: Path, by: signal.Signals
) -> None:
    order = Order("liver_palpation", tmp_path, anatomy=coarse_liver, trainee="dangerous")
    play(order, lambda _, rng: Interrupted(scripted("dangerous", rng), by))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    record = load(tmp_path)
    assert record.damaged is None
    assert record.footer is not None
    assert record.footer["left"]
    assert "tissue.torn" in [event.kind for event in record.events]
    assert verify_session(record).agrees
    result = debrief(tmp_path).result
    assert not result.completed
    assert "capsule_torn" in {error.id for error in result.errors}


def test_ctrl_c_between_two_live_looks_leaves_after_one_more(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the terminal says so, not that the trainee failed."""
    done: list[str] = []

    def wait(seconds: float) -> None:
        done.append("wait")
        if len(done) > 9:
            signal.raise_signal(signal.SIGINT)
        time.sleep(seconds)

    order = Order("liver_palpation", tmp_path, anatomy=coarse_liver, live=True)
    play(order, lambda *_: Idle(), watch=lambda *_: done.append("look"), wait=wait)
    assert done == ["look", "wait"] * 5 + ["look"]
    record = load(tmp_path)
    assert record.damaged is None
    assert record.footer is not None
    assert record.footer["left"]
    write_debriefing(Entry(tmp_path))
    said = capsys.readouterr().out
    assert said.startswith("interrupted, so neither passed nor failed; so far ")
    assert json.loads((tmp_path / "result.json").read_text())["outcome"] == "interrupted"


def test_the_text_recorded_is_the_one_played(tmp_path: Path, coarse_liver: Path) -> None:
    written = find("liver_palpation").read_text()
    file = tmp_path / "mine.yaml"
    file.write_text(written)

    def cast(*_: object) -> Idle:
        file.unlink()  # while the briefing is read
        return Idle()

    play(Order(file, tmp_path / "out", anatomy=coarse_liver), cast)
    assert load(tmp_path / "out").header["procedure_text"] == written


def test_a_file_that_is_no_text_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ProcedureError, match=r"mine\.yaml:1:1: the file is not text in UTF-8"):
        play(Order(file, tmp_path / "out"), lambda *_: Idle())


def test_a_session_left_at_the_briefing_replaces_none(tmp_path: Path, coarse_liver: Path) -> None:
    idle(tmp_path, coarse_liver)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def cast(*_: object) -> Idle:
        raise SurgisimError("left")

    with pytest.raises(SurgisimError, match="left"):
        play(Order("liver_palpation", tmp_path, seed=2, anatomy=coarse_liver), cast)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_seed_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurgisimError, match="seed is -1; choose a whole number, 0 or more"):
        play(Order("liver_palpation", tmp_path / "out", seed=-1), lambda *_: Idle())
    assert not (tmp_path / "out").exists()


def test_rows_lost_in_the_run_make_the_record_not_whole(
    tmp_path: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stats = LockstepRun.stats
    monkeypatch.setattr(LockstepRun, "stats", lambda run: replace(stats(run), lost=(0, 12, 1)))
    idle(tmp_path, coarse_liver)
    record = load(tmp_path)
    assert record.footer is not None
    assert record.footer["lost"] == {"events": 0, "trace_rows": 12, "commands": 1}
    assert record.damaged is not None
    assert "(commands: 1, trace rows: 12)" in record.damaged


def test_the_record_names_no_path(torn: Path, coarse_liver: Path) -> None:
    header = load(torn).header
    assert header["anatomy"] == coarse_liver.name
    assert header["organ"] == "liver"


def test_a_session_that_ends_early_is_whole_to_the_progress(
    tmp_path: Path, coarse_liver: Path
) -> None:
    shares = []
    order = Order("liver_palpation", tmp_path / "out", anatomy=coarse_liver)
    play(order, lambda *_: Idle(), progress=lambda _, share: shares.append(share))
    assert shares[-1] == 1.0
