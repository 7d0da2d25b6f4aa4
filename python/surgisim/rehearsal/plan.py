"""What is rehearsed: which runs of which procedure."""

import hashlib
import importlib
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from surgisim.anatomy import is_built_in
from surgisim.errors import ProcedureError, SurgisimError
from surgisim.procedure import Problem, Procedure, companions, find
from surgisim.procedure.load import loads
from surgisim.procedure.source import UnreadableError, read_text
from surgisim.session.stock import stock_of
from surgisim.trainees import Skill, scripted

__all__ = ["Plan", "Run", "make_plan"]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One run: who plays, how able, from which seed."""

    trainee: str
    skill: float
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is rehearsed.

    Attributes
    ----------
    procedure, text
        The procedure, and its file as it was read.
    trainees, skills
        Who plays, and how able: every one of these at every one of those.
    seeds
        Each is played by each of them.
    anatomy
        Folder in place of the procedure's own, or None.
    files
        What the procedure names beside it: by name, the text.
    allow_behaviour
        Whether the procedure's own program may run.
    programs
        Of trainees of one's own, by name: digest of the file of their class.
    file
        The procedure as it was named: a shipped one, or a file.
    """

    procedure: Procedure
    text: str
    trainees: tuple[str, ...]
    skills: tuple[float, ...]
    seeds: range
    anatomy: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    allow_behaviour: bool = False
    programs: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def groups(self) -> list[tuple[str, float]]:
        """Who plays with which skill, in the order of the plan."""
        return [(trainee, skill) for trainee in self.trainees for skill in self.skills]

    def runs(self) -> Iterator[Run]:
        """All runs, seed by seed, so that what is stopped half way is even."""
        for seed in self.seeds:
            for trainee, skill in self.groups:
                yield Run(trainee, skill, seed)

    def __len__(self) -> int:
        return len(self.seeds) * len(self.groups)

    def command(self, run: Run) -> str:
        """Write the command that plays a run again, as a session with a report."""
        words = ["surgisim", "run", self.file or self.procedure.id, "--trainee", run.trainee]
        words += ["--seed", str(run.seed)]
        words += [] if run.skill == 1.0 else ["--skill", str(run.skill)]
        words += [] if self.anatomy is None else ["--anatomy", _short(self.anatomy)]
        return shlex.join([*words, *["--allow-behaviour"] * self.allow_behaviour])

    @property
    def fingerprint(self) -> str:
        """Sixteen digits that differ where the same run would give something else.

        Trainees of one's own are told apart run by run, see `programs`.
        """
        folder = self.anatomy or _folder_of(self.procedure)
        anatomy = None if folder is None else _digest(folder)
        files = [dict(self.files)] if self.files else []
        content = json.dumps([self.text, anatomy, *files]).encode()
        return hashlib.sha256(content).hexdigest()[:16]


def make_plan(
    procedure: str | Path,
    *,
    trainees: tuple[str, ...] = ("careful", "dangerous"),
    skills: tuple[float, ...] = (1.0,),
    runs: int = 20,
    seed_from: int = 1,
    anatomy: Path | None = None,
    allow_behaviour: bool = False,
) -> Plan:
    """Read the procedure and plan the runs.

    Parameters
    ----------
    procedure
        Name of a shipped one, or a file.
    trainees, skills
        Who plays, and how able.
    runs, seed_from
        How many seeds each of them plays, and the first.
    anatomy, allow_behaviour
        As for `surgisim run`.

    Raises
    ------
    SurgisimError
        Whatever is wrong with these, or with the procedure.
    """
    if runs < 1 or seed_from < 0:
        raise SurgisimError(
            f"{runs} runs from seed {seed_from} on cannot be played; give at least one run and "
            "seeds from 0 on"
        )
    if not trainees or not skills:
        raise SurgisimError("nobody plays; name at least one trainee and one skill")
    path = find(procedure)
    text = _text(path)
    read = loads(text, str(path), stock_of(anatomy), path.parent)
    if read.behaviour is not None and not allow_behaviour:
        raise SurgisimError(
            f"procedure '{read.id}' brings its own program, {read.behaviour}, which would run with "
            "your rights: read it, then rehearse with --allow-behaviour"
        )
    for trainee in trainees:
        scripted(trainee, np.random.default_rng(0), read.scene)  # not found out in every run
    for skill in skills:
        Skill.at(skill)
    return Plan(
        procedure=read,
        text=text,
        trainees=tuple(dict.fromkeys(trainees)),
        skills=tuple(sorted(set(skills), reverse=True)),
        seeds=range(seed_from, seed_from + runs),
        anatomy=None if anatomy is None else anatomy.resolve(),
        files=companions(read, path.parent),
        allow_behaviour=allow_behaviour,
        programs={one: _program(one) for one in trainees if ":" in one},
        file=str(procedure),
    )


def _program(trainee: str) -> str:
    """Digest of the file that a trainee of one's own is written in."""
    module = importlib.import_module(trainee.partition(":")[0])  # made before, so it is there
    file = getattr(module, "__file__", None)
    return "" if file is None else hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]


def _folder_of(procedure: Procedure) -> Path | None:
    """Folder of the anatomy that a procedure names; None for those made by formula."""
    named = procedure.scene.anatomy
    return None if is_built_in(named) else Path(named)


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except UnreadableError as error:
        problem = Problem(str(path), error.line, error.column, str(error))
        raise ProcedureError(str(problem)) from error


def _digest(folder: Path) -> str:
    """Digest of an anatomy folder's files."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _short(path: Path) -> str:
    """Write a path from the present folder on, where it lies there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
