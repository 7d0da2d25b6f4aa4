"""Pictures of the haptic loop: ``python benches/haptics.py`` measures and draws.

- the stability map: the largest stiffness between hand and tool without a limit cycle, over the
  damping, for three device models and 0 to 3 ticks of delay (``cargo bench -p haptics --bench
  stability``);
- the multi-rate table: the largest stiffness of tissue that is computed beside the loop, over the
  rate of the tissue, for three ways to hand on what it did (``cargo run --release -p haptics
  --example multirate_table``).

Both run on a virtual clock: the same numbers on every machine. Writes docs/images/stability.json,
multirate.json and the pictures beside them; ``--draw`` only draws. Five minutes.
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
STABILITY = ("bench", "--quiet", "--package", "haptics", "--bench", "stability")
MULTIRATE = ("run", "--quiet", "--release", "--package", "haptics", "--example", "multirate_table")
COLOURS = ("#0060a0", "#b05000", "#007050", "#904080")  # Okabe, Ito 2008, darkened for text
INK, FAINT = "#222222", "#8a8a8a"


def main() -> None:
    """Measure, unless told not to, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draw", action="store_true", help="draw what was measured before")
    if not parser.parse_args().draw:
        for name, command in (("stability", STABILITY), ("multirate", MULTIRATE)):
            (IMAGES / f"{name}.json").write_text(measured(command), encoding="utf-8")
    for name, picture in (("stability", stability), ("multirate", multirate)):
        content = json.loads((IMAGES / f"{name}.json").read_text(encoding="utf-8"))
        figure = picture(content)
        FigureCanvasAgg(figure).print_png(IMAGES / f"{name}.png")


def measured(command: tuple[str, ...]) -> str:
    """Return what a cargo command prints, as readable JSON."""
    done = subprocess.run(["cargo", *command], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S607
    return json.dumps(json.loads(done.stdout), indent=1) + "\n"


def plain(axes: Axes) -> None:
    """Take away what is no information."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)


def stability(content: dict[str, Any]) -> Figure:
    """Draw the map: a panel for each device, a colour for each delay."""
    names = list(dict.fromkeys(line["model"] for line in content["lines"]))
    figure = Figure(figsize=(11, 4.6), dpi=150, layout="constrained")
    panels = figure.subplots(1, len(names), sharey=True)
    for axes, name in zip(panels, names, strict=True):
        for line in (line for line in content["lines"] if line["model"] == name):
            limits(axes, line)
        axes.set_title(f"{name}-like device", color=INK)
        axes.set_xlabel("damping B, N s/m")
        axes.set_yscale("log")
        axes.set_ylim(80, 30_000)
        plain(axes)
    panels[0].set_ylabel("stiffness K without a limit cycle, N/m")
    panels[-1].legend(loc="lower right", frameon=False, fontsize=8, title="ticks of delay")
    pushes = ", ".join(f"{push:g}" for push in content["pushes_n"])
    figure.suptitle(
        "A loose hand falls onto a wall that never yields "
        f"({pushes} N): solid as shipped, dashed without the passivity controller, "
        "dots: what is used",
        fontsize=10,
        color=INK,
    )
    return figure


def limits(axes: Axes, line: dict[str, Any]) -> None:
    """Draw one device with one delay; no line where even 100 N/m have a cycle."""
    delay = line["delay_ticks"]
    colour = COLOURS[delay]
    for key, style, label in (("limit_with_controller", "-", str(delay)), ("limit", "--", None)):
        points = [(b, k) for b, k in zip(line["damping"], line[key], strict=True) if k]
        b, k = zip(*points, strict=True) if points else ((), ())
        axes.plot(b, k, style, color=colour, linewidth=1.6, label=label)
    used = line["advertised"]
    axes.plot(used["damping"], used["stiffness"], "o", color=colour, markersize=6)


def multirate(content: dict[str, Any]) -> Figure:
    """Draw the largest stable stiffness over the tissue's rate."""
    rows = content["model_problem"]
    figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    ways = (
        ("local_model_n_per_m", "local model, every tick (as shipped)", "o"),
        ("place_held_n_per_m", "tissue's place held", "s"),
        ("force_held_n_per_m", "tissue's force held", "^"),
    )
    for (key, label, marker), colour in zip(ways, COLOURS, strict=False):
        hz = [row["slow_hz"] for row in rows]
        k = [max(row[key], 10.0) for row in rows]
        axes.plot(hz, k, f"{marker}-", color=colour, linewidth=1.8, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(9, 10_000)
    axes.set_xticks([row["slow_hz"] for row in rows])
    axes.set_xticklabels([f"{row['slow_hz']:g}" for row in rows])
    axes.minorticks_off()
    axes.set_xlabel("steps of the tissue a second")
    axes.set_ylabel("stiffest tissue without a limit cycle, N/m")
    axes.legend(loc="lower right", frameon=False)
    axes.set_title(
        "The loop at 1 kHz, the tissue slower (sweep: 10 to 5294 N/m)",
        fontsize=10,
    )
    plain(axes)
    return figure


if __name__ == "__main__":
    main()
