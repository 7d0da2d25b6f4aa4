"""The rules of the house hold in this tree, and each notices a tree in which it does not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .house import RULES

REPOSITORY = Path(__file__).resolve().parent.parent
HEAVY = (
    "moderngl", "glfw", "xr", "surgisim.xr", "matplotlib", "skimage", "pytetwild",
    "sqlalchemy", "alembic", "cryptography",
)  # fmt: skip

SOUND = {
    "ARCHITECTURE.md": "`crates/softbody` `crates/haptics` `crates/surgisim-py` `python`\n"
    "`python/surgisim/errors.py` `python/surgisim/simulation.py` `python/surgisim/scoring`\n"
    "`crates` and `World::step` in `crates/softbody/src/world.rs`\n",
    "pyproject.toml": '[project]\ndependencies = ["ruamel.yaml>=0.18", "numpy"]\n',
    "crates/softbody/Cargo.toml": "[dependencies]\nlibm.workspace = true\n",
    "crates/softbody/src/world.rs": "// A note.\nstruct World;\n"
    "impl World { fn step(&self) {} }\n" + "fn f() {}\n" * 10 + '#[cfg(test)]\nprintln!("");\n',
    "crates/haptics/Cargo.toml": "[dependencies]\nsoftbody.workspace = true\n",
    "crates/haptics/src/lib.rs": "fn f() {}\n" * 10,
    "crates/surgisim-py/Cargo.toml": "[dependencies]\nhaptics.workspace = true\n",
    "crates/surgisim-py/src/lib.rs": "fn f() {}\n",
    "python/surgisim/__init__.py": "",
    "python/surgisim/errors.py": "",
    "python/surgisim/simulation.py": "import numpy as np\nfrom surgisim import _core\n",
    "python/surgisim/scoring/__init__.py": "from surgisim.scoring.metric import Metric\n",
    "python/surgisim/scoring/metric.py": "import ruamel.yaml\nfrom ..errors import MeshError\n",
}

CORE = "python/surgisim/errors.py"
SOFTBODY = "crates/softbody/Cargo.toml"
NUMPY = '[project]\ndependencies = ["numpy", "ruamel.yaml", '
BROKEN = [
    (CORE, "from surgisim import _core", "errors may not import _core"),
    (CORE, "def f():\n    import surgisim.scoring.metric", "errors may not import scoring"),
    (CORE, "from surgisim import TetMesh", "errors may not import __init__"),
    ("python/surgisim/scoring/metric.py", "from ..simulation import World", "import simulation"),
    ("python/surgisim/scoring/metric.py", "from . import x\nfrom .. import _core", "import _core"),
    (
        "python/surgisim/render/view.py",
        "from surgisim.simulation import World",
        "render may not import simulation",
    ),
    ("python/surgisim/session.py", "import surgisim._core", "session may not import _core"),
    ("python/surgisim/helpers.py", "", "helpers has no place"),
    ("python/surgisim/helpers.py", "", "does not name python/surgisim/helpers.py"),
    (CORE, "import requests", "requests is imported but not declared"),
    ("pyproject.toml", NUMPY + '"vtk>=9"]', "vtk is declared but not imported"),
    (
        SOFTBODY,
        "[dev-dependencies]\nhaptics.workspace = true",
        "softbody may not",
    ),
    (
        "crates/haptics/Cargo.toml",
        "[target.'cfg(unix)'.dependencies]\nsurgisim-py.workspace = true",
        "crates/haptics may not depend on surgisim-py",
    ),
    ("crates/utils/Cargo.toml", "[package]", "crates/utils has no place"),
    ("crates/surgisim-py/src/lib.rs", "fn f() {}\n" * 4, "of the lines it binds"),
    ("crates/softbody/src/clock.rs", "use std::time::Instant;", "std::time"),
    ("crates/softbody/src/clock.rs", 'fn f() { println!("x"); }', "println!"),
    ("ARCHITECTURE.md", "", "does not name crates/haptics"),
    ("ARCHITECTURE.md", SOUND["ARCHITECTURE.md"] + "`docs/old.md`", "docs/old.md, which"),
    ("ARCHITECTURE.md", SOUND["ARCHITECTURE.md"] + "`World::fly`", "World::fly, which"),
    ("docs.md", "see https://pypi.org/project/x", "docs.md:1"),
    ("Makefile", "curl https://sh.rustup.rs", "Makefile:1"),
    ("data.toml", "\npath = '../shared/data'", "data.toml:2"),
]


def _write(root: Path, tree: dict[str, str]) -> None:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Callable[[Path], list[str]]) -> None:
    assert rule(REPOSITORY) == []


def test_a_sound_tree_breaks_no_rule(tmp_path: Path) -> None:
    _write(tmp_path, SOUND)
    assert [fault for rule in RULES for fault in rule(tmp_path)] == []


@pytest.mark.parametrize(("path", "text", "fault"), BROKEN, ids=[case[2] for case in BROKEN])
def test_a_broken_rule_is_noticed(tmp_path: Path, path: str, text: str, fault: str) -> None:
    _write(tmp_path, SOUND | {path: text})
    found = [line for rule in RULES for line in rule(tmp_path)]
    assert any(fault in line for line in found), found


@pytest.mark.parametrize(
    "modules", ["surgisim", "surgisim.procedure, surgisim.scoring", "surgisim.testing.xr"]
)
def test_importing_loads_no_graphics(modules: str) -> None:
    code = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"
