"""What a look at 200 conditions costs: `python benches/guards.py`.

A procedure is looked at 50 times a second beside the tick, never in it. CPU time of this thread for
a look at 200 conditions of every kind, and at the liver's procedure; half of the looks, 99 %, most.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from surgisim.bench.machine import this_machine
from surgisim.procedure import FACTS, Engine, find, load
from surgisim.procedure.guard import Guard
from surgisim.procedure.vocabulary import facts_of

KINDS = (
    "probe.touching",
    "probe.force > 2.5 N",
    "probe.touching and probe.force < 1 N",
    "probe.touching for 3 s",
    "trainee.finished within 10 s of capsule.torn",
    "count(limit.exceeded) >= 3",
    "(probe.touching for 3 s) and not (capsule.torn or limit.exceeded)",
    "marks.count >= nodules.count or trainee.finished",
)
GUARDS = 200
Seen = dict[str, float | bool]
Look = Callable[[int, Seen], object]
LOOKS = 5000


def looks(look: Look, facts: list[Seen]) -> None:
    """Time looks and print what they took."""
    took = np.empty(LOOKS)
    for n in range(LOOKS):
        began = time.thread_time_ns()
        look(n, facts[n % len(facts)])
        took[n] = (time.thread_time_ns() - began) * 1e-3
    half, most, largest = np.percentile(took, [50, 99, 100])
    print(f"  {half:7.1f} us half, {most:7.1f} us 99 %, {largest:7.1f} us most")


def main() -> None:
    """Measure and print."""
    machine = this_machine("none")
    print(f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}, {machine.system}")
    words = facts_of([], [], [])
    rng = np.random.default_rng(1)
    facts = [
        {
            name: bool(rng.random() < 0.2) if word.unit == "bool" else float(rng.random() * 4)
            for name, word in words.items()
        }
        for _ in range(100)
    ]
    guards = [Guard(KINDS[n % len(KINDS)], words) for n in range(GUARDS)]
    print(f"{GUARDS} conditions of {len(KINDS)} kinds, a look:")
    looks(lambda n, seen: [guard.holds(seen, n * 0.02) for guard in guards], facts)
    engine = Engine(load(Path(find("liver_palpation"))), rng)
    quiet = {name: False if word.unit == "bool" else 0.0 for name, word in FACTS.items()}
    print("the liver's procedure, a look:")
    looks(lambda n, seen: engine.update(n * 20, n * 0.02, seen), [quiet])


if __name__ == "__main__":
    main()
