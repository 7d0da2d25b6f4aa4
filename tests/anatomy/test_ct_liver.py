"""A real liver, 1126 mL in one piece."""

import numpy as np
import pytest

from surgisim.anatomy import build_organ, quality
from surgisim.simulation import FineSurface


def check(organ, edge_mm):
    report = organ.report
    assert report.label_volume_ml == pytest.approx(1126, abs=1)
    assert abs(report.volume_error) < 0.03
    volumes = quality.signed_volumes(organ.points, organ.tetrahedra)
    assert volumes.min() > 0
    assert volumes.sum() * 1e6 == pytest.approx(1126, rel=0.03)
    assert quality.component_ids(organ.tetrahedra).max() == 0
    assert quality.is_closed_manifold(organ.surface)
    assert quality.enclosed_volume(organ.points, organ.surface) == pytest.approx(volumes.sum())
    angles = quality.dihedral_angles(organ.points, organ.tetrahedra)
    assert report.min_dihedral_deg == angles.min() >= 12
    assert report.mean_edge_mm == pytest.approx(edge_mm, rel=0.06)
    assert report.min_altitude_mm > 0.2 * edge_mm
    assert report.deviation_mean_mm < 0.12 * edge_mm


def test_edges_of_10_mm(ct_liver):
    check(ct_liver, 10)
    assert ct_liver.report.tetrahedra < 20_000
    assert ct_liver.report.dropped_ml == pytest.approx(0.027)
    assert "millimetres assumed" in ct_liver.report.warnings[0]


def test_edges_of_6_mm(ct_labels):
    check(build_organ(ct_labels, 5, "liver", 0.006), 6)


def test_same_input_same_bits(ct_labels, ct_liver):
    again = build_organ(ct_labels, 5, "liver", 0.010)
    assert (again.points == ct_liver.points).all()
    assert (again.tetrahedra == ct_liver.tetrahedra).all()
    assert (again.support == ct_liver.support).all()
    assert again.report == ct_liver.report


def test_the_isosurface_is_finer_than_the_mesh_and_follows_it(ct_liver):
    shown = ct_liver.isosurface
    assert quality.is_closed_manifold(shown.faces)
    assert quality.enclosed_volume(shown.points, shown.faces) * 1e6 == pytest.approx(1126, rel=0.03)
    assert len(shown.faces) > 4 * len(ct_liver.surface)
    fine = FineSurface.embedded(ct_liver.points, ct_liver.tetrahedra, shown.points, shown.faces)
    outside = fine.distances
    assert fine.hidden == 0
    assert outside.max() * 1e3 <= ct_liver.report.deviation_max_mm
    assert np.mean(outside) * 1e3 <= ct_liver.report.deviation_mean_mm
    at_rest = fine.frame(ct_liver.points)
    assert np.abs(at_rest[:, :3] - shown.points).max() < 1e-6
    stretch = np.array([[1.1, 0.1, 0.0], [-0.1, 0.9, 0.0], [0.0, 0.0, 1.0]])
    carried = fine.frame(ct_liver.points @ stretch)[:, :3]
    assert np.abs(carried - shown.points @ stretch).max() < 3e-6


@pytest.mark.parametrize(("label", "name", "edge"), [(4, "gallbladder", 6), (2, "kidney", 8)])
def test_other_organs(ct_labels, label, name, edge):
    report = build_organ(ct_labels, label, name, edge * 1e-3).report
    assert abs(report.volume_error) < 0.03
    assert report.min_dihedral_deg > 12


def test_the_liver_lies_on_the_patients_right(ct_labels):
    """World +x is the patient's left, +y the front, -z the head."""
    liver = build_organ(ct_labels, 5, "liver", 0.02).points.mean(axis=0)
    spleen = build_organ(ct_labels, 1, "spleen", 0.02).points.mean(axis=0)
    bladder = ct_labels.affine[:3, :3] @ np.argwhere(ct_labels.data == 21).mean(axis=0)
    bladder += ct_labels.affine[:3, 3]
    assert liver[0] < spleen[0]
    assert liver[2] < bladder[2]
