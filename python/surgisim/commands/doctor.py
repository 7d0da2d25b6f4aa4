"""``surgisim doctor``: what works on this machine, and how to get the rest."""

import argparse
import time
from collections.abc import Iterator, Sequence

from surgisim.commands import real_time
from surgisim.commands.devices import devices, has_display
from surgisim.commands.finding import Finding
from surgisim.commands.wrapping import columns, terminal_width
from surgisim.commands.xr import headset_line
from surgisim.errors import RenderError
from surgisim.run import LiveRun
from surgisim.simulation import Material, TetMesh, World

__all__ = ["add_parser", "examine"]

_TRIAL_S = 1.0


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "doctor",
        help="examine this machine",
        description="Say what works on this machine, and how to get the rest.",
    )
    p.set_defaults(work=_work)


def examine() -> list[Finding]:
    """Look at the kernel, the rights, the 1 kHz loop, OpenGL, the display and the devices."""
    return [*_loop(), _graphics(), _display(), headset_line(), *_devices()]


def _loop() -> list[Finding]:
    """Run the loop on a small block for a second."""
    world = World(gravity=(0.0, 0.0, 0.0))
    mesh = TetMesh.box((0.1, 0.1, 0.1), (6, 6, 6))
    tissue = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    organ = world.add_soft_body(mesh, tissue, fixed=(0, 1, 2))
    probe = world.add_sphere(0.01, (0.05, 0.12, 0.05))
    with LiveRun(world, probe, organ) as run:
        time.sleep(_TRIAL_S)
        stats = run.stop()
    lateness = stats.lateness
    p99 = (
        ""
        if lateness is None
        else f", 99 % of the ticks less than {1e6 * lateness.p99:.0f} us late"
    )
    return [
        Finding("processor", True, f"kernel {world.kernel}"),
        *real_time.kernel(),
        *real_time.clock_speed(),
        *real_time.rights(stats),
        Finding(
            "1 kHz loop",
            stats.rate_hz > 990.0,
            f"{stats.rate_hz:.0f} Hz, {stats.dropped} ticks dropped{p99}",
            "close other programs; real-time rights help most",
        ),
    ]


def _graphics() -> Finding:
    from surgisim.render.context import GLContext

    try:
        with GLContext.offscreen() as gl:
            how = "drawn by the processor: slow" if gl.is_software else "on the GPU"
            return Finding("pictures", True, f"{gl.renderer_name} ({how})")
    except RenderError as error:
        return Finding("pictures", False, str(error), "without them reports have no pictures")


def _display() -> Finding:
    if has_display():
        return Finding("window", True, "a display is there")
    return Finding(
        "window",
        False,
        "no display",
        "a script plays without one: surgisim run PROCEDURE --trainee careful",
    )


def _devices() -> list[Finding]:
    found = []
    for one in devices():
        why, _, todo = one.why.partition("; ")
        found.append(Finding(f"device {one.name}", one.here, why, todo))
    return found


def _work(_: argparse.Namespace) -> int:
    print(columns([*_rows(examine())], terminal_width()))
    return 0


def _rows(findings: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    for finding in findings:
        yield ("ok" if finding.good else "no", finding.what, finding.found)
        if not finding.good and finding.advice:
            yield ("", "", finding.advice)
