"""A session as statements, in the order in which things happened.

`initialized` is first and `terminated` last; between them stand steps, mistakes and complications,
and then the verdict: `passed` or `failed` of an assessment, `scored` of practice, none of a session
that was broken off. Order, and one verdict at most, are the rules of cmi5 for a session.

Identifiers are UUIDs of version 5 (RFC 9562) made from the session's own and what the statement
says, so that a session made into statements twice gives the same ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from surgisim.record import Result as Outcome
from surgisim.xapi.statement import (
    Activity,
    Agent,
    Context,
    ContextActivities,
    Result,
    Score,
    Statement,
)
from surgisim.xapi.values import Extensions
from surgisim.xapi.vocabulary import EXTENSIONS, VERBS, activity, step_of

__all__ = ["Played", "statements_of"]

_OUT_OF = 100.0


@dataclass(frozen=True, slots=True)
class Played:
    """A session that was played.

    Attributes
    ----------
    id
        Its own, the same whenever it is asked for.
    title
        Of the procedure, for people.
    ended
        When, with a time zone.
    outcome
        What is in its ``result.json``.
    """

    id: UUID
    title: str
    ended: datetime
    outcome: Outcome


def statements_of(played: Played, actor: Agent) -> tuple[Statement, ...]:
    """Make the statements of a session.

    Parameters
    ----------
    played
        The session.
    actor
        Who played: a pseudonym.
    """
    return tuple(_Telling(played, actor).all())


class _Telling:
    """The statements of one session."""

    def __init__(self, played: Played, actor: Agent) -> None:
        self._played = played
        self._actor = actor
        outcome = played.outcome
        self._began = played.ended - timedelta(seconds=outcome.duration_s)
        self._procedure = activity("procedure", outcome.procedure, played.title)
        details: dict[str, Any] = {
            EXTENSIONS["version"]: outcome.version,
            EXTENSIONS["seed"]: outcome.seed,
        }
        if outcome.device is not None:
            details[EXTENSIONS["device"]] = outcome.device.name
        self._extensions: Extensions = details

    def all(self) -> Iterator[Statement]:
        """Yield them in order."""
        duration_s = self._played.outcome.duration_s
        yield self._say("initialized", self._procedure, 0.0)
        yield from sorted(self._parts(), key=lambda one: one.timestamp)
        yield from self._verdict()
        end = Result(
            completion=self._played.outcome.completed, duration=timedelta(seconds=duration_s)
        )
        yield self._say("terminated", self._procedure, duration_s, end)

    def _parts(self) -> Iterator[Statement]:
        yield from self._steps()
        yield from self._mistakes()
        yield from self._complications()

    def _steps(self) -> Iterator[Statement]:
        for step in self._played.outcome.steps:
            if step.started_s is None:
                continue
            what = self._part("step", step.id)
            if step.ended_s is None:
                yield self._say("attempted", what, step.started_s, Result(completion=False))
                continue
            result = Result(
                completion=True,
                success=step.outcome == "done",  # not late
                duration=timedelta(seconds=step.ended_s - step.started_s),
            )
            yield self._say("completed", what, step.ended_s, result)

    def _mistakes(self) -> Iterator[Statement]:
        for number, error in enumerate(self._played.outcome.errors):
            extensions: Extensions = {EXTENSIONS["severity"]: error.severity or "minor"}
            result = Result(response=error.text, extensions=extensions)
            what = self._part("mistake", error.id)
            yield self._say("mistook", what, error.time_s, result, str(number))

    def _complications(self) -> Iterator[Statement]:
        for one in self._played.outcome.complications:
            what = self._part("complication", one.id)
            extensions: Extensions = {EXTENSIONS["cause"]: one.cause or "unknown"}
            yield self._say("met", what, one.started_s, Result(extensions=extensions))
            if one.ended_s is None:
                yield self._say("ignored", what, self._played.outcome.duration_s)
            else:
                lasted = Result(duration=timedelta(seconds=one.ended_s - one.started_s))
                yield self._say("resolved", what, one.ended_s, lasted)

    def _verdict(self) -> Iterator[Statement]:
        outcome = self._played.outcome
        if outcome.outcome == "interrupted":
            return
        practice = outcome.passed is None
        metrics: Extensions = {
            EXTENSIONS["metrics"]: {
                name: {"value": one.value, "unit": one.unit}
                for name, one in outcome.metrics.items()
                if one.value is not None
            }
        }
        result = Result(
            score=Score(
                scaled=round(outcome.score / _OUT_OF, 6), raw=outcome.score, min=0.0, max=_OUT_OF
            ),
            success=outcome.passed,
            completion=outcome.completed,
            duration=timedelta(seconds=outcome.duration_s),
            extensions=metrics,
        )
        verb = "scored" if practice else "passed" if outcome.passed else "failed"
        yield self._say(verb, self._procedure, outcome.duration_s, result)

    def _part(self, kind: str, identity: str) -> Activity:
        title = identity.replace("_", " ")
        return activity(kind, step_of(self._played.outcome.procedure, identity), title)

    def _say(
        self, verb: str, what: Activity, time_s: float, result: Result | None = None, nth: str = ""
    ) -> Statement:
        whole = what is self._procedure
        around = None if whole else ContextActivities(parent=(self._procedure,))
        return Statement(
            id=uuid5(self._played.id, f"{verb} {what.id} {nth}".strip()),
            actor=self._actor,
            verb=VERBS[verb],
            object=what,
            result=result,
            context=Context(
                registration=self._played.id,
                contextActivities=around,
                platform="surgisim",
                language="en",
                extensions={**self._extensions, EXTENSIONS["time_s"]: time_s},
            ),
            timestamp=self._began + timedelta(seconds=time_s),
        )
