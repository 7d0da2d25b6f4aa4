"""Runs on a Dask cluster.

A task travels as text and its outcome comes back as text. What Dask itself pickles is the name of
the function below and that text: no code of surgisim or of a trainee is sent. The program that a
procedure may bring is among the text of its files, and is run there only where this was allowed.
Workers need the same surgisim, and a trainee or an anatomy folder of one's own where the rehearsal
names it. Each run has a process of its own beside the worker's, which outlives it if it dies.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from surgisim import __version__
from surgisim.errors import SurgisimError
from surgisim.rehearsal.outcome import Outcome, Outcomes, Task
from surgisim.rehearsal.processes import play_apart

__all__ = ["on_cluster", "play_line", "version"]

_CONNECT_S = 20
_AHEAD = 2  # runs handed out for each thread of a worker, so that none waits for the next


def on_cluster(tasks: Iterable[Task], address: str) -> Outcomes:
    """Play tasks on the cluster of the scheduler at `address`; outcomes come as they are done.

    Raises
    ------
    SurgisimError
        Dask is not installed, nothing answers there, it has no workers, or they run another
        surgisim.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SurgisimError(
            f"no Dask scheduler answers at {address} ({error}); give its address, such as "
            "tcp://host:8786"
        ) from error
    with client:
        threads = _threads(client, address)
        yield from _handed_out(distributed, client, iter(tasks), _AHEAD * threads)


def play_line(line: str) -> str:
    """Play the task of a line on a worker; returns the line of its outcome."""
    return play_apart(Task.model_validate_json(line)).model_dump_json()


def version() -> str:
    """Tell which surgisim a worker has."""
    return __version__


def _handed_out(distributed: Any, client: Any, tasks: Iterator[Task], ahead: int) -> Outcomes:
    """Keep `ahead` tasks at the cluster until all are done; what is left when one stops is let go.

    A run is no function of its text alone to Dask: two that look alike are both played.
    """
    at_work: dict[Any, Task] = {}

    def hand_out(task: Task) -> Any:
        future = client.submit(play_line, task.model_dump_json(), pure=False)
        at_work[future] = task
        return future

    try:
        first = [hand_out(task) for task in islice(tasks, ahead)]
        done = distributed.as_completed(first, loop=client.loop)
        for future in done:
            task = at_work.pop(future)
            error = future.exception()
            if error is None:
                yield Outcome.model_validate_json(future.result())
            else:
                yield Outcome.broken(task.run, f"the cluster lost it: {error}")
            for following in islice(tasks, 1):
                done.add(hand_out(following))
    finally:
        client.cancel(list(at_work))


def _threads(client: Any, address: str) -> int:
    """Count the threads of all workers, which must have this surgisim."""
    threads = client.nthreads()
    if not threads:
        raise SurgisimError(f"the Dask cluster at {address} has no workers; start some first")
    try:
        versions = client.run(version)
    except ImportError as error:
        raise SurgisimError(
            f"a worker of the Dask cluster at {address} lacks surgisim ({error}); install surgisim "
            f"{__version__} there"
        ) from error
    others = sorted(set(versions.values()) - {__version__})
    if others:
        raise SurgisimError(
            f"workers of the Dask cluster at {address} have surgisim {', '.join(others)}, here it "
            f"is {__version__}; install the same"
        )
    return sum(threads.values())


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise SurgisimError(
            "a Dask cluster needs the package distributed: pip install 'surgisim[cluster]'"
        ) from error
    return distributed
