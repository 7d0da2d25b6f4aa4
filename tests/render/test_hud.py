"""Letters and bars: inside the picture, sharp, in proportion."""

from dataclasses import replace

import numpy as np
import pytest

from surgisim.errors import RenderError
from surgisim.render.glyphs import GlyphAtlas
from surgisim.render.hud import HudSheet
from surgisim.render.scene import Hud, Label, Vitals
from surgisim.render.view import View, Viewport

FULL = Hud(
    force_n=3.2,
    force_limit_n=4.0,
    title="Find the nodules by touch",
    message="Palpate the whole surface and mark each firm spot with the space bar.",
    time_s=83.4,
    blood_loss_ml=12.0,
    alarm="The capsule is torn: bleeding",
    hint="F1 help",
    help_lines=(("Space", "mark this place"), ("Esc", "quit")),
    vitals=Vitals(heart_rate_bpm=88.0, systolic_mmhg=117.0, diastolic_mmhg=76.0, spo2_percent=98.0),
    step=(2, 5),
)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(320, 240), (640, 360), (1280, 720), (3840, 2160)])
def test_everything_stays_inside_the_picture_on_whole_pixels(
    size: tuple[int, int], scale: float
) -> None:
    sheet = HudSheet(GlyphAtlas(4096), Viewport(0, 0, *size), scale)
    sheet.write(FULL)
    vertices = sheet.vertices()
    assert len(vertices) > 600
    np.testing.assert_array_equal(vertices[:, :2], np.round(vertices[:, :2]))
    assert vertices[:, :2].min() >= 0.0
    assert (vertices[:, :2].max(axis=0) <= size).all()


def _bar_width(force_n: float) -> float:
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    sheet.write(Hud(force_n=force_n, force_limit_n=4.0))
    quads = sheet.vertices().reshape(-1, 6, 8)
    thickness = quads[:, 2, 1] - quads[:, 0, 1]
    colored = quads[(thickness == 12.0) & (np.ptp(quads[:, 0, 4:7], axis=1) > 0.2)]
    return float(colored[0, 1, 0] - colored[0, 0, 0])


def test_the_bar_grows_with_the_force_and_the_limit_is_at_two_thirds() -> None:
    assert _bar_width(2.0) == pytest.approx(0.5 * _bar_width(4.0), abs=1)
    assert _bar_width(4.0) == pytest.approx(260 / 1.5, abs=1)
    assert _bar_width(60.0) == 260


def test_scale_enlarges_what_is_written() -> None:
    def size(scale: float) -> float:
        sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720), scale)
        sheet.write(Hud(time_s=1.0))
        return 1280.0 - float(sheet.vertices()[:, 0].min())

    assert size(2.0) == pytest.approx(2.0 * size(1.0), rel=0.05)


def _alarm_beside(hud: Hud) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Boxes (left, top, right, bottom) of what is written, and of an alarm in addition, px."""
    first, both = (HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720)) for _ in range(2))
    first.write(hud)
    both.write(replace(hud, alarm="Let go"))
    old, new = first.vertices()[:, :2], both.vertices()[:, :2]
    new = new[len(old) :]
    return (*old.min(axis=0), *old.max(axis=0)), (*new.min(axis=0), *new.max(axis=0))


def test_an_alarm_lies_between_title_and_clock_and_not_over_the_organ() -> None:
    title, alarm = _alarm_beside(Hud(title="Title", message="A few words."))
    assert alarm[0] > title[2]
    assert alarm[3] < 0.1 * 720
    _, alarm = _alarm_beside(Hud(title="Title", time_s=1.0, blood_loss_ml=2.0))
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    sheet.write(Hud(time_s=1.0, blood_loss_ml=2.0))
    assert alarm[2] < sheet.vertices()[:, 0].min()


def test_an_alarm_that_has_no_room_beside_the_instruction_lies_below() -> None:
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    sheet.write(Hud(title="Title", message=" ".join(["word"] * 120)))
    title, count = sheet.vertices()[:6, 1].max(), len(sheet.vertices())
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    long = " ".join(["alarm"] * 60)
    sheet.write(Hud(title="Title", message=" ".join(["word"] * 120), alarm=long))
    assert title > 0.2 * 720
    assert sheet.vertices()[count:, 1].min() > title


def test_a_line_is_not_broken_at_a_no_break_space() -> None:
    words = "Go over the whole surface and set a mark over every nodule. Marks: 0 of 3."
    kept = words.replace(": 0 of 3", ":\N{NO-BREAK SPACE}0\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}3")
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    assert sheet._wrap(words, 16, 500.0)[-1] == "of 3."
    assert sheet._wrap(kept, 16, 500.0)[-1].replace("\N{NO-BREAK SPACE}", " ") == "Marks: 0 of 3."


def test_letters_of_a_line_are_spaced_alike_wherever_the_line_begins() -> None:
    def corners(width: int) -> list[tuple[float, float]]:
        sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, width, 561))
        sheet.write(Hud(help_lines=(("wheel", "press deeper or let go"),)))
        letters = sheet.vertices()[6::6, :2]
        return [tuple(place) for place in letters - letters[0]]

    assert corners(961) == corners(960) == corners(959)


def test_help_does_not_lie_over_an_alarm() -> None:
    help_lines = (("key", "meaning"),) * 12
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 960, 540))
    sheet.write(Hud(alarm="Let go"))
    count, bottom = len(sheet.vertices()), sheet.vertices()[:, 1].max()
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 960, 540))
    sheet.write(Hud(alarm="Let go", help_lines=help_lines))
    assert sheet.vertices()[count:, 1].min() > bottom
    assert sheet.vertices()[:, 1].max() <= 540


def test_an_empty_hud_draws_nothing() -> None:
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 1280, 720))
    sheet.write(Hud())
    assert len(sheet.vertices()) == 0


def test_a_label_is_written_where_its_place_is_seen_and_not_behind_the_eye() -> None:
    viewport = Viewport(0, 0, 640, 360)
    view = View.look_at((0, 0, 1), (0, 0, 0))
    ahead, behind = HudSheet(GlyphAtlas(), viewport), HudSheet(GlyphAtlas(), viewport)
    ahead.point_at(Label((0, 0, 0), "nodule"), view, viewport)
    behind.point_at(Label((0, 0, 2), "nodule"), view, viewport)
    assert len(behind.vertices()) == 0
    assert ahead.vertices()[0, :2] == pytest.approx([320, 180], abs=4)


def test_letters_are_rasterised_once_and_do_not_overlap() -> None:
    atlas = GlyphAtlas(256)
    boxes = [atlas.glyph(letter, 20).box for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]
    version = atlas.version
    atlas.glyph("a", 20)
    assert atlas.version == version
    covered = np.zeros((256, 256), dtype=int)
    for left, top, right, bottom in boxes:
        x0, y0, x1, y1 = (round(v * 256) for v in (left, top, right, bottom))
        covered[y0:y1, x0:x1] += 1
        assert atlas.pixels[y0:y1, x0:x1].max() > 128
    assert covered.max() == 1


@pytest.mark.parametrize("letter", "éüßñØ×µ–≥→²αЖ")
def test_letters_beyond_english_are_no_boxes(letter: str) -> None:
    atlas = GlyphAtlas(256)

    def pixels(text: str) -> bytes:
        left, top, right, bottom = (round(v * 256) for v in atlas.glyph(text, 24).box)
        return atlas.pixels[top:bottom, left:right].tobytes()

    assert pixels(letter) != pixels("\uffff")
    assert max(pixels(letter)) > 128


def test_a_full_atlas_says_so() -> None:
    atlas = GlyphAtlas(48)
    atlas.glyph("W", 40)
    with pytest.raises(RenderError, match="full of letters"):
        atlas.glyph("W", 41)


def test_a_window_may_be_made_larger_again_and_again() -> None:
    """Letters of each size fill the atlas; between two pictures there is room made."""
    atlas = GlyphAtlas(256)
    for height in range(200, 900, 4):
        atlas.make_room()
        HudSheet(atlas, Viewport(0, 0, 2 * height, height)).write(Hud(time_s=83.4, hint="F1"))
    assert atlas.pixels[:4, :4].min() == 255


def test_letters_that_fit_are_kept() -> None:
    atlas = GlyphAtlas(256)
    box, version = atlas.glyph("a", 20).box, atlas.version
    atlas.make_room()
    assert atlas.glyph("a", 20).box == box
    assert atlas.version == version


@pytest.mark.parametrize("hud", [Hud(title=" "), Hud(message="\n"), Hud(alarm=" ")])
def test_texts_of_blanks_are_left_out(hud: Hud) -> None:
    sheet = HudSheet(GlyphAtlas(), Viewport(0, 0, 640, 360))
    sheet.write(hud)
    assert len(sheet.vertices()) == 0
