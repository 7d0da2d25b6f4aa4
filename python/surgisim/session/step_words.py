"""What a view says of the step that the trainee is at, and of a complication that holds it up."""

from surgisim.procedure import Engine

__all__ = ["counted", "instruction"]


def instruction(engine: Engine) -> tuple[str, str]:
    """Title and text of the present step; nothing where there is none.

    Of one that stands, or waits, the complication that keeps it is told with its present state.
    What a complication changes is told in place of both, and a hint in place of the text.
    """
    present = engine.present
    if present is None:
        return "", ""
    if present.stands_for:
        what = "suspended" if present.active else "waits"
        return f"{present.told}: {what}", _complication(engine, present.stands_for)
    if present.told != present.title:
        return present.told, ""
    if present.hint:
        return present.title, f"Hint: {present.hint}"
    return present.title, next(s.text for s in engine.procedure.steps if s.id == present.id)


def _complication(engine: Engine, name: str) -> str:
    """Say a complication's title and how it stands: its present state, else what happens."""
    spec = next(one for one in engine.procedure.complications if one.id == name)
    states = next(one.states for one in engine.complications if one.id == name)
    texts = {state.id: state.text for state in spec.states}
    text = (states and texts[states[-1][1]]) or spec.text
    return f"{spec.title}: {text}." if text else f"{spec.title}."


def counted(engine: Engine) -> tuple[int, int] | None:
    """Count the present step, from 1, of how many; nothing for a procedure of one step."""
    present, steps = engine.present, engine.steps
    if present is None or len(steps) < 2:
        return None
    return steps.index(present) + 1, len(steps)
