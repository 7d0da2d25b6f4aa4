"""Assessment and practice as sessions: what is refused, what is played, what is told at the end."""

import json
import re
from pathlib import Path

import pytest

from surgisim import ProcedureError, anatomy
from surgisim.cli import main
from surgisim.procedure import find, load, problems_of, shipped
from surgisim.procedure.load import loads
from surgisim.record import load as load_record
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.scene_tissue import healthy_tissue, ultimate_strain
from surgisim.session.stock import stock_of
from surgisim.trainees import Action, Sight

DOC = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")
(SMALL,) = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
COLON = SMALL.replace("tissue: liver", "tissue: colon")
OWN = """\
  properties:
    density: {value: 1040 kg/m3, source: weighed}
    young_modulus: {value: 9 kPa, source: pressed}
"""
OWN_COLON = COLON.replace("  probe:", OWN + "  probe:")
PRACTICE = COLON.replace("time_limit", "purpose: practice\ntime_limit", 1)


class Idle:
    """Has finished at once."""

    def act(self, sight: Sight) -> Action:
        return Action(finish=sight.time_s > 0.1)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my_procedure.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", shipped())
def test_what_ships_is_graded_on_what_was_read(name: str) -> None:
    assert load(find(name)).purpose == "assessment"
    assert problems_of(find(name), stock_of()) == []


def test_the_small_procedure_is_sound_in_the_real_stock(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, SMALL), stock_of()) == []


@pytest.mark.parametrize(
    ("key", "large", "told"),
    [
        (
            "radius",
            "80..110 mm",
            "a nodule of 110 mm radius does not fit into 'liver': 44 mm are the most",
        ),
        ("apart", "350 mm", "no two nodules can be 350 mm apart: 'liver' is 240 mm across"),
    ],
)
def test_nodules_that_fit_nowhere_are_told(tmp_path: Path, key: str, large: str, told: str) -> None:
    liver = find("liver_palpation").read_text(encoding="utf-8")
    text = re.sub(rf"(  nodules:\n(?:    .*\n)*?    {key}: ).*", rf"\g<1>{large}", liver)
    (problem,) = problems_of(written(tmp_path, text), stock_of())
    assert problem.message == told
    assert text.splitlines()[problem.line - 1].strip() == f"{key}: {large}"


def test_check_and_run_refuse_with_the_sentence_of_the_docs(
    tmp_path: Path,
    coarse_liver: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(tmp_path, COLON)
    monkeypatch.chdir(tmp_path)
    (sentence,) = re.findall(r"^my_procedure\.yaml.*cannot rest.*$", DOC, re.MULTILINE)
    assert main(["check", "my_procedure.yaml"]) == 1
    assert capsys.readouterr().out == sentence + "\n"
    words = ["run", "my_procedure.yaml", "--trainee", "careful", "--view", "none"]
    assert main([*words, "--anatomy", str(coarse_liver), "--out", "out"]) == 2
    assert capsys.readouterr().err == f"surgisim: {sentence}\n"
    assert not (tmp_path / "out").exists()


def test_a_session_refuses_unknown_names_with_their_place(
    tmp_path: Path, coarse_liver: Path
) -> None:
    path = written(tmp_path, SMALL.replace("tissue: liver", "tissue: livre"))
    with pytest.raises(ProcedureError, match=r"my_procedure\.yaml:12:11: unknown tissue 'livre'"):
        play(Order(path, tmp_path / "out", anatomy=coarse_liver), lambda *_: Idle())


def test_practice_is_played_and_gives_no_verdict(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["run", str(written(tmp_path, PRACTICE)), "--trainee", "careful", "--view", "none"]
    words += ["--speed", "max", "--anatomy", str(coarse_liver), "--out", str(out)]
    assert main(words) == 0
    told = " ".join(capsys.readouterr().out.split())  # lines are as long as the terminal is wide
    assert re.search(r"practised with .* points .*the goal of 70 points is .*reached", told)
    assert json.loads((out / "result.json").read_text())["passed"] is None
    page = (out / "report.html").read_text()
    assert "PRACTICE" in page
    assert "nothing is passed or failed; the goal of 70 points is" in page
    assert "✓ PASSED" not in page
    assert "✗ FAILED" not in page


def test_properties_of_ones_own_are_played_recorded_and_replayed(
    tmp_path: Path, coarse_liver: Path
) -> None:
    out = tmp_path / "out"
    path = written(tmp_path, OWN_COLON)
    play(Order(path, out, anatomy=coarse_liver), lambda *_: Idle())
    record = load_record(out)
    tissue = record.header["tissue"]
    assert (tissue["density"], tissue["young_modulus"]) == (1040.0, 9e3)
    assert "density given by the procedure: weighed" in tissue["source"]
    assert tissue["confidence"] == "B"  # of what is left of the library
    assert set(record.arrays["young_modulus"]) == {9e3}
    assert verify_session(record).agrees
    assert debrief(out).result.passed is not None


def test_own_properties_take_the_place_of_the_librarys() -> None:
    plain = loads(SMALL, "plain").scene
    library = healthy_tissue(plain)
    assert library.confidence == "B"
    assert ultimate_strain(plain) is None
    own = healthy_tissue(loads(OWN_COLON, "own").scene)
    assert (own.young_modulus, own.density, own.range) == (9e3, 1040.0, None)
    assert own.poisson_ratio == library.poisson_ratio
    assert "memory" not in own.source
    capsule = SMALL.replace("  probe:", "  capsule: liver_capsule\n  probe:")
    known = anatomy.properties("liver_capsule")["ultimate_strain"].value
    assert ultimate_strain(loads(capsule, "capsule").scene) == known
    line = "  properties: {ultimate_strain: {value: 30 %, source: pulled}}\n  probe:"
    assert ultimate_strain(loads(capsule.replace("  probe:", line), "own").scene) == 0.3


def test_only_own_properties_leave_nothing_of_the_library() -> None:
    more = OWN + "    poisson_ratio: {value: 0.4, source: guessed}\n"
    own = healthy_tissue(loads(COLON.replace("  probe:", more + "  probe:"), "own").scene)
    assert own.confidence == ""
    assert own.source.count("given by the procedure") == 3
