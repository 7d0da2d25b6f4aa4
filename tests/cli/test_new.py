"""``surgisim new`` as a person types it; what it writes can be played at once."""

import json
from pathlib import Path

import pytest

from surgisim.cli import main


def test_what_is_written_is_checked_and_played(
    tmp_path: Path, coarse_liver: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "procedure", "my_first", "--out", str(tmp_path)]) == 0
    path = tmp_path / "my_first.yaml"
    assert capsys.readouterr().out == f"wrote {path}\nnext: surgisim check {path}\n"
    assert main(["check", str(path)]) == 0
    out = tmp_path / "session"
    arguments = ["run", str(path), "--trainee", "dangerous", "--anatomy", str(coarse_liver)]
    assert main([*arguments, "--out", str(out)]) == 0
    result = json.loads((out / "result.json").read_text())
    assert (result["procedure"], result["version"]) == ("my_first", "0.1")
    assert result["completed"]
    assert result["score"] < 70
    assert result["passed"] is None  # practice: points and no verdict


def test_wrong_use_of_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "procedure", "A", "--out", str(tmp_path)]) == 2
    assert "'A' cannot be the name of a procedure" in capsys.readouterr().err
    arguments = ["new", "procedure", "a", "--out", str(tmp_path), "--from", "liver_palpaton"]
    assert main(arguments) == 2
    assert "did you mean 'liver_palpation'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
