"""What an edge hides, found on an anatomy, and the scope that is turned to it."""

from pathlib import Path

import numpy as np
import pytest

from surgisim import anatomy
from surgisim.anatomy import hanging_nodes
from surgisim.errors import AnatomyError
from surgisim.procedure import find
from surgisim.procedure.load import loads
from surgisim.procedure.model import Procedure
from surgisim.session.scenery import Occluders
from surgisim.session.stage import Stage, set_stage
from surgisim.visibility import seen_share


def procedure(**changed: str) -> Procedure:
    text = find("exposure").read_text(encoding="utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return loads(text, "exposure.yaml")


@pytest.fixture(scope="module")
def stage(coarse_liver: Path) -> Stage:
    return set_stage(procedure(), coarse_liver, np.random.default_rng(1))


def test_the_edge_hides_it_and_the_scope_looks_at_it(stage: Stage) -> None:
    assert stage.beneath is not None
    assert stage.scope is not None
    lens = stage.scope.lens(stage.beneath.middle)
    assert lens.off_axis([stage.beneath.middle])[0] == pytest.approx(0.0, abs=1e-6)
    assert lens.distances([stage.beneath.middle])[0] == pytest.approx(0.11)
    trees = Occluders(stage.organ.points, stage.organ.surface, ()).trees()
    assert seen_share(lens, stage.beneath.points, trees) < 0.05
    assert seen_share(lens, stage.beneath.points, []) == 1.0


def test_it_lies_below_the_edge_and_clear_of_the_organ(stage: Stage) -> None:
    assert stage.beneath is not None
    points, edge = stage.beneath.points, np.asarray(stage.beneath.edge)
    assert np.ptp(points[:, 0]) == pytest.approx(0.026)
    assert edge[1] - points[:, 1].mean() == pytest.approx(0.045)
    assert edge[2] > points[:, 2].max()  # towards the feet of all of it
    nodes = stage.organ.points[np.unique(stage.organ.surface)]
    gaps = np.linalg.norm(points[:, None] - nodes[None], axis=2)
    assert gaps.min() > 0.001


def test_its_picture_is_a_closed_sheet(stage: Stage) -> None:
    assert stage.beneath is not None
    piece = stage.beneath.piece
    assert piece.name == "lesser_omentum"
    edges = np.sort(piece.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    a, b, c = (piece.points[piece.triangles[:, i]] for i in range(3))
    assert np.einsum("ij,ij->", np.cross(a, b), c) / 6.0 == pytest.approx(
        0.026**2 * 0.002, rel=0.01
    )


def test_the_rod_starts_in_front_and_points_at_its_port(stage: Stage) -> None:
    assert stage.beneath is not None
    assert stage.port is not None
    probe = stage.scene.probe
    assert np.subtract(probe.start, stage.beneath.edge) == pytest.approx([0.0, 0.0, 0.06])
    assert np.add(probe.start, probe.toward) == pytest.approx(stage.port.pivot)
    placed = stage.scene.place()
    placed.world.step(5)
    assert placed.probe.contacts == 0


def test_a_scope_that_sees_it_all_is_refused(coarse_liver: Path) -> None:
    low = procedure(
        **{"{above: 60 mm, right: -13 mm, near: 63 mm}": "{above: 20 mm, near: 200 mm}"}
    )
    with pytest.raises(AnatomyError, match="hides no 'lesser omentum' from the endoscope"):
        set_stage(low, coarse_liver, np.random.default_rng(1))


def test_an_organ_that_is_lifted_is_free_where_it_faces_the_feet(stage: Stage) -> None:
    organ = anatomy.parametric_liver(edge_m=0.018).organ("liver")
    held = hanging_nodes(organ.points, organ.surface)
    assert len(held) > 50
    corners = organ.points[organ.surface[np.isin(organ.surface, held).all(axis=1)]]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing = area / np.linalg.norm(area, axis=1)[:, None]
    assert np.mean(facing[:, 2] < 0.3) > 0.95
    assert not np.array_equal(held, organ.support)
    assert np.array_equal(stage.organ.support, held)
