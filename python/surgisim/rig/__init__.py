"""Rigs: a device in a place, and how its space lies in the world.

A `Rig` says which device is in the hand, where its handle can be, and the `Mapping` from there to
the tool: turn, scale, clutch. It is one text file. `calibrate` finds the turn from points that
were touched in both spaces, as when a device stands in front of a headset.
"""

from surgisim.rig.calibration import Calibration, calibrate
from surgisim.rig.fields import SCHEMA
from surgisim.rig.model import LARGEST_FIT, Accuracy, Ball, Mapping, Rig
from surgisim.rig.points import COLUMNS, read_points
from surgisim.rig.shelf import find, folder, names, place
from surgisim.rig.units import unit_slip

__all__ = [
    "COLUMNS",
    "LARGEST_FIT",
    "SCHEMA",
    "Accuracy",
    "Ball",
    "Calibration",
    "Mapping",
    "Rig",
    "calibrate",
    "find",
    "folder",
    "names",
    "place",
    "read_points",
    "unit_slip",
]
