"""Ctrl-C or SIGTERM during a session: the look under way is recorded, then the session ends."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["leaving_on_interrupt"]

_USUAL: dict[signal.Signals, Any] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}


@contextmanager
def leaving_on_interrupt(leave: Callable[[], None]) -> Iterator[None]:
    """Call `leave` at the first Ctrl-C or SIGTERM; the next one acts as it usually does.

    An exception in the middle of a look would lose what the tick had reported already. Outside
    the main thread, and for signals that the program handles in a way of its own, nothing changes.
    """
    in_main = threading.current_thread() is threading.main_thread()
    ours = [s for s, usual in _USUAL.items() if in_main and signal.getsignal(s) is usual]

    def as_usual() -> None:
        for number in ours:
            signal.signal(number, _USUAL[number])

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        as_usual()
        leave()

    for number in ours:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        as_usual()
