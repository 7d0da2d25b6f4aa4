"""``surgisim course``: where a trainee stands in a course."""

import argparse
import itertools
import json
from pathlib import Path

from surgisim.commands.past_runs import PastRun, runs_below, runs_in_store
from surgisim.commands.store_options import add_store_options, store_of
from surgisim.commands.wrapping import columns, terminal_width, wrapped
from surgisim.course import Course, CourseStanding, ModuleStanding, find, load, shipped, standing
from surgisim.course.load import procedure_of
from surgisim.course.words import doing, progress
from surgisim.errors import ProcedureError, RecordError
from surgisim.record.past import PERSON
from surgisim.report.course_page import CoursePage, ModuleRow, RunRow, course_page

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "course",
        help="say where a trainee stands in a course",
        description="Courses: modules, each a procedure that is repeated until proficient.",
    )
    below = p.add_subparsers(dest="course_command", required=True, metavar="COMMAND")
    listed = below.add_parser("list", help="list the shipped courses")
    listed.set_defaults(work=_list)
    s = below.add_parser(
        "status",
        help="say where a trainee stands",
        description="Judge a trainee's sessions by the rules of a course.",
    )
    s.add_argument("course", metavar="COURSE", help="name of a shipped course, or a YAML file")
    s.add_argument(
        "--sessions",
        type=Path,
        metavar="DIR",
        help="take the sessions below this folder, not those of the store of records",
    )
    s.add_argument(
        "--trainee",
        metavar="NAME",
        help="whose: in a folder as the records say; in the store a pseudonym's first digits, or "
        "id: and the local id (default: who is signed in)",
    )
    add_store_options(s)
    s.add_argument("--runs", action="store_true", help="show every run and what kept it back")
    s.add_argument("--json", action="store_true", help="for programs")
    s.add_argument(
        "--out", type=Path, metavar="FILE", help="write it as one HTML file, with charts"
    )
    s.set_defaults(work=_status)


def _list(_: argparse.Namespace) -> int:
    rows = [("name", "version", "modules", "title")]
    for name in shipped():
        one = load(find(name))
        rows.append((name, one.version, str(len(one.modules)), one.title))
    print(columns(rows, terminal_width()))
    return 0


def _status(given: argparse.Namespace) -> int:
    path = find(given.course)
    course = load(path)
    past, whose = _runs(given)
    found = standing(course, _ids(course, path.parent), past)
    if given.out is not None:
        _write(found, past, whose, given.out)
    elif given.json:
        print(json.dumps({"trainee": whose, **_data(found, past)}, indent=2))
    else:
        _tell(found, past, runs=given.runs)
    return 0


def _runs(given: argparse.Namespace) -> tuple[list[PastRun], str | None]:
    """Find the runs, and whose they are: a label of the records or a pseudonym, or nobody named."""
    if given.sessions is not None:
        past = runs_below(given.sessions, given.trainee)
        label = past[0].trainee if past else given.trainee
        return past, None if label in ("", PERSON) else label
    from surgisim.store.desk import shown_person

    store = store_of(given)
    who = store.actor.person if given.trainee is None else store.find_person(given.trainee)
    if who is None:
        raise RecordError("nobody is signed in to the store: name a --trainee, or give --sessions.")
    return runs_in_store(store, who), shown_person(who)


def _ids(course: Course, folder: Path) -> dict[str, str]:
    """Id of each procedure by what the course calls it."""
    ids = {}
    for module in course.modules:
        found = procedure_of(module.procedure, folder)
        if isinstance(found, str):
            raise ProcedureError(found)
        ids[module.procedure] = found.id
    return ids


def _write(found: CourseStanding, past: list[PastRun], whose: str | None, out: Path) -> None:
    page = course_page(
        CoursePage(
            title=found.course.title,
            course=found.course.id,
            version=found.course.version,
            trainee=whose,
            briefing=found.course.briefing,
            next=_next(found),
            modules=tuple(_row(one, past) for one in found.modules),
        )
    )
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RecordError(f"{out} cannot be written: {error.strerror or error}.") from error
    print(f"course: {out}")


def _row(one: ModuleStanding, past: list[PastRun]) -> ModuleRow:
    numbers = itertools.count(1)
    return ModuleRow(
        id=one.module.id,
        title=one.module.title,
        text=one.module.text,
        state=one.state,
        progress=progress(one),
        source=one.module.proficient.source,
        runs=tuple(
            RunRow(
                number=next(numbers) if run.counts else None,
                success=run.success,
                name=past[run.number].name,
                why="; ".join(run.why),
            )
            for run in one.runs
        ),
        cusum=one.cusum,
    )


def _next(found: CourseStanding) -> str:
    return "the course is done" if found.done else doing(found)


def _tell(found: CourseStanding, past: list[PastRun], *, runs: bool) -> None:
    width = terminal_width()
    print(f"{found.course.title} ({found.course.id}, version {found.course.version})")
    rows = [
        (f"{number}", one.module.title, one.state, progress(one))
        for number, one in enumerate(found.modules, start=1)
    ]
    print(columns(rows, width))
    if runs:
        for one in found.modules:
            _tell_runs(one, past)
    print(wrapped(_next(found), width))


def _tell_runs(one: ModuleStanding, past: list[PastRun]) -> None:
    if not one.runs:
        return
    print(f"\n{one.module.title}")
    rows = []
    number = 0
    for run in one.runs:
        number += run.counts
        word = "success" if run.success else "no success" if run.counts else "left out"
        label = str(number) if run.counts else "-"
        folder = past[run.number].name
        rows.append((label, word, folder, "; ".join(run.why)))
    print(columns(rows, terminal_width()))


def _data(found: CourseStanding, past: list[PastRun]) -> dict[str, object]:
    return {
        "course": found.course.id,
        "version": found.course.version,
        "done": found.done,
        "next": None if found.next is None else found.next.module.id,
        "modules": [_module(one, past) for one in found.modules],
    }


def _module(one: ModuleStanding, past: list[PastRun]) -> dict[str, object]:
    chart = one.cusum
    cusum = None
    if chart is not None:
        rule = chart.rule
        cusum = {
            "p0": rule.p0,
            "p1": rule.p1,
            "alpha": rule.alpha,
            "beta": rule.beta,
            "reset": rule.reset,
            "h0": rule.h0,
            "h1": rule.h1,
            "sums": list(chart.sums),
        }
    return {
        "id": one.module.id,
        "state": one.state,
        "done_at": one.done_at,
        "waits_for": [need.id for need in one.waits_for],
        "successes": sum(run.success for run in one.counted),
        "cusum": cusum,
        "runs": [
            {
                "session": past[run.number].name,
                "counts": run.counts,
                "success": run.success,
                "why": list(run.why),
            }
            for run in one.runs
        ],
    }
