"""Anatomy: label volumes and parametric shapes to tetrahedra, nodules, the tissue library.

Names are loaded on first use, so that importing this package loads no heavy library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surgisim.anatomy.building import build
    from surgisim.anatomy.cache import (
        cache_folder,
        is_built_in,
        load,
        organ_names,
        organ_room,
        parametric_liver,
    )
    from surgisim.anatomy.folder import read, registered_image, write
    from surgisim.anatomy.labels import LabelVolume, read_labels
    from surgisim.anatomy.nodules import Nodule, nodule_fractions, place_nodules, tet_stiffness
    from surgisim.anatomy.organ import Anatomy, Isosurface, MeshReport, Organ
    from surgisim.anatomy.parts import OrganSurface, label_parts
    from surgisim.anatomy.support import hanging_nodes, support_nodes
    from surgisim.anatomy.tetrahedra import build_organ
    from surgisim.anatomy.tissue_library import (
        TissueParameters,
        TissueProperty,
        elastic_properties,
        properties,
        tissue_names,
        tissue_parameters,
    )
    from surgisim.anatomy.volume import Volume, read_volume

_HOME = {
    "Anatomy": "organ",
    "Isosurface": "organ",
    "LabelVolume": "labels",
    "MeshReport": "organ",
    "Nodule": "nodules",
    "Organ": "organ",
    "OrganSurface": "parts",
    "TissueParameters": "tissue_library",
    "TissueProperty": "tissue_library",
    "Volume": "volume",
    "build": "building",
    "build_organ": "tetrahedra",
    "cache_folder": "cache",
    "elastic_properties": "tissue_library",
    "hanging_nodes": "support",
    "is_built_in": "cache",
    "label_parts": "parts",
    "load": "cache",
    "nodule_fractions": "nodules",
    "organ_names": "cache",
    "organ_room": "cache",
    "parametric_liver": "cache",
    "place_nodules": "nodules",
    "properties": "tissue_library",
    "read": "folder",
    "read_labels": "labels",
    "read_volume": "volume",
    "registered_image": "folder",
    "support_nodes": "support",
    "tet_stiffness": "nodules",
    "tissue_names": "tissue_library",
    "tissue_parameters": "tissue_library",
    "write": "folder",
}

__all__ = [
    "Anatomy",
    "Isosurface",
    "LabelVolume",
    "MeshReport",
    "Nodule",
    "Organ",
    "OrganSurface",
    "TissueParameters",
    "TissueProperty",
    "Volume",
    "build",
    "build_organ",
    "cache_folder",
    "elastic_properties",
    "hanging_nodes",
    "is_built_in",
    "label_parts",
    "load",
    "nodule_fractions",
    "organ_names",
    "organ_room",
    "parametric_liver",
    "place_nodules",
    "properties",
    "read",
    "read_labels",
    "read_volume",
    "registered_image",
    "support_nodes",
    "tet_stiffness",
    "tissue_names",
    "tissue_parameters",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
