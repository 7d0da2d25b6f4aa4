"""The abdomen by formula: the same liver, and organs of believable size that do not meet."""

import numpy as np
import pytest

from surgisim.anatomy import load, organ_names
from surgisim.anatomy.parametric import parametric_labels
from surgisim.anatomy.parametric_abdomen import AROUND, PARAMETRIC_ABDOMEN, labels_around

VOLUMES_ML = {
    "gallbladder": (30.0, 60.0),
    "stomach": (300.0, 800.0),
    "spleen": (120.0, 300.0),
    "kidney_right": (120.0, 300.0),
    "kidney_left": (120.0, 300.0),
}


@pytest.mark.parametrize("seed", [0, 3])
def test_organs_are_whole_and_of_a_believable_size(seed: int) -> None:
    labels = labels_around(seed)
    inner = labels.data[1:-1, 1:-1, 1:-1]
    assert np.count_nonzero(inner) == np.count_nonzero(labels.data)
    for label, name in AROUND.items():
        low, high = VOLUMES_ML.get(name, (0.0, np.inf))
        assert low < labels.volume_ml(label) < high


def test_nothing_lies_in_the_liver() -> None:
    liver, around = parametric_labels(0), labels_around(0)
    places = np.argwhere(around.data > 0) @ around.affine[:3, :3].T + around.affine[:3, 3]
    voxels = np.rint((places - liver.affine[:3, 3]) / np.diag(liver.affine)[:3]).astype(int)
    inside = ((voxels >= 0) & (voxels < liver.data.shape)).all(axis=1)
    assert inside.sum() > 1000
    assert not liver.data[tuple(voxels[inside].T)].any()


def test_the_liver_is_the_same_and_lies_where_it_lay(cache, monkeypatch) -> None:
    monkeypatch.setenv("SURGISIM_CACHE", str(cache))
    abdomen, alone = load(PARAMETRIC_ABDOMEN), load("parametric_liver")
    assert tuple(organ.name for organ in abdomen.organs) == organ_names(PARAMETRIC_ABDOMEN)
    assert (abdomen.organ("liver").points == alone.organ("liver").points).all()
    again = load(PARAMETRIC_ABDOMEN, edge_m=0.020)
    assert len(again.organ("liver").points) < len(alone.organ("liver").points)
    shift = np.subtract(alone.offset_m, again.offset_m)
    np.testing.assert_allclose(
        again.organ("spleen").points, abdomen.organ("spleen").points + shift, atol=1e-9
    )
    gallbladder, liver = abdomen.organ("gallbladder").points, abdomen.organ("liver").points
    gaps = np.linalg.norm(gallbladder[:, None] - liver[None], axis=2)
    assert 0.0 < gaps.min() < 0.01  # it lies in its bed
