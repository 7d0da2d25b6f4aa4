"""The command line starts quickly, and Ctrl-C ends it in one line whenever it comes."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

import surgisim
from surgisim.cli import parser

HEAVY = ("numpy", "scipy", "pydantic", "rich", "moderngl", "matplotlib", "surgisim._core")
INTERRUPT = """
import os, signal, sys
left = [int(sys.argv.pop(1))]

def count(event, _):
    if event == "import" and left[0] >= 0:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGINT)

from surgisim.cli import main
sys.addaudithook(count)
sys.exit(main(sys.argv[1:]))
"""


def loaded_by(*arguments: str) -> set[str]:
    """Names of what a command loads."""
    code = (
        "import sys; from surgisim.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("fly",)])
def test_the_first_answer_waits_for_no_library(arguments: tuple[str, ...]) -> None:
    assert not loaded_by(*arguments) & set(HEAVY)


def test_a_check_waits_for_no_library_that_it_does_not_use() -> None:
    loaded = loaded_by("check", "nowhere.yaml")
    assert "surgisim.procedure" in loaded
    assert not loaded & {"scipy", "moderngl", "matplotlib", "skimage", "rich"}


def test_commands_say_the_same_of_themselves_loaded_or_not() -> None:
    def told(top: argparse.ArgumentParser) -> str:
        return " ".join(top.format_help().split())

    assert told(parser([])) == told(parser())


def test_every_name_of_the_package_can_be_had() -> None:
    for name in surgisim.__all__:
        assert getattr(surgisim, name) is not None
    assert set(surgisim.__all__) <= set(dir(surgisim))
    with pytest.raises(AttributeError, match="nonsense"):
        surgisim.nonsense  # noqa: B018


@pytest.mark.parametrize("imports", [0, 3, 30, 100, 300, 600, 900])
def test_ctrl_c_ends_the_start_in_one_line(imports: int, tmp_path: Path) -> None:
    command = ["run", "liver_palpation", "--trainee", "careful", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT, str(imports), *command],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if not line.endswith(" ...")]
    assert told == ["surgisim: stopped"]
    assert done.returncode == 130
    assert done.stdout == ""
