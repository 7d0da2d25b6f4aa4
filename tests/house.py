"""The rules of the house, as functions of a source tree that return what breaks them."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TYPES = {"errors", "nearest", "snapshot", "vectors", "scope", "visibility", "viewpoints"}
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "nearest": set(),
    "snapshot": set(),
    "vectors": {"snapshot"},
    "scope": set(),
    "visibility": {"scope"},
    "viewpoints": {"scope", "visibility"},
    "simulation": TYPES | {"_core"},
    "run": TYPES | {"simulation"},
    "anatomy": TYPES | {"simulation"},
    "procedure": TYPES,
    "authoring": TYPES | {"procedure"},
    "scoring": TYPES,
    "course": TYPES | {"procedure", "scoring"},
    "record": TYPES | {"scoring"},
    "xapi": TYPES | {"record"},
    "rig": TYPES,
    "store": TYPES | {"record", "scoring"},
    "render": {"errors", "vectors", "scope", "simulation.fine_surface"},
    "explore": TYPES | {"anatomy", "render", "simulation.fine_surface"},
    "report": TYPES | {"record", "scoring", "render"},
    "trainees": TYPES | {"render"},
    "xr": TYPES | {"render", "__init__"},
    "bench": TYPES | {"simulation", "run"},
    "testing": {"errors"},
    "__init__": TYPES | {"simulation", "run", "anatomy"},
}
"""Which module or package of `surgisim` may import which others, or one module of another."""
ROOMS["session"] = set(ROOMS)
ROOMS["rehearsal"] = set(ROOMS)
ROOMS["commands"] = set(ROOMS)
ROOMS["cli"] = set(ROOMS)
ROOMS["__main__"] = {"cli"}

CRATES: dict[str, set[str]] = {
    "softbody": set(),
    "haptics": {"softbody"},
    "fakexr": set(),
    "surgisim-py": {"softbody", "haptics"},
}
"""Which crate may depend on which others of this workspace."""

DISTRIBUTIONS = {
    "PIL": "pillow",
    "argon2": "argon2-cffi",
    "ruamel": "ruamel-yaml",
    "skimage": "scikit-image",
    "xr": "pyopenxr",
}
"""Distributions whose name is not that of the module they bring."""

DEVELOPMENT = {"dev", "peers"}
"""Extras of which the package itself imports nothing."""

BINDING_SHARE = 0.15
"""The binding's lines over the lines of the crates that it binds, at most."""

IMPURE = re.compile(r"\bstd::(time|thread|fs|io|net|process|env)\b|\b(e?print(ln)?|dbg)!")
"""What `softbody` never uses: clock, thread, file, log."""

GENERATED = {"target", "out", "dist", "__pycache__", ".git"}
TEXT = {".py", ".pyi", ".rs", ".md", ".toml", ".yaml", ".css", ".j2", ".glsl", ".vert", ".frag", ""}
SELF = {"tests/house.py", "tests/test_architecture.py"}
FOREIGN = {
    r"\b(pypi\.org|pythonhosted\.org|crates\.io|rustup\.rs|npmjs\.\w+|anaconda\.org)\b"
    r"|\b(deb|security)\.debian\.org|github\.com/\S+/releases/": {"Cargo.lock"} | SELF,
    r"\.\./shared|/work/": {"tests/conftest.py"} | SELF,
}
"""What no file names, and the files excepted: hosts of packages, paths of one machine."""

PLACES = re.compile(
    r"`((?:\.ci|benches|courses|crates|docs|procedures|python|tests)(?:/[\w.-]+)*/?)`"
)
ITEMS = re.compile(r"`(\w+(?:::\w+)+)`")


def room_of(path: Path, package: Path) -> str:
    """Name the module or sub-package directly under `package` that holds `path`."""
    return path.relative_to(package).parts[0].removesuffix(".py")


def imports(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every import in a file, wherever in the file it stands."""
    home = (package.name, *path.relative_to(package).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(home[: len(home) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def import_directions(root: Path) -> list[str]:
    """Return imports that go against the table `ROOMS`."""
    package = root / "python" / "surgisim"
    wrong = []
    for path in sorted(package.rglob("*.py")):
        room = room_of(path, package)
        where = path.relative_to(root)
        if room not in ROOMS:
            wrong.append(f"{where}: {room} has no place in the table of rooms")
            continue
        for line, name in imports(path, package):
            head, _, rest = name.partition(".")
            if head != "surgisim":
                continue
            used = rest.split(".")[0]
            if used not in ROOMS and used != "_core":
                used = "__init__"  # a name that the package itself offers
            if used != room and not ROOMS[room] & {used, ".".join(rest.split(".")[:2])}:
                wrong.append(f"{where}:{line}: {room} may not import {used}")
    return wrong


def requirements(root: Path) -> list[str]:
    """Return third-party modules imported but not declared, and those declared but not imported."""
    package = root / "python" / "surgisim"
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared, optional = (
        {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", line)[0]).lower() for line in lines}
        for lines in (project["dependencies"], _extras(project))
    )
    used = {
        name.split(".")[0] for path in package.rglob("*.py") for _, name in imports(path, package)
    }
    used -= sys.stdlib_module_names | {"surgisim"}
    used = {DISTRIBUTIONS.get(name, name).replace("_", "-").lower() for name in used}
    return [
        f"pyproject.toml: {name} is imported but not declared"
        for name in used - declared - optional
    ] + [f"pyproject.toml: {name} is declared but not imported" for name in declared - used]


def _extras(project: dict[str, Any]) -> list[str]:
    """Return what the package can do without: extras, but those for development."""
    extras = project.get("optional-dependencies", {})
    return [line for name, lines in extras.items() if name not in DEVELOPMENT for line in lines]


def crate_directions(root: Path) -> list[str]:
    """Return dependencies between crates that go against the table `CRATES`."""
    wrong = []
    for manifest in sorted((root / "crates").glob("*/Cargo.toml")):
        crate = manifest.parent.name
        if crate not in CRATES:
            wrong.append(f"crates/{crate} has no place in the table of crates")
            continue
        content = tomllib.loads(manifest.read_text(encoding="utf-8"))
        tables = [content, *content.get("target", {}).values()]
        kinds = ("dependencies", "dev-dependencies", "build-dependencies")
        named = {name for table in tables for kind in kinds for name in table.get(kind, {})}
        wrong += [
            f"crates/{crate} may not depend on {other}"
            for other in sorted(named & CRATES.keys() - CRATES[crate])
        ]
    return wrong


def shipped_lines(path: Path) -> list[tuple[int, str]]:
    """Return the numbered lines of a Rust file that are neither empty nor test."""
    lines = path.read_text(encoding="utf-8").splitlines()
    # Tests stand at the end of a file.
    end = next((i for i, line in enumerate(lines) if line.strip() == "#[cfg(test)]"), len(lines))
    numbered = [(number, line.strip()) for number, line in enumerate(lines[:end], start=1)]
    return [(number, line) for number, line in numbered if line]


def sources(root: Path, crate: str) -> list[Path]:
    """Return the files of a crate that are not tests."""
    files = sorted((root / "crates" / crate / "src").rglob("*.rs"))
    return [path for path in files if path.name != "tests.rs"]


def binding_size(root: Path) -> list[str]:
    """Return whether the binding is more than a thin one."""
    lines = {
        crate: sum(len(shipped_lines(path)) for path in sources(root, crate)) for crate in CRATES
    }
    bound = lines["softbody"] + lines["haptics"]
    share = lines["surgisim-py"] / bound
    if share <= BINDING_SHARE:
        return []
    return [
        f"crates/surgisim-py has {share:.1%} of the lines it binds, {BINDING_SHARE:.0%} at most"
    ]


def purity(root: Path) -> list[str]:
    """Return uses of clock, thread, file or log in `softbody`."""
    return [
        f"{path.relative_to(root)}:{number}: {line}"
        for path in sources(root, "softbody")
        for number, line in shipped_lines(path)
        if IMPURE.search(line) and not line.startswith("//")
    ]


def holds_files(path: Path) -> bool:
    """Return whether `path` is a folder that a clone would have."""
    return not path.name.startswith(".") and any(file.is_file() for file in path.rglob("*"))


def map_of_the_house(root: Path) -> list[str]:
    """Return what ARCHITECTURE.md does not name although it exists, and the other way round."""
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = {name.rstrip("/") for name in PLACES.findall(text)}
    package = root / "python" / "surgisim"
    folders = [*root.iterdir(), *(root / "crates").iterdir(), *package.iterdir()]
    present = {
        path.relative_to(root).as_posix()
        for path in folders
        if not path.is_symlink()
        and path.name not in GENERATED | {"__init__.py"}
        and (path.suffix == ".py" or holds_files(path))
    }
    rust = "\n".join(path.read_text("utf-8") for crate in CRATES for path in sources(root, crate))
    words = set(re.findall(r"\w+", rust)) | {name.replace("-", "_") for name in CRATES}
    return (
        [f"ARCHITECTURE.md does not name {name}" for name in sorted(present - named)]
        + [
            f"ARCHITECTURE.md names {name}, which does not exist"
            for name in sorted(named)
            if not (root / name).exists()
        ]
        + [
            f"ARCHITECTURE.md names {item}, which does not exist"
            for item in ITEMS.findall(text)
            if not set(item.split("::")) <= words
        ]
    )


def files(root: Path) -> Iterator[Path]:
    """Yield the project's own files: nothing built, nothing hidden but the CI's."""
    for path in sorted(root.iterdir()):
        if path.name in GENERATED or path.is_symlink():
            continue
        if path.is_dir():
            if not path.name.startswith(".") or path.name in {".ci", ".github"}:
                yield from files(path)
        else:
            yield path


def foreign_text(root: Path) -> list[str]:
    """Return where the text names a place that a clone of the project does not have."""
    wrong = []
    for path in files(root):
        if path.suffix not in TEXT:
            continue
        where = path.relative_to(root).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        for pattern, excepted in FOREIGN.items():
            if where not in excepted:
                wrong += [
                    f"{where}:{number}: {line.strip()}"
                    for number, line in enumerate(lines, start=1)
                    if re.search(pattern, line)
                ]
    return wrong


RULES = (
    import_directions,
    requirements,
    crate_directions,
    binding_size,
    purity,
    map_of_the_house,
    foreign_text,
)
