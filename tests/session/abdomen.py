"""The shipped procedure for the endoscope on a stage that is quick to set."""

from functools import cache
from pathlib import Path

import numpy as np

from surgisim.procedure.load import loads
from surgisim.session.stage import Stage, set_stage

SHIPPED = (Path(__file__).parents[2] / "procedures" / "camera_navigation.yaml").read_text()


@cache
def stage(seed: int = 1) -> Stage:
    """Set the stage with a coarse liver."""
    text = SHIPPED.replace("edge: 22 mm", "edge: 30 mm")
    return set_stage(loads(text, "coarse"), None, np.random.default_rng(seed))
