"""Every line of the score leads to what decided it."""

import re
from pathlib import Path

import pytest

from surgisim.report.model import Picture
from surgisim.report.page import anchor, render_report

from .played import Played, play
from .test_page import data_of, outline


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder: Path = tmp_path_factory.mktemp("failed")
    return play(folder / "session", dangerous=True)


def test_every_line_links_to_a_place_on_the_page(failed: Played) -> None:
    data = data_of(failed)
    page = outline(render_report(data))
    names = set(page.all("id"))
    for line in data.score.lines:
        assert line.moment_s is not None, line.id
        assert anchor(data, line.moment_s, line.until_s, "evidence") in names


def test_the_peak_force_is_shown_by_the_picture_of_the_tear(failed: Played) -> None:
    data = data_of(failed)
    (peak,) = [line for line in data.score.lines if line.id == "peak_force"]
    target = anchor(data, peak.moment_s, peak.until_s, "evidence")
    number = int(target.removeprefix("picture-"))
    picture: Picture = data.pictures[number - 1]
    assert picture.title == "The capsule tears"


def test_an_interval_is_written_from_when_to_when(failed: Played) -> None:
    data = data_of(failed)
    (path,) = [line for line in data.score.lines if line.id == "path"]
    assert path.until_s is not None
    row = re.search(r"Path of the probe.*?</tr>", render_report(data), re.DOTALL)
    assert row is not None
    assert re.search(r"\d:\d\d\.\d–\d:\d\d\.\d</a>", row[0])


def test_a_long_interval_is_shown_by_the_plot_of_evidence(failed: Played) -> None:
    data = data_of(failed)
    assert anchor(data, 0.0, 59.0, "evidence") == "evidence"
    assert anchor(data, None) == ""
