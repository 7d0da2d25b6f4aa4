"""Pictures: right colours, the same twice, shadows and blood where they belong."""

import ctypes
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.cavity import CavityMesh, cavity_around
from surgisim.render.context import GLContext
from surgisim.render.exhibit import Exhibit
from surgisim.render.offscreen import OffscreenCanvas, encode_png, render_image
from surgisim.render.optics import Optics
from surgisim.render.renderer import Renderer, Tier
from surgisim.render.scene import (
    Char,
    Highlight,
    Hud,
    Instrument,
    Light,
    Scene,
    Smoke,
    Suctioned,
    SurfaceMesh,
    Vector,
)
from surgisim.render.tissue import DisplaySurface
from surgisim.render.view import View, Viewport
from surgisim.simulation import FineSurface
from surgisim.simulation.topology import Topology

SIZE = (256, 192)
HUD = Hud(2.3, 4.0, "Find the nodules", time_s=83.0, blood_loss_ml=3.0, hint="F1 help")

Picture = NDArray[np.uint8]
MakeScene = Callable[..., Scene]
MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]


@pytest.fixture(scope="module")
def canvas(gl: GLContext) -> OffscreenCanvas:
    return OffscreenCanvas(SIZE, gl)


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


@pytest.mark.parametrize("size", [(0, 48), (64, -1), (10**6, 48)])
def test_a_picture_of_no_size_is_refused_and_its_context_given_back(
    size: tuple[int, int], gl: GLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[GLContext] = []
    release = GLContext.release

    def watched(context: GLContext) -> None:
        released.append(context)
        release(context)

    monkeypatch.setattr(GLContext, "release", watched)
    with pytest.raises(RenderError, match="px each way"):
        OffscreenCanvas(size)
    assert len(released) == 1
    with pytest.raises(RenderError, match="px each way"):
        OffscreenCanvas(size, gl)
    assert len(released) == 1


def test_a_context_is_given_back_once(gl: GLContext) -> None:
    canvas = OffscreenCanvas((8, 8), tier="software")
    canvas.release()
    canvas.release()
    gl.make_current()
    assert gl.api.error == "GL_NO_ERROR"


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
        patch.setattr("surgisim.render.hud.PLATE", color)
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


@pytest.mark.parametrize("mapped", [False, True], ids=["by its shape", "by the shadow map"])
def test_the_probe_throws_a_shadow(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, mapped: bool
) -> None:
    lit = replace(
        make_scene(blood_ml=0.0, depth_m=0.0),
        marks=(),
        cavity=False,
        lights=(Light((-0.10, 0.15, 0.0), strength=4.0, shadows=mapped),),
    )
    tip = lit.instruments[0].tip
    lifted = (tip[0], tip[1] + 0.02, tip[2])
    hovering = replace(lit, instruments=(Instrument(lifted, (0.2, 1.0, 0.0)),))
    with_probe = canvas.draw(hovering, overview).astype(int)
    without = canvas.draw(replace(lit, instruments=()), overview).astype(int)
    darker = (without - with_probe).max(axis=-1) > 20
    shaded = darker & (with_probe[..., 0] > 1.5 * with_probe[..., 1])  # tissue, not steel
    assert shaded.sum() > 30


@pytest.mark.parametrize("tier", ["standard", "high"])
def test_organs_shade_each_other(
    make_scene: MakeScene, overview: View, gl: GLContext, organ_shape: MakeShape, tier: Tier
) -> None:
    lamp = Light((-0.10, 0.25, 0.0), strength=3.0, shadows=True)
    alone = replace(
        make_scene(blood_ml=0.0, depth_m=0.0),
        marks=(),
        instruments=(),
        cavity=False,
        lights=(lamp,),
    )
    points, triangles = organ_shape(1)
    small = 0.15 * points + np.array([-0.06, 0.11, 0.0])
    above = SurfaceMesh("lobe", small, small, triangles, material="fat")
    canvas = OffscreenCanvas(SIZE, gl, tier)

    def dark(lights: tuple[Light, ...]) -> int:
        plain = canvas.draw(replace(alone, lights=lights), overview).astype(int)
        both = replace(alone, surfaces=(*alone.surfaces, above), lights=lights)
        picture = canvas.draw(both, overview).astype(int)
        on_liver = picture[..., 0] > 1.8 * picture[..., 1]
        return int((((plain - picture)[..., 0] > 25) & on_liver).sum())

    assert dark((lamp,)) > 100
    assert dark((replace(lamp, shadows=False),)) < 0.3 * dark((lamp,))


def test_a_crevice_between_organs_is_dark(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, organ_shape: MakeShape
) -> None:
    """Without lamps only the body's own light is left, and occlusion takes that."""
    base = replace(make_scene(blood_ml=0.0, depth_m=0.0), marks=(), instruments=(), cavity=False)
    points, triangles = organ_shape(2)
    beside = 0.4 * points + np.array([-0.01, 0.052, 0.03])
    other = SurfaceMesh("other", beside, beside, triangles)
    dim = replace(base, lights=())
    alone = canvas.draw(dim, overview).astype(int)
    touched = canvas.draw(replace(dim, surfaces=(*dim.surfaces, other)), overview).astype(int)
    assert ((alone - touched).max(axis=-1) > 5).sum() > 50


def test_what_was_sucked_away_is_gone_and_nothing_else(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    bloody = replace(make_scene(), instruments=(), marks=(), cavity=False)
    tear = bloody.blood[0].point

    def changed(suctioned: tuple[Suctioned, ...]) -> int:
        dry = canvas.draw(replace(bloody, blood=()), overview).astype(int)
        wet = canvas.draw(replace(bloody, suctioned=suctioned), overview).astype(int)
        return int((np.abs(wet - dry).max(axis=-1) > 12).sum())

    whole = changed(())
    assert changed((Suctioned(tear, 0.015),)) < 0.85 * whole
    assert changed((Suctioned((tear[0] - 0.08, tear[1], tear[2]), 0.008),)) == whole


def test_the_deeper_burnt_the_darker(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    plain = replace(make_scene(blood_ml=0.0), instruments=(), marks=(), cavity=False)
    spot = make_scene().marks[0].point

    def middle(depth: float) -> float:
        burnt = replace(plain, char=(Char(spot, 0.012, depth),))
        picture = canvas.draw(burnt, overview).astype(float)
        changed = np.abs(picture - canvas.draw(plain, overview)).max(axis=-1) > 15
        rows, columns = np.nonzero(changed)
        y, x = int(np.median(rows)), int(np.median(columns))
        return float(picture[y - 1 : y + 2, x - 1 : x + 2].mean())

    blanched, browned, charred = (middle(depth) for depth in (0.0, 0.5, 1.0))
    assert blanched > browned + 15.0 > charred + 30.0


def test_smoke_is_soft_where_it_meets_tissue(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    """A puff half sunk into the organ fades out on it: no step of its outline shows."""
    plain = replace(make_scene(blood_ml=0.0), instruments=(), marks=(), cavity=False)
    points = plain.surfaces[0].rest_vertices
    top = points[points[:, 1].argmax()]
    puff = Smoke((float(top[0]), float(top[1]), float(top[2])), 0.03, 2.0)
    clear = canvas.draw(plain, overview).astype(float)
    veil = canvas.draw(replace(plain, smoke=(puff,)), overview) - clear
    assert (veil.max(axis=-1) > 12).sum() > 150
    behind = Smoke((0.0, -0.10, -0.05), 0.03, 2.0)
    hidden = canvas.draw(replace(plain, smoke=(behind,)), overview) - clear
    assert (np.abs(hidden).max(axis=-1) > 4).sum() < 0.1 * (veil.max(axis=-1) > 12).sum()


def test_the_endoscope_shows_a_round_field_and_fog_takes_contrast(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    def through(optics: Optics) -> Picture:
        return canvas.draw(make_scene(), replace(overview, optics=optics))

    clear = through(Optics(1.0))
    assert clear[0, 0].max() == 0
    assert clear[SIZE[1] // 2, SIZE[0] // 2].max() > 20
    across = (clear.max(axis=-1) > 0)[SIZE[1] // 2].sum()
    assert across == pytest.approx(SIZE[1], abs=6)
    inner = (slice(40, 150), slice(80, 180))
    fogged = through(Optics(1.0, fogging=0.8))
    assert fogged[inner].std() < 0.6 * clear[inner].std()
    drop = through(Optics(1.0, droplets=((0.0, 0.0, 0.3),)))
    assert np.abs(drop.astype(int) - clear)[96, 128].max() > 2
    np.testing.assert_array_equal(drop[20:30, 100:150], clear[20:30, 100:150])


def test_a_place_is_seen_where_project_says_it_is_through_optics(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    scene = replace(make_scene(blood_ml=0.0, depth_m=0.0), instruments=(), cavity=False)
    bent = replace(overview, optics=Optics(1.2, distortion=0.3, vignette=0.0))
    picture = canvas.draw(scene, bent).astype(int)
    rows, columns = np.nonzero(picture[..., 2] > picture[..., 0] + 25)
    marks = np.array([mark.point for mark in scene.marks])
    pixels, seen = bent.project(marks, Viewport(0, 0, *SIZE))
    assert seen.all()
    for x, y in pixels:
        gaps = np.hypot(columns - x, (SIZE[1] - rows) - y)
        assert gaps.min() < 3.0


@pytest.mark.parametrize("tier", ["software", "standard", "high"])
def test_a_second_view_lies_over_the_first_in_its_own_viewport(
    make_scene: MakeScene, overview: View, gl: GLContext, tier: Tier
) -> None:
    gl.make_current()
    target = gl.api.simple_framebuffer(SIZE, 4)
    renderer = Renderer(gl, tier)
    scope = replace(overview, optics=Optics())
    small = Viewport(160, 20, 80, 45)

    def read() -> NDArray[np.int64]:
        data = np.frombuffer(target.read(components=3, alignment=1), np.uint8)
        return data.reshape(SIZE[1], SIZE[0], 3).astype(int)

    renderer.draw(make_scene(), [scope], target)
    alone = read()
    renderer.draw(make_scene(), [scope, overview], target, [Viewport(0, 0, *SIZE), small])
    both = read()
    inside = np.zeros(SIZE[::-1], dtype=bool)
    inside[20:65, 160:240] = True
    np.testing.assert_array_equal(both[~inside], alone[~inside])
    assert np.abs(both - alone)[inside].mean() > 5.0
    assert both[inside].std() > 10.0


@pytest.mark.parametrize("tier", ["software", "standard", "high"])
@pytest.mark.parametrize("size", [(1, 1), (64, 1)])
def test_a_view_without_pixels_is_left_out(
    make_scene: MakeScene, overview: View, gl: GLContext, tier: Tier, size: tuple[int, int]
) -> None:
    """As in a window that is made as small as it goes."""
    gl.make_current()
    target = gl.api.simple_framebuffer(size, 4)
    scope = replace(overview, optics=Optics())
    Renderer(gl, tier).draw(make_scene(hud=HUD), [overview, scope] * 2, target)


@pytest.mark.parametrize("tier", ["software", "standard", "high"])
def test_only_the_background_lets_the_room_through(
    make_scene: MakeScene, overview: View, gl: GLContext, tier: Tier
) -> None:
    """Where a headset shows the room, ink, burns and tints on tissue are no windows to it."""
    gl.make_current()
    scene = replace(make_scene(), cavity=False)
    mark = scene.marks[0]
    spots = {"char": (Char(mark.point, 0.02, 0.5),), "highlights": (Highlight(mark.point, 0.03),)}
    target = gl.api.simple_framebuffer(SIZE, 4)
    Renderer(gl, tier).draw(replace(scene, **spots), [overview], target, alpha=0.0)
    alpha = np.frombuffer(target.read(components=4, alignment=1), np.uint8).reshape(-1, 4)[:, 3]
    background = alpha.reshape(SIZE[::-1])[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert background.max() == 0
    assert (alpha == 255).mean() > 0.2
    if tier != "high":  # which has grey borders, as it has samples
        assert set(np.unique(alpha)) == {0, 255}
    assert np.isin(alpha, (0, 255)).mean() > 0.95


@pytest.mark.parametrize(("tier", "other"), [("standard", "high"), ("high", "standard")])
def test_a_second_eye_sees_the_shadows_of_its_own_renderer(
    make_scene: MakeScene, overview: View, gl: GLContext, tier: Tier, other: Tier
) -> None:
    gl.make_current()
    target, elsewhere = (gl.api.simple_framebuffer(SIZE, 4) for _ in range(2))
    renderer = Renderer(gl, tier)
    renderer.draw(make_scene(), [overview], target)
    first = target.read(components=3, alignment=1)
    Renderer(gl, other).draw(make_scene(depth_m=0.0), [overview], elsewhere)
    renderer.draw(make_scene(), [overview], target, streamed=True)
    assert target.read(components=3, alignment=1) == first


def test_the_hud_alone_is_transparent_and_premultiplied(gl: GLContext) -> None:
    gl.make_current()
    target = gl.api.simple_framebuffer((640, 360), 4)
    Renderer(gl, "software").draw_hud(replace(HUD, scale=1.5), target)
    data = np.frombuffer(target.read(components=4, alignment=1), np.uint8).reshape(360, 640, 4)
    alpha = data[..., 3].astype(int)
    assert alpha[180, 320] == 0
    assert data[180, 320].max() == 0
    assert alpha.max() == 255
    assert (data[..., :3].max(axis=-1).astype(int) <= alpha + 1).all()
    plates = (alpha > 100) & (alpha < 200)
    assert plates.sum() > 2000


def _buffers(gl: GLContext) -> int:
    """Count the buffers that OpenGL knows by names up to 4096."""
    is_buffer = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint32)(gl.function("glIsBuffer"))
    return sum(is_buffer(name) for name in range(1, 4096))


def test_a_spot_that_moves_leaves_nothing_behind(
    make_scene: MakeScene, overview: View, gl: GLContext
) -> None:
    """The tint under the probe is at another place in every frame."""
    gl.make_current()
    target = gl.api.simple_framebuffer((32, 24), 4)
    renderer, scene = Renderer(gl, "software"), make_scene()
    x, y, z = scene.marks[0].point
    counts = []
    for step in range(12):
        tint = Highlight((x + 1e-4 * step, y, z), 0.01)
        renderer.draw(replace(scene, highlights=(tint,)), [overview] * 2, target)
        counts.append(_buffers(gl))
    assert counts[-1] == counts[2]


@pytest.mark.parametrize("tier", ["software", "standard"])
def test_tissue_that_is_cut_away_altogether_is_not_seen(
    make_scene: MakeScene, overview: View, gl: GLContext, tier: Tier
) -> None:
    gl.make_current()
    points = 0.1 * np.vstack([np.zeros(3), np.eye(3)])
    tetrahedra, faces = np.array([[0, 1, 2, 3]]), np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2]])
    fine = FineSurface.embedded(points, tetrahedra, points, faces)
    gone = np.array([True])
    fine.follow(Topology(1, points, tetrahedra.astype(np.uint32), gone, faces[:0], faces[:0]))
    surface = SurfaceMesh("liver", points, points, faces, topology=1, fine=fine)
    target = gl.api.simple_framebuffer((32, 24), 4)
    scene = Scene((surface,), marks=make_scene().marks, cavity=False, background=(0.0, 0.0, 0.0))
    Renderer(gl, tier).draw(scene, [overview], target)
    assert max(target.read(components=3, alignment=1)) == 0


@pytest.mark.parametrize("tier", ["standard", "high"])
def test_views_of_several_sizes_keep_their_targets(
    make_scene: MakeScene,
    overview: View,
    gl: GLContext,
    tier: Tier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gl.make_current()
    target = gl.api.simple_framebuffer((200, 100), 4)
    ports = [Viewport(16 * k, 0, 16 + 4 * k, 24) for k in range(4)]
    renderer, exhibit = Renderer(gl, tier), Exhibit(compass=True)
    scenes = [make_scene(), Scene(exhibit=exhibit)]
    for scene in scenes:
        renderer.draw(scene, [overview] * 4, target, ports)
    made: list[Any] = []
    texture = type(gl.api).texture
    monkeypatch.setattr(type(gl.api), "texture", lambda *a, **k: made.append(a) or texture(*a, **k))
    for scene in scenes:
        renderer.draw(scene, [overview] * 4, target, ports)
    assert made == []


def test_a_spot_beside_the_tissue_is_looked_for_once(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    nearby = DisplaySurface.nearby

    def count(surface: DisplaySurface, point: Vector, radius_m: float) -> NDArray[np.int32]:
        looked.append(radius_m)
        return nearby(surface, point, radius_m)

    monkeypatch.setattr(DisplaySurface, "nearby", count)
    scene = replace(make_scene(), marks=(), highlights=(Highlight((1.0, 0.0, 0.0), 0.01),))
    for _ in range(3):
        canvas.draw(scene, overview)
    assert len(looked) == 1


def test_a_new_topology_is_taken_up(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, organ_shape: MakeShape
) -> None:
    scene = make_scene()
    canvas.draw(scene, overview)
    points, triangles = organ_shape(2)
    cut = SurfaceMesh("liver", points, points, triangles, topology=1)
    assert canvas.draw(replace(scene, surfaces=(cut,)), overview).std() > 10.0
    canvas.draw(scene, overview)


def test_a_cut_leaves_the_body_around_as_it_was(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene()
    canvas.draw(scene, overview)
    made: list[int] = []

    def count(points: NDArray[np.float64], columns: int) -> CavityMesh:
        made.append(columns)
        return cavity_around(points, columns)

    monkeypatch.setattr("surgisim.render.passes.cavity.cavity_around", count)
    surface = scene.surfaces[0]
    cut = replace(surface, triangles=surface.triangles[8:], topology=7)
    canvas.draw(replace(scene, surfaces=(cut,)), overview)
    assert made == []
    large = replace(cut, rest_vertices=1.2 * surface.rest_vertices, topology=8)
    canvas.draw(replace(scene, surfaces=(large,)), overview)
    assert len(made) == 1
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
    renderer, target = Renderer(gl, "software"), gl.api.simple_framebuffer((64, 48), 4)
    with pytest.raises(RenderError, match="2 views need as many viewports, not 1"):
        renderer.draw(make_scene(), [overview] * 2, target, [Viewport(0, 0, 64, 48)])
    with pytest.raises(RenderError, match="'liver' is said to be streamed but was never"):
        renderer.draw(make_scene(), [overview], target, streamed=True)
    with pytest.raises(RenderError, match="names of their own"):
        replace(make_scene(), surfaces=make_scene().surfaces * 2)


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


def test_an_opened_body_is_its_bed_alone(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    closed = replace(make_scene(), background=(1.0, 0.0, 1.0))
    scenes = closed, replace(closed, opened=True), replace(closed, cavity=False)
    away = replace(overview, position=1.6 * overview.position)
    pictures = [canvas.draw(scene, away) for scene in scenes]
    around = [float((p == (255, 0, 255)).all(axis=2).mean()) for p in pictures]
    assert around[0] < 0.01
    assert around[0] + 0.05 < around[1] < around[2] - 0.05


def test_other_subdivisions_are_taken_up_without_a_new_topology(
    make_scene: MakeScene, overview: View, canvas: OffscreenCanvas
) -> None:
    scene = make_scene()
    coarse = replace(scene, surfaces=tuple(replace(one, subdivisions=0) for one in scene.surfaces))
    fine = canvas.draw(scene, overview)
    angular = canvas.draw(coarse, overview)
    assert np.abs(fine.astype(int) - angular.astype(int)).max() > 30
    np.testing.assert_array_equal(canvas.draw(scene, overview), fine)
