"""Blood: what the events of a record tell, and that it is shown wherever it comes from."""

from itertools import count
from pathlib import Path

import pytest

from surgisim.errors import RecordError, RenderError
from surgisim.procedure.load import loads
from surgisim.record import SessionRecord, load
from surgisim.render import Scene
from surgisim.render.context import GLContext
from surgisim.session import Order, play
from surgisim.session.blood import blood_lost
from surgisim.session.pictures import key_pictures
from surgisim.session.recording import recording_of
from surgisim.session.theatre import Theatre
from surgisim.snapshot import Event
from surgisim.trainees import Action, Sight

from .bleeds import BLEEDS, Away

ML = 1e-6


def event(time_s: float, kind: str, complication: str, rate_ml_min: float | None = None) -> Event:
    values: dict[str, float | str | bool] = {"complication": complication}
    if rate_ml_min is not None:
        values["rate_ml_min"] = rate_ml_min
    return Event(round(1e3 * time_s), time_s, kind, "", None, values)


def test_a_bleed_loses_its_rate_times_its_time() -> None:
    events = [event(10.0, "bleed.started", "a", 60.0)]
    assert blood_lost(events, 10.0) == 0.0
    assert blood_lost(events, 25.0) == pytest.approx(15.0 * ML)
    assert blood_lost(events, 9.0) == 0.0
    assert blood_lost([], 9.0) == 0.0


def test_a_bleed_that_is_over_loses_no_more() -> None:
    events = [event(10.0, "bleed.started", "a", 60.0), event(20.0, "complication.ended", "a")]
    assert blood_lost(events, 120.0) == pytest.approx(10.0 * ML)


def test_a_second_bleed_adds_to_the_first() -> None:
    events = [event(10.0, "bleed.started", "a", 600.0), event(10.0, "bleed.started", "b", 6.0)]
    assert blood_lost(events, 70.0) == pytest.approx(606.0 * ML)


def test_a_changed_bleed_goes_on_at_its_new_rate() -> None:
    events = [
        event(0.0, "bleed.started", "a", 60.0),
        event(5.0, "complication.ended", "breath"),
        event(10.0, "bleed.changed", "a", 6.0),
        event(20.0, "complication.ended", "a"),
        event(30.0, "tissue.torn", "a"),
    ]
    assert blood_lost(events, 40.0) == pytest.approx(11.0 * ML)


def test_nothing_is_lost_while_the_procedure_stands() -> None:
    events = [
        event(0.0, "bleed.started", "a", 60.0),
        event(5.0, "session.paused", ""),
        event(25.0, "session.resumed", ""),
        event(30.0, "bleed.changed", "a", 6.0),
        event(40.0, "session.paused", ""),
    ]
    assert blood_lost(events, 15.0) == pytest.approx(5.0 * ML)
    assert blood_lost(events, 30.0) == pytest.approx(10.0 * ML)
    assert blood_lost(events, 90.0) == pytest.approx(11.0 * ML)


@pytest.mark.parametrize("rate", [None, "fast"])
def test_a_bleed_without_a_rate_is_told(rate: str | None) -> None:
    values = {} if rate is None else {"rate_ml_min": rate}
    events = [Event(1500, 1.5, "bleed.started", "", None, values)]
    with pytest.raises(RecordError, match=r"'rate_ml_min'.*1\.500 s|1\.500 s.*'rate_ml_min'"):
        blood_lost(events, 2.0)


@pytest.fixture(scope="module")
def bled(tmp_path_factory: pytest.TempPathFactory, coarse_liver: Path) -> SessionRecord:
    folder = tmp_path_factory.mktemp("bled")
    (folder / "bleeds.yaml").write_text(BLEEDS)
    order = Order(folder / "bleeds.yaml", folder / "session", anatomy=coarse_liver)
    play(order, lambda *_: Away())
    return load(folder / "session")


def test_the_events_tell_what_the_session_counted(bled: SessionRecord) -> None:
    kinds = [event.kind for event in bled.events]
    assert kinds.count("bleed.started") == 2
    assert "bleed.changed" in kinds
    assert "complication.ended" in kinds
    assert bled.footer is not None
    counted = bled.footer["blood_lost_m3"]
    assert counted > 1.0 * ML
    assert blood_lost(bled.events, bled.duration_s) == pytest.approx(counted, rel=1e-9)


def test_a_bleed_without_a_tear_has_its_picture(bled: SessionRecord) -> None:
    try:
        GLContext.offscreen().release()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")
    procedure = loads(str(bled.header["procedure_text"]), "bleeds.yaml")
    titles = [picture.title for picture in key_pictures(bled, recording_of(bled, procedure))]
    assert any(title.startswith("It bleeds: ") for title in titles)


def test_the_window_shows_blood_without_a_tear(
    display: str, tmp_path: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert display
    (tmp_path / "bleeds.yaml").write_text(BLEEDS)
    scenes: list[Scene] = []
    ticking = count()
    theatre = Theatre(lambda *_: Away(), size=(320, 200), clock=lambda: float(next(ticking)))
    monkeypatch.setattr(
        "surgisim.render.window.DesktopWindow.present", lambda _, scene: scenes.append(scene)
    )
    order = Order(tmp_path / "bleeds.yaml", tmp_path / "session", anatomy=coarse_liver)
    with theatre:
        play(order, theatre.cast, watch=theatre.show)
    huds = [scene.hud for scene in scenes if scene.hud is not None]
    assert huds[0].blood_loss_ml is None
    assert huds[-1].blood_loss_ml is not None
    assert huds[-1].blood_loss_ml > 1.0
    assert all(scene.blood == () for scene in scenes)


class Unmoved:
    """Leaves at once."""

    def act(self, sight: Sight) -> Action:
        return Action(leave=True)


def test_nothing_is_lost_where_nothing_bleeds(tmp_path: Path, coarse_liver: Path) -> None:
    play(Order("liver_palpation", tmp_path, anatomy=coarse_liver), lambda *_: Unmoved())
    record = load(tmp_path)
    assert blood_lost(record.events, record.duration_s) == 0.0
