"""``surgisim bench``: speed with its error beside it, measured on this machine."""

import argparse
import json
from dataclasses import asdict

from surgisim.bench import Bench, measure_all
from surgisim.commands.progress import bars

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "bench", help="measure this machine", description="Measure speed, with its error beside it."
    )
    p.add_argument("--json", action="store_true", help="all numbers as JSON")
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    with bars() as progress:
        bench = measure_all(progress)
    print(json.dumps(asdict(bench), indent=2) if given.json else table(bench))
    return 0


def table(bench: Bench) -> str:
    """Write the numbers as Markdown."""
    m = bench.machine
    lines = [
        f"{m.processor}, {m.cores} cores, load {m.load:.1f}, kernel {m.kernel}, {m.system}.",
        "",
        "| tick of 1 ms | tetrahedra | substeps | CPU median | CPU 99 % | ratio to the first "
        "| force at 15 mm | error |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    first = bench.ticks[0].cpu_ms_median
    lines += [
        f"| {t.name} | {t.tetrahedra} | {t.substeps} | {t.cpu_ms_median:.3f} ms "
        f"| {t.cpu_ms_p99:.3f} ms | {t.cpu_ms_median / first:.1f} "
        f"| {t.force_n:.2f} N | {t.force_error:+.1%} |"
        for t in bench.ticks
    ]
    lines += [
        "",
        "| settled answer | tetrahedra | value | reference | error | CPU |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {a.name} | {a.tetrahedra} | {a.value:.5g} {a.unit} | {a.reference:.5g} {a.unit} "
        f"| {a.error:+.1%} | {a.cpu_s:.2f} s |"
        for a in bench.answers
    ]
    lines += [
        "",
        "| cut, called from Python | tetrahedra | of them cut | CPU least | CPU median |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {c.name} | {c.tetrahedra} | {c.cut} | {c.cpu_us_least:.0f} us "
        f"| {c.cpu_us_median:.0f} us |"
        for c in bench.cuts
    ]
    loop = bench.loop
    lines += [
        "",
        f"Live loop on 10 368 tetrahedra, {loop.seconds:.0f} s: {loop.rate_hz:.1f} Hz, "
        f"scheduler {loop.scheduler}, lateness 50 / 99 / 99.9 % {loop.late_us_p50:.0f} / "
        f"{loop.late_us_p99:.0f} / {loop.late_us_p99_9:.0f} us, {loop.dropped} ticks dropped.",
    ]
    return "\n".join(lines)
