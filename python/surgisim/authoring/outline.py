"""The flow of a procedure as text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from surgisim.authoring.flow import Flow, Mistake, Stage, Step, Trouble
from surgisim.procedure.model import END

__all__ = ["outline"]

_BAR = 20  # characters of a bar for 100 points


def outline(flow: Flow) -> RenderableType:
    """Write a flow for `rich.print` or a console."""
    parts: list[RenderableType] = [
        Text(flow.title, style="bold"),
        Text(" · ".join((flow.identity, flow.purpose, *flow.scene)), style="dim"),
    ]
    if flow.briefing:
        parts.append(Text(flow.briefing))
    parts += [Text(f"• {one}", style="green") for one in flow.objectives]
    numbers = {step.id: number for number, step in enumerate(flow.steps, start=1)}
    parts += _section("Steps", (_step(step, numbers) for step in flow.steps))
    parts.append(_indented([Text(f"The end: {flow.end}")], 2))
    parts += _section("Mistakes at any time", [Group(*_mistakes(flow.mistakes))])
    parts += _section("Complications", (_trouble(one) for one in flow.troubles))
    verb = "pass" if flow.purpose == "assessment" else "are the goal"
    parts += _section(f"Score: {flow.pass_mark:g} of 100 points {verb}", [_scores(flow)])
    return Group(*parts)


def _section(heading: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    shown = list(parts)
    if shown and not (isinstance(shown[0], Group) and not shown[0].renderables):
        yield Text(f"\n{heading}", style="bold underline")
        yield from (_indented([part], 2) for part in shown)


def _indented(parts: Sequence[RenderableType], by: int) -> Padding:
    return Padding(Group(*parts), (0, 0, 0, by), expand=False)


def _step(step: Step, numbers: dict[str, int]) -> RenderableType:
    after = ", ".join(str(numbers[need]) for need in step.needs)
    head = Text.assemble((f"{numbers[step.id]}  {step.title}", "bold blue"))
    told = ", ".join(filter(None, (f"after {after}" if after else "", step.limit)))
    head.append(f"  ({told})" if told else "", style="dim")
    lines = [Text(step.text, style="dim")] if step.text else []
    lines.append(Text(f"done when {step.done}"))
    lines += [Text(one, style="cyan") for one in step.hints]
    lines += [Text(one, style="yellow") for one in step.troubles]
    return Group(head, _indented([*lines, *_mistakes(step.mistakes)], 3))


def _mistakes(mistakes: Iterable[Mistake]) -> Iterator[RenderableType]:
    for one in mistakes:
        cost = f" ({one.cost})" if one.cost else ""
        yield Text.assemble((f"{one.severity}{cost}", "red"), f": {one.text}")
        yield _indented([Text(f"when {one.when}", style="dim")], 2)


def _trouble(trouble: Trouble) -> RenderableType:
    lines: list[RenderableType] = [Text(one) for one in trouble.causes]
    lines += [Text(one, style="dim") for one in (trouble.text, *trouble.effects) if one]
    lines += [part for stage in trouble.stages for part in _stage(stage)]
    lines += [Text(f"right: {one}", style="green") for one in trouble.right]
    lines += _mistakes(trouble.wrong)
    head = Text(f"{trouble.letter}  {trouble.title}", style="bold yellow")
    return Group(head, _indented(lines, 3))


def _stage(stage: Stage) -> Iterator[RenderableType]:
    told = "; ".join(filter(None, (stage.text, *stage.effects)))
    yield Text.assemble((stage.id, "bold"), f": {told}" if told else "")
    for number, way in enumerate(stage.exits):
        when = f"when {way.when}" if number == 0 else way.when
        target = "over" if way.target == END else way.target
        yield _indented([Text(f"{when} -> {target}", style="dim")], 2)


def _scores(flow: Flow) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for one in flow.scores:
        filled = max(round(one.weight / 100.0 * _BAR), 1)
        bar = Text("█" * filled + "·" * (_BAR - filled), style="green", no_wrap=True)
        ends = f"all at {one.best}, none at {one.worst}"
        table.add_row(
            Text(f"{one.weight:g}", justify="right"), bar, Text(one.title), Text(ends, "dim")
        )
    return table
