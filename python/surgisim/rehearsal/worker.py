"""A process that plays runs: a task a line on stdin, an outcome a line on stdout, both JSON.

Whatever else writes to stdout goes to stderr, so that a trainee that prints breaks nothing.
"""

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from surgisim.errors import SurgisimError
from surgisim.rehearsal.once import play_once
from surgisim.rehearsal.outcome import Outcome, Task

__all__ = ["answer"]


def answer(line: str) -> str:
    """Play the task of a line; returns the line of its outcome."""
    task = Task.model_validate_json(line)
    try:
        return play_once(task).model_dump_json()
    except SurgisimError as error:
        return Outcome.broken(task.run, str(error)).model_dump_json()
    except Exception as error:  # a trainee of one's own may raise anything
        traceback.print_exc()
        last = traceback.extract_tb(error.__traceback__)[-1]
        why = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
        return Outcome.broken(task.run, why).model_dump_json()


def _serve() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a text file
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for line in sys.stdin:
            out.write(answer(line) + "\n")
            with suppress(BrokenPipeError):  # nobody waits for it any more
                out.flush()


if __name__ == "__main__":
    _serve()
