"""Lifting an edge from beginning to end, with tissue, on a coarse liver."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.errors import RenderError
from surgisim.procedure.load import loads
from surgisim.record import load
from surgisim.render.context import GLContext
from surgisim.render.control import Control, Pointer
from surgisim.render.view import Ray
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.debrief import Debriefing
from surgisim.session.pictures import key_pictures
from surgisim.session.recording import recording_of
from surgisim.session.stage import Stage
from surgisim.trainees import Action, Sight, Trainee
from surgisim.trainees.exposing import Exposing
from surgisim.trainees.free_hand import DEPTH_GAIN, FreeHand
from surgisim.trainees.register import scripted


def played(name: str, out: Path, liver: Path, seed: int) -> Debriefing:
    def cast(stage: Stage, rng: np.random.Generator) -> Trainee:
        return scripted(name, rng, stage.procedure.scene)

    order = Order("exposure", out, seed=seed, anatomy=liver, trainee=name)
    play(order, cast)
    return debrief(out)


@pytest.fixture(scope="module")
def gl() -> None:
    try:
        GLContext.offscreen().release()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> Path:
    out = tmp_path_factory.mktemp("exposure") / "careful"
    assert played("careful", out, coarse_liver, 1).result.passed
    return out


def test_careful_holds_it_in_view_below_the_limit(careful: Path) -> None:
    result = debrief(careful).result
    assert result.completed
    assert result.errors == ()
    metrics = {name: one.value for name, one in result.metrics.items()}
    assert metrics["exposure.held"] >= 15.0
    assert metrics["exposure.slips"] == 0.0
    assert metrics["force.peak"] < 2.5
    assert result.duration_s < 60.0


def test_the_patient_breathed_and_replay_agrees_to_the_bit(careful: Path) -> None:
    record = load(careful)
    ways = record.commands[record.commands["code"] == 3]["values"][:, 2]
    glides = ways[ways > 0.0]
    assert len(glides) >= 4
    assert np.median(glides) == pytest.approx(0.0077, abs=0.0012)
    assert verify_session(record).agrees


def test_the_record_holds_what_is_beneath_and_where_it_is_seen_from(careful: Path) -> None:
    record = load(careful)
    assert record.header["beneath"]["name"] == "lesser omentum"
    assert record.header["beside"] == ["lesser_omentum"]
    assert record.arrays["beneath"].shape == (36, 3)
    assert record.header["endoscope"]["tip"] is not None
    kinds = [event.kind for event in record.events]
    assert "exposure.won" in kinds


def test_dangerous_fails(tmp_path: Path, coarse_liver: Path) -> None:
    result = played("dangerous", tmp_path / "dangerous", coarse_liver, 2).result
    assert not result.passed
    errors = {error.id for error in result.errors}
    assert {"jerked", "left_early"} <= errors
    assert errors & {"pulled_too_hard", "capsule_torn", "bruised"}


def test_its_pictures_show_the_edge_and_what_came_into_view(careful: Path, gl: None) -> None:
    record = load(careful)
    recording = recording_of(record, loads(record.header["procedure_text"], "exposure.yaml"))
    pictures = key_pictures(record, recording)
    titles = [picture.title for picture in pictures]
    assert titles[:2] == ["The beginning", "In view"]
    assert len({picture.png for picture in pictures}) == len(pictures)


class ByMouse:
    """The careful script with a mouse in the hand: pointer and wheel, three millimetres a notch."""

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        assert stage.scope is not None
        self._eye = np.asarray(stage.scope.tip)
        self._script = Exposing(rng)
        self._hand = FreeHand(self)
        self._start = np.asarray(stage.scene.probe.start)
        self._aim = self._start
        self._notches = 0
        self._finish = False

    def act(self, sight: Sight) -> Action:
        assert sight.exposed is not None
        action = self._script.act(sight)
        self._finish = action.finish
        if action.aim is not None:
            self._aim = np.asarray(action.aim)
            away = self._eye - sight.exposed.middle
            deep = (self._start - self._aim) @ away / np.linalg.norm(away)
            self._notches = round(deep / DEPTH_GAIN / 0.001)
        return self._hand.act(sight)

    def poll(self) -> Control:
        way = self._aim - self._eye
        ray = Ray(self._eye, way / np.linalg.norm(way))
        pressed = ("finish",) if self._finish else ()
        pointer = Pointer((0.0, 0.0), ray, frozenset(), inside=True)
        return Control(pointer, 0.001 * self._notches, pressed, closing=False)

    def set_depth(self, depth_m: float) -> None:
        raise AssertionError(f"the work asks for {depth_m} m, farther than the wheel goes")


def test_mouse_and_wheel_are_enough_for_it(tmp_path: Path, coarse_liver: Path) -> None:
    order = Order("exposure", tmp_path / "mouse", seed=3, anatomy=coarse_liver, device="mouse")
    play(order, ByMouse)
    result = debrief(order.out).result
    assert result.completed
    assert result.passed
    assert result.errors == ()
