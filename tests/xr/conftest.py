"""Fixtures of the tests that go through the real OpenXR loader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

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
def runtime(gl: GLContext) -> Iterator[FakeRuntime]:
    """A runtime whose calls Khronos's layer looks at; what breaks a rule fails the test."""
    gl.make_current()
    with FakeRuntime(pictures=True, validate=True, eye=(64, 48)) as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
def fake() -> Iterator[Callable[..., Any]]:
    """Start a runtime with settings of the test's own; skipped where it is not built."""
    try:
        find_library()
    except TestingError as error:
        pytest.skip(str(error))
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(FakeRuntime(**settings))
