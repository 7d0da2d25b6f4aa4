"""The tissue of a scene: the library's, with the properties that the procedure gives itself."""

from dataclasses import replace

from surgisim import anatomy
from surgisim.anatomy.tissue import tissue
from surgisim.errors import MaterialError
from surgisim.procedure.scene import Scene
from surgisim.procedure.tissue import ELASTIC
from surgisim.simulation import Material

__all__ = ["healthy_tissue", "ultimate_strain"]


def healthy_tissue(scene: Scene) -> Material:
    """Make the material of a scene's organ.

    The source names each property that the procedure gives; the confidence is the weakest of what
    is left of the library, and empty where nothing is left.

    Raises
    ------
    MaterialError
        The library has no such tissue.
    """
    material = tissue(scene.tissue)
    given = {name: one for name, one in scene.properties.given.items() if name in ELASTIC}
    values = {name: one.value for name, one in given.items()}
    if not given:
        return material
    library = anatomy.elastic_properties(scene.tissue)
    left = [one for name, one in library.items() if name not in given]
    own = [f"{name} given by the procedure: {one.source}" for name, one in given.items()]
    return replace(
        material,
        young_modulus=values.get("young_modulus", material.young_modulus),
        poisson_ratio=values.get("poisson_ratio", material.poisson_ratio),
        density=values.get("density", material.density),
        source="; ".join(dict.fromkeys([*(one.source for one in left), *own])),
        confidence=max((one.confidence for one in left), default=""),
        range=None if "young_modulus" in given else material.range,
    )


def ultimate_strain(scene: Scene) -> float | None:
    """Strain at which the capsule of a scene tears, None without one.

    Raises
    ------
    MaterialError
        The library has no such capsule.
    """
    if scene.capsule is None:
        return None
    if scene.properties.ultimate_strain is not None:
        return scene.properties.ultimate_strain.value
    found = anatomy.properties(scene.capsule).get("ultimate_strain")
    if found is None:
        raise MaterialError(
            f"tissue '{scene.capsule}' has no ultimate_strain; name a capsule of the tissue library"
        )
    return found.value
