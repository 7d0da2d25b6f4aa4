"""Ten thousand seeds reproduce declared probabilities, through the engine itself, without tissue.

The facts are cheap: the probe touches from the first look on. Looks are seconds apart, so a seed
takes some tenths of a millisecond.
"""

import numpy as np
import pytest
from scipy.stats import binomtest

from surgisim.procedure import Engine
from surgisim.procedure.load import loads
from surgisim.procedure.vocabulary import FACTS

from .made import TEXT

SEEDS = 10_000
_TIMES_S = (0.02, 12.0, 35.0)  # touch is done; rare is due; all others are


@pytest.fixture(scope="module")
def begun() -> dict[str, int]:
    """In how many seeds each complication began, with chance as the cause."""
    procedure = loads(TEXT, "hazards.yaml")
    facts: dict[str, float | bool] = {
        name: False if word.unit == "bool" else 0.0 for name, word in FACTS.items()
    }
    facts["probe.touching"] = True
    counts = dict.fromkeys((one.id for one in procedure.complications), 0) | {"press": 0}
    for seed in range(SEEDS):
        _, for_engine, _ = np.random.SeedSequence(seed).spawn(3)  # as a session does
        engine = Engine(procedure, np.random.default_rng(for_engine))
        for at_s in _TIMES_S:
            engine.update(round(1000 * at_s), at_s, facts)
        for record in engine.complications:
            assert record.cause in ("", "chance")
            assert (record.started_s is None) == (engine.drawn[record.id] is None)
            counts[record.id] += record.cause == "chance"
        counts["press"] += engine.chances["press"]
    return counts


@pytest.mark.parametrize(
    ("name", "p"), [("rare", 0.03), ("now_and_then", 0.2), ("even", 0.5), ("press", 0.3)]
)
def test_declared_probabilities_are_reproduced(begun: dict[str, int], name: str, p: float) -> None:
    interval = binomtest(begun[name], SEEDS).proportion_ci(0.99, method="exact")
    assert interval.low <= p <= interval.high
    assert interval.high - interval.low < 0.03


def test_certain_and_impossible_are_exact(begun: dict[str, int]) -> None:
    assert begun["always"] == SEEDS
    assert begun["never"] == 0


def test_complications_are_drawn_independently() -> None:
    procedure = loads(TEXT, "hazards.yaml")
    both = even = often = 0
    for seed in range(2000):
        drawn = Engine(procedure, np.random.default_rng(seed)).drawn
        even += drawn["even"] is not None
        often += drawn["now_and_then"] is not None
        both += drawn["even"] is not None and drawn["now_and_then"] is not None
    assert both / 2000 == pytest.approx(even / 2000 * often / 2000, abs=0.03)
