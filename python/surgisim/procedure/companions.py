"""The files that a procedure names, for those who take the procedure elsewhere or watch it."""

from pathlib import Path

from surgisim.procedure.model import Procedure
from surgisim.procedure.program import program_text
from surgisim.procedure.reference import inside
from surgisim.procedure.source import UnreadableError, parse, plain, read_text

__all__ = ["companions", "named_beside"]


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


def named_beside(path: Path) -> list[Path]:
    """List the files that the file of a procedure names, there or not; it may hold mistakes."""
    try:
        written = plain(parse(read_text(path)))
    except UnreadableError:
        return []
    patient = written.get("patient")
    named = [written.get("behaviour"), patient.get("ref") if isinstance(patient, dict) else None]
    return [path.parent / one for one in named if isinstance(one, str) and "\0" not in one]
