"""The chart of error against time is drawn from numbers that stand beside it."""

import importlib.util
import json
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parent.parent
IMAGES = REPOSITORY / "docs" / "images"


def test_the_chart_is_drawn_from_its_numbers(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "error_time", REPOSITORY / "benches" / "error_time.py"
    )
    assert spec is not None
    assert spec.loader is not None
    error_time = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(error_time)
    numbers = json.loads((IMAGES / "error_time.json").read_text(encoding="utf-8"))
    error_time.draw(numbers, tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as drawn, Image.open(IMAGES / "error_time.png") as kept:
        assert drawn.size == kept.size


def test_the_page_shows_the_chart() -> None:
    page = (REPOSITORY / "docs" / "physics.md").read_text(encoding="utf-8")
    assert "](images/error_time.png)" in page
    assert "benches/chart.py" in page
