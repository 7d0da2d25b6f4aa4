"""What does not fit together in a scene."""

from collections.abc import Iterator

from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure
from surgisim.procedure.port import LEAST_INSIDE_M, START_ABOVE_M

__all__ = ["check_port", "check_properties", "check_told"]


def check_properties(procedure: Procedure) -> Iterator[Finding]:
    """Properties of a capsule that the scene does not have."""
    scene = procedure.scene
    if scene.properties.ultimate_strain is not None and scene.capsule is None:
        text = "'ultimate_strain' is of a capsule, and the scene names none: add 'capsule'"
        yield Finding(("scene", "properties", "ultimate_strain"), text, whole=("scene",))


def check_port(procedure: Procedure) -> Iterator[Finding]:
    """Find a port so low that the probe would start outside."""
    probe = procedure.scene.probe
    if probe.port is None:
        return
    least = probe.radius + START_ABOVE_M + LEAST_INSIDE_M
    if probe.port.above < least - 1e-9:
        text = (
            f"the port is {1e3 * probe.port.above:.4g} mm above the organ, and the probe has to "
            f"start below it: give at least {1e3 * least:.4g} mm"
        )
        yield Finding(("scene", "probe", "port", "above"), text, whole=("scene", "probe"))


def check_told(procedure: Procedure) -> Iterator[Finding]:
    """Figures of the patient, and facts, that come from nowhere."""
    patient = procedure.patient
    if procedure.facts and procedure.behaviour is None:
        text = "nobody tells these facts: name the program that does under 'behaviour'"
        yield Finding(("facts",), text, whole=())
    if patient is not None and patient.figures and patient.source is None:
        text = "figures of the patient without their source: add 'source'"
        yield Finding(("patient",), text, whole=("patient",))
