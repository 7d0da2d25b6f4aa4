"""The example of docs/testing_xr.md runs as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing_xr.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.skipif(sys.platform == "darwin", reason="pyopenxr has no loader for macOS")
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_runs(example: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_setting_that_the_page_lists_can_be_set() -> None:
    source = Path(PAGE.parent.parent, "crates", "fakexr", "src", "settings.rs")
    known = set(re.findall(r'^ {12}"([a-z_]+)"', source.read_text("utf-8"), flags=re.MULTILINE))
    text = PAGE.read_text(encoding="utf-8")
    listed = text[text.index("Settings:") : text.index("## What a test reads")]
    assert set(re.findall(r"`([a-z_]+)`", listed)) == known
