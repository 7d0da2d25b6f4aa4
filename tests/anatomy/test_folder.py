"""Anatomy folders: written, read back, and refused when damaged."""

import json

import numpy as np
import pytest

from surgisim.anatomy import build, load, organ_names, read
from surgisim.errors import AnatomyError

EDGE = 0.010


@pytest.fixture(scope="module")
def built(tmp_path_factory, test_data):
    out = tmp_path_factory.mktemp("anatomy") / "liver"
    stages = []
    anatomy = build(
        test_data("ct/abdomen_labels.nii.gz"),
        {5: "liver", 4: "gallbladder"},
        EDGE,
        out,
        lambda stage, fraction: stages.append((stage, fraction)),
    )
    return anatomy, out, stages


@pytest.fixture
def copy(built, tmp_path):
    """A copy of the folder to damage."""
    for path in built[1].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_round_trip(built):
    anatomy, out, _ = built
    organs = [
        f"{name}{part}.vtu" for name in ("gallbladder", "liver") for part in ("-isosurface", "")
    ]
    assert sorted(p.name for p in out.iterdir()) == ["anatomy.json", *organs]
    again = load(out)
    assert again.source == "abdomen_labels.nii.gz"
    assert again.offset_m == anatomy.offset_m
    for a, b in zip(anatomy.organs, again.organs, strict=True):
        assert (a.name, a.label, a.report) == (b.name, b.label, b.report)
        for field in ("points", "tetrahedra", "surface", "support"):
            assert (getattr(a, field) == getattr(b, field)).all()
            assert getattr(a, field).dtype == getattr(b, field).dtype
        assert (a.isosurface.points == b.isosurface.points).all()
        assert (a.isosurface.faces == b.isosurface.faces).all()


def test_first_organ_is_centred_and_neighbours_keep_their_place(built):
    anatomy, _, _ = built
    liver, gallbladder = anatomy.organs
    volumes = np.linalg.det(
        liver.points[liver.tetrahedra][:, 1:] - liver.points[liver.tetrahedra][:, :1]
    )
    centroid = volumes @ liver.points[liver.tetrahedra].mean(axis=1) / volumes.sum()
    assert centroid == pytest.approx(np.zeros(3), abs=1e-9)
    gap = np.linalg.norm(liver.points[:, None] - gallbladder.points, axis=2).min()
    assert gap < 0.01


def test_json_holds_the_figures(built):
    content = json.loads((built[1] / "anatomy.json").read_text())
    assert content["schema"] == "surgisim/anatomy@1"
    liver = content["organs"][0]
    assert liver["name"] == "liver"
    assert liver["label"] == 5
    assert liver["volume_ml"] == pytest.approx(1126, rel=0.03)
    assert liver["min_dihedral_deg"] > 5
    assert liver["edge_mm"] == pytest.approx(10)
    assert {"tetrahedra", "nodes", "dropped_ml", "min_altitude_mm"} <= liver.keys()


def test_progress_rises_to_one(built):
    fractions = [fraction for _, fraction in built[2]]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0


def test_organ_by_name(built):
    assert built[0].organ("gallbladder").label == 4
    with pytest.raises(AnatomyError, match="has no 'spleen'; it has: liver, gallbladder"):
        built[0].organ("spleen")


def test_not_an_anatomy_folder(tmp_path):
    with pytest.raises(AnatomyError, match=r"has no anatomy\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        (lambda c: c.update(schema="surgisim/anatomy@9"), "schema"),
        (lambda c: c.update(organs=[]), "organs"),
        (lambda c: c["organs"][0].update(file="../liver.vtu"), r"organs\.0\.file"),
        (lambda c: c["organs"][0].update(label=0), r"organs\.0\.label"),
        (lambda c: c["organs"][0].pop("volume_ml"), "volume_ml"),
        (lambda c: c.pop("offset_m"), "offset_m"),
    ],
)
def test_a_damaged_index_is_located(copy, edit, where):
    content = json.loads((copy / "anatomy.json").read_text())
    edit(content)
    (copy / "anatomy.json").write_text(json.dumps(content))
    with pytest.raises(AnatomyError, match=f"is damaged or of another version at {where}"):
        load(copy)


def test_organs_are_named_without_their_meshes(copy):
    (copy / "liver.vtu").unlink()
    assert organ_names(copy) == ("liver", "gallbladder")
    assert organ_names("parametric_liver") == ("liver",)
    (copy / "anatomy.json").write_text("{")
    with pytest.raises(AnatomyError, match="at the file"):
        organ_names(copy)


def test_a_name_too_long_for_the_file_system():
    for look in (load, read, organ_names):
        with pytest.raises(AnatomyError):
            look("a" * 300)


def test_an_index_that_is_not_json(copy):
    (copy / "anatomy.json").write_text("{")
    with pytest.raises(AnatomyError, match="at the file"):
        load(copy)


def test_a_missing_mesh(copy):
    (copy / "liver.vtu").unlink()
    with pytest.raises(AnatomyError, match=r"liver\.vtu is missing"):
        load(copy)


def test_a_damaged_mesh(copy):
    (copy / "liver.vtu").write_bytes((copy / "liver.vtu").read_bytes()[:5000])
    with pytest.raises(AnatomyError, match="cannot be read"):
        load(copy)


def test_another_organs_mesh(copy):
    (copy / "liver.vtu").write_bytes((copy / "gallbladder.vtu").read_bytes())
    with pytest.raises(AnatomyError, match=r"does not match anatomy\.json"):
        load(copy)


def test_a_folder_from_before_isosurfaces_is_whole(copy):
    content = json.loads((copy / "anatomy.json").read_text())
    for entry in content["organs"]:
        (copy / entry.pop("isosurface")).unlink()
    (copy / "anatomy.json").write_text(json.dumps(content))
    liver = load(copy).organ("liver")
    assert liver.isosurface is None
    assert len(liver.points) == liver.report.nodes


def test_a_damaged_isosurface(copy):
    path = copy / "liver-isosurface.vtu"
    path.write_bytes((copy / "liver.vtu").read_bytes())
    with pytest.raises(AnatomyError, match=r"liver-isosurface\.vtu cannot be read"):
        load(copy)
    path.unlink()
    with pytest.raises(AnatomyError, match=r"liver-isosurface\.vtu is missing"):
        load(copy)


def test_a_folder_that_cannot_be_made(test_data, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AnatomyError, match="cannot be written"):
        build(test_data("ct/abdomen_labels.nii.gz"), {4: "gallbladder"}, EDGE, tmp_path / "file")


@pytest.mark.parametrize(
    ("organs", "reason"),
    [
        ({}, "at least one organ"),
        ({5: "a", 4: "a"}, "each name once"),
        ({5: "Left Lobe"}, "'Left Lobe' cannot name an organ"),
        ({5: "../x"}, "cannot name an organ"),
        ({5: "liver", 200: "tail"}, "no voxel with label 200"),
    ],
)
def test_wrong_choices_are_told_before_the_work(test_data, tmp_path, organs, reason):
    with pytest.raises(AnatomyError, match=reason):
        build(test_data("ct/abdomen_labels.nii.gz"), organs, EDGE, tmp_path)
