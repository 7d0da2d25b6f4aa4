"""The flow of a procedure as one picture: steps on the left, what else there is on the right."""

from collections.abc import Sequence

from surgisim.authoring import looks
from surgisim.authoring.cards import (
    end_card,
    mistakes_panel,
    panel_room,
    score_panel,
    step_card,
    trouble_panel,
)
from surgisim.authoring.flow import Flow
from surgisim.authoring.graph import drawn, essential
from surgisim.authoring.sheet import Box, Paragraph, Sheet, column

__all__ = ["picture_of"]

_MARGIN = 26.0
_GAP = 16.0
_ASPECT = 1.35  # of a picture that suits a screen and a sheet of paper
_MOST_COLUMNS = 4
_START, _END = "the start", "the end"  # no id holds a space


def picture_of(flow: Flow) -> Sheet:
    """Draw a flow."""
    steps = [_steps(flow, folded=folded) for folded in (False, True)]
    room = panel_room(flow.troubles)
    panels = [trouble_panel(one, room) for one in flow.troubles]
    if flow.mistakes:
        panels.append(mistakes_panel(flow.mistakes, room))
    panels.append(score_panel(flow.pass_mark, flow.purpose, flow.scores, room))
    most = min(len(panels), _MOST_COLUMNS)
    tried = [_body(one, panels, n) for one in steps for n in range(1, most + 1)]
    body = min(tried, key=lambda one: max(one.width, one.height * _ASPECT))
    head = _head(flow, body.width)
    whole = Sheet()
    whole.put(head, _MARGIN, _MARGIN)
    whole.put(body, _MARGIN, _MARGIN + head.height + _GAP)
    whole.width += _MARGIN
    whole.height += _MARGIN
    return whole


def _head(flow: Flow, room: float) -> Sheet:
    facts = "   ·   ".join((flow.identity, flow.purpose, *flow.scene))
    return column(
        [
            Paragraph(flow.title, looks.title(size=19.0)),
            Paragraph(facts, looks.text(looks.GREY), gap=2.0),
            Paragraph(flow.briefing, looks.text(), gap=7.0),
            *(
                Paragraph(one, looks.text(looks.GREEN), gap=3.0, sign="•")
                for one in flow.objectives
            ),
        ],
        room,
    )


def _steps(flow: Flow, *, folded: bool) -> Sheet:
    nodes: dict[str, Sheet] = {_START: _dot()}
    for number, step in enumerate(flow.steps, start=1):
        nodes[step.id] = step_card(number, step)
    nodes[_END] = end_card(flow.end)
    needed = {need for step in flow.steps for need in step.needs}
    edges = [(_START, step.id) for step in flow.steps if not step.needs]
    edges += essential({step.id: step.needs for step in flow.steps})
    edges += [(step.id, _END) for step in flow.steps if step.id not in needed]
    return drawn(nodes, edges, looks.BLUE, folded=folded)


def _dot() -> Sheet:
    size = 14.0
    return Sheet(size, size, [Box(0.0, 0.0, size, size, looks.BLUE, radius=0.5 * size)])


def _body(steps: Sheet, panels: Sequence[Sheet], columns: int) -> Sheet:
    """Set the panels in columns beside the steps, each where there is most room left."""
    stacks = [Sheet() for _ in range(columns)]
    for panel in panels:
        shortest = min(stacks, key=lambda one: one.height)
        shortest.put(panel, 0.0, shortest.height + (_GAP if shortest.height else 0.0))
    whole = Sheet()
    whole.put(steps, 0.0, 0.0)
    for number, stack in enumerate(stacks):
        whole.put(stack, whole.width + (_GAP if number else 1.6 * _GAP), 0.0)
    return whole
