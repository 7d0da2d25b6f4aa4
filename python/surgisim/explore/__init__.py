"""Anatomy to be explored by itself: parts, CT and MRI, cuts, in a window or as a picture.

`subject` is what there is to see, `looking` how it is looked at (plain data that keys and mouse
change), `window` the desktop, `picture` a file.
"""

from surgisim.explore.areas import Area, read_areas
from surgisim.explore.looking import Looking
from surgisim.explore.subject import Subject, read_subject

__all__ = ["Area", "Looking", "Subject", "read_areas", "read_subject"]
