"""Reading a course file, with every mistake at its line and column."""

from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from surgisim.course.check import check
from surgisim.course.model import Course
from surgisim.errors import ProcedureError
from surgisim.nearest import suggest
from surgisim.procedure import Problem, Procedure
from surgisim.procedure import find as find_procedure
from surgisim.procedure import load as load_procedure
from surgisim.procedure import shipped as shipped_procedures
from surgisim.procedure.fit import tell_all
from surgisim.procedure.source import Places, UnreadableError, parse, plain, read_text

__all__ = ["find", "is_course", "load", "problems_of", "procedure_of", "shipped"]

_NO_KEYS = "a course is a set of keys, beginning with 'surgisim: course@1'"


def load(path: Path | str) -> Course:
    """Read a course.

    Raises
    ------
    ProcedureError
        With every mistake of the file, one a line.
    """
    course, problems = _read(Path(path))
    if course is None or problems:
        raise ProcedureError("\n".join(str(problem) for problem in problems))
    return course


def problems_of(path: Path | str) -> list[Problem]:
    """Every mistake of a file, in the order of its lines; empty when it is sound."""
    return _read(Path(path))[1]


def is_course(path: Path) -> bool:
    """Whether a file says that it is a course; False where it cannot be read."""
    try:
        lines = read_text(path).splitlines()
    except UnreadableError:
        return False
    first = next((line for line in lines if line.startswith("surgisim:")), "")
    return first.removeprefix("surgisim:").strip().strip("'\"").startswith("course")


def _shelf() -> Path:
    """Locate the folder of the shipped courses."""
    return Path(str(resources.files("surgisim"))) / "courses"


def shipped() -> list[str]:
    """Names of the courses that come with surgisim."""
    return sorted(path.stem for path in _shelf().glob("*.yaml"))


def find(name: Path | str) -> Path:
    """Find the file of a course: by its path, or by the name of a shipped one.

    Raises
    ------
    ProcedureError
        When there is neither.
    """
    path, known = Path(name), shipped()
    try:
        if path.is_file():
            return path
    except OSError:  # a name that is too long
        pass
    if path.stem in known and str(path) in (path.stem, f"{path.stem}.yaml"):
        return _shelf() / f"{path.stem}.yaml"
    raise ProcedureError(
        f"no course '{name}'{suggest(path.stem, known)}: give the path of a YAML file or one of "
        f"{', '.join(known)}"
    )


def procedure_of(name: str, folder: Path) -> Procedure | str:
    """Find a module's procedure: a shipped one, or a file beside the course; else say why not."""
    beside, known = folder / name, shipped_procedures()
    try:
        path = beside if beside.is_file() else find_procedure(name)
    except (OSError, ProcedureError):
        hint = suggest(Path(name).stem, known)
        return f"no procedure '{name}'{hint}: name a shipped one, or a file beside the course"
    try:
        return load_procedure(path)
    except ProcedureError as error:
        count = len(str(error).splitlines())
        what = "a mistake" if count == 1 else f"{count} mistakes"
        return f"the procedure '{name}' has {what} of its own: `surgisim check {path}` tells them"


def _read(path: Path) -> tuple[Course | None, list[Problem]]:
    name = str(path)
    try:
        source = read_text(path)
        root = parse(source, _NO_KEYS)
        written = plain(root)
    except UnreadableError as error:
        return None, [Problem(name, error.line, error.column, str(error))]
    places = Places(root, source)
    try:
        course = Course.model_validate(written)
    except ValidationError as error:
        found = [(tuple(one["loc"]), one) for one in error.errors(include_url=False)]
        told = tell_all(found, written, Course)
        problems = {
            Problem(name, *(places.key(at) if at_key else places.value(at)), text)
            for at, text, at_key in told
        }
        return None, sorted(problems)
    findings = check(course, lambda one: procedure_of(one, path.parent))
    return course, sorted({Problem(name, *places.value(one.path), one.message) for one in findings})
