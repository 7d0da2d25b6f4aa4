"""The shipped procedures on their own anatomy."""

from pathlib import Path

import numpy as np
import pytest

from surgisim.procedure import find, load
from surgisim.procedure.load import loads
from surgisim.session.stage import set_stage

SHIPPED = sorted((Path(__file__).parents[2] / "procedures").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nodules_find_places_apart_from_centre_to_centre(path: Path) -> None:
    procedure = load(path)
    wanted = procedure.scene.nodules
    if wanted is None:
        pytest.skip("no nodules")
    for seed in range(1, 21):
        stage = set_stage(procedure, None, np.random.default_rng(seed))
        centres = np.array([nodule.center for nodule in stage.nodules])
        between = np.linalg.norm(centres[:, None] - centres, axis=2)
        assert len(centres) == wanted.count
        assert between[np.triu_indices(wanted.count, 1)].min() >= wanted.apart


def test_the_stage_keeps_no_path_of_its_anatomy(coarse_liver: Path) -> None:
    text = find("liver_palpation").read_text(encoding="utf-8")
    text = text.replace("anatomy: parametric_liver", f"anatomy: {coarse_liver}")
    stage = set_stage(loads(text, "own"), None, np.random.default_rng(1))
    assert stage.anatomy == coarse_liver.name
