"""Ctrl-C during a session: the look under way is finished and recorded, then the session ends."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["leaving_on_interrupt"]


@contextmanager
def leaving_on_interrupt(leave: Callable[[], None]) -> Iterator[None]:
    """Call `leave` at the first Ctrl-C instead of raising `KeyboardInterrupt`; a second one raises.

    An exception in the middle of a look would lose what the tick had reported already. Outside
    the main thread, and where the program handles Ctrl-C in a way of its own, nothing changes.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        leave()

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
