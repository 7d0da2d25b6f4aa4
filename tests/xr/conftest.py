"""A headset made of numbers, where its library is built."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest


@pytest.fixture
def fake() -> Iterator[Callable[..., Any]]:
    """Return how to start a fake runtime; the test is skipped where it is not built."""
    pytest.importorskip("xr", reason="pyopenxr is not installed", exc_type=ImportError)
    from surgisim.errors import TestingError
    from surgisim.testing.library import find_library
    from surgisim.testing.xr import FakeRuntime

    try:
        find_library()
    except TestingError as error:
        pytest.skip(str(error))
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(FakeRuntime(**settings))
