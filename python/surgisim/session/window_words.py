"""What the window of a session says of mouse, keys and device."""

from surgisim.render.window import HELP_LINES

__all__ = ["LOOK_ON", "help_of", "hint_of", "mark_button"]

_HINT = "wheel: press   Space: mark   Enter: finish   C: camera   F1: help"
_LIFT_HINT = "mouse: move the rod   wheel: away and back   Enter: finish   C: camera   F1: help"
_DEVICE_HINT = "button or Space: mark   Enter: finish   C: camera   F1: help"
_SCOPE_HINT = "point where to look   wheel: in and out   arrows: turn   Enter: finish   F1: help"
_MOUSE_ONLY = ("mouse", "wheel", "Space")  # what the keys of the help say without a device
_LIFT_HELP = (
    ("mouse", "move the rod across the picture"),
    ("wheel", "move it away from you, and back"),
    *(line for line in HELP_LINES if line[0] not in _MOUSE_ONLY),
)
_SCOPE_HELP = (
    ("mouse", "point where you want to look"),
    ("wheel", "push the scope in, draw it back"),
    ("left, right", "turn the scope about its shaft"),
    ("up, down", "turn the camera head: level the picture"),
    *(line for line in HELP_LINES if line[0] not in (*_MOUSE_ONLY, "right drag, arrows")),
)
LOOK_ON = tuple(line for line in HELP_LINES if line[0] not in (*_MOUSE_ONLY, "Enter"))
"""What is left to do for somebody who watches a script."""


def mark_button(clutch: int | None) -> int:
    """Choose the first button that does not clutch."""
    return 1 if clutch == 0 else 0


def help_of(
    *, lifts: bool, guides: bool, device: bool, clutch: int | None
) -> tuple[tuple[str, str], ...]:
    """Say what mouse, keys and device do for a person who plays.

    Parameters
    ----------
    lifts, guides
        Whether an edge is to be lifted, or a scope is in the hand.
    device
        Whether a device moves the probe, and not the mouse.
    clutch
        Its button that parts hand and probe, or None.
    """
    if guides:
        return _SCOPE_HELP[2 * device :]
    if not device:
        return _LIFT_HELP if lifts else HELP_LINES
    first = [
        ("device", "move the probe, and feel"),
        (f"button {mark_button(clutch)}, Space", "mark this place"),
    ]
    if clutch is not None:
        first.append((f"button {clutch}, held", "move the hand without the probe"))
    return (*first, *(line for line in HELP_LINES if line[0] not in _MOUSE_ONLY))


def hint_of(*, lifts: bool, guides: bool, probes: bool, device: bool) -> str:
    """Say the same in one line.

    Parameters
    ----------
    lifts, guides, probes
        Whether a person lifts with the mouse, guides a scope, or probes; none where a script plays.
    device
        Whether a device moves the probe, and not the mouse.
    """
    if guides:
        return _SCOPE_HINT
    if lifts:
        return _LIFT_HINT
    if not probes:
        return "F1: help   Esc: leave"
    return _DEVICE_HINT if device else _HINT
