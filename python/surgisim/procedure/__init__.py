"""Procedures: the YAML format, its checks, and the engine that runs one.

`load` reads a file into a `Procedure` or says every mistake of it with line and column;
`Engine` runs it on the facts of the tick; `find` knows the procedures that come along. Only
`surgisim.snapshot` and `surgisim.errors` are used of the rest: a procedure knows neither how it
is scored nor how it is drawn.
"""

from surgisim.procedure.behaviour import Behaviour
from surgisim.procedure.bleeding import Bleed, Vessel, bleed_rate
from surgisim.procedure.breathing import Breath, Keyframe
from surgisim.procedure.companions import companions, named_beside
from surgisim.procedure.complication import ComplicationRecord, Effect
from surgisim.procedure.engine import LOOK_S, Engine
from surgisim.procedure.load import find, load, problems_of, shipped
from surgisim.procedure.mistake import ErrorRecord
from surgisim.procedure.model import Procedure, json_schema
from surgisim.procedure.names import Room, Stock
from surgisim.procedure.problem import Problem
from surgisim.procedure.program import Program, program_text
from surgisim.procedure.running_step import StepRecord
from surgisim.procedure.versions import compared, record_version
from surgisim.procedure.vocabulary import FACTS, METRICS

__all__ = [
    "FACTS",
    "LOOK_S",
    "METRICS",
    "Behaviour",
    "Bleed",
    "Breath",
    "ComplicationRecord",
    "Effect",
    "Engine",
    "ErrorRecord",
    "Keyframe",
    "Problem",
    "Procedure",
    "Program",
    "Room",
    "StepRecord",
    "Stock",
    "Vessel",
    "bleed_rate",
    "companions",
    "compared",
    "find",
    "json_schema",
    "load",
    "named_beside",
    "problems_of",
    "program_text",
    "record_version",
    "shipped",
]
