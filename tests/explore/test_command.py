"""``surgisim anatomy view`` and ``build --image`` as they are typed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from surgisim.cli import main
from surgisim.errors import RenderError
from surgisim.render.context import GLContext

Picture = np.ndarray
Draw = Callable[..., Picture]


@pytest.fixture
def draw(body: Path, tmp_path: Path) -> Draw:
    """Return what draws a picture of the body with options, as (height, width, 3)."""
    try:
        GLContext.offscreen().release()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")

    def make(*options: str, path: str = "ct.nii.gz", labels: bool = True) -> Picture:
        out = tmp_path / "picture.png"
        drawn = ["anatomy", "view", str(body / path), "--picture", str(out), "--size", "160x120"]
        if labels:
            drawn += ["--labels", str(body / "labels.nii.gz"), "--names", str(body / "names.txt")]
        assert main([*drawn, *options]) == 0
        return np.asarray(Image.open(out)).astype(int)

    return make


def seen(picture: Picture) -> Picture:
    """Where something is drawn, letters at the edges left out."""
    inner = np.zeros(picture.shape[:2], bool)
    inner[14:-14, 14:-14] = True
    return inner & (np.abs(picture - picture[20, 20]).max(axis=-1) > 8)


def test_parts_are_shown_hidden_and_seen_from_a_side(draw: Draw) -> None:
    both, liver = draw("--from", "front"), draw("--from", "front", "--show", "liver")
    kidney = draw("--from", "front", "--hide", "liver")
    assert seen(both).sum() == pytest.approx((seen(liver) | seen(kidney)).sum(), rel=0.02)
    columns = np.nonzero(seen(liver))[1]
    assert columns.mean() < 75  # the patient's right is at the left
    assert np.nonzero(seen(draw("--from", "back", "--show", "liver")))[1].mean() > 85


def test_glass_and_what_stays_solid(draw: Draw) -> None:
    solid = draw("--from", "front", "--show", "liver")
    glass = draw("--from", "front", "--show", "liver", "--glass", "all")
    kept = draw("--from", "front", "--show", "liver", "--glass", "all", "--solid", "liver")
    assert np.abs(solid - glass)[seen(solid)].mean() > 5
    np.testing.assert_array_equal(kept, solid)


def test_a_cut_through_an_organ_shows_its_grey(draw: Draw) -> None:
    near = ("--focus", "liver", "--zoom", "2", "--show", "liver")
    picture = draw("--from", "front", *near, "--cut", "coronal")
    face = picture[55:65, 75:85]
    assert face.std(axis=(0, 1)).max() < 4  # 60 HU all over
    code = 255 * (60 + 160) / 400
    assert face[..., 0].mean() == pytest.approx(code, abs=25)
    other = draw("--from", "back", *near, "--cut", "0,1,0", "--flip")
    assert abs(other[55:65, 75:85] - face).mean() < 12


def test_slices_volume_window_and_list(draw: Draw) -> None:
    axial = draw("--from", "feet", "--slices", "axial:8", "--show", "liver", "--hide", "liver")
    row = axial[60, 30:130, 0]
    assert (row[:, None] == [255 * 220 / 400 // 1, 140]).any()
    assert axial[60, 80].std() < 2  # grey
    plain = ("--from", "feet", "--slices", "axial:8", "--hide", "liver,kidney left")
    bright = draw(*plain, "--window=-100/100")
    assert bright.max(axis=-1)[40:80, 40:120].max() == 255
    volume = draw("--volume", "skin", "--hide", "liver,kidney_left")
    assert seen(volume).sum() > 1500
    plain, listed = draw(), draw("--list")
    assert np.abs(plain - listed)[:, :30].mean() > 2


def test_an_oblique_slice_is_drawn(draw: Draw) -> None:
    """Across y it is the coronal one."""
    hidden = ("--from", "front", "--hide", "liver,kidney left")
    named = draw(*hidden, "--slices", "coronal")
    np.testing.assert_array_equal(draw(*hidden, "--oblique", "0,2,0"), named)
    assert seen(named).sum() > 1000
    assert np.abs(draw(*hidden, "--oblique", "0.3,1,0.4") - named).mean() > 1


def test_an_image_alone_is_drawn(draw: Draw) -> None:
    assert seen(draw(labels=False)).sum() > 1000
    assert seen(draw(labels=False, path="labels.nii.gz")).sum() > 500


def test_areas_of_concern_are_drawn(draw: Draw, tmp_path: Path) -> None:
    areas = tmp_path / "areas.json"
    areas.write_text('[{"point_m": [-0.028, 0.022, 0], "radius_m": 0.01, "color": [0, 0, 1]}]')
    plain = draw("--from", "front", "--show", "liver")
    marked = draw("--from", "front", "--show", "liver", "--areas", str(areas))
    assert (marked - plain)[..., 2].max() > 60


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--show", "heart"), "There is no part 'heart'; there are: label 2, label 5"),
        (("--cut", "diagonal"), "--cut diagonal is no plane"),
        (("--cut", "0,0,0"), "--cut 0,0,0 is not three numbers"),
        (("--oblique", "up"), "--oblique up is not three numbers"),
        (("--slices", "axial:x"), "--slices axial:x is no plane"),
        (("--slices", "axial:nan"), "--slices axial:nan is no plane"),
        (("--window", "40"), "--window 40 is not LEVEL/WIDTH"),
        (("--window", "40/0"), "--window 40/0 is not LEVEL/WIDTH"),
        (("--picture", "x.jpg"), "--picture x.jpg does not end in .png"),
        (("--size", "big"), "--size big is not WIDTHxHEIGHT"),
        (("--from", "above"), "--from above is no side"),
        (("--from", "1,2,3"), "--from 1,2,3 is no side"),
        (("--zoom", "0"), "--zoom 0.0 is not above 0"),
        (("--focus", "1,2"), "--focus 1,2 is not three numbers"),
        (("--areas", "none.json"), "none.json cannot be read"),
    ],
)
def test_wrong_options_are_told(
    body: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    said: str,
) -> None:
    words = ["anatomy", "view", str(body / "ct.nii.gz"), "--labels", str(body / "labels.nii.gz")]
    assert main([*words, "--picture", str(tmp_path / "x.png"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()
    assert not Path("x.jpg").exists()


def test_what_is_not_there_is_told(
    body: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = ["--picture", str(tmp_path / "x.png")]
    assert main(["anatomy", "view", str(tmp_path), *picture]) == 2
    assert "holds no DICOM image" in capsys.readouterr().err
    assert main(["anatomy", "view", str(tmp_path / "no.nii"), *picture]) == 2
    assert "No image volume at" in capsys.readouterr().err
    assert main(["anatomy", "view", str(body / "labels.nii.gz"), "--volume", "bone", *picture]) == 2
    assert "comes without an image" in capsys.readouterr().err


def test_without_a_display_the_picture_is_named(
    body: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RenderError("no window could be opened; draw without a window")

    monkeypatch.setattr("surgisim.explore.window.ExplorerWindow", refuse)
    assert main(["anatomy", "view", str(body / "ct.nii.gz")]) == 2
    assert "draw without a window, with --picture FILE.png" in capsys.readouterr().err


def test_build_keeps_the_image(
    body: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["anatomy", "build", str(body / "labels.nii.gz"), "--label", "5=liver"]
    words += ["--edge-mm", "12", "--out", str(tmp_path / "a")]
    assert main([*words, "--image", str(body / "ct.nii.gz")]) == 0
    assert (tmp_path / "a" / "image.nii.gz").is_file()
    capsys.readouterr()
    assert main([*words[:-1], str(tmp_path / "b"), "--image", str(tmp_path / "no.nii.gz")]) == 2
    assert "No image volume at" in capsys.readouterr().err
