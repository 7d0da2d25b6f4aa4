"""Pictures: right colours, the same twice, compared with stored ones and looked at.

After a change of the shaders that is meant, look at the new pictures and store them with
SURGISIM_UPDATE_GOLDEN=1.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.offscreen import OffscreenCanvas, encode_png, render_image
from surgisim.render.renderer import Renderer
from surgisim.render.scene import Highlight, Hud, Instrument, Label, Light, Scene, SurfaceMesh
from surgisim.render.view import Fov, View

GOLDEN = Path(__file__).parent / "golden"
SIZE = (256, 192)
HUD = Hud(2.3, 4.0, "Find the nodules", time_s=83.0, blood_loss_ml=3.0, hint="F1 help")

Picture = NDArray[np.uint8]
MakeScene = Callable[..., Scene]
MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]


@pytest.fixture(scope="module")
def canvas(gl: GLContext) -> OffscreenCanvas:
    return OffscreenCanvas(SIZE, gl)


@pytest.fixture(scope="module")
def cheap_canvas(gl: GLContext) -> OffscreenCanvas:
    return OffscreenCanvas(SIZE, gl, tier="software", samples=1)


def compare(picture: Picture, name: str, gl: GLContext, tmp_path: Path) -> None:
    """Hold a picture against golden/<name>.png; llvmpipe is exact, GPUs may round otherwise."""
    path = GOLDEN / f"{name}.png"
    if os.environ.get("SURGISIM_UPDATE_GOLDEN"):
        path.write_bytes(encode_png(picture))
    stored = np.asarray(Image.open(path).convert("RGB"))
    assert picture.shape == stored.shape
    difference = np.abs(picture.astype(int) - stored.astype(int))
    mean_limit, tail_limit = (0.5, 6) if gl.is_software else (4.0, 60)
    if difference.mean() > mean_limit or np.percentile(difference, 99.5) > tail_limit:
        (tmp_path / f"{name}.png").write_bytes(encode_png(picture))
        pytest.fail(
            f"{name} differs from its stored picture by {difference.mean():.2f} of 255 on average "
            f"(see {tmp_path / name}.png); if that is meant, store it with SURGISIM_UPDATE_GOLDEN=1"
        )


def test_palpation(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, gl: GLContext, tmp_path: Path
) -> None:
    compare(canvas.draw(make_scene(hud=HUD), overview), "palpation", gl, tmp_path)


def test_palpation_software_tier(
    make_scene: MakeScene,
    overview: View,
    cheap_canvas: OffscreenCanvas,
    gl: GLContext,
    tmp_path: Path,
) -> None:
    scene = make_scene(hud=HUD)
    compare(cheap_canvas.draw(scene, overview), "palpation_software", gl, tmp_path)


def test_highlight_label_and_alarm(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, gl: GLContext, tmp_path: Path
) -> None:
    scene = make_scene(blood_ml=0.0, hud=Hud(alarm="Capsule torn"))
    where = scene.marks[0].point
    scene = replace(scene, highlights=(Highlight(where, 0.018),), labels=(Label(where, "nodule"),))
    compare(canvas.draw(scene, overview), "highlight", gl, tmp_path)


def test_two_eyes(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, gl: GLContext, tmp_path: Path
) -> None:
    half = 0.032 * overview.rotation[:, 0]
    wide, narrow, up = 0.42, 0.30, 0.45
    eyes = [
        replace(overview, position=overview.position - half, fov=Fov(-wide, narrow, -up, up)),
        replace(overview, position=overview.position + half, fov=Fov(-narrow, wide, -up, up)),
    ]
    compare(canvas.draw(make_scene(), *eyes), "two_eyes", gl, tmp_path)


def test_the_same_scene_gives_the_same_bytes(
    make_scene: MakeScene, overview: View, gl: GLContext
) -> None:
    first = render_image(make_scene(hud=HUD), overview, SIZE, gl)
    second = render_image(make_scene(hud=HUD), overview, SIZE, gl)
    np.testing.assert_array_equal(first, second)
    assert encode_png(first) == encode_png(second)


def test_a_picture_needs_no_context_of_the_caller(make_scene: MakeScene, overview: View) -> None:
    try:
        picture = render_image(make_scene(), overview, (64, 48))
    except RenderError as error:
        pytest.skip(str(error))
    assert picture.shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("linear", "stored"), [(0.0, 0), (0.002, 7), (0.2140, 127), (0.5, 188), (1.0, 255)]
)
def test_linear_light_is_stored_as_srgb(
    canvas: OffscreenCanvas, overview: View, linear: float, stored: int
) -> None:
    """A quarter-bright grey (0.214) must come out as the middle code 127, not 55 or 255."""
    ink = (linear, linear, linear, 1.0)
    pixels = _hud_pixels(canvas, overview, ink)
    assert pixels == pytest.approx([stored] * 3, abs=1)


def _hud_pixels(
    canvas: OffscreenCanvas, overview: View, color: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """Paint the middle of the picture with the HUD's program and read it back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surgisim.render.hud._PLATE", color)
        scene = Scene(hud=Hud(help_lines=((" " * 20, " " * 20),) * 6), cavity=False)
        patch.setattr("surgisim.render.hud.HudSheet._help", _fill(color))
        picture = canvas.draw(scene, overview)
    middle: NDArray[np.uint8] = picture[96, 128]
    return middle


def _fill(color: tuple[float, float, float, float]) -> Callable[..., None]:
    def fill(sheet: object, _lines: object) -> None:
        sheet._rect(0, 0, *SIZE, color)  # type: ignore[attr-defined]

    return fill


def _red_excess(picture: Picture) -> float:
    pixels = picture.astype(float)
    return float((pixels[..., 0] - pixels[..., 1:].mean(axis=-1)).mean())


def test_liver_is_red_brown_and_wet(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    scene = replace(make_scene(blood_ml=0.0), instruments=(), marks=(), cavity=False)
    picture = canvas.draw(scene, overview)
    organ = picture[picture.max(axis=-1) > 40].astype(float)
    assert len(organ) > 0.15 * SIZE[0] * SIZE[1]
    red, green, blue = np.median(organ, axis=0)
    assert 70 < red < 190
    assert red > 2.0 * green > 0.8 * blue
    assert organ.min(axis=1).max() > 150, "no wet highlight"


def test_blood_covers_more_with_the_volume(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    dry = canvas.draw(make_scene(blood_ml=0.0), overview).astype(int)
    changed = []
    for volume in (0.5, 3.0, 10.0):
        wet = canvas.draw(make_scene(blood_ml=volume), overview).astype(int)
        changed.append(int((np.abs(wet - dry).max(axis=-1) > 12).sum()))
    assert 20 < changed[0] < changed[1] < changed[2]


def test_marks_move_with_the_tissue(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    scene = replace(make_scene(blood_ml=0.0, depth_m=0.0), instruments=(), cavity=False)

    def blue_center(shift: float) -> NDArray[np.float64]:
        surface = scene.surfaces[0]
        moved = replace(surface, vertices=surface.rest_vertices + np.array([shift, 0.0, 0.0]))
        picture = canvas.draw(replace(scene, surfaces=(moved,)), overview).astype(int)
        rows, columns = np.nonzero(picture[..., 2] > picture[..., 0] + 25)
        assert len(rows) > 10
        return np.array([columns.mean(), rows.mean()])

    travelled = blue_center(0.01) - blue_center(0.0)
    assert 4.0 < travelled[0] < 16.0
    assert abs(travelled[1]) < 3.0


def test_the_probe_throws_a_shadow(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    lit = replace(
        make_scene(blood_ml=0.0, depth_m=0.0),
        marks=(),
        cavity=False,
        lights=(Light((-0.10, 0.15, 0.0), strength=4.0),),
    )
    tip = lit.instruments[0].tip
    lifted = (tip[0], tip[1] + 0.02, tip[2])
    hovering = replace(lit, instruments=(Instrument(lifted, (0.2, 1.0, 0.0)),))
    with_probe = canvas.draw(hovering, overview).astype(int)
    without = canvas.draw(replace(lit, instruments=()), overview).astype(int)
    darker = (without - with_probe).max(axis=-1) > 20
    shaded = darker & (with_probe[..., 0] > 1.5 * with_probe[..., 1])  # tissue, not steel
    assert shaded.sum() > 30


def test_a_new_topology_is_taken_up(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, organ_shape: MakeShape
) -> None:
    scene = make_scene()
    canvas.draw(scene, overview)
    points, triangles = organ_shape(2)
    cut = SurfaceMesh("liver", points, points, triangles, topology=1)
    assert canvas.draw(replace(scene, surfaces=(cut,)), overview).std() > 10.0
    canvas.draw(scene, overview)


def test_four_views_fill_four_quarters(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    picture = canvas.draw(make_scene(), *[overview] * 4)
    upper_left, lower_right = picture[:96, :128], picture[96:, 128:]
    assert np.abs(upper_left.astype(int) - lower_right.astype(int)).mean() < 1.0


def test_wrong_use_is_refused(make_scene: MakeScene, overview: View, gl: GLContext) -> None:
    with pytest.raises(RenderError, match="tier must be"):
        Renderer(gl, "cinema")  # type: ignore[arg-type]
    lights = (Light((0, 1, 0)),) * 3
    with pytest.raises(RenderError, match="at most 2 lights"):
        render_image(replace(make_scene(), lights=lights), overview, (64, 48), gl)


def test_the_tier_follows_the_renderer(gl: GLContext) -> None:
    assert Renderer(gl).tier == ("software" if gl.is_software else "standard")


def test_software_tier_is_quick_enough(
    make_scene: MakeScene, overview: View, gl: GLContext, record_property: Callable[..., None]
) -> None:
    """640 x 360 with 30 000 triangles: 40 ms CPU on an idle machine; the bar here is wide."""
    gl.make_current()
    api = gl.api
    size = (640, 360)
    target = api.framebuffer([api.renderbuffer(size)], api.depth_renderbuffer(size))
    renderer = Renderer(gl, "software")
    scene = make_scene(hud=HUD)
    times = []
    for _ in range(8):
        start = time.process_time()
        renderer.draw(scene, [overview], target)
        api.finish()
        times.append(time.process_time() - start)
    median_ms = 1e3 * sorted(times)[len(times) // 2]
    record_property("cpu_ms_per_frame", median_ms)
    print(f"software tier, 640 x 360: {median_ms:.1f} ms CPU a frame on {gl.renderer_name}")
    assert median_ms < 120.0
