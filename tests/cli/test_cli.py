"""The command line as a person types it."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

import surgisim
from surgisim import anatomy
from surgisim.cli import main
from surgisim.commands import doctor, run
from surgisim.commands.finding import Finding
from surgisim.errors import SurgisimError
from surgisim.session import Order

PROCEDURE = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "",
        "run",
        "procedures",
        "new",
        "new procedure",
        "check",
        "explain",
        "replay",
        "report",
        "course",
        "course list",
        "course status",
        "passmark",
        "rate",
        "agreement",
        "anatomy",
        "anatomy build",
        "anatomy view",
        "tissues",
        "devices",
        "rig",
        "rig list",
        "rig show",
        "rig new",
        "rig calibrate",
        "doctor",
        "bench",
        "xr",
        "xr doctor",
        "records",
        "records list",
        "records add",
        "records overrule",
        "records person add",
        "records verify",
    ):
        with pytest.raises(SystemExit) as stop:
            main([*command.split(), "--help"])
        assert stop.value.code == 0
        out = capsys.readouterr().out
        assert "usage: surgisim" in out
        assert "``" not in out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"surgisim {surgisim.__version__}\n"
    assert surgisim.__version__ == version("surgisim")


def test_python_runs_the_package() -> None:
    command = [sys.executable, "-m", "surgisim", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"surgisim {surgisim.__version__}\n"


def test_wrong_use_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["fly"])
    assert stop.value.code == 2
    assert main(["run", "liver_palpation", "--view", "none"]) == 2
    assert "a person needs a window to play, and --view none opens none" in capsys.readouterr().err
    assert main(["run", "nothing", "--trainee", "careful", "--view", "none"]) == 2
    assert "no procedure 'nothing'" in capsys.readouterr().err
    assert main(["replay", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "²"])
def test_a_seed_is_a_whole_number_from_0_on(seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["run", "liver_palpation", "--seed", seed])
    assert stop.value.code == 2
    assert f"{seed!r} is not a seed; give a whole number, 0 or more" in capsys.readouterr().err


class Clock:
    """Wall time made of numbers."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def perf_counter(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def test_live_without_a_window_looks_50_times_a_second_whatever_a_look_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks_s = Clock(), []

    def play(_order: Order, _cast: object, *, wait: Callable[[float], None], **_: object) -> None:
        for _ in range(50):
            clock.sleep(0.005)  # what a look takes
            wait(0.02)
            looks_s.append(clock.now_s)
        raise SurgisimError("enough")

    monkeypatch.setattr(run, "time", clock)
    monkeypatch.setattr(run, "play", play)
    arguments = ["run", "liver_palpation", "--trainee", "careful", "--view", "none"]
    assert main([*arguments, "--speed", "live", "--out", str(tmp_path)]) == 2
    assert looks_s[-1] - looks_s[0] == pytest.approx(49 * 0.02)


class EmptyTheatre:
    """A window that is closed while its person reads the briefing."""

    def __init__(self, _script: object, **_: object) -> None:
        self.window = self
        self.wait = self.show = self.closing = True

    def __enter__(self) -> "EmptyTheatre":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def cast(self, *_: object) -> None:
        return

    def poll(self) -> "EmptyTheatre":
        return self


def test_who_leaves_at_the_briefing_keeps_the_last_session(
    tmp_path: Path,
    coarse_liver: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "session.mcap").write_text("the last one")
    monkeypatch.setattr("surgisim.session.theatre.Theatre", EmptyTheatre)
    monkeypatch.setenv("DISPLAY", ":0")
    arguments = ["run", "liver_palpation", "--view", "window", "--anatomy", str(coarse_liver)]
    assert main([*arguments, "--out", str(tmp_path)]) == 2
    assert "left at the briefing: nothing was played" in capsys.readouterr().err
    assert (tmp_path / "session.mcap").read_text() == "the last one"


def test_the_window_draws_in_the_wanted_quality(
    tmp_path: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiers = []

    class Noted(EmptyTheatre):
        def __init__(self, script: object, *, tier: str, **more: object) -> None:
            super().__init__(script, **more)
            tiers.append(tier)

    monkeypatch.setattr("surgisim.session.theatre.Theatre", Noted)
    monkeypatch.setenv("DISPLAY", ":0")
    arguments = ["run", "liver_palpation", "--anatomy", str(coarse_liver), "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert main([*arguments, "--quality", "high"]) == 2
    assert tiers == ["auto", "high"]


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


def test_check_tells_names_that_are_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "a" * 300]) == 1
    assert "give the path of a YAML file" in capsys.readouterr().out


@pytest.mark.parametrize("more", [["--record"], ["--against", str(PROCEDURE)]])
def test_what_check_does_with_versions_is_not_for_courses(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    course = Path(__file__).parents[2] / "courses" / "laparoscopy_basics.yaml"
    assert main(["check", str(course), *more]) == 1
    assert "are for procedures, and this is a course" in capsys.readouterr().out


def test_check_tells_a_folder_from_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert "this is a folder; give the files in it, such as *.yaml" in capsys.readouterr().out


def test_check_tells_names_that_are_not_there(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = PROCEDURE.read_text(), tmp_path / "bad.yaml"

    def told(old: str, new: str, *more: str) -> str:
        assert old in good
        bad.write_text(good.replace(old, new))
        assert main(["check", str(bad), *more]) == (0 if new == old else 1)
        return capsys.readouterr().out

    line = f"{bad}:18:11: unknown tissue 'livre' (did you mean 'liver'?)\n"
    assert told("  tissue: liver\n", "  tissue: livre\n") == line
    assert "unknown tissue 'blood': known are liver" in told("tissue: liver\n", "tissue: blood\n")
    assert "unknown capsule 'liver'" in told("capsule: liver_capsule", "capsule: liver")
    assert "unknown organ 'lung': known are liver" in told("organ: liver", "organ: lung")
    named = ("anatomy: parametric_liver", "anatomy: nowhere")
    assert f"{bad}:16:12: There is no anatomy 'nowhere'" in told(*named)
    folder = ("anatomy: parametric_liver", f"anatomy: {coarse_liver}")
    bad.write_text(good.replace(*folder))
    assert main(["check", str(bad)]) == 0
    capsys.readouterr()
    chosen = ("--anatomy", str(coarse_liver))
    assert told("organ: liver", "organ: liver", *chosen) == f"{bad}: no mistakes\n"
    assert "unknown organ 'lung'" in told("organ: liver", "organ: lung", *chosen)
    assert main(["check", str(PROCEDURE), "--anatomy", "/nowhere"]) == 2
    assert "There is no anatomy '/nowhere'" in capsys.readouterr().err


def test_check_leaves_names_alone_in_a_scene_that_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("surgisim: procedure@1\n")
    assert main(["check", str(bad)]) == 1
    out = capsys.readouterr().out
    assert "the key 'scene' is missing" in out
    assert "unknown" not in out
    assert "no anatomy" not in out


def test_anatomy_build_refuses_a_bad_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["anatomy", "build", "x.nii.gz", "--label", "liver", "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert "--label liver is not NUMBER=NAME" in capsys.readouterr().err
    arguments[4] = "²=liver"
    assert main(arguments) == 2
    assert "--label ²=liver is not NUMBER=NAME" in capsys.readouterr().err


def test_anatomy_build_refuses_a_label_given_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["anatomy", "build", "x.nii.gz", "--label", "5=liver", "--label", "05=spleen"]
    assert main([*arguments, "--out", str(tmp_path)]) == 2
    told = "--label 05=spleen names label 5 a second time, after 'liver'"
    assert told in capsys.readouterr().err


def test_names_too_long_for_the_file_system_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play = ["--trainee", "careful", "--view", "none", "--out", str(tmp_path / "session")]
    assert main(["run", "a" * 300, *play]) == 2
    assert "no procedure 'aaa" in capsys.readouterr().err
    assert main(["run", "liver_palpation", "--anatomy", "a" * 300, *play]) == 2
    assert "There is no anatomy 'aaa" in capsys.readouterr().err


def test_tissues_are_listed_with_value_range_source_and_confidence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["tissues"]) == 0
    head, *lines, legend, star = capsys.readouterr().out.splitlines()
    figures = [one for name in anatomy.tissue_names() for one in anatomy.properties(name)]
    assert len(lines) == len(figures)
    at = {word: head.index(word) for word in ("property", "value", "range", "unit", "source")}
    (line,) = (one for one in lines if one.startswith("liver ") and " shear_stiffness " in one)
    assert line[at["value"] :].startswith("2090 ")
    assert line[at["range"] :].startswith("1680 to 2480 ")
    assert line[at["unit"] :].startswith("Pa ")
    assert line[at["source"] - 3 :].startswith("B  Venkatesh et al. 2014")
    assert legend.startswith("Confidence: A a table was read")
    assert star.startswith("* makes a material")
    starred = {one.split(" *")[0] for one in lines if " * " in one[: at["property"]]}
    assert "liver" in starred
    for name in anatomy.tissue_names():
        if name in starred:
            surgisim.tissue(name)
        else:
            with pytest.raises(SurgisimError, match="do not make an elastic material"):
                surgisim.tissue(name)


@pytest.mark.parametrize("columns", [40, 60, 160])
def test_tissues_keep_to_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for arguments in (["tissues"], ["tissues", "liver", "fat"]):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert max(len(line) for line in out.splitlines()) <= columns
        words = " ".join(out.split())
        assert anatomy.properties("fat")["shear_stiffness"].source in words or columns == 160


def test_tissues_tells_all_of_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["tissues", "liver", "colon"]) == 0
    out = capsys.readouterr().out
    known = anatomy.properties("liver")["shear_stiffness"]
    for text in (known.source, known.model, known.species, known.state, known.note):
        assert text in out
    told = "as a material: E 6270 Pa, nu 0.45, 1060 kg/m^3, confidence B: for assessments"
    assert told in out
    assert "confidence C: not for assessments (recollection: density)" in out
    assert main(["tissues", "aorta"]) == 0
    assert "no elastic material" in capsys.readouterr().out
    assert main(["tissues", "livre"]) == 2
    assert "no 'livre'; the nearest names are liver" in capsys.readouterr().err
    assert main(["tissues", "xxxx"]) == 2
    assert "no 'xxxx'; it has liver, liver_capsule, " in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = "import surgisim.cli, sys; sys.exit(surgisim.cli.main(['tissues']))"
    shown = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert shown.stdout is not None
    shown.stdout.close()
    _, said = shown.communicate()
    assert (shown.returncode, said) == (0, b"")


def test_devices_and_doctor_say_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    assert "simulated:touch " in capsys.readouterr().out
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "1 kHz loop" in out
    assert "real time" in out


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_doctor_keeps_to_the_terminal(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/opt/" + "long/" * 30 + "libHD.so"
    found = [
        Finding("real time", False, "not permitted", "ask for the right"),
        Finding("device simulated:inverse3", False, f"{path} could not be loaded", "mend it " * 9),
        Finding("device hand", True, "made of numbers", "nothing to do"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: found)
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert path in "".join(out.split())
    assert "ask for the right" in out
    assert "nothing to do" not in out
    monkeypatch.delenv("COLUMNS")
    assert main(["doctor"]) == 0
    plain = capsys.readouterr().out.splitlines()
    assert len(plain) == 5
    assert [line.index(word) for line, word in zip(plain, ("not", "ask", path), strict=False)] == [
        31
    ] * 3


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
    file = tmp_path / "session" / "session.mcap"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert main(["replay", out, "--verify"]) == 1
    said = capsys.readouterr().out
    assert "note: The record is readable up to" in said
    assert "every recorded bit agrees, but the record is not whole" in said
    assert main(["replay", out]) == 0
    file.write_bytes(whole)
    page = tmp_path / "page.html"
    assert main(["report", out, "--out", str(page)]) == 0
    assert page.is_file()
