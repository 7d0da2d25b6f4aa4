"""What the program of a procedure is: a class of its own with a few hooks.

Most procedures need none. Where a condition needs a fact that the vocabulary lacks, or an event
should do what no `effect` says, a procedure names a Python file beside it with one class derived
from `Behaviour`: `behaviour: behaviour.py`.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from surgisim.procedure.complication import Effect
from surgisim.procedure.model import Procedure
from surgisim.snapshot import Event, Snapshot

__all__ = ["Behaviour"]


class Behaviour:
    """The program of a procedure; derive from it and override what you need.

    Its hooks are called in the slow side of the session, 50 times a second, never in the tick. What
    they return must depend on what they are given and on `rng` alone: no clock, file or network.

    Parameters
    ----------
    procedure
        As it was read.
    rng
        Chance of its own, from the session's seed.
    """

    def __init__(self, procedure: Procedure, rng: np.random.Generator) -> None:
        self.procedure = procedure
        self.rng = rng

    def facts(self, snapshot: Snapshot) -> Mapping[str, float | bool]:
        """Tell the facts that the procedure declares, in SI; called once at every look."""
        return {}

    def on_event(self, event: Event) -> Iterable[Effect]:
        """Answer an event, of the tick or of the procedure, with effects on the scene."""
        return ()
