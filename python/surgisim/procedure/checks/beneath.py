"""What can be wrong with what is to be brought into view."""

from collections.abc import Iterator

from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure

__all__ = ["check_beneath"]

_WORD = "exposure."


def check_beneath(procedure: Procedure) -> Iterator[Finding]:
    """Find what nothing can be seen through, and lines of the score with nothing to measure."""
    scene = procedure.scene
    if scene.beneath is None:
        for number, line in enumerate(procedure.scoring.lines):
            if line.metric.startswith(_WORD):
                text = f"'{line.metric}' needs something to be brought into view: add 'beneath'"
                yield Finding(("scoring", "lines", number, "metric"), text, whole=("scene",))
        return
    if scene.endoscope is None or scene.endoscope.held:
        text = "nothing shows whether it is in view: give the scene an 'endoscope' with a 'port'"
        yield Finding(("scene", "beneath"), text, whole=("scene",))
