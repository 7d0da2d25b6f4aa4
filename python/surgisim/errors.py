"""Every error that surgisim raises on purpose.

Each message is one sentence that says what was wrong, where, and what to do. The native module
raises these same classes, so one ``except`` serves both languages.
"""

__all__ = [
    "AnatomyError",
    "DeviceError",
    "HeadsetError",
    "MaterialError",
    "MeshError",
    "ProcedureError",
    "RecordError",
    "RenderError",
    "RigError",
    "RightsError",
    "StabilityError",
    "StoreError",
    "SurgisimError",
    "TestingError",
]


class SurgisimError(Exception):
    """Base of all errors of surgisim."""


class MeshError(SurgisimError, ValueError):
    """A mesh that cannot be simulated: shapes, indices, inverted or duplicate elements, NaN."""


class MaterialError(SurgisimError, ValueError):
    """A material outside its valid range, or an unknown tissue or law."""


class StabilityError(SurgisimError, ArithmeticError):
    """A state that left the numbers' range, or an equilibrium that was not reached."""


class AnatomyError(SurgisimError, ValueError):
    """A label volume or an anatomy folder that cannot be used."""


class ProcedureError(SurgisimError, ValueError):
    """A procedure file with mistakes; carries every one of them in its message."""


class RecordError(SurgisimError, ValueError):
    """A session record that is missing, damaged or of another version."""


class StoreError(SurgisimError, ValueError):
    """A store of records that cannot be opened or used, or something that is not in it."""


class RightsError(SurgisimError, PermissionError):
    """Something that whoever is signed in at a store may not do."""


class DeviceError(SurgisimError, RuntimeError):
    """A device that was asked for and is not there, or that stopped answering."""


class HeadsetError(SurgisimError, RuntimeError):
    """No headset can be used here: no runtime, no headset, or one that refuses what is needed."""


class RigError(SurgisimError, ValueError):
    """A rig that cannot be used: its file has mistakes, or points that do not say how it lies."""


class RenderError(SurgisimError, RuntimeError):
    """No way to draw here: no OpenGL context could be made."""


class TestingError(SurgisimError, RuntimeError):
    """A tool of `surgisim.testing` that is not built, or was asked for what it cannot do."""

    __test__ = False  # no test class, whatever pytest takes from its name
