"""surgisim: an open surgical simulator. Importing it loads neither graphics nor XR."""

from importlib.metadata import version

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

__version__ = version("surgisim")
