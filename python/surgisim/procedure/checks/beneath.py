"""What can be wrong with what is to be brought into view."""

from collections.abc import Iterator

from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure

__all__ = ["check_beneath"]


def check_beneath(procedure: Procedure) -> Iterator[Finding]:
    """Find what no endoscope shows."""
    scene = procedure.scene
    if scene.beneath is None:
        return
    if scene.endoscope is None or scene.endoscope.held:
        text = "nothing shows whether it is in view: give the scene an 'endoscope' with a 'port'"
        yield Finding(("scene", "beneath"), text, whole=("scene",))
