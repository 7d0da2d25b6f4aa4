"""surgisim: an open surgical simulator. Importing it loads neither graphics nor XR.

Names are loaded on first use, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surgisim.anatomy.tissue import tissue
    from surgisim.errors import (
        AnatomyError,
        DeviceError,
        MaterialError,
        MeshError,
        ProcedureError,
        RecordError,
        RenderError,
        RigError,
        StabilityError,
        SurgisimError,
    )
    from surgisim.simulation import (
        Attachment,
        Break,
        Material,
        SoftBody,
        StepStats,
        TetMesh,
        Tool,
        Topology,
        World,
    )

    __version__: str

__all__ = [
    "AnatomyError",
    "Attachment",
    "Break",
    "DeviceError",
    "Material",
    "MaterialError",
    "MeshError",
    "ProcedureError",
    "RecordError",
    "RenderError",
    "RigError",
    "SoftBody",
    "StabilityError",
    "StepStats",
    "SurgisimError",
    "TetMesh",
    "Tool",
    "Topology",
    "World",
    "__version__",
    "tissue",
]


def __getattr__(name: str) -> object:
    """Load a name from the module that has it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__version__":
        from importlib.metadata import version

        return version("surgisim")
    if name == "tissue":
        home = "surgisim.anatomy.tissue"
    else:
        home = "surgisim.errors" if name.endswith("Error") else "surgisim.simulation"
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
