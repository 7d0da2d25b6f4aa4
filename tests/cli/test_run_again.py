"""`surgisim run` into a folder that holds a session: that one is kept beside the new one."""

from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.record import load, read_result

from .test_records import PROCEDURE


@pytest.fixture
def run_it(tmp_path: Path, coarse_liver: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (tmp_path / "waiting.yaml").write_text(PROCEDURE.replace("LIMIT", "0.2 s"))
    monkeypatch.chdir(tmp_path)
    play = ["--trainee", "careful", "--view", "none", "--anatomy", str(coarse_liver)]
    return ["run", str(tmp_path / "waiting.yaml"), *play]


def test_the_session_of_before_is_kept_under_the_next_number(
    run_it: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in ("1", "2", "3"):
        assert main([*run_it, "--seed", seed, "--out", "out/mine"]) == 0
        told = capsys.readouterr().out
        assert ("is now in" in told) is (seed != "1")
    assert "the session that was in out/mine is now in out/mine-2" in told
    for folder, seed in (("mine", 3), ("mine-1", 1), ("mine-2", 2)):
        home = Path("out") / folder
        assert load(home).header["seed"] == seed
        assert read_result(home / "result.json").seed == seed
        assert (home / "report.html").exists()


def test_a_folder_that_one_is_in_stays_where_it_is(
    run_it: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*run_it, "--out", "out/mine"]) == 0
    before = Path("out/mine/session.mcap").read_bytes()
    monkeypatch.chdir("out/mine")
    assert main([*run_it, "--seed", "2", "--out", "."]) == 2
    assert "holds a session, and you are in it; give --out a new folder" in capsys.readouterr().err
    assert Path("session.mcap").read_bytes() == before
