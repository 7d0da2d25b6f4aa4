"""Nodules: reproducible, inside, palpable, apart; their share of the tetrahedra."""

import numpy as np
import pytest

from surgisim.anatomy import Nodule, nodule_fractions, place_nodules, quality, tet_stiffness
from surgisim.errors import AnatomyError

WAY = {
    "radius_m": (0.006, 0.010),
    "stiffness": (5.0, 10.0),
    "depth_m": (0.002, 0.005),
    "min_distance_m": 0.030,
}


def placed(organ, seed, count=5, **changes):
    return place_nodules(organ, count, rng=np.random.default_rng(seed), **{**WAY, **changes})


@pytest.mark.parametrize("which", ["liver", "ct_liver"])
def test_inside_palpable_and_apart(request, which):
    organ = request.getfixturevalue(which)
    corners = organ.points[organ.surface]
    for seed in range(6):
        nodules = placed(organ, seed)
        assert len(nodules) == 5
        centers = np.array([n.center for n in nodules])
        radii = np.array([n.radius_m for n in nodules])
        cover = quality.surface_distance(centers, organ.points, organ.surface, 200) - radii
        assert (cover >= 0.002).all()
        assert (cover <= 0.005).all()
        assert all(5 <= n.stiffness_ratio <= 10 for n in nodules)
        between = np.linalg.norm(centers[:, None] - centers, axis=2)
        assert between[~np.eye(5, dtype=bool)].min() >= 0.030
        held = np.linalg.norm(organ.points[organ.support][:, None] - centers, axis=2)
        assert (held.min(axis=0) > radii + 0.010).all()
        for center, radius in zip(centers, radii, strict=True):
            # the surface in front of the nodule is close, and faces up
            flat = np.linalg.norm((corners.mean(axis=1) - center)[:, [0, 2]], axis=1)
            front = (flat < radius + 0.008) & (corners[:, :, 1].mean(axis=1) > center[1])
            assert front.any()


def test_nodules_never_overlap_however_close_they_may_lie(liver):
    for seed in range(4):
        nodules = placed(liver, seed, count=8, min_distance_m=1e-5)
        for i, one in enumerate(nodules):
            for other in nodules[:i]:
                between = np.linalg.norm(np.subtract(one.center, other.center))
                assert between >= one.radius_m + other.radius_m


def test_same_seed_same_nodules_other_seed_others(liver):
    assert placed(liver, 7) == placed(liver, 7)
    assert placed(liver, 7) != placed(liver, 8)


def test_too_many_do_not_fit(liver):
    with pytest.raises(AnatomyError, match=r"Only \d+ of 60 nodules of 20 to 20 mm radius fit"):
        placed(liver, 1, count=60, radius_m=(0.02, 0.02))


@pytest.mark.parametrize("name", ["radius_m", "stiffness", "depth_m"])
def test_a_reversed_or_zero_range_is_refused(liver, name):
    for bad in ((2.0, 1.0), (0.0, 1.0)):
        with pytest.raises(AnatomyError, match=r"range .* is not valid"):
            placed(liver, 1, **{name: bad})


def test_fractions_add_up_to_the_spheres(liver):
    nodules = placed(liver, 3)
    share = nodule_fractions(liver.points, liver.tetrahedra, nodules)
    assert share.min() == 0
    assert share.max() <= 1
    volume = share @ quality.signed_volumes(liver.points, liver.tetrahedra)
    assert volume == pytest.approx(sum(4 / 3 * np.pi * n.radius_m**3 for n in nodules), rel=0.02)


def test_fraction_of_one_tetrahedron_against_random_samples():
    points = np.vstack([np.zeros(3), np.eye(3)])
    tet = np.array([[0, 1, 2, 3]], dtype=np.int32)
    nodule = Nodule((0.05, 0.0, 0.1), 0.5, 8.0)  # an eighth of the sphere and more
    weights = np.random.default_rng(2).dirichlet(np.ones(4), 200_000)
    slow = (np.linalg.norm(weights @ points - nodule.center, axis=1) < 0.5).mean()
    assert nodule_fractions(points, tet, [nodule])[0] == pytest.approx(slow, abs=0.02)
    assert tet_stiffness(points, tet, [nodule])[0] == pytest.approx(1 + 7 * slow, abs=0.15)


def test_without_nodules_the_tissue_is_uniform(liver):
    assert (tet_stiffness(liver.points, liver.tetrahedra, []) == 1).all()


@pytest.mark.parametrize("which", ["liver", "ct_liver"])
def test_support_is_the_back(request, which):
    organ = request.getfixturevalue(which)
    corners = organ.points[organ.surface]
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    held = np.isin(organ.surface, organ.support).all(axis=1)
    assert 0.2 < area[held].sum() / area.sum() < 0.35
    normals = quality.vertex_normals(organ.points, organ.surface)
    assert np.median(normals[organ.support, 1]) < -0.4
    free = np.setdiff1d(np.unique(organ.surface), organ.support)
    assert organ.points[organ.support, 1].mean() < organ.points[free, 1].mean() - 0.02
    assert (np.diff(organ.support) > 0).all()


@pytest.mark.parametrize("which", ["liver", "ct_liver"])
def test_margins_are_not_held_under_the_front(request, which):
    organ = request.getfixturevalue(which)
    corners = organ.points[organ.surface]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    front = organ.points[np.unique(organ.surface[normals[:, 1] > 0.5])]
    gaps = np.linalg.norm(organ.points[organ.support][:, None] - front, axis=2)
    assert gaps.min() > 0.0149
