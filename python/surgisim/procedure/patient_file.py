"""Reading the patient that a procedure refers to."""

from pathlib import Path

from pydantic import ValidationError

from surgisim.procedure.fit import tell_all
from surgisim.procedure.patient import FIGURES, Patient, PatientFile
from surgisim.procedure.problem import Problem
from surgisim.procedure.reference import inside
from surgisim.procedure.source import Places, UnreadableError, parse, plain, read_text

__all__ = ["read_patient", "with_reference"]


def with_reference(patient: Patient, folder: Path) -> tuple[Patient, list[Problem]]:
    """Fill in what the file of a patient says.

    Raises
    ------
    ValueError
        When there is no such file inside `folder`.
    """
    path = inside(folder, patient.ref or "", ".yaml")
    found, problems = read_patient(path)
    if found is None:
        return patient, problems
    own = [*FIGURES, "sex"]
    values = {key: getattr(found, key) for key in own if getattr(patient, key) is None}
    sources = [text for text in (patient.source, found.source) if text]
    values |= {"history": [*found.history, *patient.history], "source": "; ".join(sources) or None}
    return patient.model_copy(update=values), problems


def read_patient(path: Path) -> tuple[PatientFile | None, list[Problem]]:
    """Read a file that holds a patient; what is wrong with it is told at its place."""
    try:
        source = read_text(path)
        root = parse(source, "a patient is a set of keys, beginning with 'surgisim: patient@1'")
        written = plain(root)
    except UnreadableError as error:
        return None, [Problem(str(path), error.line, error.column, str(error))]
    places = Places(root, source)
    try:
        found = PatientFile.model_validate(written)
    except ValidationError as error:
        told = tell_all(
            [(tuple(one["loc"]), one) for one in error.errors(include_url=False)],
            written,
            PatientFile,
        )
        return None, sorted(
            Problem(str(path), *(places.key(at) if at_key else places.value(at)), text)
            for at, text, at_key in told
        )
    if found.figures and found.source is None:
        text = "figures of the patient without their source: add 'source'"
        return found, [Problem(str(path), 1, 1, text)]
    return found, []
