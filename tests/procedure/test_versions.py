"""A change that alters scores must raise the version."""

import re
from pathlib import Path

import pytest

from surgisim.errors import ProcedureError
from surgisim.procedure import Procedure, compared, load, problems_of, record_version
from surgisim.procedure.fingerprint import differences, fingerprint
from surgisim.procedure.load import loads
from surgisim.procedure.versions import VERSIONS_FILE, read_versions

SHELF = Path(__file__).parents[2] / "procedures"
SHIPPED = sorted(SHELF.glob("*.yaml"))
LIVER = re.sub(
    'version: ".*"',
    'version: "1.0"',
    (SHELF / "liver_palpation.yaml").read_text(encoding="utf-8"),
)


def changed(part: str, other: str, version: str = "1.0") -> Procedure:
    assert part in LIVER
    text = LIVER.replace(part, other).replace('version: "1.0"', f'version: "{version}"')
    return loads(text, "changed")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_version_is_recorded(path: Path) -> None:
    """`surgisim check --record FILE` records a new one."""
    procedure = load(path)
    recorded = read_versions(SHELF / VERSIONS_FILE)
    assert recorded[procedure.id][procedure.version] == fingerprint(procedure)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("title: Find the nodules by touch", "title: Feel"),
        ("text: the capsule has torn and the liver bleeds", "text: torn"),
        ("source: chosen; not yet measured on trainees and experts", "source: a paper"),
        ("    radius: 8 mm", "    radius: 0.8 cm"),
        ("probe.touching for 0.2 s", "probe.touching   for 0.2 s"),
        ("penalty: 2", "penalty: 2.0"),
        ("    count: 3\n", "    count: 3  # three\n"),
        ("      - stop pressing and lift the probe\n", ""),
        ("time_limit: 10 min", "time_limit: 600 s\npatient: {age: 50 years, source: x}"),
    ],
)
def test_what_alters_no_score_needs_no_version(part: str, other: str) -> None:
    assert compared(changed(part, other), loads(LIVER, "liver")) is None


@pytest.mark.parametrize(
    ("part", "other", "key"),
    [
        ("penalty: 2", "penalty: 3", "errors.penalty"),
        ("min: 70", "min: 75", "scoring.pass.min"),
        ("radius: 8 mm", "radius: 7 mm", "scene.probe.radius"),
        ("probe.touching for 0.2 s", "probe.touching for 0.3 s", "steps.done_when"),
        ("best: 2 min", "best: 3 min", "scoring.lines.best.value"),
        ("window: 8..20 s", "window: 8..21 s", "complications.random.window.high"),
        ("diameter: 1.0 mm", "diameter: 1.1 mm", "complications.states.effect.bleed.diameter"),
        ("severity: critical", "severity: major", "errors.severity"),
    ],
)
def test_what_alters_scores_must_raise_the_version(part: str, other: str, key: str) -> None:
    old, new = loads(LIVER, "liver"), changed(part, other)
    assert differences(new, old) == [key]
    told = compared(new, old)
    assert told is not None
    assert told.startswith("scores rest on ")
    assert told.endswith("changed since version 1.0: raise 'version' above 1.0")
    assert compared(new.model_copy(update={"version": "1.1"}), old) is None
    assert compared(new.model_copy(update={"version": "0.9"}), old) is not None
    assert compared(new.model_copy(update={"version": "1.0.1"}), old) is None


def test_a_recorded_version_that_changed_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(LIVER)
    assert record_version(load(path), tmp_path)
    assert not record_version(load(path), tmp_path)
    path.write_text(LIVER.replace("penalty: 2", "penalty: 3"))
    (problem,) = problems_of(path)
    assert path.read_text().splitlines()[problem.line - 1] == 'version: "1.0"'
    assert problem.message == (
        "what scores rest on is no longer what versions.toml has of liver_palpation@1.0: raise "
        "'version'"
    )
    with pytest.raises(ProcedureError, match="raise 'version'"):
        load(path)
    path.write_text(path.read_text().replace('version: "1.0"', 'version: "1.1"'))
    assert record_version(load(path), tmp_path)
    assert list(read_versions(tmp_path / VERSIONS_FILE)["liver_palpation"]) == ["1.0", "1.1"]


def test_a_damaged_list_of_versions_is_told(tmp_path: Path) -> None:
    (tmp_path / VERSIONS_FILE).write_text("[")
    with pytest.raises(ProcedureError, match=r"versions\.toml cannot be read"):
        read_versions(tmp_path / VERSIONS_FILE)


@pytest.mark.parametrize("version", ['a"b', "a\\b", "a = b", "größer", "\U0001f600", "\x7f"])
def test_any_version_can_be_recorded(version: str, tmp_path: Path) -> None:
    procedure = loads(LIVER, "liver").model_copy(update={"version": version})
    assert record_version(procedure, tmp_path)
    assert read_versions(tmp_path / VERSIONS_FILE) == {
        procedure.id: {version: fingerprint(procedure)}
    }
    assert not record_version(procedure, tmp_path)
