"""Why something did not happen in a session: a condition that never held, chance not drawn."""

from surgisim.errors import SurgisimError
from surgisim.nearest import suggest
from surgisim.procedure import Engine, Procedure
from surgisim.procedure.model import Complication, Random
from surgisim.record import SessionRecord
from surgisim.session.chance import sources
from surgisim.session.recorded import header_value, procedure_of

__all__ = ["why_absent"]


def why_absent(record: SessionRecord, name: str) -> str:
    """Say why a step, mistake, response or complication of which nothing is told did not happen.

    Raises
    ------
    SurgisimError
        The record cannot be understood, or its procedure has nothing of that name.
    """
    procedure = procedure_of(record)
    told = _steps(procedure) | _mistakes(procedure)
    began = {
        str(event.values.get("complication"))
        for event in record.events
        if event.kind == "complication.started"
    }
    for one in procedure.complications:
        told |= _responses(one, one.id in began)
    if procedure.complications:
        told |= _complications(procedure, int(header_value(record, "seed")))
    if name not in told:
        raise SurgisimError(
            f"{procedure.id} has no step, mistake, response or complication '{name}'"
            f"{suggest(name, told)}"
        )
    return told[name]


def _steps(procedure: Procedure) -> dict[str, str]:
    return {
        one.id: f"step '{one.id}' never began: it needs {' and '.join(one.needs)} to be done"
        for one in procedure.steps
    }


def _mistakes(procedure: Procedure) -> dict[str, str]:
    """Say it of mistakes; those of a step are looked at while it lasts."""
    rules = [(rule, "") for rule in procedure.errors]
    rules += [(rule, f" in step '{step.id}'") for step in procedure.steps for rule in step.errors]
    return {
        rule.id: f"mistake '{rule.id}' was never made: {_never(rule.when)}{where}"
        for rule, where in rules
    }


def _responses(of: Complication, began: bool) -> dict[str, str]:
    """Say it of the responses to a complication; they are looked at while it lasts."""
    conditions = {one.id or "": one.when or "" for one in of.recognised}
    conditions |= {one.id: one.when for one in of.wrong}
    told = {}
    for name, when in conditions.items():
        why = f"{_never(when)} while '{of.id}' lasted" if began else f"'{of.id}' never began"
        told[name] = f"response '{name}' was never given: {why}"
    return told


def _complications(procedure: Procedure, seed: int) -> dict[str, str]:
    """Say it of complications, of which chance drew some before the start."""
    engine = Engine(procedure, sources(seed).engine)
    told = {}
    for one in procedure.complications:
        why = [] if one.when is None else [_never(one.when)]
        if one.random is not None:
            why.append(_drawn(one.random, engine.drawn[one.id]))
        for other in procedure.complications:
            for wrong in other.wrong:
                if wrong.may_cause == one.id:
                    drawn = "" if engine.chances[wrong.id] else ", nor would chance have let it"
                    why.append(f"the response '{wrong.id}' did not bring it about{drawn}")
        told[one.id] = f"complication '{one.id}' never began: {'; '.join(why)}"
    return told


def _drawn(chance: Random, delay_s: float | None) -> str:
    share = f"{100.0 * chance.p:g} %"
    if delay_s is None:
        return f"chance ({share}) did not draw it"
    after = "the start" if chance.after is None else f"the end of '{chance.after}'"
    return f"chance ({share}) drew it for {delay_s:.1f} s after {after}, too late"


def _never(condition: str) -> str:
    return f"'{condition}' never held"
