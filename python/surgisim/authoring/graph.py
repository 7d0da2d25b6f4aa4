"""Laying out a graph in layers from above to below: no boxes overlap, no arrow crosses a box.

The method is that of Sugiyama, Tagawa and Toda (1981), as the library graphlay has it.
"""

import itertools
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from surgisim.authoring.sheet import Arrow, Point, Sheet

__all__ = ["drawn", "essential"]

_OPTIONS: dict[str, Any] = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 26.0, "node_gap": 22.0, "dummy_gap": 16.0, "stub": 10.0},
}


_SQUARE = 0.1  # points that a line may lean, by rounding
_FOLDED = {"wrap": {"viewport_aspect": 1.0}}


def drawn(
    nodes: Mapping[str, Sheet],
    edges: Sequence[tuple[str, str]],
    color: str,
    *,
    folded: bool = False,
) -> Sheet:
    """Draw the nodes in layers, and an arrow for every edge.

    Parameters
    ----------
    nodes
        By name, in the order that decides where nothing else does.
    edges
        Pairs of names; they may run in circles.
    color
        Of the arrows.
    folded
        Whether a long way goes on in a second column, once it is much higher than wide.
    """
    import graphlay

    graph = graphlay.Graph()
    for name, sheet in nodes.items():
        graph.node(name, width=sheet.width, height=sheet.height)
    for start, end in edges:
        graph.edge(start, end)
    placed = graphlay.layout(graph, options=_OPTIONS | (_FOLDED if folded else {}))
    if folded and not all(_is_square(edge["points"]) for edge in placed.edges):
        placed = graphlay.layout(graph, options=_OPTIONS)  # not every way could be folded
    low = placed.bounds["min"]
    whole = Sheet(
        width=placed.bounds["max"]["x"] - low["x"], height=placed.bounds["max"]["y"] - low["y"]
    )
    for sheet, at in zip(nodes.values(), placed.nodes, strict=True):
        x = at["center"]["x"] - 0.5 * sheet.width - low["x"]
        y = at["center"]["y"] - 0.5 * sheet.height - low["y"]
        whole.put(sheet, x, y)
    for edge in placed.edges:
        whole.arrows.append(Arrow(_route(edge["points"], low), color))
    return whole


def _is_square(points: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each part of a way is upright or level."""
    return all(
        min(abs(a["x"] - b["x"]), abs(a["y"] - b["y"])) < _SQUARE
        for a, b in itertools.pairwise(points)
    )


def _route(points: Sequence[Mapping[str, Any]], low: Mapping[str, Any]) -> tuple[Point, ...]:
    return tuple((float(p["x"] - low["x"]), float(p["y"] - low["y"])) for p in points)


def essential(needs: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """List the edges from what is needed to what needs it, without those that others imply."""
    before: dict[str, set[str]] = {}
    for name in TopologicalSorter(needs).static_order():
        before[name] = set(needs[name]).union(*(before[need] for need in needs[name]))
    return [
        (need, name)
        for name in needs
        for need in dict.fromkeys(needs[name])
        if not any(need in before[other] for other in needs[name])
    ]
