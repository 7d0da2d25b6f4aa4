"""What persons gave a session stands in its report."""

from pathlib import Path

import pytest

from surgisim.record.rating import Rating, keep_rating, session_mark
from surgisim.report.page import render_report

from .played import Played, play
from .test_page import data_of, outline


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder: Path = tmp_path_factory.mktemp("rated")
    return play(folder / "session", seconds=20.0)


def test_ratings_are_shown_and_damaged_ones_told(played: Played) -> None:
    folder = played.record.folder
    assert 'id="ratings"' not in render_report(data_of(played))
    items = ("depth_perception", "bimanual_dexterity", "efficiency", "tissue_handling")
    rating = Rating(
        scale="goals",
        session=session_mark(folder),
        rater="R7",
        blinded=True,
        seen="video",
        scores=dict(zip(items, (3, 4, 2, 5), strict=True)),
    )
    path = keep_rating(folder, rating)
    text = outline(render_report(data_of(played))).text
    assert "R7" in text
    assert "blinded, video" in text
    assert "4 to 20" in text
    path.write_text("{}")
    text = outline(render_report(data_of(played))).text
    assert "There are ratings that cannot be read" in text
