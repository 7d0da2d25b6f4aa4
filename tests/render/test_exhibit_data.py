"""What is computed before anything is drawn: tables, smaller images, polygons, the list's rows."""

import numpy as np
import pytest

from surgisim.errors import RenderError
from surgisim.render.exhibit import Panel, PanelRow, Plane, Transfer, VolumeImage
from surgisim.render.geometry import box_corners, plane_equation, plane_polygon
from surgisim.render.panel import panel_layout
from surgisim.render.transfer import PRESETS, preset, table, window_of
from surgisim.render.view import Viewport
from surgisim.render.volume_texture import reduced

CT = VolumeImage(np.arange(-1000, 1000, 2, dtype=np.int16).reshape(10, 10, 10), np.eye(4))


def test_a_table_is_straight_between_its_points() -> None:
    transfer = Transfer("t", ((0.0, (0.0, 0.2, 1.0), 0.0), (100.0, (1.0, 0.2, 0.0), 0.5)))
    rows = table(transfer, -100.0, 200.0)
    values = np.linspace(-100.0, 200.0, 1024)
    share = np.clip(values / 100.0, 0.0, 1.0)
    np.testing.assert_allclose(rows[:, 0], share, atol=1e-6)
    np.testing.assert_allclose(rows[:, 2], 1.0 - share, atol=1e-6)
    np.testing.assert_allclose(rows[:, 3], share * np.log(2.0), atol=1e-6)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_sound_and_leave_air_empty(name: str) -> None:
    transfer = preset(name, CT)
    rows = table(transfer, -1000.0, 3000.0)
    assert np.isfinite(rows).all()
    assert rows.min() >= 0.0
    assert rows[:, :3].max() < 1.0
    assert rows[0, 3] == 0.0
    assert rows[:, 3].max() > 0.02


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(RenderError, match="use one of soft, bone, vessels, skin, mri"):
        preset("brain", CT)


def test_the_window_is_that_of_soft_tissue_or_of_the_image() -> None:
    assert window_of(CT, is_ct=True).ends == (-160.0, 240.0)
    low, high = window_of(CT, is_ct=False).ends
    np.testing.assert_allclose([low, high], np.percentile(CT.values, [2.0, 99.5]))


def test_small_values_fill_window_and_preset_as_large_ones_do() -> None:
    """A map of diffusion in mm^2/s has values of a few thousandths."""
    large = VolumeImage(CT.values.astype(np.float32), np.eye(4))
    small = VolumeImage(large.values * np.float32(1e-6), np.eye(4))
    assert window_of(small, is_ct=False).ends == pytest.approx(
        [1e-6 * end for end in window_of(large, is_ct=False).ends], rel=1e-4
    )
    steps = zip(preset("mri", small).points, preset("mri", large).points, strict=True)
    assert all(a[0] == pytest.approx(1e-6 * b[0], rel=1e-4, abs=1e-9) for a, b in steps)


@pytest.mark.parametrize("shape", [(8, 8, 8), (9, 7, 20), (3, 16, 5)])
def test_a_smaller_image_lies_where_the_large_one_does(shape: tuple[int, int, int]) -> None:
    """A linear ramp, averaged, is the same ramp at the new centres."""
    affine = np.array([[0.1, 0.02, 0, 1], [0, 0.2, 0.01, 2], [0.03, 0, 0.3, 3], [0, 0, 0, 1.0]])
    index = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    places = index @ affine[:3, :3].T + affine[:3, 3]
    image = VolumeImage((places @ [3.0, -1.0, 2.0]).astype(np.float32), affine)
    small, factor = reduced(image, 6, 10**6)
    assert factor == -(-max(shape) // 6)
    assert max(small.values.shape) <= 6
    index = np.stack(np.meshgrid(*map(np.arange, small.values.shape), indexing="ij"), axis=-1)
    places = index @ small.affine[:3, :3].T + small.affine[:3, 3]
    np.testing.assert_allclose(small.values, places @ [3.0, -1.0, 2.0], rtol=1e-4)


def test_an_image_that_fits_stays_as_it_is() -> None:
    assert reduced(CT, 10, 1000) == (CT, 1)
    assert reduced(CT, 10, 999)[1] == 2


def test_a_plane_meets_a_box_in_a_polygon() -> None:
    corners = box_corners(np.zeros(3), np.array([1.0, 2.0, 3.0]))
    square = plane_polygon(Plane((0.5, 0, 0), (2.0, 0, 0)), corners)
    assert sorted(map(tuple, square)) == [(0.5, 0, 0), (0.5, 0, 3), (0.5, 2, 0), (0.5, 2, 3)]
    turn = np.cross(square[1] - square[0], square[2] - square[1])
    assert turn[0] > 0
    assert len(plane_polygon(Plane((0.5, 1.0, 1.5), (1.0, 0.5, 0.33)), corners)) == 6
    assert len(plane_polygon(Plane((2.0, 0, 0), (1.0, 0, 0)), corners)) == 0
    np.testing.assert_allclose(plane_equation(Plane((1, 2, 3), (0, 0, 2))), [0, 0, 1, 3])


def test_the_row_under_the_mouse() -> None:
    rows = tuple(PanelRow(str(k), (0.1, 0.1, 0.1)) for k in range(100))
    panel = Panel("title", rows, first=30)
    layout = panel_layout(panel, Viewport(0, 0, 960, 720))
    assert 20 < layout.rows < 40
    middle = layout.top + 2.5 * layout.row_height
    assert layout.row_at(20, middle, panel) == 32
    assert layout.row_at(layout.width + 1, middle, panel) is None
    assert layout.row_at(20, 1, panel) is None
    assert layout.row_at(20, layout.top + (layout.rows + 0.5) * layout.row_height, panel) is None
    short = Panel("title", rows[:2])
    assert layout.row_at(20, middle, short) is None


def test_the_range_of_an_image_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    image = VolumeImage(rng.normal(size=(8, 8, 8)).astype(np.float32), np.eye(4))
    first = preset("mri", image)
    monkeypatch.setattr(np, "percentile", None)
    assert preset("mri", image) == first
