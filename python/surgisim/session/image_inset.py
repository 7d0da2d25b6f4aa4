"""The CT or MRI of the organ at the place of the instrument, in a corner of the window.

The image is that of the body at rest: the slice goes through the instrument's tip in space, not
through the tissue that the tip has pushed there, which is millimetres away.
"""

import math

from surgisim import anatomy
from surgisim.anatomy.organ import Anatomy
from surgisim.errors import AnatomyError
from surgisim.render.exhibit import Exhibit, Inset, Plane, Slice, VolumeImage
from surgisim.render.scene import Highlight
from surgisim.render.transfer import window_of
from surgisim.render.view import View
from surgisim.snapshot import Vector

__all__ = ["ImageInset"]

_FIELD_M = 0.16  # width of what is shown
_EYE_M = 2.0  # from far away: nearly without perspective
_TIP: Vector = (0.95, 0.65, 0.05)


class ImageInset:
    """Axial slices through an anatomy's image, seen from the feet as radiologists do.

    Parameters
    ----------
    body
        An anatomy with an image.

    Raises
    ------
    AnatomyError
        If it has none, or the image is damaged.
    """

    def __init__(self, body: Anatomy) -> None:
        volume = anatomy.registered_image(body)
        if volume is None:
            raise AnatomyError(f"This anatomy ({body.source}) has no image; build it with --image.")
        self._image = VolumeImage(volume.values, volume.affine)
        self._window = window_of(self._image, is_ct=volume.modality == "CT")

    def at(self, tip: Vector, radius_m: float) -> Inset:
        """Make the inset for a tip of a radius, m."""
        eye = (tip[0], tip[1], tip[2] + _EYE_M)
        fov_y = 2.0 * math.atan(0.5 * _FIELD_M / _EYE_M)
        exhibit = Exhibit(
            image=self._image,
            window=self._window,
            slices=(Slice(Plane(tip, (0.0, 0.0, 1.0))),),
            highlights=(Highlight(tip, radius_m, _TIP, 0.9, surface=""),),
        )
        return Inset(exhibit, View.look_at(eye, tip, fov_y=fov_y))
