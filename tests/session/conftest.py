"""OpenGL for the tests that draw sessions."""

import pytest

from surgisim.errors import RenderError
from surgisim.render.context import GLContext


@pytest.fixture(scope="module")
def gl() -> None:
    try:
        GLContext.offscreen().release()
    except RenderError as error:
        pytest.skip(f"no OpenGL without a display here: {error}")
