"""Whole sessions with the scope in the hand: the careful pass, the dangerous do not."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.record import load
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.organ_view import organ_of
from surgisim.session.scope_story import ScopeStory
from surgisim.trainees import scripted
from surgisim.trainees.skill import Skill

SHIPPED = Path(__file__).parents[2] / "procedures" / "camera_navigation.yaml"


FEW = {
    "count: 6": "count: 3",
    "p: 50 %": "p: 1",
    "window: 5..25 s": "window: 1..2 s",
    "best: 6, worst: 0": "best: 3, worst: 0",
}


def played(folder: Path, who: str, seed: int, changes: dict[str, str], skill: float = 1.0) -> Order:
    text = SHIPPED.read_text()
    for old, new in {"edge: 22 mm": "edge: 30 mm", **changes}.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "own.yaml").write_text(text)
    order = Order(str(folder / "own.yaml"), folder / "out", seed=seed)
    play(order, lambda stage, rng: scripted(who, rng, stage.procedure.scene, Skill.at(skill)))
    return order


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Order:
    """Three targets, two of them around a corner, and a lens that fogs."""
    return played(tmp_path_factory.mktemp("careful"), "careful", 3, FEW)


def test_careful_finds_centres_and_holds_what_lies_around_corners(careful: Order) -> None:
    result = debrief(careful.out).result
    assert result.completed
    assert result.passed
    metrics = {name: metric.value for name, metric in result.metrics.items()}
    assert metrics["targets.found"] == 3.0
    assert metrics["lens.touches"] == 0.0
    assert metrics["view.horizon"] < np.radians(8.0)
    assert "fogged" in [one.id for one in result.complications]
    assert result.duration_s < 90.0


def test_a_beginner_loses_targets_and_lets_the_picture_hang(careful: Order, tmp_path: Path) -> None:
    beginner = debrief(played(tmp_path, "careful", 3, FEW, skill=0.0).out).result
    able = debrief(careful.out).result
    for name, times in [("targets.time", 1.5), ("target.lost", 1.5), ("view.horizon", 1.1)]:
        worse, better = beginner.metrics[name].value, able.metrics[name].value
        assert worse is not None
        assert better is not None
        assert worse > times * better, name
    assert beginner.score < able.score - 5.0


def test_it_replays_to_the_bit_and_the_record_knows_what_was_seen(careful: Order) -> None:
    record = load(careful.out)
    assert verify_session(record).agrees
    story = ScopeStory(record)
    turned = [event for event in record.events if event.kind == "scope.turned"]
    half = turned[len(turned) // 2]
    held = story.held(half.time_s)
    assert held is not None
    assert (held.roll, held.head) == (half.values["roll"], half.values["head"])
    fog = [event for event in record.events if event.kind == "lens.fog"]
    assert [event.values["amount"] for event in fog] == [pytest.approx(0.7), 0.0]
    assert story.held(fog[0].time_s).fog == pytest.approx(0.7)  # type: ignore[union-attr]
    first = story.spots(0.5)
    assert [spot.surface for spot in first] == [record.header["targets"][0]["organ"]]
    assert story.title(0.5).startswith("Target 1 of 3: ")
    organ = organ_of(record)
    assert organ is not None
    assert organ.holds_scope


def test_dangerous_bumps_tilts_and_fails(tmp_path: Path) -> None:
    order = played(tmp_path, "dangerous", 1, {})
    result = debrief(order.out).result
    assert not result.passed
    metrics = {name: metric.value for name, metric in result.metrics.items()}
    assert metrics["targets.found"] <= 2.0
    assert metrics["lens.touches"] >= 3.0
    assert metrics["view.horizon"] > np.radians(10.0)
    assert {"touched", "tilted"} <= {error.id for error in result.errors}
