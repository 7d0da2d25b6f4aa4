"""A rehearsal in the terminal: a bar while it goes on, tables when it is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from surgisim.commands.wrapping import columns, wrapped
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.rehearse import Rehearsal
from surgisim.rehearsal.summary import Group, Summary
from surgisim.rehearsal.words import clock, left, mean, percent, share, titled

__all__ = ["as_text", "counting"]

_EVERY = 10  # lines in all where there is no terminal to draw a bar on
_GROUPS = 6  # groups side by side; more are on the page
_WITH_INTERVALS = 3  # groups whose intervals have room


@contextmanager
def counting(
    planned: int, clock_s: Callable[[], float], *, practice: bool = False
) -> Iterator[Callable[[Outcome], None]]:
    """Give a callback for every outcome that draws one bar on stderr, with rate and time left.

    Where stderr is no terminal a line is written after every tenth of the runs. Runs that were done
    before come at once and do not count in the rate.
    """
    console = Console(stderr=True)
    layout = (
        TextColumn("rehearsing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*layout, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=planned, rate="")
        pace = _Pace(planned, clock_s, "at the goal" if practice else "passed")

        def count(outcome: Outcome) -> None:
            pace.count(outcome)
            progress.update(bar, completed=pace.done, rate=pace.told())
            if not console.is_terminal and pace.done % max(planned // _EVERY, 1) == 0:
                console.print(f"{pace.done} of {planned} runs   {pace.told()}")

        yield count


class _Pace:
    """How many runs are done, and how fast those of this time came."""

    def __init__(self, planned: int, clock_s: Callable[[], float], word: str) -> None:
        self._planned = planned
        self._clock_s = clock_s
        self._begun_s = clock_s()
        self._fresh = 0
        self.done = 0
        self._passed = 0
        self._word = word
        self._broke = 0

    def count(self, outcome: Outcome) -> None:
        now_s = self._clock_s()
        self.done += 1
        self._passed += outcome.passed
        self._broke += bool(outcome.broke)
        if self._fresh or now_s - self._begun_s > 0.5:  # what was there comes at once
            self._fresh += 1

    def told(self) -> str:
        """Say the rate, the time that is left, and what broke."""
        spent_s = self._clock_s() - self._begun_s
        broke = f", {self._broke} broke" if self._broke else ""
        if not self._fresh:
            return f"{self._passed} {self._word}{broke}"
        rest_s = spent_s / self._fresh * (self._planned - self.done)
        an_hour = 3600.0 * self._fresh / spent_s
        return f"{an_hour:.0f} an hour, {left(rest_s)} left{broke}"


def as_text(rehearsal: Rehearsal, width: int | None) -> str:
    """Write a rehearsal as tables and sentences, for `width` letters or as wide as they are."""
    summary = rehearsal.summary
    parts = [_heading(summary), columns(_groups(summary), None)]
    shown = summary.groups[:_GROUPS]
    for title, key in (
        ("Steps done", "steps"),
        ("Complications met", "complications"),
        ("Mistakes made", "errors"),
    ):
        rows = _rates(title, key, shown)
        if len(rows) > 1:
            parts.append(columns(rows, None))  # numbers stay under each other
    if len(summary.groups) > _GROUPS:
        parts.append(f"{len(summary.groups) - _GROUPS} more groups are on the page.")
    told = [f"ok: {text}" for text in rehearsal.verdict.good]
    told += [f"FAULT: {text}" for text in rehearsal.verdict.faults]
    told = [wrapped(line, width, 2) for line in told]
    if rehearsal.verdict.again:  # whole, so that it can be copied
        told.append(f"play one again: {rehearsal.verdict.again}")
    parts += ["\n".join(told)] if told else []
    return "\n\n".join(parts)


def _heading(summary: Summary) -> str:
    hours = summary.cpu_s / 3600.0
    an_hour = f", {summary.runs / hours:.0f} an hour on one processor" if hours > 0.0 else ""
    return (
        f"{summary.procedure} {summary.version}: {summary.runs} of {summary.planned} runs{an_hour}"
    )


def _groups(summary: Summary) -> list[list[str]]:
    reached = "at goal" if summary.practice else "passed"
    rows = [["who", "runs", reached, "95 %", "score", "95 %", "time"]]
    for group in summary.groups:
        passed = group.passed
        rows.append(
            [
                titled(group),
                str(group.runs),
                percent(passed.share),
                share(passed),
                f"{group.score.mean:.1f}",
                mean(group.score),
                clock(group.duration_s.mean),
            ]
        )
    return rows


def _rates(title: str, key: str, groups: Sequence[Group]) -> list[list[str]]:
    rows = [[title, *(titled(group) for group in groups)]]
    names = list(getattr(groups[0], key)) if groups else []
    for name in names:
        found = [getattr(group, key)[name] for group in groups]
        cells = [percent(one.share) for one in found]
        if len(groups) <= _WITH_INTERVALS:
            cells = [f"{cell} ({share(one)})" for cell, one in zip(cells, found, strict=True)]
        rows.append([f"  {name}", *cells])
    return rows
