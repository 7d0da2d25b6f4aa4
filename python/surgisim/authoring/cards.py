"""The parts of the picture: cards for steps, complications, mistakes and the score."""

from collections.abc import Iterable, Iterator, Sequence

from surgisim.authoring import looks
from surgisim.authoring.flow import Mistake, Score, Stage, Step, Trouble
from surgisim.authoring.graph import drawn
from surgisim.authoring.sheet import Arrow, Box, Line, Paragraph, Sheet, column, stacked
from surgisim.authoring.typeset import width
from surgisim.procedure.model import END

__all__ = [
    "end_card",
    "mistakes_panel",
    "panel_room",
    "score_panel",
    "step_card",
    "trouble_panel",
]

_ROOM = 356.0
_STEP = 228.0
_PILL = 200.0
_STATE = 172.0
_EXIT = 150.0
_PAD = 12.0
_LINK = 12.0


def step_card(number: int, step: Step) -> Sheet:
    """Draw a step, and below it on its way out the condition that ends it."""
    paragraphs = [
        Paragraph(f"{number}  {step.title}", looks.title()),
        Paragraph(step.text, looks.text(looks.GREY), gap=2.0),
        Paragraph(step.limit, looks.small(), gap=3.0),
        *(Paragraph(one, looks.small(looks.BLUE), gap=3.0) for one in step.hints),
        *(Paragraph(one, looks.small(looks.ORANGE, bold=True), gap=3.0) for one in step.troubles),
        *_mistakes(step.mistakes),
    ]
    card = column(paragraphs, _STEP).framed(looks.PALE_BLUE, looks.BLUE)
    return _linked(card, _pill(f"when {step.done}", _PILL, looks.BLUE), looks.BLUE)


def end_card(text: str) -> Sheet:
    """Draw the end of the session."""
    paragraphs = [
        Paragraph("The end", looks.title(looks.GREY)),
        Paragraph(text, looks.text(looks.GREY), gap=2.0),
    ]
    return column(paragraphs, _STEP).framed(looks.PALE_GREY, looks.GREY)


def _pill(text: str, room: float, color: str) -> Sheet:
    """Set a condition in a white box that is as wide as its text needs."""
    sheet = column([Paragraph(text, looks.small(color))], room)
    sheet.width = max(line.x + line.width for line in sheet.lines)
    return sheet.framed(looks.PAPER, color, pad=5.0, radius=9.0)


def _linked(above: Sheet, below: Sheet, color: str) -> Sheet:
    """Put one sheet below another, in the middle, with a line between them."""
    whole = Sheet()
    wide = max(above.width, below.width)
    whole.put(above, 0.5 * (wide - above.width), 0.0)
    whole.put(below, 0.5 * (wide - below.width), above.height + _LINK)
    ends = ((0.5 * wide, above.height), (0.5 * wide, above.height + _LINK))
    whole.arrows.append(Arrow(ends, color, head=False))
    return whole


def _mistakes(mistakes: Iterable[Mistake]) -> Iterator[Paragraph]:
    for one in mistakes:
        cost = f" ({one.cost})" if one.cost else ""
        head = f"{one.severity}{cost}: {one.text}"
        yield Paragraph(
            head, looks.small(looks.INK, bold=one.severity == "critical"), gap=5.0, sign="■"
        )
        yield Paragraph(f"when {one.when}", looks.small(), gap=1.0, sign="  ")


def panel_room(troubles: Iterable[Trouble]) -> float:
    """Give the width inside the panels beside the steps: as wide as the widest graph of states."""
    return max([_ROOM, *(_states(one.stages).width for one in troubles if one.stages)])


def mistakes_panel(mistakes: Sequence[Mistake], room: float) -> Sheet:
    """Draw the mistakes that count at any time."""
    heading = Paragraph("Mistakes at any time", looks.title())
    sheet = column([heading, *_mistakes(mistakes)], room)
    return sheet.framed(looks.PALE_GREY, looks.GREY, pad=_PAD)


def trouble_panel(trouble: Trouble, room: float) -> Sheet:
    """Draw a complication: causes, effects, states as a graph of their own, right and wrong."""
    head = column(
        [
            Paragraph(f"{trouble.letter}  {trouble.title}", looks.title(looks.ORANGE)),
            *(Paragraph(one, looks.small(looks.ORANGE), gap=2.0) for one in trouble.causes),
            Paragraph(trouble.text, looks.text(), gap=4.0),
            *(Paragraph(one, looks.small(), gap=3.0, sign="→") for one in trouble.effects),
        ],
        room,
    )
    parts = [head]
    if trouble.stages:
        graph, centred = _states(trouble.stages), Sheet(width=room)
        centred.put(graph, 0.5 * (room - graph.width), 0.0)
        parts.append(centred)
    green = looks.small(looks.GREEN)
    right = (Paragraph(one, green, gap=3.0, sign="✓") for one in trouble.right)
    parts.append(column([*right, *_mistakes(trouble.wrong)], room))
    sheet = stacked([part for part in parts if part.height], 9.0)
    return sheet.framed(looks.PALE_ORANGE, looks.ORANGE, pad=_PAD)


def _states(stages: Sequence[Stage]) -> Sheet:
    """Draw states, and between them boxes that say what leads from one to the next."""
    nodes: dict[str, Sheet] = {}
    edges: list[tuple[str, str]] = []
    for stage in stages:
        nodes[stage.id] = _state(stage)
        for number, way in enumerate(stage.exits):
            name = f"{stage.id} {number}"  # no id holds a space
            nodes[name] = _pill(f"{'when ' if number == 0 else ''}{way.when}", _EXIT, looks.ORANGE)
            edges += [(stage.id, name), (name, way.target)]
    nodes[END] = _pill("over", _EXIT, looks.GREY)
    return drawn(nodes, edges, looks.ORANGE)


def _state(stage: Stage) -> Sheet:
    paragraphs = [
        Paragraph(stage.id, looks.small(looks.INK, bold=True)),
        Paragraph(stage.text, looks.small(), gap=1.0),
        *(Paragraph(one, looks.small(), gap=2.0, sign="→") for one in stage.effects),
    ]
    return column(paragraphs, _STATE).framed(looks.PAPER, looks.ORANGE, pad=7.0)


def score_panel(pass_mark: float, purpose: str, scores: Sequence[Score], room: float) -> Sheet:
    """Draw the lines of the score as bars as long as their weight, and the pass mark above."""
    verb = "pass" if purpose == "assessment" else "are the goal"
    heading = f"Score: {pass_mark:g} of 100 points {verb}"
    sheet = column([Paragraph(heading, looks.title(looks.GREEN))], room)
    sheet.put(_bar(pass_mark, 100.0, room, 5.0), 0.0, sheet.height + 5.0)
    for one in scores:
        sheet.put(_score_row(one, room), 0.0, sheet.height + 9.0)
    return sheet.framed(looks.PALE_GREEN, looks.GREEN, pad=_PAD)


def _score_row(score: Score, room: float) -> Sheet:
    points = f"{score.weight:g}"
    style = looks.text(looks.GREEN)
    told = width(points, style) + 8.0
    row = column([Paragraph(score.title, looks.text())], room - told)
    row.lines.append(Line(room - width(points, style), 0.0, points, style))
    row.put(_bar(score.weight, 100.0, room, 7.0), 0.0, row.height + 2.0)
    ends = f"all at {score.best}, none at {score.worst}: {score.measure}"
    row.put(column([Paragraph(ends, looks.small())], room), 0.0, row.height + 2.0)
    row.width = room
    return row


def _bar(value: float, whole: float, room: float, height: float) -> Sheet:
    """Draw a share of a whole."""
    long = room * min(value / whole, 1.0)
    boxes = [Box(0.0, 0.0, room, height, looks.PAPER, radius=2.0)]
    boxes += [Box(0.0, 0.0, long, height, looks.GREEN, radius=2.0)] if long > 0.0 else []
    return Sheet(room, height, boxes)
