"""What holds an organ, and what is said where little or nothing does."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from surgisim import anatomy
from surgisim.anatomy import LabelVolume, Organ, build_organ, support_nodes
from surgisim.anatomy.support import support_warnings
from surgisim.errors import AnatomyError
from surgisim.procedure import find, load
from surgisim.session.stage import set_stage

THIN = "It is thinner than 15 mm, so it is held close under its front, which will feel hard."


def plate(thick_voxels: int) -> Organ:
    """Build a flat organ of 80 mm by 80 mm from voxels of 2 mm."""
    data = np.zeros((48, thick_voxels + 8, 48), np.uint8)
    data[4:-4, 4:-4, 4:-4] = 1
    labels = LabelVolume(data, np.diag([0.002, 0.002, 0.002, 1.0]), "plate")
    return build_organ(labels, 1, "plate", 0.010)


def test_an_organ_thinner_than_the_gap_is_held_close_to_its_front_and_says_so() -> None:
    organ = plate(6)
    middle = 0.5 * (organ.points[:, 1].min() + organ.points[:, 1].max())
    assert len(organ.support) > 20
    assert (organ.points[organ.support, 1] < middle).all()
    assert THIN in organ.report.warnings


def test_a_thick_organ_is_held_without_a_warning() -> None:
    organ = plate(20)
    assert len(organ.support) > 20
    assert organ.report.warnings == ()


def test_where_nothing_faces_down_nothing_is_held() -> None:
    points = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.1], [0.1, 0.0, 0.0]])
    up = np.array([[0, 1, 2]], dtype=np.int32)
    assert len(held := support_nodes(points, up)) == 0
    assert "no session can use it" in support_warnings(points, up, held)[0]
    assert len(support_nodes(points, up[:, ::-1], share=1.0)) == 3


def test_a_session_refuses_an_organ_that_nothing_holds(tmp_path: Path, coarse_liver: Path) -> None:
    whole = anatomy.load(coarse_liver)
    (liver,) = whole.organs
    loose = dataclasses.replace(liver, support=np.zeros(0, dtype=np.int32))
    anatomy.write(dataclasses.replace(whole, organs=(loose,)), tmp_path)
    procedure = load(find("liver_palpation"))
    with pytest.raises(AnatomyError, match="nothing holds the organ 'liver'"):
        set_stage(procedure, tmp_path, np.random.default_rng(1))
