"""Targets of an endoscope: seeded, apart, around corners, and each can be reached."""

import math

import numpy as np
import pytest

from surgisim.errors import AnatomyError
from surgisim.scope import Lens, rolled_towards
from surgisim.session.scenery import piece_of
from surgisim.session.stage import Stage
from surgisim.session.targets import LIFT_M, Target, place_targets
from surgisim.viewpoints import Skin, Surroundings
from surgisim.visibility import seen

from .abdomen import stage


def around(on: Stage) -> Surroundings:
    assert on.around is not None
    assert on.scope is not None
    surfaces = [(piece_of(on.organ).points, piece_of(on.organ).triangles)]
    surfaces += [(piece.points, piece.triangles) for piece in on.beside]
    trees = on.around.occluders.trees()
    return Surroundings(np.asarray(on.scope.port), on.scope.angle, 0.30, trees, Skin(surfaces))


def targets(seed: int) -> tuple[Target, ...]:
    on = stage(seed)
    assert on.around is not None
    return on.around.targets


def lifted(target: Target) -> np.ndarray:
    return np.asarray(target.point) + LIFT_M * np.asarray(target.normal)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_is_reached_with_the_angled_scope_clear_of_everything(seed: int) -> None:
    on, free = stage(seed), around(stage(seed))
    assert on.scope is not None
    for target in targets(seed):
        place = lifted(target)
        tips = np.concatenate(
            [free.viewpoints(place, np.asarray(target.normal), d, 0.0115) for d in (0.036, 0.048)]
        )
        assert len(tips)
        for tip in tips[:3]:
            roll = rolled_towards(on.scope.port, tip, place)
            lens = Lens.through(on.scope.port, tip, on.scope.angle, roll)
            assert lens.off_axis([place])[0] < 1e-6
            assert seen(lens, place, free.trees).all()
            gaps = [np.linalg.norm(piece.points - tip, axis=1).min() for piece in on.beside]
            assert min(gaps) > 0.010


def test_those_behind_are_those_that_no_straight_scope_can_centre() -> None:
    for seed in (1, 2, 3):
        free = around(stage(seed))
        hidden = [bool(free.blocked(free.port, lifted(t))[0]) for t in targets(seed)]
        assert hidden == [target.behind for target in targets(seed)]
        assert sum(hidden) == 2


def test_they_are_apart_seeded_and_on_the_surfaces() -> None:
    one, other = targets(1), targets(2)
    assert one != other
    assert len(one) == 6
    gaps = [math.dist(a.point, b.point) for i, a in enumerate(one) for b in one[:i]]
    assert min(gaps) >= 0.03
    on = stage(1)
    points = {piece.name: piece.points for piece in on.beside} | {"liver": on.organ.points}
    for target in one:
        assert np.linalg.norm(points[target.organ] - target.point, axis=1).min() < 0.02
    on2 = stage.__wrapped__(1)
    assert on2.around is not None
    assert on2.around.targets == one


def test_more_than_fit_are_refused() -> None:
    on = stage(1)
    spec = on.procedure.scene.targets
    assert spec is not None
    many = spec.model_copy(update={"count": 20, "apart": 0.2})
    surfaces = (piece_of(on.organ), *on.beside)
    with pytest.raises(AnatomyError, match=r"do not fit on this anatomy \(\d+ do\)"):
        place_targets(many, surfaces, around(on), np.random.default_rng(1))
