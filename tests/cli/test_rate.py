"""``surgisim rate`` and ``surgisim agreement``."""

import io
import json
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.record import SessionWriter
from surgisim.record.rating import ratings_of, session_mark


def session(folder: Path, seed: int = 1) -> Path:
    header = {"procedure": "own", "version": "1", "title": "Own", "seed": seed, "dt_s": 1e-3}
    with SessionWriter(folder) as writer:
        writer.write_header(header)
        writer.write_footer({"completed": True})
    return folder


def rate(folder: Path, rater: str, scores: list[int], *more: str) -> int:
    given = ["--rater", rater, "--blinded", "yes", "--seen", "video", "--scores"]
    return main(["rate", str(folder), *more, *given, *map(str, scores)])


def test_a_rating_is_kept_with_its_session(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    folder = session(tmp_path / "one")
    assert rate(folder, "R1", [3, 4, 3, 5]) == 0
    assert "goals: 15 (4 to 20)" in capsys.readouterr().out
    (kept,) = ratings_of(folder)
    assert (kept.rater, kept.blinded, kept.seen, kept.total) == ("R1", True, "video", 15)
    assert kept.session == session_mark(folder)
    assert rate(folder, "R1", [5, 5, 5, 5, 5]) == 0  # with autonomy; the earlier one gives way
    assert [one.total for one in ratings_of(folder)] == [25]


def test_the_terminal_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session(tmp_path / "one")
    monkeypatch.setattr("sys.stdin", io.StringIO("R2\nperhaps\nno\nlive\n9\n3\n4\n4\n2\n\n"))
    assert main(["rate", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "Depth perception" in out
    assert "Goes to the target in the right plane at once" in out
    assert "'perhaps' is none of yes, no." in out
    assert "'9' is none of 1, 2, 3, 4, 5." in out
    (kept,) = ratings_of(folder)
    assert (kept.rater, kept.blinded, kept.seen) == ("R2", False, "live")
    assert list(kept.scores.values()) == [3, 4, 4, 2]


def test_no_pseudonym_is_refused_before_anything_else_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Dr. Who\nno\n"))
    assert main(["rate", str(session(tmp_path / "one"))]) == 2
    told = capsys.readouterr()
    assert "'Dr. Who' is no pseudonym" in told.err
    assert "blinded" not in told.out


def test_an_unfinished_rating_is_not_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session(tmp_path / "one")
    monkeypatch.setattr("sys.stdin", io.StringIO("R2\nyes\nlive\n3\n"))
    assert main(["rate", str(folder)]) == 2
    assert "not finished: nothing is kept" in capsys.readouterr().err
    assert ratings_of(folder) == []


@pytest.mark.parametrize(
    ("rater", "scores", "said"),
    [
        ("Jane Doe", [3, 3, 3, 3], "'Jane Doe' is no pseudonym"),
        ("../x", [3, 3, 3, 3], "'../x' is no pseudonym"),
        ("R1", [3, 3, 3, 6], "'Tissue handling' is rated 1 to 5, not 6"),
        ("Müller", [3, 3, 3, 3], "'Müller' is no pseudonym"),
        (
            "R1",
            [3, 3],
            "--scores has 2, and goals 4 items: depth_perception, bimanual_dexterity, efficiency, "
            "tissue_handling; or 5 with those that may be left out: depth_perception, ",
        ),
    ],
)
def test_what_is_no_rating_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture, rater: str, scores: list[int], said: str
) -> None:
    folder = session(tmp_path / "one")
    assert rate(folder, rater, scores) == 2
    assert said in capsys.readouterr().err
    assert ratings_of(folder) == []


def test_a_saved_form_is_taken_into_its_own_session_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    one, two = session(tmp_path / "one", 1), session(tmp_path / "two", 2)
    form = tmp_path / "form.html"
    assert main(["rate", str(one), "--scale", "osats", "--form", str(form)]) == 0
    assert session_mark(one) in form.read_text(encoding="utf-8")
    saved = tmp_path / "saved.json"
    items = ["respect_for_tissue", "time_and_motion", "instrument_handling"]
    items += ["knowledge_of_instruments", "use_of_assistants", "flow", "knowledge_of_procedure"]
    content = {
        "surgisim": "rating@1",
        "scale": "osats",
        "session": session_mark(one),
        "rater": "R1",
        "blinded": True,
        "seen": "video",
        "scores": dict.fromkeys(items, 4),
    }
    saved.write_text(json.dumps(content))
    assert main(["rate", str(two), "--take", str(saved)]) == 2
    assert "give the folder that was rated" in capsys.readouterr().err
    assert main(["rate", str(one), "--take", str(saved)]) == 0
    assert [r.total for r in ratings_of(one)] == [28]
    content["scores"].pop("flow")
    saved.write_text(json.dumps(content))
    assert main(["rate", str(one), "--take", str(saved)]) == 2
    assert "'Flow and forward planning' was not rated" in capsys.readouterr().err


def test_raters_who_contradict_each_other_are_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Two sessions rated the other way round ended in a division by zero."""
    for number, scores in enumerate(([1] * 4, [5] * 4)):
        folder = session(tmp_path / "all" / str(number), number)
        rate(folder, "R1", scores)
        rate(folder, "R2", [6 - one for one in scores])
    capsys.readouterr()
    assert main(["agreement", str(tmp_path / "all")]) == 0
    assert "agreement cannot be told: two raters who only" in capsys.readouterr().out
    third = session(tmp_path / "all" / "3", 3)
    rate(third, "R1", [3] * 4)
    rate(third, "R2", [3] * 4)
    assert main(["agreement", str(tmp_path / "all")]) == 0
    assert "one rater      below -1 (95 %: below -1 to " in capsys.readouterr().out


def test_one_is_one(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    rate(session(tmp_path / "all" / "1"), "R1", [3] * 4)
    assert main(["agreement", str(tmp_path / "all")]) == 0
    assert "1 rater: R1\n1 session rated by all of them\n" in capsys.readouterr().out


def test_agreement_of_raters(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for number, skill in enumerate((1, 2, 3, 4, 5)):
        folder = session(tmp_path / "all" / str(number), number)
        rate(folder, "R1", [skill] * 4)
        rate(folder, "R2", [skill, skill, min(skill + 1, 5), skill])
    rate(session(tmp_path / "all" / "extra", 99), "R1", [3] * 4)
    capsys.readouterr()
    assert main(["agreement", str(tmp_path / "all")]) == 0
    out = capsys.readouterr().out
    assert "2 raters: R1, R2" in out
    assert "5 sessions rated by all of them; 1 left out" in out
    assert "ICC(2,1) of the total, one rater      0.99" in out
    assert "Weighted kappa, R1 and R2" in out
    assert "depth_perception    1.00 (no interval)" in out
    assert "5 sessions tell little: the intervals of kappa are made for 20 and more" in out
    assert main(["agreement", str(tmp_path / "all"), "--scale", "gears"]) == 2
    assert "no rating on gears below" in capsys.readouterr().err


def test_ratings_of_a_session_that_another_one_took_the_place_of_are_left_out(
    tmp_path: Path,
) -> None:
    folder = session(tmp_path / "one", 1)
    assert rate(folder, "R1", [3, 4, 3, 5]) == 0
    with SessionWriter(folder, replace=True) as writer:
        writer.write_header({"procedure": "own", "version": "1", "seed": 2, "dt_s": 1e-3})
        writer.write_footer({"completed": True})
    assert ratings_of(folder) == []
    assert rate(folder, "R2", [1, 1, 1, 1]) == 0
    assert [one.rater for one in ratings_of(folder)] == ["R2"]
