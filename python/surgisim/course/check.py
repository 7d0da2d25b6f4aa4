"""What can be wrong with a course although every key is right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from surgisim.course.model import Course, Limit, Module
from surgisim.course.rules import cusum_rule, shortest
from surgisim.nearest import suggest
from surgisim.procedure import METRICS, Procedure
from surgisim.procedure.quantity import Quantity, in_words
from surgisim.procedure.vocabulary import unknown_metric

__all__ = ["Finding", "Look", "check"]

Path = tuple[str | int, ...]
Look = Callable[[str], Procedure | str]
"""Finds a procedure by what a module calls it, or says in one sentence why there is none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: keys and indices down to the place, and what is wrong."""

    path: Path
    message: str


def check(course: Course, look: Look) -> list[Finding]:
    """Every mistake of a course."""
    findings = [*_ids(course), *_needs(course)]
    for number, module in enumerate(course.modules):
        path: Path = ("modules", number)
        findings += [
            *_procedure(path, module, look),
            *_success(path, module),
            *_rules(path, module),
        ]
    return findings


def _ids(course: Course) -> Iterator[Finding]:
    """Ids used twice."""
    seen: set[str] = set()
    for number, module in enumerate(course.modules):
        if module.id in seen:
            yield Finding(("modules", number, "id"), f"the module id '{module.id}' is used twice")
        seen.add(module.id)


def _needs(course: Course) -> Iterator[Finding]:
    """Unknown modules in `needs`, and modules that need each other in a circle."""
    needs = {module.id: module.needs for module in course.modules}
    told: set[str] = set()
    for number, module in enumerate(course.modules):
        for at, need in enumerate(module.needs):
            if need not in needs:
                text = f"unknown module '{need}'{suggest(need, sorted(needs))}"
                yield Finding(("modules", number, "needs", at), text)
        circle = _circle(module.id, needs)
        if circle and not told.intersection(circle):
            told.update(circle)
            text = f"modules need each other in a circle: {' -> '.join(circle)}"
            yield Finding(("modules", number, "needs"), text)


def _circle(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """Follow `needs` from a module back to itself; empty if that does not happen."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop(0)
        for need in needs.get(way[-1], []):
            if need == start:
                return [*way, start]
            if need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return []


def _procedure(path: Path, module: Module, look: Look) -> Iterator[Finding]:
    """Procedures that are not there, or whose verdict cannot be what is asked for."""
    found = look(module.procedure)
    if isinstance(found, str):
        yield Finding((*path, "procedure"), found)
        return
    if module.versions and found.version not in module.versions:
        known = ", ".join(f"'{version}'" for version in module.versions)
        text = f"runs of version {known} count, and '{found.id}' here is version '{found.version}'"
        yield Finding((*path, "versions"), text)
    if module.success.passed and found.purpose == "practice":
        text = (
            f"'{found.id}' is practice and passes nobody: write under 'success' "
            "'passed: no' and what makes a run a success"
        )
        yield Finding((*path, "success"), text)


def _success(path: Path, module: Module) -> Iterator[Finding]:
    """Find limits that mean nothing, and successes that every run is."""
    success = module.success
    if not success.passed and success.score is None and not success.limits:
        text = "every run would be a success: ask for 'passed', a 'score' or 'limits'"
        yield Finding((*path, "success"), text)
    for number, limit in enumerate(success.limits):
        yield from _limit((*path, "success", "limits", number), limit)


def _limit(path: Path, limit: Limit) -> Iterator[Finding]:
    if limit.metric not in METRICS:
        yield Finding((*path, "metric"), unknown_metric(limit.metric))
        return
    bounds = {"at_least": limit.at_least, "at_most": limit.at_most}
    given = {key: value for key, value in bounds.items() if value is not None}
    if not given:
        text = f"nothing is asked of '{limit.metric}': add 'at_least' or 'at_most'"
        yield Finding(path, text)
    sound = True
    for key, quantity in given.items():
        for finding in _unit((*path, key), limit.metric, key, quantity):
            sound = False
            yield finding
    if sound and len(given) == 2 and given["at_least"].value > given["at_most"].value:
        yield Finding((*path, "at_most"), "'at_most' is below 'at_least': no value is both")


def _unit(path: Path, metric: str, key: str, quantity: Quantity) -> Iterator[Finding]:
    word = METRICS[metric]
    if quantity.unit != word.unit:
        yield Finding(path, f"'{key}' has the wrong unit: '{metric}' is {in_words(word.unit)}")
    elif quantity.per_cent and not word.share:
        yield Finding(path, f"'{key}' is in per cent: '{metric}' takes a number such as 3")


def _rules(path: Path, module: Module) -> Iterator[Finding]:
    """Find rules that are none, or that nobody can meet."""
    proficient = module.proficient
    place: Path = (*path, "proficient")
    if proficient.repeat is None and proficient.cusum is None:
        yield Finding(place, "nothing says when the module is done: add 'repeat' or 'cusum'")
        return
    try:
        cusum_rule(proficient.cusum)
    except ValueError as error:
        yield Finding((*place, "cusum"), str(error))
        return
    least = shortest(proficient)
    if module.at_most is not None and module.at_most < least:
        text = f"{least} runs are the fewest that can be enough, and {module.at_most} are allowed"
        yield Finding((*path, "at_most"), text)
