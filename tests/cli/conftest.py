"""Orders given on the command line, and not played."""

import pytest

from surgisim.commands import run, window
from surgisim.errors import SurgisimError
from surgisim.session import Order


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """The orders that were given, none of which is played."""
    given: list[Order] = []

    def play(order: Order, *_: object, **__: object) -> None:
        given.append(order)
        raise SurgisimError("enough")

    for view in (run, window):
        monkeypatch.setattr(view, "play", play)
    return given


@pytest.fixture
def unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program reads what is written: no line is folded."""
    monkeypatch.delenv("COLUMNS", raising=False)
