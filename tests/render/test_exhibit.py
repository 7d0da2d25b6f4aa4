"""Anatomy to be looked at: greys against numpy, volumes against formulas, cuts, names, pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.errors import RenderError
from surgisim.render.context import GLContext
from surgisim.render.exhibit import (
    Exhibit,
    GreyWindow,
    Panel,
    PanelRow,
    Part,
    Plane,
    Slice,
    Transfer,
    VolumeImage,
    VolumeRendering,
)
from surgisim.render.offscreen import OffscreenCanvas, encode_png
from surgisim.render.renderer import Renderer
from surgisim.render.scene import Highlight, Scene
from surgisim.render.view import View, Viewport
from surgisim.render.volume_texture import VolumeTexture

Compare = Callable[[NDArray[np.uint8], str], None]

SIZE = (160, 120)
PORT = Viewport(0, 0, *SIZE)
WINDOW = GreyWindow(100.0, 400.0)
FRONT = View.look_at((0.0, 0.0, 0.4), (0.0, 0.0, 0.0), fov_y=0.5)
OBLIQUE = View.look_at((0.15, 0.22, 0.30), (0.0, 0.0, 0.0), fov_y=0.42)
AFFINE = np.array([[0.004, 0, 0, -0.05], [0, 0.003, 0.0005, -0.045], [0, 0, 0.005, -0.06],
                   [0, 0, 0, 1.0]])  # fmt: skip
SHAPE = (26, 31, 25)


def encoded(linear: NDArray[Any]) -> NDArray[Any]:
    """sRGB codes, 0 to 255, of linear light (IEC 61966-2-1)."""
    c = np.clip(linear, 0.0, 1.0)
    return 255 * np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)


def centres(affine: NDArray[np.float64] = AFFINE, shape: Any = SHAPE) -> NDArray[np.float64]:
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    return grid @ affine[:3, :3].T + affine[:3, 3]


def waves() -> VolumeImage:
    """An image without symmetry."""
    x, y, z = (centres() * 1e3).transpose(3, 0, 1, 2)
    values = 100 + 90 * np.sin(x / 9 + y / 17) + 60 * np.cos(y / 11 - z / 14) + x
    return VolumeImage(np.rint(values).astype(np.int16), AFFINE)


def ball_image(radius_m: float = 0.03, inside: int = 300, outside: int = -1000) -> VolumeImage:
    """A ball of `inside` with an edge as wide as a voxel."""
    affine = np.diag([0.002, 0.002, 0.002, 1.0])
    affine[:3, 3] = -0.06
    depth = radius_m - np.linalg.norm(centres(affine, (61, 61, 61)), axis=-1)
    share = np.clip(depth / 0.002 + 0.5, 0.0, 1.0)
    return VolumeImage((outside + share * (inside - outside)).astype(np.int16), affine)


def trilinear(image: VolumeImage, points: NDArray[np.float64]) -> NDArray[np.float64]:
    index = (points - image.affine[:3, 3]) @ np.linalg.inv(image.affine[:3, :3]).T
    low = np.clip(np.floor(index).astype(int), 0, np.array(image.values.shape) - 2)
    share = index - low
    total = np.zeros(len(points))
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, share, 1 - share), axis=1)
        total += weight * image.values[tuple((low + corner).T)]
    return total


DOT = Part("p", np.zeros((3, 3)), np.zeros((3, 3)), np.array([[0, 1, 2]]))
ON_LIVER = (Highlight((0, 0, 0), 0.01, surface="liver"),) * 7
EVERYWHERE = (Highlight((0, 0, 0), 0.01, surface=""),) * 2
OPAQUE = Transfer("opaque", ((0.0, (0.8, 0.2, 0.1), 0.0), (100.0, (0.8, 0.2, 0.1), 0.999)))


@pytest.fixture(scope="module")
def canvas(gl: GLContext) -> OffscreenCanvas:
    return OffscreenCanvas(SIZE, gl)


@pytest.fixture(scope="module")
def cheap(gl: GLContext) -> OffscreenCanvas:
    return OffscreenCanvas(SIZE, gl, tier="software", samples=1)


@pytest.fixture(params=["standard", "software"])
def each(request: pytest.FixtureRequest, canvas: Any, cheap: Any) -> OffscreenCanvas:
    return canvas if request.param == "standard" else cheap


def draw(canvas: OffscreenCanvas, exhibit: Exhibit, view: View = FRONT, **scene: Any) -> Any:
    scene = {"background": (0.0, 0.0, 0.0), **scene}
    return canvas.draw(Scene(exhibit=exhibit, **scene), view).astype(int)


@pytest.fixture(scope="module")
def make_part(icosphere: Any) -> Any:
    """Return a maker of balls."""
    points, triangles = icosphere(4)

    def make(name: str, centre: Any, radius_m: float, **fields: Any) -> Part:
        vertices = (np.asarray(centre) + radius_m * points).astype(np.float32)
        return Part(name, vertices, points.astype(np.float32), triangles, **fields)

    return make


@pytest.mark.parametrize(
    ("plane", "eye"),
    [
        (Plane((0.0, 0.0, 0.0021), (0.0, 0.0, 1.0)), (0.0, 0.0, 0.45)),
        (Plane((0.003, 0.0, 0.0), (1.0, 0.0, 0.0)), (0.45, 0.02, 0.01)),
        (Plane((0.0, 0.001, 0.0), (0.3, 0.8, 0.4)), (0.1, 0.38, 0.2)),
    ],
    ids=["axial", "sagittal", "oblique"],
)
def test_a_slice_shows_the_image_in_its_window(
    each: OffscreenCanvas, plane: Plane, eye: tuple[float, float, float]
) -> None:
    """Each pixel is the trilinear value where its ray meets the plane, windowed, to one code."""
    image = waves()
    view = View.look_at(eye, (0.0, 0.0, 0.0), up=(0.0, 0.9, 0.1), fov_y=0.35)
    picture = draw(each, Exhibit(image=image, window=WINDOW, slices=(Slice(plane),)), view)
    normal = np.asarray(plane.normal)
    rows, columns = np.mgrid[10:110:7, 15:145:9]
    points, codes = [], []
    for row, column in zip(rows.ravel(), columns.ravel(), strict=True):
        ray = view.ray((column + 0.5, SIZE[1] - row - 0.5), PORT)
        t = normal @ (plane.point - ray.origin) / (normal @ ray.direction)
        points.append(ray.origin + t * ray.direction)
        codes.append(picture[row, column])
    place = np.array(points)
    index = (place - AFFINE[:3, 3]) @ np.linalg.inv(AFFINE[:3, :3]).T
    inside = ((index > 0) & (index < np.array(SHAPE) - 1)).all(axis=1)
    assert inside.sum() > 60
    black, white = WINDOW.ends
    grey = 255 * np.clip((trilinear(image, place) - black) / (white - black), 0, 1)
    assert grey[inside].std() > 30
    np.testing.assert_allclose(
        np.array(codes)[inside], np.repeat(grey[inside, None], 3, 1), atol=1.01
    )
    beyond = ((index < -0.6) | (index > np.array(SHAPE) - 0.4)).any(axis=1)
    assert (np.array(codes)[beyond] == 0).all()


def test_the_order_of_values_in_memory_does_not_matter(each: OffscreenCanvas) -> None:
    image = waves()
    soft = Transfer("soft", ((60.0, (0.5, 0.2, 0.1), 0.0), (260.0, (0.9, 0.8, 0.6), 0.6)))
    pictures = []
    for order in (np.ascontiguousarray, np.asfortranarray):
        turned = VolumeImage(order(image.values), AFFINE)
        slices = (Slice(Plane((0, -0.02, 0), (0, 1.0, 0))),)
        exhibit = Exhibit((), turned, WINDOW, slices, VolumeRendering(soft))
        pictures.append(draw(each, exhibit, OBLIQUE))
    assert np.abs(pictures[0] - pictures[1]).max() <= 2
    assert pictures[0].std() > 20


def test_an_image_of_small_values_looks_like_one_of_large_ones(canvas: OffscreenCanvas) -> None:
    image = waves()
    small = VolumeImage(image.values.astype(np.float32) * np.float32(1e-6), AFFINE)
    slices = (Slice(Plane((0.0, 0.0, 0.0021), (0.0, 0.0, 1.0))),)
    window = GreyWindow(1e-6 * WINDOW.level, 1e-6 * WINDOW.width)
    one = draw(canvas, Exhibit(image=image, slices=slices, window=WINDOW))
    other = draw(canvas, Exhibit(image=small, slices=slices, window=window))
    assert np.abs(one - other).max() <= 1


def test_what_is_empty_in_a_slice_is_seen_through(canvas: OffscreenCanvas) -> None:
    image = ball_image()
    flat = Slice(Plane((0, 0, 0), (0, 0, 1.0)))
    behind = Slice(Plane((0, 0, -0.02), (0, 0, 1.0)))
    closed = draw(canvas, Exhibit(image=image, slices=(flat,)), background=(1.0, 1.0, 1.0))
    hollow = draw(
        canvas, Exhibit(image=image, slices=(replace(flat, empty_below=-500.0), behind)),
        background=(1.0, 1.0, 1.0),
    )  # fmt: skip
    assert (closed[60, 50] == 0).all()  # air is black
    assert (hollow[60, 80] == 255).all()
    assert (closed[60, 80] == 255).all()


def test_a_thin_slice_is_laid_over_in_linear_light(each: OffscreenCanvas) -> None:
    image = VolumeImage(np.full((4, 4, 4), 1000, np.int16), np.diag([0.1, 0.1, 0.1, 1.0]))
    moved = replace(image, affine=image.affine + np.pad(np.full((3, 1), -0.15), ((0, 1), (3, 0))))
    half = Slice(Plane((0, 0, 0), (0, 0, 1.0)), opacity=0.5)
    picture = draw(each, Exhibit(image=moved, slices=(half,)))
    np.testing.assert_allclose(picture[60, 80], 188, atol=1)  # code of 0.5


def test_a_ball_in_a_volume_is_a_disc_of_its_size(each: OffscreenCanvas) -> None:
    """Seen under asin(r / d), so h tan(asin(r / d)) / tan(fov / 2) px in radius."""
    black = Transfer("black", ((0.0, (0, 0, 0), 0.0), (100.0, (0, 0, 0), 0.999)))
    exhibit = Exhibit(image=ball_image(0.03, 1100), volume=VolumeRendering(black))
    disc = draw(each, exhibit, background=(1.0, 1.0, 1.0))[..., 0] < 188  # half of the light
    radius = 60 * np.tan(np.arcsin(0.03 / 0.4)) / np.tan(0.25)
    assert disc.sum() == pytest.approx(np.pi * radius**2, rel=0.06)
    rows, columns = np.nonzero(disc)
    assert (rows.mean(), columns.mean()) == pytest.approx((59.5, 79.5), abs=0.5)


def test_an_empty_volume_is_invisible(each: OffscreenCanvas) -> None:
    image = ball_image(inside=-900)
    slices = (Slice(Plane((0, 0, -0.05), (0.2, 0, 1.0))),)
    without = draw(each, Exhibit(image=waves(), slices=slices))
    exhibit = Exhibit(image=waves(), slices=slices)
    np.testing.assert_array_equal(draw(each, exhibit), without)
    never = Transfer("never", ((-5000.0, (1, 1, 1), 0.0), (5000.0, (1, 1, 1), 0.0)))
    for shown in (VolumeRendering(never), VolumeRendering(OPAQUE)):
        empty = Exhibit(image=image, volume=shown)
        assert draw(each, empty).max() == 0


def test_a_slab_lets_through_what_beer_and_lambert_say(each: OffscreenCanvas) -> None:
    """5 % a millimetre, black, 20 mm thick: 0.95^20 of the white behind is left."""
    affine = np.diag([0.05, 0.05, 0.002, 1.0])
    affine[:3, 3] = (-0.1, -0.1, -0.009)
    image = VolumeImage(np.full((5, 5, 10), 50, np.int16), affine)
    black = Transfer("black", ((0.0, (0, 0, 0), 0.05), (100.0, (0, 0, 0), 0.05)))
    picture = draw(
        each, Exhibit(image=image, volume=VolumeRendering(black)), background=(1.0, 1.0, 1.0)
    )
    expected = encoded(np.array(0.95**20))
    assert picture[50:70, 70:90].mean() == pytest.approx(float(expected), abs=5)
    doubled = Exhibit(image=image, volume=VolumeRendering(black, density=2.0))
    picture = draw(each, doubled, background=(1.0, 1.0, 1.0))
    assert picture[50:70, 70:90].mean() == pytest.approx(float(encoded(np.array(0.95**40))), abs=5)


def test_rays_stop_at_what_is_solid(each: OffscreenCanvas, make_part: Any) -> None:
    exhibit = Exhibit(image=ball_image(0.03), volume=VolumeRendering(OPAQUE))
    green = {"color": (0.02, 0.6, 0.05)}
    front = make_part("front", (0.0, 0.0, 0.06), 0.01, **green)
    inside = make_part("inside", (0.0, 0.0, 0.0), 0.02, **green)
    through = make_part("through", (0.0, 0.0, 0.03), 0.012, **green)
    before = draw(each, replace(exhibit, parts=(front,)))[60, 80]
    assert before[1] > before[0]
    hidden = draw(each, replace(exhibit, parts=(inside,)))
    plain = draw(each, exhibit)
    # the ball inside changes nothing but where its own depth ends a ray that was dark anyhow
    assert np.abs(hidden - plain).mean() < 0.5
    assert hidden[60, 80, 0] > hidden[60, 80, 1]
    stuck = draw(each, replace(exhibit, parts=(through,)))
    assert stuck[60, 80, 1] > stuck[60, 80, 0]
    assert stuck[60, 95, 0] > stuck[60, 95, 1]


def test_a_cut_takes_away_parts_and_volume(each: OffscreenCanvas, make_part: Any) -> None:
    part = make_part("ball", (0.0, 0.0, 0.0), 0.03)
    away = Plane((0.0, 0.0, -0.05), (0.0, 0.0, 1.0))
    upper = Plane((0.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    kept = replace(part, cut=False)
    shown = VolumeRendering(OPAQUE)
    for exhibit in (Exhibit((part,)), Exhibit(image=ball_image(), volume=shown)):
        whole = draw(each, exhibit).max(axis=-1) > 30
        assert draw(each, replace(exhibit, cut=away)).max() == 0
        half = draw(each, replace(exhibit, cut=upper)).max(axis=-1) > 30
        assert not half[:58].any()
        np.testing.assert_array_equal(half[64:], whole[64:])
    assert draw(each, Exhibit((kept,), cut=away)).max() > 30


def test_cut_faces_are_filled_with_the_image(each: OffscreenCanvas, make_part: Any) -> None:
    """Seen from the taken side, a white part's face shows the slice behind the cut."""
    image = waves()
    part = make_part("ball", (0.0, 0.0, 0.0), 0.03, color=(0.6, 0.6, 0.6))
    plane = Plane((0.0, 0.0, 0.004), (0.0, 0.0, 1.0))
    exhibit = Exhibit((part,), image, WINDOW, cut=plane)
    face = draw(each, exhibit)
    slice_ = draw(each, Exhibit((), image, WINDOW, slices=(Slice(plane),)))
    row = np.s_[60, 68:92]
    light = ((slice_[row] / 255 + 0.055) / 1.055) ** 2.4 + 0.03
    np.testing.assert_allclose(face[row], encoded(light), atol=3)
    assert slice_[row].std() > 10


def test_cut_faces_have_holes_where_a_part_is_hollow(
    canvas: OffscreenCanvas, make_part: Any
) -> None:
    """A shell between two balls: the face is a ring, and through the hole one sees inside."""
    outer, inner = make_part("outer", (0, 0, 0), 0.03), make_part("inner", (0, 0, 0), 0.015)
    vertices = np.concatenate([outer.vertices, inner.vertices])
    normals = np.concatenate([outer.normals, -inner.normals])
    flipped = inner.triangles[:, ::-1] + len(outer.vertices)
    shell = Part("shell", vertices, normals, np.concatenate([outer.triangles, flipped]),
                 color=(0.9, 0.9, 0.9))  # fmt: skip
    core = make_part("core", (0, 0, 0), 0.006, color=(0.02, 0.6, 0.02))
    picture = draw(canvas, Exhibit((shell, core), cut=Plane((0, 0, 0), (0, 0, 1.0))))
    ring, hole, middle = picture[60, 80 + 12], picture[60, 80 + 5], picture[60, 80]
    face = encoded(np.array(0.75 * 0.9))
    np.testing.assert_allclose(ring, face, atol=1)
    assert abs(hole[0] - face) > 4
    np.testing.assert_allclose(middle, encoded(np.array([0.015, 0.45, 0.015])), atol=1)


def test_where_two_parts_overlap_one_face_is_drawn(canvas: OffscreenCanvas, make_part: Any) -> None:
    first = make_part("first", (-0.01, 0, 0), 0.02, color=(0.8, 0.0, 0.0))
    second = make_part("second", (0.01, 0, 0), 0.02, color=(0.0, 0.8, 0.0))
    picture = draw(canvas, Exhibit((first, second), cut=Plane((0, 0, 0), (0, 0, 1.0))))
    row = picture[60]
    assert row[68, 0] > 150
    assert row[92, 1] > 150
    assert row[80, 1] > 150
    assert row[80, 0] < 20


def test_from_behind_a_cut_has_no_face(canvas: OffscreenCanvas, make_part: Any) -> None:
    part = make_part("ball", (0, 0, 0), 0.03)
    whole = draw(canvas, Exhibit((part,)))
    cut = draw(canvas, Exhibit((part,), cut=Plane((0, 0, 0), (0, 0, -1.0))))
    np.testing.assert_array_equal(cut[60, 70:90], whole[60, 70:90])


def test_glass_shows_what_is_behind_it(canvas: OffscreenCanvas, make_part: Any) -> None:
    inner = make_part("inner", (0, 0, 0), 0.01, color=(0.0, 0.7, 0.0))
    outer = make_part("outer", (0, 0, 0), 0.03, color=(0.7, 0.0, 0.0))
    solid = draw(canvas, Exhibit((inner, outer)))[60, 80]
    glass = draw(canvas, Exhibit((inner, replace(outer, opacity=0.3))))[60, 80]
    gone = draw(canvas, Exhibit((inner, replace(outer, opacity=0.0))))[60, 80]
    assert solid[1] < 60
    assert solid[1] < glass[1] < gone[1]
    assert gone[0] < glass[0] < solid[0]


def test_the_order_of_parts_does_not_matter(canvas: OffscreenCanvas, make_part: Any) -> None:
    near = make_part("near", (0, 0, 0.03), 0.02, color=(0.7, 0.0, 0.0), opacity=0.5)
    far = make_part("far", (0, 0, -0.03), 0.02, color=(0.0, 0.7, 0.0), opacity=0.5)
    np.testing.assert_array_equal(
        draw(canvas, Exhibit((near, far))), draw(canvas, Exhibit((far, near)))
    )


def test_an_area_of_concern_tints_part_slice_and_volume(
    each: OffscreenCanvas, make_part: Any
) -> None:
    blue = (0.0, 0.1, 0.9)
    spot = Highlight((0.0, 0.0, 0.03), 0.008, blue, 1.0, surface="")
    other = replace(spot, surface="other")
    part = make_part("ball", (0, 0, 0), 0.03, color=(0.5, 0.4, 0.1))
    flat = Slice(Plane((0, 0, 0.03), (0, 0, 1.0)))
    image = ball_image()
    for exhibit in (
        Exhibit((part,)),
        Exhibit(image=image, slices=(flat,)),
        Exhibit(image=image, volume=VolumeRendering(OPAQUE)),
    ):
        plain = draw(each, exhibit)
        marked = draw(each, replace(exhibit, highlights=(spot,)))
        assert marked[60, 80, 2] > plain[60, 80, 2] + 30
        np.testing.assert_array_equal(marked[60, 95], plain[60, 95])
        np.testing.assert_array_equal(draw(each, replace(exhibit, highlights=(other,))), plain)
    named = replace(spot, surface="ball")
    assert draw(each, Exhibit((part,), highlights=(named,)))[60, 80, 2] > 100


def seen(canvas: OffscreenCanvas, exhibit: Exhibit, pixel: tuple[float, float]) -> Any:
    return canvas.renderer.seen_at(Scene(exhibit=exhibit), FRONT, PORT, pixel)


def test_the_part_under_a_pixel_is_named(each: OffscreenCanvas, make_part: Any) -> None:
    near = make_part("near", (0.01, 0, 0.03), 0.015)
    far = make_part("far", (-0.03, 0, 0), 0.03)
    exhibit = Exhibit((far, near), image=waves())
    hit = seen(each, exhibit, (80, 60))
    assert hit.name == "near"
    ray = FRONT.ray((80.5, 60.5), PORT)
    along = (np.array(hit.point) - ray.origin) @ ray.direction
    np.testing.assert_allclose(ray.origin + along * ray.direction, hit.point, atol=2e-4)
    assert np.linalg.norm(np.array(hit.point) - (0.01, 0, 0.03)) == pytest.approx(0.015, abs=2e-4)
    assert seen(each, exhibit, (60, 60)).name == "far"
    assert seen(each, exhibit, (3, 3)) is None
    hidden = Exhibit((far, replace(near, opacity=0.0)))
    assert seen(each, hidden, (78, 60)).name == "far"
    glass = Exhibit((far, replace(near, opacity=0.2)))
    assert seen(each, glass, (80, 60)).name == "near"


def test_nothing_is_under_a_pixel_of_a_window_without_any(gl: GLContext, make_part: Any) -> None:
    gl.make_current()
    scene = Scene(exhibit=Exhibit((make_part("ball", (0.0, 0.0, 0.0), 0.03),)))
    empty = Viewport(0, 0, 0, 0)
    assert Renderer(gl, "software").seen_at(scene, FRONT, empty, (0.0, 0.0)) is None


def test_the_name_on_a_cut_face(each: OffscreenCanvas, make_part: Any) -> None:
    near = make_part("near", (0.0, 0, 0.05), 0.015)
    far = make_part("far", (0.0, 0, 0), 0.03)
    cut = Exhibit((near, far), cut=Plane((0, 0, 0.01), (0, 0, 1.0)))
    hit = seen(each, cut, (80, 60))
    assert hit.name == "far"
    assert hit.point[2] == pytest.approx(0.01, abs=1e-4)
    assert seen(each, replace(cut, cut=Plane((0, 0, -0.05), (0, 0, 1.0))), (80, 60)) is None


def test_a_part_of_other_triangles_is_another_one(canvas: OffscreenCanvas, make_part: Any) -> None:
    ball = make_part("ball", (0.0, 0.0, 0.0), 0.03)
    whole = draw(canvas, Exhibit((ball,)))
    half = replace(ball, triangles=ball.triangles[ball.normals[ball.triangles[:, 0], 0] < 0.0])
    rest = draw(canvas, Exhibit((half,)))
    assert rest[60, 90].max() < whole[60, 90].max()


def test_each_part_shows_areas_of_its_own(canvas: OffscreenCanvas, make_part: Any) -> None:
    """Eight for each part: those of others do not count."""
    ball = make_part("ball", (0.0, 0.0, 0.0), 0.03)
    others = tuple(Highlight((0, 0, 0), 0.1, surface=f"p{n}") for n in range(12))
    own = Highlight((0.0, 0.0, 0.03), 0.02, (1.0, 0.0, 0.0), 1.0, surface="ball")
    plain = draw(canvas, Exhibit((ball,), highlights=others))
    tinted = draw(canvas, Exhibit((ball,), highlights=(*others, own)))
    assert np.abs(tinted - plain).max() > 50


def test_a_moved_image_needs_no_new_texture(canvas: OffscreenCanvas) -> None:
    image = waves()
    here = Exhibit(image=image, window=WINDOW, slices=(Slice(Plane((0, 0, 0), (0, 0, 1.0))),))
    first = draw(canvas, here)
    shifted = image.affine.copy()
    shifted[:3, 3] += (0.02, 0.0, 0.0)
    moved = draw(canvas, replace(here, image=VolumeImage(image.values, shifted)))
    per_m = 60 / np.tan(0.25) / 0.4
    row = np.interp(np.arange(70, 110) - 0.02 * per_m, np.arange(160), first[60, :, 0])
    np.testing.assert_allclose(moved[60, 70:110, 0], row, atol=4)


def test_an_image_beyond_the_card_is_averaged_and_told(
    canvas: OffscreenCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waves()
    exhibit = Exhibit(image=image, window=WINDOW, slices=(Slice(Plane((0, 0, 0), (0, 0, 1.0))),))
    fine = draw(canvas, exhibit)
    assert canvas.renderer.stage.note == ""
    monkeypatch.setattr("surgisim.render.volume_texture.MOST_VOXELS", 5000)
    coarse = draw(canvas, replace(exhibit, image=VolumeImage(image.values.copy(), AFFINE)))
    assert "every 2 voxels" in canvas.renderer.stage.note
    assert 0 < np.abs(coarse - fine)[30:90, 50:110].mean() < 12


def test_two_eyes_see_the_same_exhibit(canvas: OffscreenCanvas, make_part: Any) -> None:
    scene = Scene(exhibit=Exhibit((make_part("ball", (0, 0, 0), 0.03),)), background=(0, 0, 0))
    both = canvas.draw(scene, FRONT, FRONT).astype(int)
    np.testing.assert_array_equal(both[:, :80], both[:, 80:])
    assert both.max() > 60


def test_a_list_of_parts_is_written_at_the_left(canvas: OffscreenCanvas) -> None:
    rows = tuple(PanelRow(f"part {k}", (0.5, 0.1, 0.1), shown=1.0) for k in range(40))
    panel = Panel("Parts", rows, notes=("a note",))
    picture = draw(canvas, Exhibit(panel=panel), background=(1.0, 1.0, 1.0))
    assert picture[:, :20].max() < 250
    assert picture[:, :40].std() > 5
    assert (picture[:, 130:] == 255).all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: VolumeImage(np.zeros((4, 5, 1), np.int16), np.eye(4)), "three axes"),
        (lambda: VolumeImage(np.zeros((4, 5, 6), np.int16), np.zeros((4, 4))), "inverted"),
        (lambda: Transfer("t", ((0.0, (1, 1, 1), 0.1),)), "two or more"),
        (lambda: Transfer("t", ((0.0, (1, 1, 1), 0.1), (0.0, (1, 1, 1), 1.0))), "ascending"),
        (lambda: Part("p", np.zeros((3, 2)), np.zeros((3, 3)), np.zeros((1, 3), int)), "shape"),
        (lambda: Part("p", np.zeros((3, 3)), np.zeros((3, 3)), np.array([[0, 1, 3]])), "0 to 2"),
        (lambda: Exhibit((DOT, replace(DOT, color=(1, 0, 0)))), "two have the same"),
        (lambda: Exhibit(tuple(replace(DOT, name=f"p{n}") for n in range(2001))), "at most 2000"),
        (lambda: Exhibit(highlights=(Highlight((0, 0, 0), 0.01, surface=""),) * 9), "at most 8"),
        (lambda: Exhibit(highlights=(*ON_LIVER, *EVERYWHERE)), "not 9; name the part"),
    ],
)
def test_data_that_cannot_be_shown_is_refused(make: Any, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        make()


def test_the_picture_of_parts_cut_and_listed(
    canvas: OffscreenCanvas, make_part: Any, compare: Compare
) -> None:
    parts = (
        make_part("liver", (-0.02, 0, 0), 0.04, color=(0.45, 0.12, 0.08)),
        make_part("kidney", (0.04, -0.01, 0.0), 0.02, color=(0.5, 0.2, 0.15)),
        make_part("stomach", (0.02, 0.03, -0.02), 0.025, color=(0.6, 0.4, 0.3), opacity=0.35),
    )
    exhibit = Exhibit(
        parts, waves(), WINDOW, cut=Plane((0, 0.008, 0), (0.1, 1.0, 0.2)),
        highlights=(Highlight((0.045, 0.0, 0.012), 0.01, surface="kidney"),),
    )  # fmt: skip
    compare(draw(canvas, exhibit, OBLIQUE).astype(np.uint8), "exhibit_parts")


@pytest.mark.parametrize("tier", ["standard", "software"])
def test_the_picture_of_a_volume_with_a_slice(
    canvas: OffscreenCanvas, cheap: OffscreenCanvas, tier: str, compare: Compare
) -> None:
    soft = Transfer(
        "soft",
        (
            (60.0, (0.5, 0.2, 0.1), 0.0),
            (150.0, (0.6, 0.2, 0.1), 0.05),
            (260.0, (0.9, 0.8, 0.6), 0.6),
        ),
        gradient=5.0,
    )
    exhibit = Exhibit(
        image=waves(), window=WINDOW, volume=VolumeRendering(soft),
        slices=(Slice(Plane((0, -0.02, 0), (0, 1.0, 0))),),
        cut=Plane((0.0, 0.0, 0.03), (0.0, 0.0, 1.0)),
    )  # fmt: skip
    chosen = canvas if tier == "standard" else cheap
    picture = draw(chosen, exhibit, OBLIQUE).astype(np.uint8)
    compare(picture, f"exhibit_volume_{tier}")
    assert encode_png(picture) == encode_png(draw(chosen, exhibit, OBLIQUE).astype(np.uint8))


def test_rays_step_as_finely_as_the_image_lies_now(gl: GLContext) -> None:
    image = ball_image()
    texture = VolumeTexture(gl.api, image)
    finer = replace(image, affine=image.affine @ np.diag([0.5, 0.5, 0.5, 1.0]))
    assert texture.spacing_m(image) == pytest.approx(
        np.linalg.norm(image.affine[:3, :3], axis=0).min()
    )
    assert texture.spacing_m(finer) == pytest.approx(0.5 * texture.spacing_m(image))
