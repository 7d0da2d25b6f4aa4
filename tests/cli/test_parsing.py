"""What is misspelt on the command line is told with what was probably meant."""

from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.procedure import load, shipped


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("rnu x", "no command 'rnu' (did you mean 'run'?): known are run, procedures, new"),
        ("anatomy biuld", "no command 'biuld' (did you mean 'build'?): known are build, view"),
        ("new procedur x", "no command 'procedur' (did you mean 'procedure'?)"),
        ("run x --trainee Carefull", "'Carefull' is no trainee (did you mean 'careful'?)"),
        ("run x --view widnow", "argument --view: no choice 'widnow' (did you mean 'window'?)"),
        ("run x --sped max", "surgisim run: no option --sped (did you mean '--speed'?)"),
        ("run x --oot=there", "no option --oot (did you mean '--out'?)"),
        ("run x y", "'y' is one argument too many"),
        ("run x --zzzz", "surgisim run: no option --zzzz\n"),
    ],
)
def test_the_nearest_is_named(typed: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(typed.split())
    assert stop.value.code == 2
    assert told in capsys.readouterr().err


def test_a_misspelt_procedure_is_told_before_a_missing_display(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["run", "liver_palpaton"]) == 2
    told = "no procedure 'liver_palpaton' (did you mean 'liver_palpation'?)"
    assert told in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["new", "procedure", "feel_it"]) == 0
    for wrong in ("feel_it", "fel_it.yaml"):
        assert main(["run", wrong]) == 2
        told = f"no procedure '{wrong}' (did you mean 'feel_it.yaml'?)"
        assert told in capsys.readouterr().err
    assert main(["check", "feel_it.yml", "feel_it.yaml"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("no procedure 'feel_it.yml' (did you mean 'feel_it.yaml'?)")
    assert second == "feel_it.yaml: no mistakes"


@pytest.mark.usefixtures("unfolded")
def test_the_shipped_procedures_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedures"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "name"
    assert [line.split()[0] for line in lines] == shipped()
    for line, name in zip(lines, shipped(), strict=True):
        one = load(Path("procedures") / f"{name}.yaml")
        assert f"  {one.version}  " in line
        assert f"  {one.time_limit / 60:g} min  " in line
        assert line.endswith(f"  {one.title}")


def test_the_help_keeps_each_command_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "    procedures  list the shipped procedures\n" in capsys.readouterr().out
