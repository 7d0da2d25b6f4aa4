"""Colours and letters of the picture.

The hues are Okabe and Ito's (2008), which all common kinds of colour blindness tell apart.
"""

from surgisim.authoring.typeset import Style

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PALE_BLUE",
    "PALE_GREEN",
    "PALE_GREY",
    "PALE_ORANGE",
    "PAPER",
    "small",
    "text",
    "title",
]

INK = "#1b1d21"
GREY = "#5f6670"
PAPER = "#ffffff"
PALE_GREY = "#f1f3f5"
BLUE = "#0072b2"
PALE_BLUE = "#e8f2f9"
ORANGE = "#b84e00"  # Okabe and Ito's, darker, so that small letters can be read
PALE_ORANGE = "#fdf0e6"
GREEN = "#00795a"
PALE_GREEN = "#e6f4ef"

_TITLE, _TEXT, _SMALL = 11.0, 9.0, 7.8


def title(color: str = INK, size: float = _TITLE) -> Style:
    """Bold letters of a heading."""
    return Style(size, color, bold=True)


def text(color: str = INK) -> Style:
    """Letters to be read."""
    return Style(_TEXT, color)


def small(color: str = GREY, *, bold: bool = False) -> Style:
    """Letters of details."""
    return Style(_SMALL, color, bold)
