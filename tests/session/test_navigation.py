"""The scope in the hand, look by look: what is in view, centred, held, found, touched, fogged."""

import math

import numpy as np
import pytest

from surgisim.procedure.complication import ComplicationRecord
from surgisim.procedure.fog import fog_now
from surgisim.procedure.load import loads
from surgisim.scope import rolled_towards
from surgisim.session.navigation import Navigation
from surgisim.session.scope_sight import scope_sight
from surgisim.session.scope_words import instruction
from surgisim.session.targets import LIFT_M
from surgisim.snapshot import Event, Meters, ProbeState, Snapshot
from surgisim.vectors import as_vector

from .abdomen import SHIPPED, stage
from .test_targets import around

ON = stage(1)


def snapshot(tip: np.ndarray, time_s: float = 0.0, *, touching: bool = False) -> Snapshot:
    probe = ProbeState(as_vector(tip), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), touching)
    return Snapshot(round(1e3 * time_s), time_s, probe, Meters(), ON.organ.points)


class Guided:
    """A navigation whose tip is put at places."""

    def __init__(self) -> None:
        made = Navigation.of(ON)
        assert made is not None
        self.navigation = made
        self.time_s = 0.0
        self.kinds: list[str] = []

    def look(self, tip: np.ndarray, *, fog: float = 0.0, touching: bool = False) -> list[Event]:
        self.time_s += 0.02
        told = self.navigation.look(snapshot(tip, self.time_s, touching=touching), self.time_s, fog)
        self.kinds += [event.kind for event in told]
        return told

    def centre(self) -> np.ndarray:
        """Turn to the lit target and return a tip that centres it."""
        target = self.navigation.lit
        assert target is not None
        place = np.asarray(target.point) + LIFT_M * np.asarray(target.normal)
        free = around(ON)
        tips = [
            free.viewpoints(place, np.asarray(target.normal), d, 0.0115) for d in (0.036, 0.048)
        ]
        tip = np.concatenate(tips)[0]
        self.navigation.turn(rolled_towards(free.port, tip, place), None)
        return np.asarray(tip)


def test_a_target_held_for_three_seconds_is_found_and_the_next_one_lit() -> None:
    guided = Guided()
    tip = guided.centre()
    for _ in range(140):
        guided.look(tip)
    facts = guided.navigation.facts()
    assert facts["target.centred"]
    assert facts["target.held"] == pytest.approx(139 * 0.02)
    assert guided.navigation.found == 0
    for _ in range(12):
        guided.look(tip)
    assert guided.navigation.found == 1
    first = [k for k in guided.kinds if k.startswith("target")]
    assert first[:4] == ["target.lit", "target.seen", "target.found", "target.lit"]


def test_holding_begins_anew_after_a_slip_but_not_after_a_tremble() -> None:
    guided = Guided()
    tip = guided.centre()
    for _ in range(50):
        guided.look(tip)
    off = tip + np.array([0.02, 0.0, 0.0])
    guided.look(off)
    guided.look(tip)
    assert guided.navigation.facts()["target.held"] == pytest.approx(51 * 0.02)
    for _ in range(8):
        guided.look(off)
    guided.look(tip)
    assert guided.navigation.facts()["target.held"] == 0.0


def test_what_is_turned_away_from_hidden_or_fogged_is_not_in_view() -> None:
    guided = Guided()
    tip = guided.centre()
    guided.look(tip)
    assert guided.navigation.facts()["target.in_view"]
    sight = scope_sight(ON, guided.navigation)
    assert sight.target is not None
    guided.look(tip, fog=0.8)
    assert guided.navigation.facts()["view.fogged"]
    assert not guided.navigation.facts()["target.in_view"]
    assert scope_sight(ON, guided.navigation).target is None
    assert sight.target_on == scope_sight(ON, guided.navigation).target_on
    guided.look(tip)
    guided.navigation.turn(guided.navigation.roll + math.pi, 0.3)
    told = guided.look(tip)
    assert {"scope.turned", "target.lost"} <= {event.kind for event in told}
    assert guided.navigation.facts()["view.horizon"] == pytest.approx(0.3, abs=0.15)


def test_the_lens_touches_what_stands_beside_and_the_organ() -> None:
    guided = Guided()
    free = guided.centre()
    stomach = next(piece for piece in ON.beside if piece.name == "stomach").points[10]
    guided.look(stomach + np.array([0.0, 0.004, 0.0]))
    assert guided.navigation.touched == "stomach"
    guided.look(free)
    assert not guided.navigation.facts()["lens.touching"]
    told = guided.look(free, touching=True)
    assert [e.values["organ"] for e in told if e.kind == "lens.touched"] == ["liver"]


def test_it_is_said_what_is_to_be_done() -> None:
    guided = Guided()
    tip = guided.centre()
    port = np.asarray(guided.navigation.scope.port)

    def said() -> str:
        title, text = instruction(guided.navigation, ON, "title", "text")
        assert title.startswith("Target 1 of 6: ")
        return text

    assert said() == "Not in view: look for it on that organ."
    guided.look(tip)
    assert said() == "Hold it: 0.0 of 3 s."
    guided.look(port + 0.5 * (tip - port))
    assert "go nearer" in said() or "Not in view" in said()


def test_fog_follows_complications_and_their_states() -> None:
    procedure = loads(SHIPPED, "shipped")
    record = ComplicationRecord("smeared", "Smeared lens")
    assert fog_now(procedure, [record]) == 0.0
    record.started_s = 1.0
    other = ComplicationRecord("fogged", "Fogged lens", started_s=2.0)
    assert fog_now(procedure, [record, other]) == pytest.approx(0.85)
    record.ended_s = 3.0
    assert fog_now(procedure, [record, other]) == pytest.approx(0.70)
