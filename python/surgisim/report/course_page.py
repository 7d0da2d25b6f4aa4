"""Where a trainee stands in a course, as one HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from surgisim.report.cusum_plot import cusum_svg
from surgisim.report.words import percent
from surgisim.scoring.proficiency import CusumChart

__all__ = ["CoursePage", "ModuleRow", "RunRow", "course_page"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: its number among those that count, or None; what it was, its name, why."""

    number: int | None
    success: bool
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module: what people read of it, its runs, and its CUSUM where it has one."""

    id: str
    title: str
    text: str
    state: str
    progress: str
    source: str
    runs: tuple[RunRow, ...]
    cusum: CusumChart | None


@dataclass(frozen=True, slots=True)
class CoursePage:
    """What the page shows; `trainee` is a label or a pseudonym, None where nobody is named."""

    title: str
    course: str
    version: str
    trainee: str | None
    briefing: str
    next: str
    modules: tuple[ModuleRow, ...]


def course_page(data: CoursePage) -> str:
    """Make the page as HTML text; the same data gives the same text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    charts = {one.id: _chart(one) for one in data.modules}
    return environment.get_template("course_page.html.j2").render(data=data, charts=charts)


def _chart(module: ModuleRow) -> Markup:
    if module.cusum is None or not module.cusum.sums:
        return Markup("")
    return cusum_svg(module.id, module.cusum)
