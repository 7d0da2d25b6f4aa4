"""Contexts come up, and say in one sentence what is missing where they do not."""

import ctypes
import os
import subprocess
import sys

import pytest

from surgisim.errors import RenderError
from surgisim.render import egl
from surgisim.render.context import GLContext


def test_surfaceless_gives_core_opengl_without_a_display(gl: GLContext) -> None:
    gl.make_current()
    assert gl.api.version_code >= 330
    assert gl.renderer_name
    assert gl.is_software == ("llvmpipe" in gl.renderer_name.lower())


def test_two_contexts_can_live_side_by_side(gl: GLContext) -> None:
    with GLContext.egl_surfaceless() as other:
        other.make_current()
        assert other.api.version_code >= 330
    gl.make_current()
    assert gl.api.simple_framebuffer((4, 4)).size == (4, 4)


def test_a_context_without_window_has_no_window(gl: GLContext) -> None:
    with pytest.raises(RenderError, match="has no window"):
        _ = gl.glfw_window


def test_missing_egl_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str, mode: int = 0) -> ctypes.CDLL:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(egl.ctypes, "CDLL", absent)
    with pytest.raises(RenderError, match=r"libEGL\.so\.1.*libegl1 libegl-mesa0 libgl1"):
        GLContext.egl_surfaceless()


def test_no_display_is_one_clear_sentence() -> None:
    code = (
        "from surgisim.errors import RenderError\n"
        "from surgisim.render.context import GLContext\n"
        "try:\n    GLContext.window('t', (64, 64))\n"
        "except RenderError as error:\n    print(error)\n"
    )
    away = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    bare = {name: value for name, value in os.environ.items() if name not in away}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=bare,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "no window could be opened" in done.stdout
    assert "DISPLAY" in done.stdout
    assert done.stderr == ""
