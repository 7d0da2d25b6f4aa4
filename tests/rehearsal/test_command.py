"""``surgisim rehearse`` from its options to its exit status."""

import json
import re
from pathlib import Path

import pytest

from surgisim import anatomy
from surgisim.cli import main

from .made import TEXT


def rehearse(*options: object) -> int:
    return main(["rehearse", *map(str, options)])


@pytest.fixture
def easy(tmp_path: Path) -> Path:
    """Return a procedure that whoever leaves at once passes."""
    text = re.sub(r"^complications:.*?^scoring:", "scoring:", TEXT, flags=re.DOTALL | re.MULTILINE)
    text = text.replace("min: 60", "min: 0").replace("id: hazards", "id: easy")
    text = text.replace("time_limit: 2 min", "time_limit: 2 min\nend_when: trainee.finished")
    path = tmp_path / "easy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rehearsal_is_told_and_kept(
    tmp_path: Path, coarse_liver: Path, own: str, easy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    given = (easy, "--runs", 2, "--trainee", f"{own}:Leaver", "--anatomy", coarse_liver)
    assert rehearse(*given, "--out", out) == 0
    told = capsys.readouterr()
    assert f"{own}:Leaver  2     100 %" in told.out
    assert "2 of 2 runs" in told.err
    assert sorted(path.name for path in out.iterdir()) == [
        "rehearsal.html",
        "runs.jsonl",
        "runs.log",
    ]
    assert rehearse(*given, "--out", out, "--json") == 0  # nothing is played again
    summary = json.loads(capsys.readouterr().out)
    assert summary["groups"][0]["passed"]["count"] == 2
    assert summary["planned"] == 2
    assert summary["verdict"]["faults"] == []


def test_a_fault_is_an_exit_status(
    tmp_path: Path, coarse_liver: Path, easy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = (easy, "--runs", 1, "--trainee", "random", "--anatomy", coarse_liver)
    assert rehearse(*given, "--out", tmp_path / "out") == 1
    assert (
        "FAULT: random reached the goal in 1 of 1 runs and must in none" in capsys.readouterr().out
    )


def test_a_trainee_that_breaks_is_a_fault(
    tmp_path: Path, coarse_liver: Path, own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--runs", 1, "--trainee", f"{own}:Clumsy", "--anatomy", coarse_liver)
    assert rehearse("liver_palpation", *given, "--out", tmp_path / "out") == 1
    assert "FAULT: 1 of 1 runs broke; the first was" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["parametric_liver", "parametric_abdomen"])
def test_every_anatomy_that_comes_along_has_coarser_edges(
    tmp_path: Path,
    own: str,
    easy: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The option knew of the first one alone."""
    monkeypatch.chdir(tmp_path)
    easy.write_text(easy.read_text().replace("parametric_liver", name))
    given = (easy, "--runs", 1, "--trainee", f"{own}:Leaver", "--edge-mm", 26, "--json")
    assert rehearse(*given) == 0
    assert json.loads(capsys.readouterr().out)["groups"][0]["runs"] == 1
    coarse = tmp_path / "out" / "rehearsal" / f"{name}-26mm"
    assert anatomy.organ_names(coarse) == anatomy.organ_names(name)
    assert len(anatomy.load(coarse).organ("liver").tetrahedra) < 2000


def test_edges_of_an_anatomy_of_ones_own_are_not_built(
    coarse_liver: Path, easy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    easy.write_text(easy.read_text().replace("parametric_liver", str(coarse_liver)))
    assert rehearse(easy, "--edge-mm", 26) == 2
    assert "--edge-mm builds the anatomies that come along" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--skill", "2"], "is no skill; give a number from 0 to 1"),
        (["--trainee", "bold"], "is no trainee; choose careful"),
        (["--runs", "0"], "is no number of runs"),
        (["--careful-passes", "120%"], "is no share"),
        (["--edge-mm", "2"], "give 4 to 30 mm"),
        (["--trainee", "nowhere:It"], "no trainee 'nowhere:It'"),
        (["--edge-mm", "9", "--anatomy", "x"], "give one of them"),
    ],
)
def test_what_cannot_be_is_told(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = rehearse("liver_palpation", *options)
    except SystemExit as stopped:
        status = int(str(stopped.code))
    assert status == 2
    assert told in capsys.readouterr().err


def test_a_coarser_liver_is_the_same_each_time(
    tmp_path: Path,
    own: str,
    easy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = (easy, "--runs", 1, "--trainee", f"{own}:Leaver", "--edge-mm", 18)
    assert rehearse(*given) == 0
    assert rehearse(*given) == 0  # the same folder: it has the same fingerprint
    (folder,) = (tmp_path / "out" / "rehearsal").glob("easy-*")
    assert len((folder / "runs.jsonl").read_text().splitlines()) == 2
    organ = anatomy.load(tmp_path / "out" / "rehearsal" / "parametric_liver-18mm").organ("liver")
    assert len(organ.tetrahedra) < 5000
    assert f"page: out/rehearsal/{folder.name}/rehearsal.html" in capsys.readouterr().out
