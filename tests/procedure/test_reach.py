"""What is told never to come about never does, whatever is done: made-up procedures, played."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surgisim.procedure import Engine
from surgisim.procedure.expression import parse
from surgisim.procedure.reach import Reach
from surgisim.procedure.spans import spans_of

from .test_order import bodies, read
from .trial import NOTHING

LOOKS = st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=40)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(), LOOKS)
def test_what_never_comes_about_never_does(body: tuple[str, str], looks: list[list[bool]]) -> None:
    procedure = read(body[0])
    reach = Reach(procedure, lambda text: parse(text).condition, spans_of(procedure))
    engine = Engine(procedure, np.random.default_rng(1))
    for n, (touching, torn, exceeded, marked) in enumerate(looks):
        facts = NOTHING | {
            "probe.touching": touching,
            "capsule.torn": torn,
            "limit.exceeded": exceeded,
            "marks.count": float(marked),
        }
        engine.update(n * 20, n * 0.02, facts)
        seen = engine._seen(n * 0.02, facts)
        assert not [name for name in reach.never if seen.get(name)]
        begun = [one.id for one in engine.complications if one.started_s is not None]
        assert not [one for one in begun if f"complication.{one}" in reach.never]


def test_the_order_of_a_file_decides_nothing_here_either() -> None:
    steps = [
        f"  - {{id: s{n}, title: S, done_when: step.s{(7 * n + 1) % 40}.done}}\n" for n in range(40)
    ]
    for turned in (steps, steps[::-1]):
        procedure = read("steps:\n" + "".join(turned))
        reach = Reach(procedure, lambda text: parse(text).condition, spans_of(procedure))
        assert {name for name in reach.never if name.endswith(".done")} == {
            f"step.s{n}.done" for n in range(40)
        }
