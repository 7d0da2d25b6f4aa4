"""What is in view, look by look: won, held, lost, slipped."""

import numpy as np
import pytest

from surgisim.scope import Lens
from surgisim.session.beneath import Beneath
from surgisim.session.exposure import EVERY_LOOKS, Exposure, Shaft
from surgisim.session.scenery import Occluders
from surgisim.snapshot import Event, Meters, ProbeState, Snapshot

PATCH = np.array([(x, 0.0, z) for x in np.linspace(-0.01, 0.01, 5) for z in (0.0, 0.005)])
LID = np.array([(-1.0, 0.05, -1.0), (1.0, 0.05, -1.0), (0.0, 0.05, 1.0)])
LIMIT_N = 3.0
FAR = (5.0, 5.0, 5.0)


class Watched:
    """A patch under a lid that is pushed aside, looked at 50 times a second from above."""

    def __init__(self) -> None:
        beneath = Beneath("patch", PATCH, (0.0, 0.05, 0.0), 0.6, 1.0)
        lens = Lens.through((0.0, 0.2, 0.0), (0.0, 0.1, 0.0), 0.0)
        occluders = Occluders(LID, np.array([[0, 1, 2]]), ())
        shaft = Shaft(0.002, None, (1.0, 0.0, 0.0))
        self.exposure = Exposure(beneath, lens, occluders, shaft, LIMIT_N)
        self.looks = 0

    def look(
        self, count: int, aside_m: float, force_n: float = 1.0, tip: tuple = FAR
    ) -> list[Event]:
        events = []
        for _ in range(count):
            time_s = 0.02 * self.looks
            probe = ProbeState(tip, (0.0,) * 3, (0.0, force_n, 0.0), force_n > 0.0)
            moved = LID + np.array([aside_m, 0.0, 0.0])
            snapshot = Snapshot(20 * self.looks, time_s, probe, Meters(), moved)
            events += self.exposure.look(snapshot, time_s, force_n)
            self.looks += 1
        return events


def test_what_is_uncovered_is_won_and_held_and_what_is_covered_again_is_lost() -> None:
    watched = Watched()
    assert watched.look(10, 0.0) == []
    assert watched.exposure.visible == 0.0
    (won,) = watched.look(50, 3.0)
    assert won.kind == "exposure.won"
    assert won.values == {"share": 1.0}
    assert watched.exposure.held_s == pytest.approx(0.98)
    (lost,) = watched.look(EVERY_LOOKS, 0.0)
    assert (lost.kind, watched.exposure.slips) == ("exposure.lost", 0)


def test_time_above_the_limit_is_not_held() -> None:
    watched = Watched()
    watched.look(EVERY_LOOKS, 3.0, force_n=3.5)
    watched.look(EVERY_LOOKS, 3.0, force_n=2.0)
    assert watched.exposure.held_s == pytest.approx(EVERY_LOOKS * 0.02)


def test_an_edge_that_comes_off_at_once_has_slipped_and_one_let_down_has_not() -> None:
    watched = Watched()
    watched.look(EVERY_LOOKS, 3.0)
    kinds = [event.kind for event in watched.look(EVERY_LOOKS, 0.0, force_n=0.0)]
    assert kinds == ["exposure.lost", "exposure.slipped"]
    assert watched.exposure.slips == 1
    watched.look(EVERY_LOOKS, 3.0)
    watched.look(25, 0.0, force_n=0.5)
    assert watched.look(10, 0.0, force_n=0.0) == []
    assert watched.exposure.slips == 1


def test_the_rod_is_in_the_way_of_sight_itself() -> None:
    watched = Watched()
    (won,) = watched.look(EVERY_LOOKS, 3.0)
    (lost,) = watched.look(EVERY_LOOKS, 3.0, tip=(-0.1, 0.09, 0.0015))
    assert (won.kind, lost.kind) == ("exposure.won", "exposure.lost")
