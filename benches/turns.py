"""Simulators that take turns, so that whatever else the machine does meets all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scenes import Floats, inverted
from simulators import Peer
from surgisim import TetMesh

__all__ = ["Run", "take_turns"]

TURN = 5  # ticks
FAR_TOO_MUCH = 100.0  # N


@dataclass
class Run:
    """What a peer needed, s, and answered, N; its worst share of inverted tetrahedra."""

    times: list[float] = field(default_factory=list)
    forces: list[float] = field(default_factory=list)
    inverted: float = 0.0
    exploded: int | None = None

    def turn(self, peer: Peer, mesh: TetMesh, way: Callable[[int], Floats], start: int) -> None:
        """Step the peer by `TURN` ticks from tick `start` on."""
        for tick in range(start + 1, start + TURN + 1):
            self.times.append(peer.step(way(tick)))
            self.forces.append(peer.force())
        self.inverted = max(self.inverted, inverted(mesh, peer.positions()))
        wild = not abs(self.forces[-1]) < FAR_TOO_MUCH
        if wild or peer.exploded() or self.inverted > 0.5:
            self.exploded = start + TURN

    def milliseconds(self, percent: float) -> float:
        return 1e3 * float(np.percentile(self.times, percent))


def take_turns(
    peers: Sequence[Peer], mesh: TetMesh, way: Callable[[int], Floats], ticks: int
) -> list[Run]:
    """Let all make `ticks` ticks with the ball on its `way`; who explodes is out."""
    runs = [Run() for _ in peers]
    for start in range(0, ticks, TURN):
        for peer, run in zip(peers, runs, strict=True):
            if run.exploded is None:
                run.turn(peer, mesh, way, start)
    return runs
