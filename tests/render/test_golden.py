"""Pictures compared with stored ones.

After a change of the shaders that is meant, look at the new pictures and store them with
SURGISIM_UPDATE_GOLDEN=1.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim.render.context import GLContext
from surgisim.render.endoscope import Endoscope, inset
from surgisim.render.offscreen import OffscreenCanvas
from surgisim.render.optics import Optics
from surgisim.render.renderer import Renderer, Tier
from surgisim.render.scene import (
    Char,
    Highlight,
    Hud,
    Instrument,
    Label,
    Scene,
    Smoke,
    Suctioned,
    SurfaceMesh,
    Vector,
    Vitals,
)
from surgisim.render.view import Fov, View

SIZE = (240, 135)
HUD = Hud(2.3, 4.0, "Find the nodules", time_s=83.0, blood_loss_ml=3.0, hint="F1 help")

Picture = NDArray[np.uint8]
MakeScene = Callable[..., Scene]
MakeShape = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int32]]]
Draw = Callable[..., Picture]
Compare = Callable[[Picture, str], None]


@pytest.fixture(scope="module")
def draw(gl: GLContext) -> Draw:
    """Return what draws a scene from views, by default in the standard tier."""
    canvases: dict[str, OffscreenCanvas] = {}

    def draw(scene: Scene, *views: View, tier: Tier = "standard") -> Picture:
        if tier not in canvases:
            canvases[tier] = OffscreenCanvas(SIZE, gl, tier, samples=1 if tier == "software" else 4)
        return canvases[tier].draw(scene, *views)

    return draw


@pytest.mark.parametrize("tier", ["software", "standard", "high"])
def test_palpation(
    make_scene: MakeScene, overview: View, draw: Draw, compare: Compare, tier: Tier
) -> None:
    compare(draw(make_scene(hud=HUD), overview, tier=tier), f"palpation_{tier}")


def test_organs(organ_shape: MakeShape, draw: Draw, compare: Compare) -> None:
    points, triangles = organ_shape(2)
    surfaces = []
    for index, material in enumerate(("gallbladder", "bowel", "fat", "stomach", "liver", "spleen")):
        place = np.array([0.075 * (index % 3 - 1), 0.0, 0.07 * (index // 3 - 0.5)])
        shape = 0.35 * points + place
        surfaces.append(SurfaceMesh(f"organ {index}", shape, shape, triangles, material))
    view = View.look_at((0.0, 0.20, 0.09), (0.0, 0.0, 0.0), fov_y=np.radians(42.0))
    compare(draw(Scene(tuple(surfaces), cavity=False), view), "organs")


def test_highlight_label_and_alarm(
    make_scene: MakeScene, overview: View, draw: Draw, compare: Compare
) -> None:
    scene = make_scene(blood_ml=0.0, hud=Hud(alarm="Capsule torn"))
    where = scene.marks[0].point
    scene = replace(scene, highlights=(Highlight(where, 0.018),), labels=(Label(where, "nodule"),))
    compare(draw(scene, overview), "highlight")


def test_blood(make_scene: MakeScene, draw: Draw, compare: Compare) -> None:
    scene = make_scene(blood_ml=9.0)
    tear = np.asarray(scene.blood[0].point)
    sucked = Suctioned(_vector(tear + np.array([-0.012, 0.0, 0.004])), 0.008)
    view = View.look_at(tear + np.array([0.02, 0.07, 0.08]), tear, fov_y=np.radians(45.0))
    compare(draw(replace(scene, suctioned=(sucked,)), view), "blood")


def test_char_and_smoke(make_scene: MakeScene, draw: Draw, compare: Compare) -> None:
    scene = replace(make_scene(blood_ml=0.0, depth_m=0.0), marks=())
    place = np.asarray(make_scene().blood[0].point)
    near = scene.surfaces[0].rest_vertices
    on = [near[((near - place - [x, 0, 0]) ** 2).sum(axis=1).argmin()] for x in (-0.02, 0, 0.02)]
    char = tuple(Char(_vector(p), 0.008, d) for p, d in zip(on, (0.0, 0.5, 1.0), strict=True))
    smoke = (Smoke(_vector(on[2] + [0, 0.012, 0]), 0.016, 1.2), Smoke(_vector(on[2]), 0.01, 1.0))
    hook = Instrument(_vector(on[2]), (0.5, 0.75, 0.1), kind="hook", insulated=True)
    scene = replace(scene, char=char, smoke=smoke, instruments=(hook,))
    eye, target = place + np.array([0.0, 0.07, 0.07]), place + np.array([0.0, 0.01, 0.0])
    view = View.look_at(eye, target, fov_y=np.radians(45.0))
    compare(draw(scene, view), "char_smoke")


def test_instruments_and_their_shadows(make_scene: MakeScene, draw: Draw, compare: Compare) -> None:
    scene = replace(make_scene(blood_ml=0.0, depth_m=0.0), marks=())
    points = scene.surfaces[0].rest_vertices
    kinds = ("grasper", "scissors", "suction", "hook")
    instruments = []
    for index, kind in enumerate(kinds):
        x = -0.07 + 0.035 * index
        near = points[(points[:, 0] - x) ** 2 + (points[:, 2] - 0.01) ** 2 < 0.02**2]
        tip = near[near[:, 1].argmax()] + [0.0, 0.012, 0.0]
        way = (-0.5 + 0.3 * index, 0.75, -0.45)
        dark = kind in ("grasper", "hook")
        instruments.append(
            Instrument(_vector(tip), way, kind=kind, opening=0.6, roll=1.0, insulated=dark)
        )
    view = View.look_at((-0.02, 0.17, 0.10), (-0.02, 0.045, 0.0), fov_y=np.radians(45.0))
    compare(draw(replace(scene, instruments=tuple(instruments)), view, tier="high"), "instruments")


def _scope(optics: Optics, angle_deg: float) -> Endoscope:
    target = (0.0, 0.03, 0.0)
    return Endoscope.aimed((0.05, 0.19, 0.16), target, 0.10, np.radians(angle_deg), optics)


def test_an_angled_endoscope_with_fog_and_drops(
    make_scene: MakeScene, draw: Draw, compare: Compare
) -> None:
    drops = ((-0.35, 0.3, 0.12), (0.4, -0.3, 0.08))
    scope = _scope(Optics(1.0, fogging=0.35, droplets=drops), 30.0)
    scene = replace(make_scene(), lights=scope.lights(0.10))
    compare(draw(scene, scope.view()), "endoscope_30")


def test_split_view(make_scene: MakeScene, overview: View, gl: GLContext, compare: Compare) -> None:
    scope = _scope(Optics(), 0.0)
    scene = make_scene(hud=HUD)
    instruments = (*scene.instruments, scope.instrument())
    scene = replace(scene, lights=scope.lights(0.10), instruments=instruments)
    target = gl.api.simple_framebuffer(SIZE, 4)
    Renderer(gl, "software").draw(scene, [scope.view(), overview], target, inset(*SIZE))
    data = np.frombuffer(target.read(components=3, alignment=1), np.uint8)
    compare(data.reshape(SIZE[1], SIZE[0], 3)[::-1].copy(), "split")


def test_two_eyes(make_scene: MakeScene, overview: View, draw: Draw, compare: Compare) -> None:
    half = 0.032 * overview.rotation[:, 0]
    wide, narrow, up = 0.42, 0.30, 0.45
    eyes = [
        replace(overview, position=overview.position - half, fov=Fov(-wide, narrow, -up, up)),
        replace(overview, position=overview.position + half, fov=Fov(-narrow, wide, -up, up)),
    ]
    compare(draw(make_scene(), *eyes), "two_eyes")


def test_hud_alone(gl: GLContext, compare: Compare) -> None:
    size = (480, 270)
    target = gl.api.simple_framebuffer(size, 4)
    hud = replace(
        HUD,
        force_n=4.6,
        message="Go over the whole surface.",
        alarm="Too hard: let go",
        vitals=Vitals(88.0, 117.0, 76.0, 98.0),
        step=(2, 5),
        scale=1.3,
    )
    Renderer(gl, "software").draw_hud(hud, target)
    data = np.frombuffer(target.read(components=4, alignment=1), np.uint8).astype(float)
    pixels = data.reshape(size[1], size[0], 4)[::-1]
    over_grey = pixels[..., :3] + 120.0 * (1.0 - pixels[..., 3:] / 255.0)
    compare(over_grey.round().astype(np.uint8), "hud")


def _vector(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))
