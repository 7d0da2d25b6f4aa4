"""The files that a procedure names, for those who take the procedure elsewhere."""

from pathlib import Path

from surgisim.procedure.model import Procedure
from surgisim.procedure.program import program_text
from surgisim.procedure.reference import inside
from surgisim.procedure.source import read_text

__all__ = ["companions"]


def companions(procedure: Procedure, folder: Path) -> dict[str, str]:
    """Read the files beside a procedure that it names: by the name it gives them, their text.

    The procedure was read from this folder, so the files are there.
    """
    found = {}
    patient = procedure.patient
    if patient is not None and patient.ref is not None:
        found[patient.ref] = read_text(inside(folder, patient.ref, ".yaml"))
    if procedure.behaviour is not None:
        found[procedure.behaviour] = program_text(procedure, folder)
    return found
