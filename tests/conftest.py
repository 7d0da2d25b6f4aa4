"""Fixtures for all tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim import anatomy

REPOSITORY = Path(__file__).resolve().parent.parent


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
