"""The picture of error against time, from the numbers of `benches/chart.py`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, NullLocator

__all__ = ["draw"]

BOTTOM, TOP = 0.2, 150.0  # %
START_MS, TICK_MS, END_MS = 0.008, 1.0, 700.0
NOTABLE_MM = 1.5  # a tenth of what the ball is pressed
INK, FAINT = "#222222", "#8a8a8a"
HALO = [withStroke(linewidth=3, foreground="white")]


@dataclass(frozen=True)
class Style:
    """A method's label, colour (Okabe, Ito 2008, darkened for text), marker, place of its label.

    `places`: by question, the point of the line that the label stands at (0 the coarsest mesh, -1
    the finest), its shift in points, and how it is aligned.
    """

    label: str
    colour: str
    marker: str
    places: dict[str, tuple[int, tuple[float, float], str]]
    width: float = 1.5


RIGHT = (8.0, 0.0)
STYLES = {
    "surgisim": Style(
        "surgisim",
        "#0060a0",
        "o",
        {"poke": (2, (-10, -8), "right"), "beam": (-2, (8, 4), "left")},
        width=2.6,
    ),
    "surgisim, pressure averaged": Style(
        "surgisim,\npressure averaged",
        "#3088c4",
        "o",
        {"poke": (-1, RIGHT, "left"), "beam": (-1, (8, -6), "left")},
    ),
    "corotational": Style(
        "corotational,\n25 CG iterations",
        "#c04d00",
        "s",
        {"poke": (-1, (0, -25), "center"), "beam": (0, (-4, 14), "left")},
    ),
    "MuJoCo explicit": Style(
        "MuJoCo flex,\nexplicit",
        "#b05a90",
        "v",
        {"poke": (-1, (5, 21), "right"), "beam": (-1, RIGHT, "left")},
    ),
    "MuJoCo implicit": Style(
        "MuJoCo flex,\nimplicit",
        "#007d5c",
        "^",
        {"poke": (-1, RIGHT, "left"), "beam": (-2, (8, 12), "left")},
    ),
    "Taichi": Style(
        "plain tetrahedra,\nTaichi",
        "#a06f00",
        "D",
        {"poke": (-1, RIGHT, "left"), "beam": (-1, (-4, -36), "left")},
    ),
}
TITLES = {
    "poke": ("A ball pressed 15 mm into a soft block", "error of the held force"),
    "beam": ("A beam bent by its own weight", "error of the settled sag"),
}


def _floor(question: dict[str, Any]) -> float:
    """Where errors stand that the reference cannot tell from none, %."""
    return float(max(BOTTOM, np.sqrt(BOTTOM * 100 * question["uncertainty"])))


def _label(style: Style, question: str, points: list[dict[str, Any]]) -> str:
    """With how deep the ball stands in the tissue's triangles at most, where it does."""
    deepest = max(point["sunk_mm"] for point in points)
    if question != "poke" or deepest < NOTABLE_MM:
        return style.label
    return f"{style.label}\n(ball sinks in {deepest:.1f} mm)"


def _curve(axes: Axes, question: str, line: dict[str, Any], floor: float) -> None:
    """Markers are full where the answer is too stiff and hollow where it is too soft."""
    points, style = line["points"], STYLES[line["method"]]
    if not points:
        label = style.label.replace("\n", " ") + ": explodes"
        axes.annotate(
            label,
            (0.98, 0.945),
            xycoords="axes fraction",
            ha="right",
            fontsize=9,
            color=style.colour,
        )
        return
    softer = -1.0 if question == "poke" else 1.0  # soft tissue: small force, large sag
    x = np.array([point["tick_ms"] for point in points])
    signed = np.array([100 * point["error"] for point in points])
    y = np.clip(np.abs(signed), floor, TOP)
    for i in range(len(x) - 1):  # through zero, where a line has no height to show, it is dotted
        through = signed[i] * signed[i + 1] < 0.0
        ends = slice(i, i + 2)
        dash = ":" if through else "-"
        axes.plot(x[ends], y[ends], dash, color=style.colour, lw=style.width, zorder=3)
    for i, error in enumerate(signed):
        axes.plot(
            x[i],
            y[i],
            style.marker,
            ms=5.5,
            mec=style.colour,
            mfc="white" if softer * error > 0.0 else style.colour,
            mew=1.4,
            zorder=4,
            clip_on=False,
        )
    at, shift, side = style.places[question]
    axes.annotate(
        _label(style, question, points),
        (x[at], y[at]),
        shift,
        textcoords="offset points",
        color=style.colour,
        ha=side,
        va="center",
        fontsize=9,
        fontweight="bold" if style.width > 2 else "normal",
        linespacing=1.0,
        zorder=5,
        path_effects=HALO,
    )


def _frame(axes: Axes, name: str, question: dict[str, Any]) -> None:
    title, what = TITLES[name]
    axes.set(xscale="log", yscale="log", xlim=(START_MS, END_MS), ylim=(BOTTOM, TOP))
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK, pad=18)
    reference = f"|{what} against {question['reference']} {question['unit']}|"
    axes.text(0.0, 1.025, reference, transform=axes.transAxes, fontsize=9, color=FAINT)
    axes.set_xticks([0.1, 1, 10, 100])
    axes.set_yticks([0.2, 0.5, 1, 2, 5, 10, 20, 50, 100])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g} ms"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g} %"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("CPU time of a tick, one core", fontsize=9.5, color=INK)
    axes.grid(color="#e8e8e8", lw=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, labelcolor=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#b0b0b0")
    axes.axvspan(START_MS, TICK_MS, color="#eef5ee", lw=0, zorder=0)
    axes.axvline(TICK_MS, color=INK, lw=1.1, ls=(0, (4, 2)), zorder=2)
    axes.text(
        0.02, 0.945, "fits the 1 ms tick", transform=axes.transAxes, fontsize=9, color="#3a7a3a"
    )
    doubt = 100 * question["uncertainty"]
    if doubt > BOTTOM:
        axes.axhspan(BOTTOM, doubt, color="#dddddd", alpha=0.7, lw=0, zorder=1)
        within = "within the reference's doubt"
        place = (0.9 * END_MS, _floor(question))
        grey = "#666666"
        axes.text(*place, within, fontsize=8.5, color=grey, ha="right", va="center", zorder=2)


def _footer(figure: Figure, numbers: dict[str, Any]) -> None:
    machine = numbers["machine"]
    where = f"{machine['processor']}, {machine['kernel']}, {machine['system']}"
    figure.text(
        0.012,
        0.018,
        "From left to right finer meshes, the same for all, up to 50 ms a tick. Full markers: too "
        f"stiff; hollow: too soft; dotted: through zero.\n{where}; "
        f"Poisson's ratio {numbers['poisson_ratio']}; median CPU time, all in turns in one run.",
        fontsize=8.5,
        color="#555555",
        linespacing=1.4,
    )


def draw(numbers: dict[str, Any], picture: Path) -> None:
    """Draw both questions side by side, 1800 pixels wide, readable at half of that."""
    figure = Figure(figsize=(9.0, 4.9), dpi=200, facecolor="white")
    FigureCanvasAgg(figure)
    for axes, (name, question) in zip(
        figure.subplots(1, 2), numbers["questions"].items(), strict=True
    ):
        _frame(axes, name, question)
        for line in reversed(question["lines"]):  # ours on top
            _curve(axes, name, line, _floor(question))
    _footer(figure, numbers)
    figure.subplots_adjust(left=0.06, right=0.985, top=0.87, bottom=0.205, wspace=0.16)
    figure.savefig(picture, metadata={"Software": None})
