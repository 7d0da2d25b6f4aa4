"""Materials beyond two constants, and the choice of element, through the Python face."""

import numpy as np
import pytest

from surgisim import Material, MaterialError, SurgisimError, TetMesh, World

SOFT = {"young_modulus": 3e3, "poisson_ratio": 0.45, "density": 1060.0}


def sheared(tissue: Material, shear: float) -> tuple[World, float]:
    """A block of which every node is held, sheared by `shear`; and the force on its top, N."""
    mesh = TetMesh.box((0.03, 0.03, 0.03), (3, 3, 3))
    world = World(gravity=(0.0, 0.0, 0.0))
    every = np.arange(len(mesh.points))
    body = world.add_soft_body(mesh, tissue, fixed=every)
    body.prescribe(every, mesh.points[:, [1, 0, 2]] * (shear, 0.0, 0.0))
    world.step()
    top = np.flatnonzero(mesh.points[:, 1] == 0.03)
    world.step(200)
    return world, float(body.reaction(top)[0])


def test_shear_fades_with_the_prony_series() -> None:
    elastic = sheared(Material(**SOFT), 0.2)[1]
    series = ((0.5, 0.1), (0.2, 1.0))
    _, faded = sheared(Material(**SOFT, prony=series), 0.2)
    left = 1.0 - sum(g * (1.0 - np.exp(-0.2005 / tau)) for g, tau in series)
    assert faded / elastic == pytest.approx(left, abs=1e-3)


def test_mooney_rivlin_has_the_slope_of_its_constants() -> None:
    plain = sheared(Material(**SOFT, law="neo_hookean"), 1e-3)[1]
    for ratio in (0.3, 1.0):
        mooney = Material(**SOFT, law="mooney_rivlin", mooney_ratio=ratio)
        assert sheared(mooney, 1e-3)[1] == pytest.approx(plain, rel=1e-3)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"prony": ((1.2, 0.1),)}, "a Prony share g is 1.2, but it must be between 0 and 1"),
        ({"prony": (0.5, 0.1)}, "prony is pairs of numbers"),
        ({"mooney_ratio": 0.5}, "use law='mooney_rivlin' or leave it out"),
        ({"law": "mooney_rivlin", "mooney_ratio": 2.0}, "from 0 to 1"),
        ({"law": "ogden"}, "use 'stable_neo_hookean', 'neo_hookean' or 'mooney_rivlin'"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, object], says: str) -> None:
    with pytest.raises(MaterialError) as refused:
        Material(**SOFT, **given)  # type: ignore[arg-type]
    assert says in str(refused.value)


def test_averaging_is_a_choice() -> None:
    mesh = TetMesh.box((0.1, 0.02, 0.02), (10, 2, 2))
    held = np.flatnonzero(mesh.points[:, 0] == 0.0)
    sags = []
    for averaging in ("strain", "pressure"):
        world = World(gravity=(0.0, -0.1, 0.0))
        body = world.add_soft_body(mesh, Material(**SOFT), fixed=held, averaging=averaging)
        world.settle()
        sags.append(float(body.displacements[:, 1].min()))
    assert sags[0] < 1.2 * sags[1]  # pressure alone leaves it too stiff
    with pytest.raises(SurgisimError, match="use 'strain' or 'pressure'"):
        world.add_soft_body(mesh, Material(**SOFT), averaging="edges")
    with pytest.raises(MaterialError, match="needs strain averaging"):
        world.add_soft_body(mesh, Material(**SOFT, prony=((0.5, 0.1),)), averaging="pressure")
