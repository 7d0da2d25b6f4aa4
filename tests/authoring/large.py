"""Procedures of any size, with long texts and needs drawn by a seed."""

import random

from surgisim.authoring import beginning

CONDITIONS = (
    "probe.touching for 1 s",
    "(probe.touching for 3 s) and not (capsule.torn or limit.exceeded)",
    "count(limit.exceeded) >= 3 or trainee.finished",
    "trainee.finished within 10 s of capsule.torn",
    "not probe.touching and probe.speed < 5 mm/s",
    "complication.tear.active for 3 s",
)


def large(steps: int, seed: int) -> str:
    """A sound procedure of so many steps."""
    chance = random.Random(seed)  # noqa: S311
    start = beginning("large")
    before, rest = start.replace("end_when: ", "# end_when: ").split("steps:\n")
    after = rest[rest.index("# Mistakes.") :].replace("after: touch", "after: step_0")
    after = after.replace("text: the tear widens", f"text: {_words(chance, 30)}")
    after = after.replace("until: trainee.finished\n", "until: trainee.finished within 9 s\n", 1)
    after = after.replace("within 9 s\n", "within 9 s\n        else: bleeding\n", 1)
    return before + "steps:\n" + "".join(_step(n, chance) for n in range(steps)) + after


def _step(number: int, chance: random.Random) -> str:
    needs = {max(0, number - chance.choice((1, 1, 2, 3))) for _ in range(chance.randint(1, 3))}
    named = ", ".join(f"step_{need}" for need in sorted(needs)) if number else ""
    lines = [
        f"  - id: step_{number}",
        f"    title: {_words(chance, chance.randint(1, 14))}",
        f"    text: {_words(chance, chance.randint(1, 40))}",
        f"    needs: [{named}]",
        f"    done_when: {chance.choice(CONDITIONS)}",
    ]
    if number % 3 == 0:
        lines += [
            "    errors:",
            f"      - {{id: wrong_{number}, when: probe.force > 1 N for 2 s, severity: minor, "
            f"text: {_words(chance, 12)}, penalty: 1}}",
        ]
    return "\n".join(lines) + "\n"


def _words(chance: random.Random, count: int) -> str:
    some = ("liver", "press", "Lobus", "a", "hepatobiliary", "of", "x" * 50, "Größe", "若干")
    weights = (6, 6, 4, 9, 3, 9, 0.3, 3, 0)
    return " ".join(chance.choices(some, weights, k=count)).capitalize()
