"""What is read when a session has ended: score, verdict, the lines that tell most, the report."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from surgisim.render import Hud
from surgisim.report.page import verdict
from surgisim.report.words import points
from surgisim.scoring import ScoreLine
from surgisim.scoring.metric import shown
from surgisim.session.debrief import Debriefing

__all__ = ["SHOWN_S", "Closing", "closing_hud", "closing_of", "writing_hud"]

SHOWN_S = 12.0
"""How long it is shown where nobody may be there to close it."""

_TELLING = 3
_TITLES = {
    "passed": "Passed",
    "failed": "Not passed",
    "practice": "Practised",
    "interrupted": "Interrupted",
}


@dataclass(frozen=True, slots=True)
class Closing:
    """What a session came to, in a few lines.

    Attributes
    ----------
    title, verdict
        Outcome with the score, and one sentence why.
    lines
        What decided the score most: points, and what for.
    report
        The debriefing's file.
    """

    title: str
    verdict: str
    lines: tuple[tuple[str, str], ...]
    report: Path


def closing_of(debriefing: Debriefing) -> Closing:
    """Choose what is told of a debriefing."""
    data = debriefing.data
    score = data.score
    return Closing(
        title=f"{_TITLES[data.outcome]}: {points(score.total)} of {points(score.out_of)} points",
        verdict=verdict(data),
        lines=_telling(score.lines),
        report=debriefing.report,
    )


def _telling(lines: Sequence[ScoreLine]) -> tuple[tuple[str, str], ...]:
    """Take the lines that cost most points; of those that cost the same, the weightiest."""
    dearest = sorted(lines, key=lambda line: (line.points - line.out_of, -line.out_of))
    return tuple((_points(line), _text(line)) for line in dearest[:_TELLING])


def _points(line: ScoreLine) -> str:
    is_mistake = line.out_of == 0.0
    return points(line.points) if is_mistake else f"{points(line.points)} of {points(line.out_of)}"


def _text(line: ScoreLine) -> str:
    is_mistake = line.out_of == 0.0
    return line.text if is_mistake else f"{line.title}: {shown(line.value, line.unit)}"


def writing_hud() -> Hud:
    """Say that the session is over while its debriefing is being written."""
    return Hud(title="The session is over", message="The debriefing is being written.")


def closing_hud(closing: Closing, keys: Sequence[tuple[str, str]], told: str = "") -> Hud:
    """Write a closing over the picture.

    Parameters
    ----------
    closing
        What is told.
    keys
        What can be done now: keys and their meanings.
    told
        One quiet line more.
    """
    report = ("report", f"written to {_short(closing.report)}")
    lines = (*closing.lines, ("", ""), report, *keys)
    return Hud(title=closing.title, message=closing.verdict, help_lines=lines, hint=told)


def _short(path: Path) -> str:
    """Write a path from the present folder on, where it lies there."""
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)
