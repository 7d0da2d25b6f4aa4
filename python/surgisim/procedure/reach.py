"""What of a procedure can come about at all, whatever is done in it and whatever chance says.

At first nothing has. What can be with that comes about, then what can be with that, and so on until
nothing new does. What is left waits for itself, or for something that is never so.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from surgisim.procedure.expression import Node
from surgisim.procedure.holding import can_hold
from surgisim.procedure.interrupt import Change
from surgisim.procedure.model import Complication, Procedure, Step
from surgisim.procedure.response import Wrong
from surgisim.procedure.spans import Span

__all__ = ["Reach"]

_PASSES = 8  # to and fro through the file; what is then still open may come about
_NEVER = {
    "done": "that step can never be done",
    "late": "that step can never be late",
    "suspended": "that step never stands still",
    "active": "that complication never goes on",
    "error": "that mistake can never be made",
    "response": "that response can never be given",
}
_Rule = tuple[str, Callable[[], bool]]


class Reach:
    """What can come about.

    Parameters
    ----------
    procedure
        As it was read.
    read
        Gives the tree of a condition, None where it cannot be read.
    spans
        What every fact can be, before it is asked what comes about.

    Attributes
    ----------
    spans
        The same, where what never comes about is never so.
    never
        What never comes about: names of facts, and ``complication.ID`` for one that never begins.
    """

    def __init__(
        self, procedure: Procedure, read: Callable[[str], Node | None], spans: Mapping[str, Span]
    ) -> None:
        self._procedure = procedure
        self._read = read
        self._acts: dict[str, list[tuple[str, str, Change | None]]] = {}
        self._causes: dict[str, list[Wrong]] = {}
        self._gather()
        rules = list(self._rules())
        self._named = {name for name, _ in rules}
        self._so: set[str] = set()
        self.spans = {**spans, **{n: _never(n) for n in self._named if _may(n, spans)}}
        for name in self._settle(rules, spans):
            self._let(name, spans)
        self.never = self._named - self._so

    def _settle(self, rules: list[_Rule], spans: Mapping[str, Span]) -> list[str]:
        """Let happen what can; return what is left open."""
        for _ in range(_PASSES):
            left = []
            for name, can in rules:
                if can():
                    self._let(name, spans)
                else:
                    left.append((name, can))
            if len(left) == len(rules):
                return []
            rules = left[::-1]
        return [name for name, _ in rules]

    def _let(self, name: str, spans: Mapping[str, Span]) -> None:
        self._so.add(name)
        if name in spans:
            self.spans[name] = spans[name]

    def _gather(self) -> None:
        """Note what complications do to every step, and what may cause each of them."""
        for one in self._procedure.complications:
            for interrupt in one.interrupts:
                for path, step in interrupt.steps():
                    change = interrupt.change[int(path[1])] if path[0] == "change" else None
                    acts = self._acts.setdefault(step, [])
                    acts.append((f"complication.{one.id}", str(path[0]), change))
            for wrong in one.wrong:
                if wrong.may_cause is not None and wrong.p > 0.0:
                    self._causes.setdefault(wrong.may_cause, []).append(wrong)

    def _rules(self) -> Iterator[_Rule]:
        for step in self._procedure.steps:
            yield f"step.{step.id}.done", partial(self._done, step)
            yield f"step.{step.id}.late", partial(self._late, step)
            yield f"step.{step.id}.suspended", partial(self._suspended, step)
            for error in step.errors:
                yield f"error.{error.id}", partial(self._in_step, step, error.when)
        for error in self._procedure.errors:
            yield f"error.{error.id}", partial(self._can, error.when)
        for one in self._procedure.complications:
            yield from self._rules_of(one)

    def _rules_of(self, one: Complication) -> Iterator[_Rule]:
        active = f"complication.{one.id}.active"
        yield f"complication.{one.id}", partial(self._begins, one)
        yield active, partial(self._goes_on, one)
        for response in one.recognised:
            yield f"response.{response.id}", partial(self._while, active, response.when or "")
            if response.worst is not None:
                yield f"error.{response.id}", partial(self._is, active)
        for wrong in one.wrong:
            yield f"error.{wrong.id}", partial(self._while, active, wrong.when)

    def _goes_on(self, one: Complication) -> bool:
        return one.lasts and f"complication.{one.id}" in self._so

    def _is(self, name: str) -> bool:
        """Whether it can come about; what is not in the file, or not readable, may."""
        return name in self._so or name not in self._named

    def _can(self, text: str | None) -> bool:
        node = None if text is None else self._read(text)
        return text is not None and (node is None or can_hold(node, self.spans))

    def _while(self, active: str, text: str) -> bool:
        return active in self._so and self._can(text)

    def _in_step(self, step: Step, text: str) -> bool:
        return self._starts(step) and self._can(text)

    def _starts(self, step: Step) -> bool:
        return all(self._is(f"step.{need}.done") for need in step.needs)

    def _acting(self, step: Step) -> Iterator[tuple[str, Change | None]]:
        """Give what complications that can begin do to a step."""
        acts = self._acts.get(step.id, [])
        return ((kind, change) for begun, kind, change in acts if begun in self._so)

    def _done(self, step: Step) -> bool:
        return self._starts(step) and (
            self._can(step.done_when)
            or any(
                kind == "complete" or (change is not None and self._can(change.done_when))
                for kind, change in self._acting(step)
            )
        )

    def _late(self, step: Step) -> bool:
        limits = [change.time_limit for _, change in self._acting(step) if change is not None]
        return self._starts(step) and any(limit is not None for limit in (step.time_limit, *limits))

    def _suspended(self, step: Step) -> bool:
        return self._starts(step) and any(kind == "suspend" for kind, _ in self._acting(step))

    def _begins(self, one: Complication) -> bool:
        chance = one.random
        drawn = chance is not None and chance.p > 0.0
        waits = None if chance is None else chance.after
        return (
            self._can(one.when)
            or (drawn and (waits is None or self._is(f"step.{waits}.done")))
            or any(f"error.{wrong.id}" in self._so for wrong in self._causes.get(one.id, []))
        )


def _may(name: str, spans: Mapping[str, Span]) -> bool:
    return name in spans and spans[name].high > 0.0


def _never(name: str) -> Span:
    kind, _, rest = name.partition(".")
    return Span(0.0, 0.0, _NEVER.get(kind) or _NEVER[rest.rpartition(".")[2]])
