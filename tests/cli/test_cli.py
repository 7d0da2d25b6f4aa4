"""The command line as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from surgisim.cli import main

PROCEDURE = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "",
        "run",
        "check",
        "replay",
        "report",
        "anatomy",
        "devices",
        "doctor",
        "bench",
    ):
        with pytest.raises(SystemExit) as stop:
            main([*command.split(), "--help"])
        assert stop.value.code == 0
        assert "usage: surgisim" in capsys.readouterr().out


def test_wrong_use_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["fly"])
    assert stop.value.code == 2
    assert main(["run", "liver_palpation", "--view", "none"]) == 2
    assert "nobody would play: give --trainee careful" in capsys.readouterr().err
    assert main(["run", "nothing", "--trainee", "careful", "--view", "none"]) == 2
    assert "no procedure 'nothing'" in capsys.readouterr().err
    assert main(["replay", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err


def test_check_tells_every_mistake_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(PROCEDURE)]) == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(PROCEDURE.read_text().replace("done_when: trainee.finished", "done_wen: x"))
    assert main(["check", str(PROCEDURE), str(bad)]) == 1
    out = capsys.readouterr().out
    assert f"{bad}:" in out
    assert "did you mean 'done_when'" in out


def test_anatomy_build_refuses_a_bad_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["anatomy", "build", "x.nii.gz", "--label", "liver", "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert "--label liver is not NUMBER=NAME" in capsys.readouterr().err


def test_devices_and_doctor_say_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    assert "simulated  here" in capsys.readouterr().out
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "1 kHz loop" in out
    assert "real time" in out


def test_as_a_program() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import surgisim.cli, sys; sys.exit(surgisim.cli.main(['devices']))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "simulated" in done.stdout


def test_run_replay_report(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "session")
    arguments = ["run", "liver_palpation", "--trainee", "dangerous", "--view", "none"]
    arguments += ["--speed", "max", "--seed", "5", "--anatomy", str(coarse_liver), "--out", out]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "failed with" in said
    assert f"report: {out}/report.html" in said
    assert json.loads((tmp_path / "session" / "result.json").read_text())["seed"] == 5
    assert main(["replay", out, "--verify"]) == 0
    assert "every recorded bit agrees" in capsys.readouterr().out
    page = tmp_path / "page.html"
    assert main(["report", out, "--out", str(page)]) == 0
    assert page.is_file()
