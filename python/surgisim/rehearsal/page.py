"""The page of a rehearsal: one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.errors import RecordError
from surgisim.rehearsal.charts import curve_svg, rates_svg, scores_svg, variable_of
from surgisim.rehearsal.plan import Plan
from surgisim.rehearsal.rehearse import Rehearsal
from surgisim.rehearsal.summary import mistakes_of
from surgisim.rehearsal.words import clock, mean, percent, share, titled
from surgisim.trainees import Skill

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["PAGE_FILE", "render_page", "write_page"]

PAGE_FILE = "rehearsal.html"
_HERE = Path(__file__).parent
_REPORT = _HERE.parent / "report"  # whose style the page shares


def write_page(rehearsal: Rehearsal, plan: Plan, out: Path) -> Path:
    """Write the page into a folder; it appears whole or not at all. Returns its path.

    Raises
    ------
    RecordError
        It cannot be written.
    """
    path = out / PAGE_FILE
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_text(render_page(rehearsal, plan), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise RecordError(
            f"the page {path} cannot be written: {error.strerror or error}; choose another --out"
        ) from error
    return path


def render_page(rehearsal: Rehearsal, plan: Plan) -> str:
    """Make the page as HTML text; the same rehearsal gives the same text."""
    summary, procedure = rehearsal.summary, plan.procedure
    titles = {step.id: step.title for step in procedure.steps}
    titles |= {one.id: one.title for one in procedure.complications}
    titles |= mistakes_of(procedure)
    rates = [
        (heading, rates_svg(key, summary.groups, key, titles))
        for heading, key in (
            ("Steps done", "steps"),
            ("Complications met", "complications"),
            ("Mistakes made", "errors"),
        )
        if summary.groups and getattr(summary.groups[0], key)
    ]
    several = len(plan.skills) > 1 and summary.groups
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=procedure.title,
            summary=summary,
            verdict=rehearsal.verdict,
            seeds=plan.seeds,
            again=plan.command(next(plan.runs())),
            anatomy="" if plan.anatomy is None else plan.anatomy.name,
            titles=titles,
            lines=[(line.id, line.title, line.weight) for line in procedure.scoring.lines],
            scores=scores_svg(summary) if summary.groups else "",
            curve=curve_svg(summary.groups, summary.pass_mark) if several else "",
            rates=rates,
            whole=all(summary.group(name, 1.0) for name in ("careful", "dangerous")),
            key=[(trainee, variable_of(trainee)) for trainee in plan.trainees],
            lacks=[(skill, Skill.at(skill)) for skill in plan.skills if skill < 1.0],
        )
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([_HERE, _REPORT]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clock=clock, interval=mean, percent=percent, share=share, titled=titled
    )
    return environment
