"""The procedure's clock stands while nobody can play, and the tick goes on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure.load import loads
from surgisim.record import load, read_result
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.look import Looks
from surgisim.session.pause import Pause
from surgisim.session.recording import recording_of
from surgisim.snapshot import Snapshot
from surgisim.trainees import scripted


def test_the_clock_stands_between_begin_and_end() -> None:
    pause = Pause()
    assert pause.clock(2.0) == 2.0
    assert pause.begin(2.0, "away")
    assert not pause.begin(3.0, "still away")
    assert pause.clock(5.0) == 2.0
    assert pause.end(6.0)
    assert not pause.end(7.0)
    assert pause.clock(7.0) == pytest.approx(3.0)


def test_a_paused_session_records_the_ticks_and_counts_them_not(
    tmp_path: Path, coarse_liver: Path
) -> None:
    aims: list[tuple[float, bool]] = []

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        looks.stand("the headset is away" if 1.0 <= snapshot.time_s < 2.0 else "")
        aims.append((looks.pause.clock(snapshot.time_s), bool(looks.pause.why)))
        if snapshot.time_s > 3.0:
            looks.leave()

    order = Order("liver_palpation", tmp_path, 1, coarse_liver)
    play(order, lambda _, rng: scripted("careful", rng), watch=watch)
    record = load(tmp_path)
    told = {event.kind: event.time_s for event in record.events}
    assert told["session.resumed"] - told["session.paused"] == pytest.approx(1.0)
    standing = [clock for clock, paused in aims if paused]
    assert len(standing) > 40
    assert max(standing) == min(standing)
    assert len(record.trace) == pytest.approx(3020, abs=20)
    during = record.commands["tick"] > 1e3 * told["session.paused"] + 1
    during &= record.commands["tick"] <= 1e3 * told["session.resumed"]
    assert not np.any(record.commands["code"][during] == 1)  # nobody aims meanwhile
    assert verify_session(record).agrees
    procedure = loads(str(record.header["procedure_text"]), "procedure")
    for device, held in (("hand", False), ("simulated:omega", False), ("forcedimension", True)):
        other = replace(record, header={**record.header, "device": device})
        assert recording_of(other, procedure).held is held
    debrief(tmp_path)
    result = read_result(tmp_path / "result.json")
    assert [one.kind for one in result.interruptions] == ["paused"]
    assert result.metrics["time"].value == pytest.approx(result.duration_s - 1.0, abs=0.05)
