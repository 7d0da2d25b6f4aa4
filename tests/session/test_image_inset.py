"""The CT at the instrument's tip: in its place, shown by a key, gone by the same key."""

from itertools import count
from pathlib import Path

import glfw
import numpy as np
import pytest

from surgisim import anatomy
from surgisim.anatomy.volume import Volume
from surgisim.errors import AnatomyError
from surgisim.render.context import GLContext
from surgisim.render.exhibit import Inset
from surgisim.render.offscreen import OffscreenCanvas
from surgisim.render.scene import Scene
from surgisim.render.view import View, Viewport
from surgisim.session import Order, play
from surgisim.session.image_inset import ImageInset
from surgisim.session.look import Looks
from surgisim.session.theatre import Theatre
from surgisim.snapshot import Snapshot
from surgisim.trainees import Action, Sight


@pytest.fixture(scope="module")
def imaged_liver(coarse_liver: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The coarse liver with a CT whose values tell the place: x from the organ's middle, in mm."""
    built = anatomy.read(coarse_liver)
    affine = np.diag([0.01, 0.01, 0.01, 1.0])
    affine[:3, 3] = np.array(built.offset_m) - 0.2
    x_mm = np.arange(41) * 10.0 - 200.0
    values = np.broadcast_to(x_mm[:, None, None], (41, 41, 41)).astype(np.int16)
    folder = tmp_path_factory.mktemp("imaged") / "liver"
    image = Volume(np.ascontiguousarray(values), affine, "CT", "x")
    anatomy.write(built, folder, image)
    return folder


def test_the_slice_lies_at_the_tip_and_is_seen_from_the_feet(imaged_liver: Path) -> None:
    inset = ImageInset(anatomy.read(imaged_liver)).at((0.03, 0.05, -0.02), 0.005)
    image = inset.exhibit.image
    assert image is not None
    index = np.rint(np.linalg.inv(image.affine) @ [0.03, 0.05, -0.02, 1.0])[:3].astype(int)
    assert image.values[tuple(index)] == 30
    (slice_,) = inset.exhibit.slices
    assert slice_.plane.point == (0.03, 0.05, -0.02)
    np.testing.assert_allclose(inset.view.rotation[:, 0], [1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(inset.view.rotation[:, 2], [0, 0, 1], atol=1e-9)


def test_an_anatomy_without_an_image_is_told(coarse_liver: Path) -> None:
    with pytest.raises(AnatomyError, match="has no image; build it with --image"):
        ImageInset(anatomy.read(coarse_liver))


def test_an_inset_is_drawn_in_its_corner_and_nowhere_else(imaged_liver: Path) -> None:
    inset = ImageInset(anatomy.read(imaged_liver)).at((0.0, 0.05, 0.0), 0.005)
    view = View.look_at((0, 0.3, 0.3), (0, 0, 0))
    with OffscreenCanvas((200, 120), GLContext.offscreen()) as canvas:
        plain = canvas.draw(Scene(background=(0.2, 0.2, 0.2)), view).astype(int)
        with_it = canvas.draw(Scene(background=(0.2, 0.2, 0.2), inset=inset), view).astype(int)
    place = inset.viewport(Viewport(0, 0, 200, 120))
    rows = np.s_[120 - place.y - place.height : 120 - place.y]
    inside = np.zeros((120, 200), bool)
    inside[rows, place.x : place.x + place.width] = True
    assert (with_it[~inside] == plain[~inside]).all()
    corner = with_it[rows, place.x : place.x + place.width]
    grey = corner[3, :, 0].astype(float)
    x_mm = (np.arange(place.width) + 0.5) / place.width * 160.0 - 80.0
    np.testing.assert_allclose(grey, 255 * np.clip((x_mm + 160) / 400, 0, 1), atol=2)
    assert isinstance(inset, Inset)


class Still:
    def act(self, sight: Sight) -> Action:
        return Action()


def test_a_key_shows_the_slice_and_hides_it(
    display: str, tmp_path: Path, imaged_liver: Path
) -> None:
    assert display
    ticking = count()
    theatre = Theatre(lambda *_: Still(), size=(320, 200), clock=lambda: float(next(ticking)))
    pictures: list[np.ndarray] = []

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        window = theatre.window
        assert window is not None
        window.on_key(glfw.KEY_I, glfw.PRESS)
        window.on_key(glfw.KEY_I, glfw.RELEASE)
        theatre.show(looks, snapshot)
        data = window.gl.api.detect_framebuffer(0).read(components=3, alignment=1, attachment=0)
        pictures.append(np.frombuffer(data, np.uint8).reshape(200, 320, 3).astype(int))
        if len(pictures) == 4:
            window.on_key(glfw.KEY_ESCAPE, glfw.PRESS)

    with theatre:
        play(Order("liver_palpation", tmp_path, anatomy=imaged_liver), theatre.cast, watch=watch)
    shown, hidden = pictures[2], pictures[3]
    place = Inset.viewport(Inset(None, None), Viewport(0, 0, 320, 200))  # type: ignore[arg-type]
    corner = np.s_[place.y : place.y + place.height, place.x : place.x + place.width]
    changed = np.abs(shown - hidden).max(axis=-1) > 8
    assert changed[corner].mean() > 0.7
    assert changed[:, :150].mean() < 0.05
