"""Progress bars for long work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

__all__ = ["bars"]


@contextmanager
def bars() -> Iterator[Callable[[str, float], None]]:
    """Give a callback (stage, share from 0 to 1) that draws one bar a stage on stderr.

    Where stderr is no terminal each stage is named once.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>24}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=1.0)
                if not console.is_terminal:
                    console.print(f"{stage} ...")
            progress.update(tasks[stage], completed=min(share, 1.0))

        yield report
