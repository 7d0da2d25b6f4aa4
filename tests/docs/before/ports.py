"""What docs/ports.md leaves to the reader: a world, and a device that is not here."""

import functools

import surgisim
from surgisim import run as runs

mesh = surgisim.TetMesh.box(size=(0.1, 0.05, 0.1), cells=(4, 2, 4))
world = surgisim.World(gravity=(0.0, 0.0, 0.0))
organ = world.add_soft_body(mesh, surgisim.tissue("liver"), fixed=mesh.points[:, 1].argsort()[:25])
tool = world.add_sphere(0.008, (0.05, 0.06, 0.05))


@functools.wraps(runs.LiveRun)
def LiveRun(*given, device, **more):  # noqa: N802
    assert device == "touch"
    return runs.LockstepRun(*given, device="simulated", **more)
