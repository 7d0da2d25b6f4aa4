"""A headset made of numbers, seen through the real OpenXR loader."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from surgisim.errors import TestingError
from surgisim.render.context import GLContext
from surgisim.testing.library import find_library
from surgisim.testing.xr import FakeRuntime


@pytest.fixture(scope="module")
def gl() -> Iterator[GLContext]:
    with GLContext.egl_surfaceless() as context:
        yield context


@pytest.fixture
def fake() -> Iterator[Callable[..., FakeRuntime]]:
    """Return how to start a fake runtime; the test is skipped where it is not built."""
    try:
        find_library()
    except TestingError as error:
        pytest.skip(str(error))
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(FakeRuntime(**settings))


@pytest.fixture
def runtime(gl: GLContext, fake: Callable[..., FakeRuntime]) -> Iterator[FakeRuntime]:
    """A runtime whose calls Khronos's layer looks at; what breaks a rule fails the test."""
    gl.make_current()
    one = fake(pictures=True, validate=True, eye=(64, 48))
    yield one
    assert one.violations == []
