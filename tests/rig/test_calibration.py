"""Calibration: exact without noise, as theory says with it, refused where points do not tell."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from surgisim.errors import RigError
from surgisim.rig import Mapping, Rig, calibrate

Floats = NDArray[np.float64]
CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)]) * 0.2 - 0.1


def _random(rng: np.random.Generator) -> tuple[Floats, Floats]:
    return Rotation.random(random_state=rng).as_matrix(), rng.uniform(-1.0, 1.0, 3)


@pytest.mark.parametrize("seed", range(200))
def test_without_noise_it_is_exact(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn, shift = _random(rng)
    scale = 1.0 if seed % 2 else rng.uniform(0.1, 10.0)
    points = rng.uniform(-0.3, 0.3, (int(rng.integers(3, 20)), 3))
    if seed % 5 == 0:
        points[:, 2] = 0.07  # all on a table
    world = scale * points @ turn.T + shift
    found = calibrate(points, world, with_scale=seed % 2 == 0)
    expected = Rotation.from_matrix(turn).as_quat(canonical=True, scalar_first=True)
    assert found.rotation[0] >= 0.0
    if abs(expected[0]) > 1e-9:  # the sign is told by w
        np.testing.assert_allclose(found.rotation, expected, atol=1e-12)
    assert found.scale == pytest.approx(scale, abs=1e-12)
    np.testing.assert_allclose(found.to_world(points), world, atol=1e-12)
    probe = rng.uniform(-1.0, 1.0, 3)
    np.testing.assert_allclose(found.to_world(probe), scale * turn @ probe + shift, atol=1e-12)
    assert found.rms < 1e-12
    assert found.residuals[found.worst] == max(found.residuals)


def test_it_is_the_rotation_that_scipy_finds() -> None:
    rng = np.random.default_rng(1)
    turn, shift = _random(rng)
    world = CORNERS @ turn.T + shift + rng.normal(0.0, 0.005, CORNERS.shape)
    found = calibrate(CORNERS, world)
    theirs, _ = Rotation.align_vectors(world - world.mean(axis=0), CORNERS - CORNERS.mean(axis=0))
    quaternion = theirs.as_quat(canonical=True, scalar_first=True)
    np.testing.assert_allclose(found.rotation, quaternion, atol=1e-12)


def test_nothing_near_is_better() -> None:
    """The least squares: any small turn, shift or scale away from it leaves more."""
    rng = np.random.default_rng(2)
    world = CORNERS @ _random(rng)[0].T + rng.normal(0.0, 0.004, CORNERS.shape)
    found = calibrate(CORNERS, world, with_scale=True)
    least = np.sum(np.square(found.residuals))
    fitted = found.to_world(CORNERS)
    middle = np.asarray(found.origin_world)
    for _ in range(100):
        turn = Rotation.from_rotvec(rng.normal(0.0, 1e-4, 3)).as_matrix()
        moved = (1.0 + rng.normal(0.0, 1e-4)) * (fitted - middle) @ turn.T + middle
        moved += rng.normal(0.0, 1e-5, 3)
        assert np.sum((moved - world) ** 2) > least


@pytest.mark.parametrize(("n", "fitted"), [(3, 6), (4, 6), (6, 6), (8, 6), (20, 6), (8, 7)])
def test_what_is_left_of_noise_is_what_theory_says(n: int, fitted: int) -> None:
    """A coordinate's RMS is sqrt((3n - 6)/(3n)) sigma, with 7 for 6 where the scale is fitted."""
    rng = np.random.default_rng(n + fitted)
    sigma, trials = 5e-4, 1500
    squares = []
    points = rng.uniform(-0.15, 0.15, (n, 3))
    if n == 3:
        points = np.array([[0.1, 0.0, 0.0], [-0.1, 0.05, 0.0], [0.0, -0.1, 0.05]])
    for _ in range(trials):
        turn, shift = _random(rng)
        world = points @ turn.T + shift + rng.normal(0.0, sigma, points.shape)
        squares.append(calibrate(points, world, with_scale=fitted == 7).rms ** 2)
    seen = math.sqrt(np.mean(squares) / 3.0)
    assert seen == pytest.approx(math.sqrt((3 * n - fitted) / (3 * n)) * sigma, rel=0.04)


@pytest.mark.parametrize("where", [(0.0, 0.0, 0.0), (0.1, 0.1, 0.1), (0.4, 0.0, 0.0), (0, 0, -0.8)])
def test_the_error_elsewhere_is_what_theory_says(where: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(7)
    points = CORNERS * [1.0, 0.5, 0.25] + [0.1, 0.2, 0.3]
    probe = points.mean(axis=0) + where
    squares, told = [], []
    for _ in range(2000):
        turn, shift = _random(rng)
        world = points @ turn.T + shift + rng.normal(0.0, 5e-4, points.shape)
        found = calibrate(points, world)
        truth = turn @ probe + shift
        squares.append(np.sum((found.to_world(probe) - truth) ** 2))
        told.append(found.expected_error(truth) ** 2)
    assert math.sqrt(np.mean(told)) == pytest.approx(math.sqrt(np.mean(squares)), rel=0.05)


def test_the_point_that_was_missed_is_named() -> None:
    rng = np.random.default_rng(3)
    world = CORNERS @ _random(rng)[0].T
    world[5] += [0.0, 0.02, 0.0]
    found = calibrate(CORNERS, world)
    assert found.worst == 5
    assert found.residuals[5] > 2.0 * sorted(found.residuals)[-2]


def test_mirrored_points_are_refused_and_never_become_a_reflection() -> None:
    rng = np.random.default_rng(4)
    turn, shift = _random(rng)
    world = CORNERS @ turn.T + shift
    with pytest.raises(RigError, match="a mirror image of the world's; one frame has an axis"):
        calibrate(CORNERS * [-1.0, 1.0, 1.0], world)
    with pytest.raises(RigError, match="a mirror image"):
        calibrate(CORNERS[:, [1, 0, 2]], world)


@pytest.mark.parametrize("seed", range(50))
def test_flat_points_with_noise_give_a_rotation(seed: int) -> None:
    """On a table the noise alone decides the sign of the third singular value: half of these fits
    would be reflections (Umeyama 1991)."""
    rng = np.random.default_rng(seed)
    points = CORNERS * [1.0, 1.0, 0.0] + rng.normal(0.0, 1e-3, CORNERS.shape)
    turn, shift = _random(rng)
    world = CORNERS * [1.0, 1.0, 0.0] @ turn.T + shift + rng.normal(0.0, 1e-3, CORNERS.shape)
    found = calibrate(points, world)
    got = Rotation.from_quat(found.rotation, scalar_first=True).as_matrix()
    assert np.linalg.det(got) == pytest.approx(1.0)
    off = Rotation.from_matrix(got @ turn.T).magnitude()
    assert off < math.radians(2.0)
    assert found.rms < 4e-3


def test_the_flat_cases_do_hold_reflections() -> None:
    signs = []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        points = CORNERS * [1.0, 1.0, 0.0] + rng.normal(0.0, 1e-3, CORNERS.shape)
        turn, shift = _random(rng)
        world = CORNERS * [1.0, 1.0, 0.0] @ turn.T + shift + rng.normal(0.0, 1e-3, CORNERS.shape)
        covariance = (world - world.mean(axis=0)).T @ (points - points.mean(axis=0))
        signs.append(np.linalg.det(covariance) > 0.0)
    assert 10 < sum(signs) < 40


LINE = np.linspace(0.0, 1.0, 6)[:, None] * [0.1, 0.2, -0.1]


@pytest.mark.parametrize(
    ("device", "world", "told"),
    [
        (CORNERS[:2], CORNERS[:2], "3 points or more are needed, and 2 given"),
        (CORNERS[:0], CORNERS[:0], "3 points or more are needed, and 0 given"),
        (CORNERS[:4], CORNERS[:5], "there are 4 points of the device and 5 of the world"),
        (LINE, LINE, r"the device's points lie on a line \(they spread 84 mm along it"),
        (CORNERS[:6], LINE, "the world's points lie on a line"),
        (LINE + 1e-3 * CORNERS[:6], LINE, "the device's points lie on a line"),
        (np.zeros((4, 3)), CORNERS[:4], "the device's points are all within 0 mm"),
        (CORNERS, 1e-4 * CORNERS, r"the world's points are all within 0\.01 mm"),
        (CORNERS, np.where(CORNERS > 0.0, np.nan, CORNERS), "of the world is not finite"),
        (CORNERS[:, :2], CORNERS[:, :2], r"points have shape \(8, 2\); give an \(n, 3\) array"),
        ([["a", "b", "c"]], CORNERS, "the device's points are no numbers"),
        ([[1.0], [1.0, 2.0]], CORNERS, "the device's points are no numbers"),
    ],
)
def test_points_that_do_not_tell_are_refused(device: Floats, world: Floats, told: str) -> None:
    with pytest.raises(RigError, match=told):
        calibrate(device, world)


def test_three_points_in_a_triangle_are_enough() -> None:
    triangle = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.0], [0.0, 0.1, 0.0]])
    found = calibrate(triangle, triangle + np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(found.rotation, [1.0, 0.0, 0.0, 0.0], atol=1e-12)


def test_a_calibrated_rig_keeps_what_was_chosen() -> None:
    rng = np.random.default_rng(5)
    turn, shift = _random(rng)
    chosen = Rig("touch", Mapping(scale=1.5, force_scale=0.5, clutch=1))
    found = calibrate(CORNERS, CORNERS @ turn.T + shift)
    rig = chosen.calibrated(found)
    assert rig.mapping.scale == 1.5
    assert rig.mapping.force_scale == 0.5
    assert rig.mapping.clutch == 1
    assert rig.mapping.rotation == found.rotation
    assert rig.mapping.origin_world == pytest.approx(shift)
    assert rig.calibration is not None
    assert rig.calibration.points == 8
    assert rig.calibration.worst >= rig.calibration.rms >= 0.0
