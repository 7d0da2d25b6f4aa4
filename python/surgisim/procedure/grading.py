"""What an assessment may not rest on.

The tissue library grades each figure: A a table was read, B an abstract or a text, C recollection.
A procedure that passes and fails people must not use C. How well a property is known is known to
another room, so it is handed in.
"""

from collections.abc import Iterator

from surgisim.procedure.finding import Finding
from surgisim.procedure.model import Procedure
from surgisim.procedure.names import Stock
from surgisim.procedure.tissue import CAPSULE, ELASTIC

__all__ = ["check_grades"]

TOO_WEAK = "C"


def check_grades(procedure: Procedure, stock: Stock) -> Iterator[Finding]:
    """Tissue properties that are too little known for a procedure that assesses."""
    if procedure.purpose == "practice":
        return
    scene = procedure.scene
    for key, name, used in (
        ("tissue", scene.tissue, ELASTIC),
        ("capsule", scene.capsule, CAPSULE),
    ):
        grades = {} if name is None else stock.grades_of(name)
        for one in used:
            if grades.get(one) == TOO_WEAK and one not in scene.properties.given:
                text = (
                    f"an assessment cannot rest on the {one} of '{name}', which the tissue library "
                    f"has from recollection only (confidence {TOO_WEAK}): give it under "
                    "'properties' with its source, or write 'purpose: practice'"
                )
                yield Finding(("scene", key), text, whole=("scene",))
    if scene.probe.friction > 0.0 and scene.probe.source is None:
        text = (
            "an assessment cannot rest on a friction without its source: add 'source' to the "
            "probe, or write 'purpose: practice'"
        )
        yield Finding(("scene", "probe", "friction"), text, whole=("scene",))
    port = scene.probe.port
    if port is not None and port.friction and port.source is None:
        text = (
            "an assessment cannot rest on a friction without its source: add 'source' to the "
            "port, or write 'purpose: practice'"
        )
        yield Finding(("scene", "probe", "port", "friction"), text, whole=("scene",))
