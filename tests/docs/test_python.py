"""Every Python block of the documents runs; what a block is said to print, it prints.

The blocks of a page run one after the other in one process, as a reader would type them. What a
page leaves to the reader stands in a file of `tests/docs/before`.
"""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import pytest

from .blocks import REPOSITORY, Block, blocks_of, named

ELSEWHERE = {"testing_xr.md": "tests/xr/test_document.py"}  # it needs the headset made of numbers
BEFORE = Path(__file__).parent / "before"
MARK = "-- block of line {} --"


def pages() -> list[str]:
    return sorted({block.page for block in named("python")} - ELSEWHERE.keys())


def script_of(page: str) -> str:
    """The blocks of a page as one program that tells where each begins."""
    before = BEFORE / page.replace(".md", ".py")
    parts = [before.read_text(encoding="utf-8")] if before.exists() else []
    for block in named("python"):
        if block.page == page:
            parts += [f"print({MARK.format(block.line)!r}, flush=True)", block.text]
    return "\n".join(parts)


def printed(page: str, folder: Path) -> dict[int, str]:
    """What each block of a page prints, by its line."""
    for block in blocks_of(_path(page)):
        if block.language == "csv":
            (folder / "points.csv").write_text(block.text, encoding="utf-8")
    env = os.environ | {
        "SURGISIM_FFMPEG": imageio_ffmpeg.get_ffmpeg_exe(),
        # Not the store, the key and the outbox of whoever runs the tests.
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    command = [sys.executable, "-W", "error", "-c", script_of(page)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    parts = re.split(MARK.format(r"(\d+)") + r"\n", done.stdout)[1:]
    return {int(line): text for line, text in zip(parts[::2], parts[1::2], strict=True)}


def _path(page: str) -> Path:
    return REPOSITORY / page if page == "README.md" else REPOSITORY / "docs" / page


def said_to_print(page: str) -> list[tuple[Block, str]]:
    """Blocks that are followed by "prints" and what they print."""
    all_of_it = blocks_of(_path(page))
    return [
        (block, after.text)
        for block, after in itertools.pairwise(all_of_it)
        if block.language == "python" and after.told == "prints"
    ]


@pytest.mark.parametrize("page", [page for page in pages() if page != "README.md"])
def test_the_blocks_of_a_page_run(page: str, tmp_path: Path) -> None:
    out = printed(page, tmp_path)
    for block, told in said_to_print(page):
        assert out[block.line] == told


def test_the_examples_of_the_readme_tell_sensible_numbers(tmp_path: Path) -> None:
    first, turned, touched, broke, parted = printed("README.md", tmp_path).values()
    force, support = (float(number) for number in re.findall(r"(-?[\d.]+) N", first))
    assert 0.0 < force < support  # the support carries the block's weight, too
    assert float(re.findall(r"([\d.]+) mN m", turned)[0]) > 0.5
    carries, weight = (float(number) for number in re.findall(r"([\d.]+) N", touched))
    assert carries == pytest.approx(weight, rel=0.01)
    assert float(re.findall(r"([\d.]+) N", broke)[0]) == pytest.approx(0.5, rel=0.1)
    assert int(parted.split()[0]) > 20


def test_what_runs_elsewhere_does() -> None:
    for page, test in ELSEWHERE.items():
        assert page in (REPOSITORY / test).read_text(encoding="utf-8")


def test_no_preamble_is_left_over() -> None:
    assert {path.stem + ".md" for path in BEFORE.glob("*.py")} <= set(pages())
