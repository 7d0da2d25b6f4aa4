"""``surgisim docs``: what comes along can be read without the repository."""

import pytest

from surgisim.cli import main


def test_the_documents_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0
    told = capsys.readouterr().out
    assert "authoring" in told
    assert "From nothing to a rehearsed procedure" in told


def test_one_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "procedures.md"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# Writing procedures\n")
    assert told.endswith("blood lost.\n")


def test_a_misspelt_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "autoring"]) == 2
    assert "(did you mean 'authoring'?)" in capsys.readouterr().err
