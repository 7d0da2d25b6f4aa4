"""``surgisim xr doctor`` and ``run --view headset`` where there is no headset."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.session import Order

NOWHERE = {"XR_RUNTIME_JSON": "/nowhere/runtime.json"}


def surgisim(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "surgisim", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=env | NOWHERE | more,
    )


def test_the_doctor_says_why_there_is_no_headset() -> None:
    done = surgisim("xr", "doctor")
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
    assert "no OpenXR runtime is active" in done.stdout or "pyopenxr" in done.stdout


def test_without_a_headset_and_a_display_a_script_plays_without_a_view(
    tmp_path: Path, coarse_liver: Path
) -> None:
    done = surgisim(
        *("run", "liver_palpation", "--view", "headset", "--trainee", "dangerous"),
        *("--anatomy", str(coarse_liver), "--speed", "max", "--out", str(tmp_path / "out")),
    )
    assert done.returncode == 0, done.stderr
    told = done.stderr.splitlines()[0]
    assert told.startswith("surgisim: no headset: ")
    assert told.endswith("; going on without a view")
    assert json.loads((tmp_path / "out" / "result.json").read_text())["procedure"]


def test_without_a_headset_a_display_and_a_script_nobody_would_play(tmp_path: Path) -> None:
    done = surgisim("run", "liver_palpation", "--view", "headset", "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("surgisim: no headset: ")
    assert "going on" not in lines[0]
    assert "a person needs a window to play" in lines[1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--eye-scale", "9", "'9' is no such factor; give 0.25 to 2"),
        ("--eye-scale", "nan", "'nan' is no such factor; give 0.25 to 2"),
        ("--height-cm", "far", "'far' is no such height; give -100 to 100"),
    ],
)
def test_what_a_headset_cannot_do_is_refused_also_where_there_is_none(
    option: str, value: str, told: str, tmp_path: Path
) -> None:
    done = surgisim(
        *("run", "liver_palpation", "--view", "headset", "--trainee", "dangerous"),
        *(option, value, "--out", str(tmp_path / "out")),
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(f"argument {option}: {told}")


@pytest.mark.parametrize("view", ["none", "window", "auto"])
def test_other_views_load_no_headset(view: str) -> None:
    code = (
        "import sys; from surgisim.cli import parser; from surgisim.commands import run\n"
        f"given = parser().parse_args(['run', 'x', '--view', '{view}', '--trainee', 'careful'])\n"
        "run._view(given)\n"
        "print([n for n in ('xr', 'surgisim.xr', 'surgisim.session.headset') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_options_of_a_headset_are_told_to_do_nothing_without_one(
    ordered: list[Order], capsys: pytest.CaptureFixture[str]
) -> None:
    script = ["run", "liver_palpation", "--trainee", "careful"]
    main([*script, "--standing", "--eye-scale", "0.5", "--no-mirror"])
    told = capsys.readouterr().err.splitlines()
    nothing = "without --view headset nothing comes of --standing, --eye-scale, --no-mirror"
    assert told[0] == f"surgisim: {nothing}"
    assert len(ordered) == 1  # it is played all the same
    main(script)
    assert "nothing comes of" not in capsys.readouterr().err
