"""Fixtures for all tests."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import glfw
import imageio_ffmpeg
import pytest
from hypothesis import HealthCheck, settings

from surgisim import anatomy

REPOSITORY = Path(__file__).resolve().parent.parent

# How fast a busy machine is decides no test.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture(scope="session")
def test_data() -> Callable[[str], Path]:
    """Return where a file of the external test data lies; the test is skipped where it is absent.

    The folder is named by SURGISIM_TEST_DATA, else it is ``../shared/data`` beside the repository.
    """
    folder = Path(os.environ.get("SURGISIM_TEST_DATA", REPOSITORY.parent / "shared" / "data"))

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"no test data {name} in {folder} (set SURGISIM_TEST_DATA)")
        return path

    return find


@pytest.fixture(scope="session")
def coarse_liver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a coarse parametric liver once, so that whole sessions play in seconds."""
    folder = tmp_path_factory.mktemp("anatomy") / "liver"
    anatomy.write(anatomy.parametric_liver(edge_m=0.018), folder)
    return folder


@pytest.fixture
def ffmpeg(monkeypatch: pytest.MonkeyPatch) -> str:
    """Name the program that writes videos: the one that came with the development tools."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    monkeypatch.setenv("SURGISIM_FFMPEG", program)
    return program


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Start an X server of our own and point DISPLAY at it."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed, so no window can be opened")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    before = {name: os.environ.pop(name, None) for name in ("DISPLAY", "WAYLAND_DISPLAY")}
    os.environ["DISPLAY"] = f":{number}"
    yield f":{number}"
    glfw.terminate()  # lets go of the server before it ends, which would end this process too
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    server.terminate()
    server.wait(10)
