"""What a view shows and says of the scope in the hand."""

from surgisim.session.held_scope import Held, Spot, target_spots
from surgisim.session.navigation import Navigation
from surgisim.session.stage import Stage

__all__ = ["held_of", "instruction", "spots_of"]


def held_of(navigation: Navigation) -> Held:
    """Say how the scope is held now."""
    return Held(navigation.roll, navigation.head, navigation.fog)


def spots_of(navigation: Navigation, stage: Stage) -> tuple[Spot, ...]:
    """Tint the lit target, and those found."""
    spec = stage.procedure.scene.targets
    return () if spec is None else target_spots(navigation.targets, navigation.found, spec.radius)


def instruction(navigation: Navigation, stage: Stage, title: str, text: str) -> tuple[str, str]:
    """Name the lit target and say what is still to be done with it.

    Returns
    -------
    title, text
        Those given where no target is lit.
    """
    spec, lit, shown = stage.procedure.scene.targets, navigation.lit, navigation.shown
    if spec is None or lit is None:
        return title, text
    number, count = navigation.found + 1, len(navigation.targets)
    title = f"Target {number} of {count}: {lit.organ.replace('_', ' ')}"
    if shown is None or not shown.in_view:
        return title, "Not in view: look for it on that organ."
    low, high, away = (1e3 * m for m in (spec.distance.low, spec.distance.high, shown.distance_m))
    if shown.centred:
        return title, f"Hold it: {shown.held_s:.1f} of {spec.hold:.0f} s."
    if away > high:
        return title, f"In view, {away:.0f} mm away: go nearer, to {high:.0f} mm or less."
    if away < low:
        return title, f"In view, {away:.0f} mm away: draw back, to {low:.0f} mm or more."
    return title, f"In view, {away:.0f} mm away: bring it into the middle."
