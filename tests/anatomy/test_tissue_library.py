"""The tissue library: every figure has a unit, a source and a spread around it."""

import subprocess
import sys
from pathlib import Path

import pytest

import surgisim
from surgisim.anatomy import elastic_properties, properties, tissue_names, tissue_parameters
from surgisim.anatomy.tissue_table import markdown
from surgisim.errors import MaterialError

EVERY = [(t, name, p) for t in tissue_names() for name, p in properties(t).items()]
SI_UNITS = {"Pa", "kg/m^3", "1", "N/m", "Pa s", "m", "m/s", "J/m^2", "s"}


@pytest.mark.parametrize(
    ("tissue", "name", "entry"), EVERY, ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_property_is_sourced(tissue, name, entry):
    assert entry.unit in SI_UNITS
    assert entry.lo <= entry.value <= entry.hi
    assert len(entry.source) > 10
    assert entry.confidence in "ABC"
    assert entry.species
    assert entry.model


def test_the_tissues_of_the_first_procedure_are_there():
    needed = {"liver", "liver_nodule", "liver_capsule", "gallbladder", "kidney", "spleen", "fat"}
    assert needed | {"blood", "portal_vein", "hepatic_vein"} <= set(tissue_names())


def test_shear_stiffness_becomes_young_modulus():
    liver = tissue_parameters("liver")
    assert liver.young_modulus == pytest.approx(3 * 2090)
    assert liver.range == pytest.approx((3 * 1680, 3 * 2480))
    assert liver.poisson_ratio == 0.45
    assert liver.density == 1060
    assert "Venkatesh" in liver.source
    assert liver.confidence == "B"  # the weakest of the three


def test_the_weakest_property_makes_the_confidence():
    parts = elastic_properties("colon")
    assert {name: part.confidence for name, part in parts.items()} == {
        "young_modulus": "B",
        "poisson_ratio": "B",
        "density": "C",
    }
    assert tissue_parameters("colon").confidence == "C"
    assert "memory" in tissue_parameters("colon").source
    # The modulus itself counts, also where it is a shear modulus.
    assert elastic_properties("gallbladder")["young_modulus"].source.startswith("Phys. Med. Biol.")


def test_what_is_remembered_says_so_and_is_grade_c():
    remembered = [(t, n, p) for t, n, p in EVERY if "memory" in p.source or "textbook" in p.source]
    assert len(remembered) > 8
    assert [(t, n) for t, n, p in remembered if p.confidence != "C"] == []


def test_a_choice_of_the_model_says_what_it_changes():
    chosen = [(t, n, p) for t, n, p in EVERY if p.state == "model"]
    assert {n for _, n, _ in chosen} == {"poisson_ratio"}
    assert [t for t, _, p in chosen if "5 to 9 %" not in p.note] == []


@pytest.mark.parametrize(
    "tissue", [t for t in tissue_names() if {"speed_of_sound", "density"} <= properties(t).keys()]
)
def test_tissue_is_all_but_incompressible(tissue):
    known = properties(tissue)
    bulk = known["density"].value * known["speed_of_sound"].value ** 2
    assert 2.0e9 < bulk < 3.0e9  # as water, 2.2 GPa
    if tissue != "skin":  # no modulus
        shear = tissue_parameters(tissue).young_modulus / 3.0
        assert 0.5 - (3 * bulk - 2 * shear) / (2 * (3 * bulk + shear)) < 1e-4


def test_the_page_shows_every_figure():
    page = (Path(__file__).parents[2] / "docs" / "tissues.md").read_text(encoding="utf-8")
    block = page.split("<!-- tissues:start -->\n")[1].split("\n<!-- tissues:end -->")[0]
    assert block.splitlines() == markdown(tissue_names()).splitlines()
    assert len(block.splitlines()) == 2 + len(EVERY)


def test_a_tissue_whose_relaxation_is_left_out_says_so():
    relaxing = [t for t in tissue_names() if any("prony" in name for name in properties(t))]
    assert relaxing == ["fat", "brain"]
    for tissue in relaxing:
        first = next(one for name, one in properties(tissue).items() if "prony" in name)
        assert f"Left out of surgisim.tissue('{tissue}')" in first.note
        assert surgisim.tissue(tissue).prony == ()


def test_no_cell_breaks_the_table():
    for line in markdown(tissue_names()).splitlines():
        assert len(line.split(" | ")) == 7


def test_impact_stiffness_is_kept_apart_from_slow_stiffness():
    wall = properties("gallbladder")
    assert tissue_parameters("gallbladder").young_modulus == pytest.approx(3 * 85e3)
    assert wall["young_modulus_impact"].value > 30 * 3 * wall["shear_modulus"].value


def test_nodule_is_stiffer_than_liver_as_measured():
    ratio = (
        tissue_parameters("liver_nodule").young_modulus / tissue_parameters("liver").young_modulus
    )
    assert ratio == pytest.approx(properties("liver_nodule")["stiffness_ratio"].value, rel=0.15)


def test_capsule_limits():
    capsule = properties("liver_capsule")
    assert capsule["ultimate_strain"].value == 0.47
    assert capsule["ultimate_load_per_width"].value == pytest.approx(0.3e3)
    assert "Brunon" in capsule["ultimate_strain"].source


def test_an_unknown_tissue_names_the_nearest():
    with pytest.raises(MaterialError, match="no 'livre'; the nearest names are liver"):
        properties("livre")


def test_blood_is_no_elastic_material():
    with pytest.raises(MaterialError, match="density, viscosity of blood"):
        tissue_parameters("blood")


def test_the_library_cannot_be_changed():
    with pytest.raises(TypeError):
        properties("liver")["density"] = None


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, surgisim.anatomy; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"scipy", "skimage", "nibabel", "meshio"} & set(done.stdout.split())


def test_every_public_name_is_there():
    import surgisim.anatomy as anatomy

    for name in anatomy.__all__:
        assert getattr(anatomy, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = anatomy.nothing
