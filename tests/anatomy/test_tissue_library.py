"""The tissue library: every figure has a unit, a source and a spread around it."""

import subprocess
import sys

import pytest

from surgisim.anatomy import properties, tissue_names, tissue_parameters
from surgisim.errors import MaterialError

EVERY = [(t, name, p) for t in tissue_names() for name, p in properties(t).items()]
SI_UNITS = {"Pa", "kg/m^3", "1", "N/m", "Pa s", "m"}


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
    assert liver.confidence == "C"  # the weakest of the three


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
