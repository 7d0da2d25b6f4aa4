"""Progress bars for long work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

__all__ = ["bars"]

_LINE_S = 10.0  # from one line to the next where there are no bars


@contextmanager
def bars(
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[str, float], None]]:
    """Give a callback (stage, share from 0 to 1) that draws one bar a stage on stderr.

    Where stderr is no terminal each stage is named once, and every 10 s its share is told.

    Parameters
    ----------
    clock
        Seconds.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>24}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}
        told_s: dict[str, float] = {}

        def report(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=1.0)
                told_s[stage] = clock()
                if not console.is_terminal:
                    console.print(f"{stage} ...")
            elif not console.is_terminal and clock() - told_s[stage] >= _LINE_S:
                told_s[stage] = clock()
                console.print(f"{stage} ... {100.0 * min(share, 1.0):.0f} %", highlight=False)
            progress.update(tasks[stage], completed=min(share, 1.0))

        yield report
