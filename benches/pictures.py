"""The pictures of the documentation: ``python benches/pictures.py`` draws them anew.

Writes docs/images/liver.png (the window of a session), endoscope.png (the same through a scope of
30 degrees, with the room beside it) and burn.png (a hook, char and smoke). The scenes are made up;
the organ is the one that ships. A minute without a GPU.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surgisim import anatomy
from surgisim.render import Char, Hud, Instrument, Smoke, Vitals
from surgisim.render.cameras import Cameras
from surgisim.render.context import GLContext
from surgisim.render.offscreen import encode_png
from surgisim.render.orbit import OrbitCamera
from surgisim.render.renderer import Renderer
from surgisim.render.scene import Scene
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.vectors import as_vector

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGE, SMALL = (1280, 720), (960, 540)
DENT_M, DENT_RADIUS_M = 0.006, 0.015

Floats = NDArray[np.float64]


class Stage:
    """The shipped liver, with places on it by their share of its width and depth."""

    def __init__(self) -> None:
        organ = anatomy.load("parametric_liver").organ("liver")
        self.points = organ.points
        self.view = OrganView("liver", organ.points, organ.surface, 0.006)

    def on(self, right: float, near: float) -> tuple[Floats, Floats]:
        """Place on the top of the organ (m) and its normal; -1 to 1 from side to side."""
        rest = self.view.surface.rest
        low, high = rest.min(axis=0), rest.max(axis=0)
        wanted = 0.5 * (low + high) + 0.5 * (high - low) * np.array([right, 0.0, near])
        gaps = ((rest - wanted)[:, [0, 2]] ** 2).sum(axis=1)
        nearby = np.argsort(gaps)[:8]
        index = nearby[rest[nearby, 1].argmax()]
        return rest[index], self.view.surface.normal_at(as_vector(rest[index]))

    def pressed(self, place: Floats, normal: Floats) -> Floats:
        """Nodes (n, 3) of the organ with a dent."""
        distance = np.linalg.norm(self.points - place, axis=1)
        dent = DENT_M * np.exp(-((distance / DENT_RADIUS_M) ** 2))
        return np.asarray(self.points - dent[:, None] * normal)


def main() -> None:
    stage = Stage()
    place, normal = stage.on(-0.45, 0.3)
    tip = place + (0.006 - DENT_M) * normal
    hud = Hud(
        1.9,
        3.0,
        "Palpate and mark",
        "Go over the whole surface and set a mark over every nodule. Marks: 2 of 3.",
        time_s=95.0,
        blood_loss_ml=3.0,
        hint="wheel: press   Space: mark   Enter: finish   C: camera   F1: help",
        step=(1, 2),
    )
    look = Look(
        stage.pressed(place, normal),
        as_vector(tip),
        marks=[as_vector(stage.on(-0.62, -0.2)[0]), as_vector(stage.on(-0.05, -0.1)[0])],
        tears=[as_vector(stage.on(0.2, 0.15)[0])],
        blood_ml=3.0,
        hud=hud,
    )
    scene = stage.view.scene(look)
    cameras = Cameras(stage.view.camera, stage.view.scopes())
    with GLContext.offscreen() as gl:
        renderer = Renderer(gl, "high")
        draw(gl, renderer, scene, cameras, "liver", LARGE)
        through = replace(cameras, scopes=cameras.scopes[1:], chosen=2)
        vital = replace(hud, vitals=Vitals(84.0, 118.0, 76.0, 98.0), hint="")
        draw(gl, renderer, replace(scene, hud=vital), through, "endoscope")
        draw(gl, renderer, burnt(stage, scene), replace(cameras, room=closer(stage)), "burn")


def burnt(stage: Stage, scene: Scene) -> Scene:
    """A hook at work: a line of char, and smoke that rises from its end."""
    line = [stage.on(-0.35 + 0.05 * k, 0.30 - 0.02 * k)[0] for k in range(8)]
    char = tuple(Char(as_vector(p), 0.004, 0.6 + 0.05 * k) for k, p in enumerate(line))
    end = line[-1]
    smoke = tuple(
        Smoke(
            as_vector(end + np.array([0.006 * (k % 2), 0.008 + 0.02 * k, 0.0])), 0.012 + 0.008 * k
        )
        for k in range(4)
    )
    hook = Instrument(as_vector(end), (0.55, 0.75, -0.2), kind="hook", roll=0.8, insulated=True)
    hold, out = stage.on(-0.62, 0.1)
    grasper = Instrument(
        as_vector(hold + 0.002 * out), (-0.7, 0.6, -0.1), kind="grasper", opening=0.5, roll=1.2
    )
    organ = replace(scene.surfaces[0], vertices=scene.surfaces[0].rest_vertices)
    return replace(
        scene,
        surfaces=(organ,),
        instruments=(hook, grasper),
        marks=(),
        blood=(),
        char=char,
        smoke=smoke,
        hud=None,
    )


def closer(stage: Stage) -> OrbitCamera:
    """The room's camera, at half its distance."""
    home = stage.view.camera
    target = stage.on(-0.2, 0.3)[0] + np.array([0.0, 0.012, 0.0])
    return replace(
        home, target=as_vector(target), distance_m=0.42 * home.distance_m, elevation=0.75
    )


def draw(
    gl: GLContext,
    renderer: Renderer,
    scene: Scene,
    cameras: Cameras,
    name: str,
    size: tuple[int, int] = SMALL,
) -> None:
    """Draw one picture and store it."""
    target = gl.api.simple_framebuffer(size, 4)
    views, viewports = cameras.views(*size)
    renderer.draw(cameras.lit(scene), views, target, viewports)
    pixels = np.frombuffer(target.read(components=3, alignment=1), np.uint8)
    picture = pixels.reshape(size[1], size[0], 3)[::-1].copy()
    (IMAGES / f"{name}.png").write_bytes(encode_png(picture))


if __name__ == "__main__":
    main()
