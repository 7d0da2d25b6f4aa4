"""An assessment does not rest on recollection; practice may."""

from pathlib import Path

import pytest

from surgisim.procedure import Stock, problems_of

PROCEDURE = """\
surgisim: procedure@1
id: touch
title: Touch
version: "1"
time_limit: 1 min
scene:
  anatomy: somewhere
  organ: lung
  tissue: jelly
  capsule: peel
  probe: {shape: sphere, radius: 8 mm}
  limits: {force: {value: 3 N, source: a paper}}
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
scoring:
  pass: {min: 70, source: chosen}
  lines:
    - {id: time, title: Time, metric: time, weight: 100, best: 1 s, worst: 30 s}
"""
SOUND = {
    "jelly": {"young_modulus": "B", "poisson_ratio": "B", "density": "A"},
    "peel": {"ultimate_strain": "B"},
}
PROBE = "  probe: {shape: sphere, radius: 8 mm}\n"


def told(tmp_path: Path, text: str, grades: dict[str, dict[str, str]]) -> list[str]:
    """What is wrong with a procedure where tissues are known so well."""
    path = tmp_path / "touch.yaml"
    path.write_text(text)
    stock = Stock(("jelly",), ("peel",), lambda _: ("lung",), lambda name: grades.get(name, {}))
    return [f"{one.line}:{one.column}: {one.message}" for one in problems_of(path, stock)]


def weak(tissue: str, name: str) -> dict[str, dict[str, str]]:
    """Grades of which one is recollection."""
    return {**SOUND, tissue: {**SOUND[tissue], name: "C"}}


def own(name: str, value: str) -> str:
    """Write the procedure with a property of its own."""
    line = f"  properties: {{{name}: {{value: {value}, source: measured by ourselves}}}}\n"
    return PROCEDURE.replace(PROBE, line + PROBE)


EACH = [
    ("9:11", "jelly", "young_modulus", "6 kPa"),
    ("9:11", "jelly", "poisson_ratio", "0.45"),
    ("9:11", "jelly", "density", "1060 kg/m3"),
    ("10:12", "peel", "ultimate_strain", "40 %"),
]


@pytest.mark.parametrize(("place", "tissue", "name", "value"), EACH)
def test_recollection_is_refused_at_its_line(
    tmp_path: Path, place: str, tissue: str, name: str, value: str
) -> None:
    grades = weak(tissue, name)
    assert told(tmp_path, PROCEDURE, grades) == [
        f"{place}: an assessment cannot rest on the {name} of '{tissue}', which the tissue library "
        "has from recollection only (confidence C): give it under 'properties' with its source, or "
        "write 'purpose: practice'"
    ]
    assert told(tmp_path, own(name, value), grades) == []
    practice = PROCEDURE.replace("time_limit", "purpose: practice\ntime_limit", 1)
    assert told(tmp_path, practice, grades) == []


def test_a_property_of_ones_own_excuses_no_other(tmp_path: Path) -> None:
    grades = {**SOUND, "jelly": dict.fromkeys(SOUND["jelly"], "C")}
    found = told(tmp_path, own("density", "1060 kg/m3"), grades)
    assert [one.split(" of '")[0].rpartition(" ")[2] for one in found] == [
        "poisson_ratio",
        "young_modulus",
    ]


def test_what_was_read_is_taken(tmp_path: Path) -> None:
    assert told(tmp_path, PROCEDURE, SOUND) == []
    assessment = PROCEDURE.replace("time_limit", "purpose: assessment\ntime_limit", 1)
    assert told(tmp_path, assessment, SOUND) == []


def test_an_unknown_tissue_is_told_once(tmp_path: Path) -> None:
    (only,) = told(tmp_path, PROCEDURE.replace("tissue: jelly", "tissue: jelli"), SOUND)
    assert only == "9:11: unknown tissue 'jelli' (did you mean 'jelly'?)"


def test_friction_needs_its_source_where_it_is_assessed(tmp_path: Path) -> None:
    rubbing = PROCEDURE.replace("8 mm}", "8 mm, friction: 0.1}")
    assert told(tmp_path, rubbing, SOUND) == [
        "11:50: an assessment cannot rest on a friction without its source: add 'source' to the "
        "probe, or write 'purpose: practice'"
    ]
    sourced = rubbing.replace("friction: 0.1}", "friction: 0.1, source: a paper}")
    assert told(tmp_path, sourced, SOUND) == []
    assert told(tmp_path, rubbing.replace("friction: 0.1", "friction: 0"), SOUND) == []


def test_the_friction_of_a_port_needs_its_source_where_it_is_given(tmp_path: Path) -> None:
    def ported(port: str) -> str:
        return PROCEDURE.replace("8 mm}", f"8 mm, port: {{above: 150 mm{port}}}}}")

    assert told(tmp_path, ported(", friction: 0.3 N"), SOUND) == [
        "11:72: an assessment cannot rest on a friction without its source: add 'source' to the "
        "port, or write 'purpose: practice'"
    ]
    for sound in ("", ", friction: 0 N", ", friction: 0.3 N, source: own measurement"):
        assert told(tmp_path, ported(sound), SOUND) == []


def test_without_a_stock_nothing_is_graded(tmp_path: Path) -> None:
    path = tmp_path / "touch.yaml"
    path.write_text(PROCEDURE)
    assert problems_of(path) == []
