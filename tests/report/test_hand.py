"""The debriefing's section about the device and the hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surgisim.record import SessionRecord
from surgisim.report import render_report, report_data
from surgisim.report.hand import hand_of, profile_sentence
from surgisim.report.model import Hand
from surgisim.scoring import Profile, Unfelt
from surgisim.snapshot import Event

from .played import Played, play

GAINS = {"stiffness": 1500.0, "damping": 5.25, "rotational_stiffness": None}
MAPPING = {"rotation": [1.0, 0.0, 0.0, 0.0], "scale": 2.0, "force_scale": 0.5}
INFO = {"model": "a Touch", "output_dof": 3, "friction_n": 0.1}
LOST = Event(30_000, 30.0, "tick.fault", "reading the device failed", None, {"fault": "lost"})
BACK = Event(31_000, 31.0, "device.back", "the device is back")
OFFS = np.array([0.001, 0.012, 0.02, 0.024])
OVER = Profile(1, 0.009, 0.0021, 0.262, 0.001, 0.2, (0.18, 0.23), OFFS, np.full(4, 0.21))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("hand"))


def with_header(session: Played, **more: object) -> SessionRecord:
    whole = {name: getattr(session.record, name) for name in session.record.__slots__}
    header = {"device_info": INFO, "control": {"gains": GAINS, "mapping": MAPPING}, "rig": "bench"}
    whole["header"] = {**session.record.header, **header, **more}
    whole["events"] = (*session.record.events, LOST, BACK)
    return type(session.record)(**whole)


def hand(session: Played, **more: object) -> Hand:
    record = with_header(session, **more)
    found = hand_of(record, record.timing, session.recording.nodules)
    assert found is not None
    return found


def page(session: Played, *told: Profile, unfelt: tuple[Unfelt, ...] = ()) -> str:
    record = with_header(session)
    data = report_data(record, session.recording, session.score, (), session.metrics)
    assert data.hand is not None
    return render_report(replace(data, hand=replace(data.hand, profiles=told, unfelt=unfelt)))


def test_the_page_names_device_rig_coupling_limits_and_faults(session: Played) -> None:
    text = page(session)
    for told in (
        "The loop and the hand",
        "<td>a Touch</td>",
        "<td>bench</td>",
        "1,500 N/m, 5.2 N s/m",
        "1 mm of hand is 2 mm of tool, 1 N at the tool is 0.5 N in the hand",
        "0.1 N, which the hand feels as well",
        "0:30.0 Reading the device failed.",
        "0:31.0 The device is back.",
    ):
        assert told in text
    assert "taken away by a fault" not in text  # which never happened
    assert "In these moments the hand did not get its force" in text


def test_the_page_says_and_draws_what_was_felt_over_a_nodule(session: Played) -> None:
    text = page(session, OVER, unfelt=(Unfelt(0, "no press went over it"), Unfelt(2, "too few")))
    assert "Over nodule B the hand felt 31 % more than beside it" in text
    assert 'id="feel-' in text
    assert "Nodule B: +31 %" in text
    assert "Nodule A cannot be compared: no press went over it." in text
    assert "Nodule C cannot be compared: too few." in text
    nothing = page(session, unfelt=(Unfelt(0, "no spot was pressed"),))
    assert "Nodule A cannot be compared: no spot was pressed." in nothing
    assert 'id="feel-' not in nothing
    assert "What the hand felt over the nodules" not in page(session)


def test_a_sentence_tells_less_as_well_as_more() -> None:
    sentence = profile_sentence(replace(OVER, over=0.16))
    assert sentence.startswith(
        "Over nodule B the hand felt 20 % less than beside it (0.16 and 0.20 N"
    )
    assert sentence.endswith("beside it the force goes from \N{MINUS SIGN}10 % to +15 %.")


def test_forces_are_drawn_where_the_hand_got_another_one_than_the_tissue_gave(
    session: Played,
) -> None:
    record = with_header(session)
    rows = record.trace.copy()
    rows["device_force"] = MAPPING["force_scale"] * rows["force"]
    whole = {name: getattr(record, name) for name in record.__slots__}
    same = hand_of(type(record)(**{**whole, "trace": rows}), None, ())
    assert same is not None
    assert same.felt_n is None
    assert "Tissue" not in dict(same.facts)
    assert same.facts[-1][0] == "Own friction"  # and nothing of ticks that nobody counted
    other = hand(session)  # whose device was given nothing
    assert other.felt_n is not None
    assert other.felt_n.max() == 0.0
    assert other.tissue_n.max() == pytest.approx(0.5 * session.recording.force.max(), rel=0.01)
    assert 'id="felt-' in page(session)


def test_where_nobody_feels_anything_nothing_is_said_of_it(session: Played) -> None:
    without = hand(session, device_info={**INFO, "output_dof": 0})
    assert ("Force", "none: this device does not push the hand") in without.facts
    assert without.felt_n is None
    assert hand(session, device="mouse").felt_n is None
    rigid = hand(session, control={"gains": {**GAINS, "stiffness": None}, "mapping": MAPPING})
    assert ("Coupling", "rigid: the tool is where the hand is") in rigid.facts


def test_a_record_that_does_not_say_what_was_in_the_hand_goes_without(session: Played) -> None:
    assert hand_of(session.record, None, ()) is None
    data = report_data(session.record, session.recording, session.score, (), session.metrics)
    assert "The loop and the hand" not in render_report(data)


def test_the_device_is_in_the_record_of_a_real_session_only_by_kind(tmp_path: Path) -> None:
    from surgisim.session import Order

    names = ("haply:049D", "spacemouse:/home/anna/pipe", "simulated:omega", "hand")
    orders = (Order("p", tmp_path, device=name) for name in names)
    assert [order.device_kind for order in orders] == [
        "haply",
        "spacemouse",
        "simulated:omega",
        "hand",
    ]


def test_tissue_that_was_computed_beside_the_loop_is_told(session: Played) -> None:
    assert dict(hand(session, tissue_hz=60.0).facts)["Tissue"].startswith("computed 60 times")
