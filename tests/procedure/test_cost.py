"""What a look costs: `benches/guards.py` gives the numbers, this holds them to their order.

Compared with work of the same kind in the same process, and with a wide margin: 200 conditions take
0.1 ms of a 20 ms look, which is about 15 times the lookups below.
"""

import time
from collections.abc import Callable

from surgisim.procedure.guard import Guard
from surgisim.procedure.vocabulary import facts_of

WORDS = facts_of([], [], [])
GUARDS = 200
TIMES = 100.0
KINDS = (
    "probe.force > 2.5 N",
    "probe.touching and probe.force < 1 N",
    "(probe.touching for 3 s) and not (capsule.torn or limit.exceeded)",
    "trainee.finished within 10 s of capsule.torn",
    "count(limit.exceeded) >= 3",
)


def cpu_s(work: Callable[[int], object]) -> float:
    """The least time of the processor for one look, of five tries of 200."""
    tries = []
    for _ in range(5):
        began = time.thread_time()
        for n in range(200):
            work(n)
        tries.append((time.thread_time() - began) / 200)
    return min(tries)


def test_200_conditions_cost_little() -> None:
    guards = [Guard(KINDS[n % len(KINDS)], WORDS) for n in range(GUARDS)]
    facts = {name: False if word.unit == "bool" else 0.0 for name, word in WORDS.items()}
    names = [sorted(guard.names)[0] for guard in guards]
    looked = cpu_s(lambda n: [guard.holds(facts, n * 0.02) for guard in guards])
    fetched = cpu_s(lambda n: [facts[name] for name in names])
    assert looked < TIMES * fetched
