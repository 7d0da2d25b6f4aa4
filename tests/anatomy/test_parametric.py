"""The embedded default: a believable liver, cached."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist

from surgisim.anatomy import cache as anatomy_cache
from surgisim.anatomy import cache_folder, folder, load, parametric_liver, quality
from surgisim.anatomy.parametric import (
    ACROSS_M,
    LARGEST_BALL_M,
    VOLUME_RANGE_ML,
    parametric_labels,
)
from surgisim.errors import AnatomyError


@pytest.mark.parametrize("seed", range(8))
def test_every_seed_is_one_liver_of_a_believable_size(seed):
    labels = parametric_labels(seed)
    low, high = VOLUME_RANGE_ML
    assert low < labels.volume_ml(5) < high
    # nothing touches the grid's border
    inner = labels.data[1:-1, 1:-1, 1:-1]
    assert np.count_nonzero(inner) == np.count_nonzero(labels.data)
    x, y, z = labels.affine[:3, :3] @ np.argwhere(labels.data).T
    assert 0.19 < np.ptp(x) < 0.26
    assert 0.08 < np.ptp(y) < 0.14
    assert 0.13 < np.ptp(z) < 0.19


def test_the_room_in_the_liver_is_that_of_its_labels():
    labels = parametric_labels(0)
    edge_m = np.abs(labels.affine[0, 0])
    ball_m = edge_m * ndimage.distance_transform_edt(labels.data).max()
    assert ball_m <= LARGEST_BALL_M < ball_m + edge_m
    voxels = np.argwhere(labels.data)
    across_m = edge_m * pdist(voxels[ConvexHull(voxels).vertices]).max()
    assert across_m <= ACROSS_M < across_m + 2 * edge_m


def test_seeds_differ_and_repeat():
    assert (parametric_labels(3).data == parametric_labels(3).data).all()
    assert (parametric_labels(3).data != parametric_labels(4).data).any()


def test_a_negative_seed_is_refused():
    with pytest.raises(AnatomyError, match="seed is -1"):
        parametric_labels(-1)


def test_shape_right_lobe_larger_left_lobe_tapers_hollow_below(liver):
    p, t = liver.points, liver.tetrahedra
    volumes, centres = quality.signed_volumes(p, t), p[t].mean(axis=1)
    assert volumes[centres[:, 0] < 0].sum() > volumes[centres[:, 0] > 0].sum()
    middle, left = np.abs(p[:, 0]) < 0.02, p[:, 0] > p[:, 0].max() - 0.03
    assert np.ptp(p[left, 2]) < 0.6 * np.ptp(p[middle, 2])
    assert liver.report.min_dihedral_deg > 12
    assert liver.report.warnings == ()


def test_built_once_then_read_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SURGISIM_CACHE", str(tmp_path / "deep" / "cache"))
    stages = []
    first = load("parametric_liver", progress=lambda stage, fraction: stages.append(fraction))
    assert stages[-1] == 1.0
    assert stages == sorted(stages)
    [place] = (cache_folder() / "anatomy").iterdir()
    stages.clear()
    second = load("parametric_liver", progress=lambda stage, fraction: stages.append(fraction))
    assert stages == []
    assert (first.organs[0].points == second.organs[0].points).all()
    assert (first.organs[0].surface == second.organs[0].surface).all()
    assert first.organs[0].report == second.organs[0].report
    assert first.organs[0].isosurface is None is second.organs[0].isosurface
    (place / "liver.vtu").write_text("damaged")  # is built again, not an error
    third = parametric_liver()
    assert (first.organs[0].points == third.organs[0].points).all()
    assert folder.read(place).organs[0].name == "liver"


def test_an_unwritable_cache_costs_time_only(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SURGISIM_CACHE", str(tmp_path / "file"))
    assert parametric_liver(edge_m=0.02).organs[0].name == "liver"


def test_the_cache_is_the_users_unless_named(monkeypatch):
    monkeypatch.delenv("SURGISIM_CACHE", raising=False)
    assert anatomy_cache.cache_folder().name == "surgisim"


def test_an_unknown_anatomy(tmp_path):
    with pytest.raises(AnatomyError, match="or the name parametric_liver"):
        load("parametric_lung")
