"""``surgisim explain`` as a person types it."""

from pathlib import Path

import pytest

from surgisim.authoring import begin
from surgisim.cli import main
from surgisim.procedure import find, load, shipped


@pytest.mark.parametrize("name", shipped())
def test_the_text_tells_all_of_a_shipped_procedure(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["explain", name]) == 0
    out = capsys.readouterr().out
    one = load(find(name))
    told = [one.title, *(step.title for step in one.steps), *(rule.text for rule in one.all_errors)]
    told += [c.title for c in one.complications]
    told += [state.id for c in one.complications for state in c.states]
    told += [line.title for line in one.scoring.lines]
    assert [text for text in told if text not in out] == []
    assert f"Score: {one.scoring.pass_mark.min:g} of 100 points" in out


@pytest.mark.parametrize("columns", [40, 80])
def test_the_text_keeps_to_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["explain", "liver_palpation"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert "     done when the probe" in "\n".join(lines)


def test_a_picture_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "flow.svg"
    assert main(["explain", "liver_palpation", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"picture: {out}\n"
    assert "<svg" in out.read_text()[:2000]
    assert main(["explain", "liver_palpation", "--out", str(tmp_path / "flow.doc")]) == 2
    assert "end it with .svg, .png, .pdf" in capsys.readouterr().err


@pytest.mark.parametrize("title", ["[/]", "[red]", "a [b] c"])
def test_brackets_in_a_title_are_text(
    title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = begin("brackets", tmp_path)
    path.write_text(path.read_text().replace("title: Peak force", f'title: "{title}"'))
    assert main(["explain", str(path)]) == 0
    assert title in capsys.readouterr().out


def test_mistakes_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = begin("wrong", tmp_path)
    path.write_text(path.read_text().replace("needs: [touch]", "needs: [tuch]"))
    assert main(["explain", str(path)]) == 1
    captured = capsys.readouterr()
    assert "unknown step 'tuch' (did you mean 'touch'?)" in captured.out
    assert "mend this first" in captured.err
