"""The program of a procedure: read, checked for its form, and run under guard.

Reading runs nothing. A program that runs has the rights of whoever plays; the session runs it only
where it was told to. Whatever goes wrong in it is told in one sentence with its file and line.
"""

import ast
import importlib.abc
import importlib.util
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from surgisim.errors import ProcedureError
from surgisim.procedure.behaviour import Behaviour
from surgisim.procedure.complication import Effect
from surgisim.procedure.model import Procedure
from surgisim.procedure.reference import inside
from surgisim.snapshot import Event, Snapshot

__all__ = ["Program", "program_text"]

_LARGEST = 200_000  # characters of a program
_NEEDS = {"bleed": "vessel", "bleed_stop": "", "breath": "breath"}  # of effects, by their kind


def program_text(procedure: Procedure, folder: Path) -> str:
    """Read the program that a procedure names, and nothing where it names none; run nothing.

    Raises
    ------
    ValueError
        It is not there, or is no Python.
    """
    if procedure.behaviour is None:
        return ""
    path = inside(folder, procedure.behaviour, ".py")
    name = procedure.behaviour
    try:
        with path.open("rb") as file:
            text = file.read(4 * _LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the program '{name}' cannot be read: {error}") from error
    if len(text) > _LARGEST:
        raise ValueError(f"the program '{name}' is longer than {_LARGEST} characters")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ValueError(f"{name}:{error.lineno or 1}: not Python: {error.msg}") from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ValueError(f"the program '{name}' is not Python: {error}") from error
    if len(_classes(tree)) != 1:
        raise ValueError(f"the program '{name}' must hold one class derived from 'Behaviour'")
    return text


def _classes(tree: ast.Module) -> list[str]:
    """Name the classes that are derived from `Behaviour`, as their text shows."""
    return [
        one.name
        for one in tree.body
        if isinstance(one, ast.ClassDef)
        and any(_last_name(base) == Behaviour.__name__ for base in one.bases)
    ]


def _last_name(base: ast.expr) -> str:
    match base:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


class _Loader(importlib.abc.ExecutionLoader):
    """Makes a module of a text that was read already, and leaves no file behind."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name

    def get_source(self, fullname: str) -> str:
        """Give the text."""
        return self._text

    def get_filename(self, fullname: str) -> str:
        """Give what errors call it."""
        return self._name


class Program:
    """A program that runs.

    Parameters
    ----------
    procedure
        Whose it is.
    text
        As `program_text` read it.
    rng
        Its chance.

    Raises
    ------
    ProcedureError
        It fails as it begins.
    """

    def __init__(self, procedure: Procedure, text: str, rng: np.random.Generator) -> None:
        self._name = procedure.behaviour or "behaviour.py"
        self._units = {fact.name: fact.word.unit for fact in procedure.facts}
        self._behaviour: Behaviour = self._guarded(lambda: self._begun(procedure, text, rng))

    def facts(self, snapshot: Snapshot) -> dict[str, float | bool]:
        """Ask for its facts.

        Raises
        ------
        ProcedureError
            It fails, or tells other facts than are declared.
        """
        told = self._guarded(lambda: dict(self._behaviour.facts(snapshot)))
        if told.keys() != self._units.keys():
            wrong = sorted(map(str, told.keys() ^ self._units.keys()))
            raise ProcedureError(
                f"{self._name}: 'facts' must tell the facts that the procedure declares under "
                f"'facts', those and no others: {', '.join(wrong)}"
            )
        return {name: self._value(name, told) for name in self._units}

    def answer(self, events: list[Event]) -> list[Effect]:
        """Let it answer events.

        Raises
        ------
        ProcedureError
            It fails, or answers with anything but effects.
        """
        found: list[Effect] = self._guarded(
            lambda: [effect for event in events for effect in self._behaviour.on_event(event)]
        )
        for effect in found:
            if not isinstance(effect, Effect):
                raise ProcedureError(
                    f"{self._name}: 'on_event' must return effects, not {effect!r}"
                )
            needs = _NEEDS.get(effect.kind)
            if needs is None or (needs and getattr(effect, needs) is None):
                raise ProcedureError(
                    f"{self._name}: an effect is a 'bleed' with a 'vessel', a 'bleed_stop', or a "
                    f"'breath' with a 'breath', and not a {effect.kind!r} without"
                )
        return found

    def _value(self, name: str, told: Mapping[str, Any]) -> float | bool:
        value, unit = told[name], self._units[name]
        if unit == "bool" and isinstance(value, bool | np.bool_):
            return bool(value)
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if unit != "bool" and number and math.isfinite(value):
            return float(value)
        kind = "yes or no" if unit == "bool" else "a finite number"
        raise ProcedureError(f"{self._name}: the fact '{name}' must be {kind}, not {value!r}")

    def _begun(self, procedure: Procedure, text: str, rng: np.random.Generator) -> Behaviour:
        spec = importlib.util.spec_from_loader("surgisim_behaviour", _Loader(text, self._name))
        if spec is None or spec.loader is None:
            raise ImportError("it cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        (name,) = _classes(ast.parse(text))
        made = getattr(module, name)(procedure, rng)
        if not isinstance(made, Behaviour):
            raise TypeError(f"'{name}' is not derived from surgisim.procedure.Behaviour")
        return made

    def _guarded(self, work: Callable[[], Any]) -> Any:
        """Call it; whatever goes wrong becomes one sentence with the line."""
        try:
            return work()
        except (Exception, SystemExit) as error:
            where = f"{self._name}:{self._line(error.__traceback__)}"
            told = " ".join(str(error).split())[:200]
            raise ProcedureError(
                f"{where}: the procedure's own program failed: {type(error).__name__}: {told}"
            ) from error

    def _line(self, trace: TracebackType | None) -> int:
        """Find the last line of the program that a traceback went through."""
        line = 1
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._name:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line
