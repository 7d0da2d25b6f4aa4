"""docs/procedures.md says what the format is: this keeps it true."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from surgisim.procedure.beneath import BeneathSpec
from surgisim.procedure.effect import BleedSpec, BreathSpec, FogSpec
from surgisim.procedure.endoscope import EndoscopeSpec
from surgisim.procedure.guard import Guard
from surgisim.procedure.hint import Hint
from surgisim.procedure.interrupt import Change, Interrupt
from surgisim.procedure.model import (
    Complication,
    ErrorRule,
    Objective,
    Procedure,
    Random,
    ScoreSpec,
    Scoring,
    State,
    Step,
)
from surgisim.procedure.own_fact import OwnFact
from surgisim.procedure.patient import Patient
from surgisim.procedure.port import PortSpec
from surgisim.procedure.quantity import UNITS
from surgisim.procedure.respiration import BreathingSpec
from surgisim.procedure.response import ResponseSpec, Wrong
from surgisim.procedure.scene import Nodules, Probe, Scene
from surgisim.procedure.targets import TargetsSpec
from surgisim.procedure.tissue import OwnProperties
from surgisim.procedure.vocabulary import METRICS, Word, facts_of

DOC = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")
BAD = Path(__file__).parent / "bad"
SHOWN = {"bool": "yes or no", "1": "none", "m3": "mL", "m3/s": "mL/min", "rad": "deg"}


def rows(head: str) -> list[list[str]]:
    """Cells of the first table whose head begins with these words, or of a section's."""
    lines = DOC.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(head))
    start = next(n for n in range(start, len(lines)) if lines[n].startswith("| --- |")) + 1
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("### Facts", facts_of(["ID"], ["ID"], ["ID"], ["ID"])),
        ("### Measures", METRICS),
    ],
)
def test_vocabulary(head: str, words: dict[str, Word]) -> None:
    told = {row[0].strip("`"): (row[1], row[2]) for row in rows(head)}
    assert told == {
        name: (SHOWN.get(word.unit, word.unit), word.text) for name, word in words.items()
    }


@pytest.mark.parametrize(
    ("head", "model"),
    [
        ("### The procedure", Procedure),
        ("### patient", Patient),
        ("### objectives", Objective),
        ("| key of a fact", OwnFact),
        ("### scene\n", Scene),
        ("### scene: probe", Probe),
        ("### scene: port", PortSpec),
        ("### scene: endoscope", EndoscopeSpec),
        ("### scene: breathing", BreathingSpec),
        ("### scene: beneath", BeneathSpec),
        ("### scene: properties", OwnProperties),
        ("### scene: nodules", Nodules),
        ("### scene: targets", TargetsSpec),
        ("| key of fog", FogSpec),
        ("### steps", Step),
        ("### hints", Hint),
        ("### errors", ErrorRule),
        ("### complications\n", Complication),
        ("### complications: random", Random),
        ("| key of bleed", BleedSpec),
        ("| key of breath", BreathSpec),
        ("### complications: states", State),
        ("### complications: interrupt", Interrupt),
        ("| key of a change", Change),
        ("| key of a response", ResponseSpec),
        ("### complications: wrong", Wrong),
        ("### scoring", Scoring),
        ("| key of a line", ScoreSpec),
    ],
)
def test_keys(head: str, model: type[BaseModel]) -> None:
    told = {}
    for row in rows(head.strip()):
        key = re.sub(r"[*`]", "", row[0])
        told[key] = row[0].startswith("**")
    assert told == {
        field.alias or name: field.is_required() for name, field in model.model_fields.items()
    }


def test_units() -> None:
    told = {
        unit for row in rows("## Numbers and units") for unit in re.findall(r"`([^`]+)`", row[1])
    }
    assert told == set(filter(None, UNITS))


def test_conditions_can_be_written_so() -> None:
    words = facts_of([], [], [])
    examples = [re.findall(r"`([^`]+)`", row[0])[0] for row in rows("## Conditions")]
    examples += re.findall(r"^`(\(.*)`\.$", DOC, re.MULTILINE)
    assert len(examples) == 10
    for example in examples:
        Guard(example, words, deadline_allowed=True)


def test_mistakes_are_told_in_these_words() -> None:
    known = {
        message
        for path in BAD.glob("*.yaml")
        for message in re.findall(r"^# expect \d+:\d+: (.*)$", path.read_text(), re.MULTILINE)
    }
    mistakes = DOC[DOC.index("## Mistakes") :]
    told = re.findall(r"^my_procedure\.yaml:\d+:\d+: (.*)$", mistakes, re.MULTILINE)
    assert len(told) == 10
    assert set(told) <= known
