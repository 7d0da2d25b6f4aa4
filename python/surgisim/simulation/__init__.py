"""Worlds of soft tissue and tools: the only package that meets the native extension.

Units are SI, arrays NumPy float64 of shape (n, 3) unless said otherwise. Everything is
deterministic: the same calls give the same bits.
"""

from surgisim.simulation.attachment import Attachment, Break
from surgisim.simulation.body import SoftBody
from surgisim.simulation.checks import (
    check_ticks,
    flag,
    listed,
    number,
    shown,
    vector,
    whole_number,
    whole_ticks,
)
from surgisim.simulation.fine_surface import FineSurface
from surgisim.simulation.material import Material
from surgisim.simulation.mesh import MeshReport, TetMesh
from surgisim.simulation.native_run import (
    NativeLive,
    NativeLockstep,
    RunSetup,
    Sighting,
    check_same_world,
    first_difference,
    native_live,
    native_lockstep,
    simulated_devices,
    survey_devices,
)
from surgisim.simulation.step_stats import StepStats
from surgisim.simulation.tool import Tool
from surgisim.simulation.topology import Topology
from surgisim.simulation.world import World

__all__ = [
    "Attachment",
    "Break",
    "FineSurface",
    "Material",
    "MeshReport",
    "NativeLive",
    "NativeLockstep",
    "RunSetup",
    "Sighting",
    "SoftBody",
    "StepStats",
    "TetMesh",
    "Tool",
    "Topology",
    "World",
    "check_same_world",
    "check_ticks",
    "first_difference",
    "flag",
    "listed",
    "native_live",
    "native_lockstep",
    "number",
    "shown",
    "simulated_devices",
    "survey_devices",
    "vector",
    "whole_number",
    "whole_ticks",
]
