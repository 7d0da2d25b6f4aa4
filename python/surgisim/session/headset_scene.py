"""What is to be seen in a headset: the field for the eyes, the texts on a screen behind it."""

from __future__ import annotations

from dataclasses import replace

from surgisim.render import Hud, Instrument, Scene
from surgisim.session.headset_place import middle
from surgisim.session.look import Looks
from surgisim.session.organ_look import Look
from surgisim.session.showing import look_of, organ_on
from surgisim.session.stage import Stage
from surgisim.snapshot import ToolInput, Vector
from surgisim.xr.blend import OPAQUE
from surgisim.xr.headset import Headset
from surgisim.xr.picture import Picture
from surgisim.xr.pose import Pose
from surgisim.xr.prediction import Shown

__all__ = ["FieldScene", "held"]

_SCREEN: Vector = (0.0, 0.34, -0.50)  # from the middle of the field to the screen
_DARK: Vector = (0.012, 0.014, 0.018)


class FieldScene:
    """The operating field as a headset shows it.

    Parameters
    ----------
    stage
        What is on stage.
    coarse
        Whether the processor draws.

    Attributes
    ----------
    organ
        The organ and the probe as a scene.
    """

    def __init__(self, stage: Stage, *, coarse: bool) -> None:
        self._stage = stage
        self.organ = organ_on(stage, coarse=coarse)

    def begin(self) -> Look:
        """Return how it lies before anything happens."""
        return Look(self._stage.organ.points, self._stage.scene.probe.start)

    def at(self, looks: Looks, shown: Shown) -> Look:
        """Return what one moment of a session shows."""
        return look_of(looks, shown.positions, shown.tip)

    def flat(self, look: Look, hud: Hud) -> Scene:
        """Make the scene for a window."""
        return self.organ.scene(replace(look, hud=hud))

    def picture(self, look: Look, hud: Hud, headset: Headset | None) -> Picture:
        """Make what the eyes see, and what is written on the screen.

        Without a screen the texts lie over the eyes' pictures. The body is opened: one
        looks into it from outside. Where the room is seen, nothing is drawn around the organ.
        """
        has_screen = headset is not None and headset.panel is not None
        scene = self.organ.scene(replace(look, hud=None if has_screen else hud))
        if headset is not None and headset.blend != OPAQUE:
            scene = replace(scene, cavity=False, background=(0.0, 0.0, 0.0))
        else:
            scene = replace(scene, opened=True, background=_DARK)
        if not has_screen:
            return Picture(scene)
        screen = Scene(hud=hud, cavity=False, background=_DARK)
        if self._stage.port is not None:  # through a port one looks at the endoscope's picture
            screen = self.organ.lit(replace(look, hud=hud))
        x, y, z = (a + b for a, b in zip(middle(self._stage.field), _SCREEN, strict=True))
        through = self.organ.camera.view() if look.held is None else self.organ.view(look)
        return Picture(scene, screen, through, Pose((x, y, z)))


def held(instrument: Instrument, tool: ToolInput, *, lost: bool) -> Instrument:
    """Turn an instrument as the hand is turned; dim it where the hand is lost."""
    if lost or tool.position is None:
        return replace(instrument, dimmed=lost)
    back = Pose((0.0, 0.0, 0.0), tool.rotation).direction((0.0, 0.0, 1.0))
    return replace(instrument, shaft_direction=back)
