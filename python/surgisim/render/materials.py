"""How tissues look: colours and wetness by name, chosen by eye from the operating field.

Nothing here is a measurement; mechanical properties are the anatomy's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from surgisim.errors import RenderError

__all__ = ["MATERIALS", "NEUTRAL", "TissueLook", "look_of"]

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class TissueLook:
    """Parameters of the tissue shader.

    Attributes
    ----------
    deep, pale
        Linear RGB of dark and of pale patches.
    wrap
        How far light of each colour channel travels under the surface, 0 to 1.
    roughness
        Of the fluid film, GGX, 0 to 1.
    relief
        Strength of the surface's fine relief.
    lobules, vessels
        Strength of the cell pattern and of vessels seen through the capsule.
    sheen
        Linear RGB of the capsule at grazing angles.
    """

    deep: Color
    pale: Color
    wrap: Color = (0.5, 0.2, 0.15)
    roughness: float = 0.27
    relief: float = 0.35
    lobules: float = 0.0
    vessels: float = 0.0
    sheen: Color = (0.012, 0.008, 0.009)


MATERIALS: dict[str, TissueLook] = {
    "liver": TissueLook(
        (0.050, 0.0092, 0.0062),
        (0.098, 0.0212, 0.0128),
        (0.42, 0.16, 0.12),
        0.18,
        0.34,
        0.26,
        0.08,
        (0.004, 0.0028, 0.0030),
    ),
    "spleen": TissueLook((0.062, 0.010, 0.015), (0.115, 0.022, 0.028), lobules=0.2),
    "kidney": TissueLook((0.095, 0.017, 0.011), (0.165, 0.037, 0.023), lobules=0.15),
    "gallbladder": TissueLook(
        (0.080, 0.098, 0.074), (0.165, 0.165, 0.115), (0.5, 0.35, 0.3), 0.2, 0.2, vessels=0.6
    ),
    "stomach": TissueLook((0.29, 0.092, 0.072), (0.37, 0.145, 0.112), relief=0.4, vessels=0.55),
    "bowel": TissueLook((0.28, 0.088, 0.070), (0.38, 0.150, 0.118), relief=0.4, vessels=0.7),
    "fat": TissueLook((0.38, 0.19, 0.05), (0.50, 0.31, 0.12), (0.6, 0.45, 0.2), 0.24, 0.6, 0.30),
    "peritoneum": TissueLook((0.30, 0.10, 0.08), (0.40, 0.16, 0.125), vessels=0.7),
    "muscle": TissueLook((0.150, 0.022, 0.016), (0.250, 0.048, 0.034), relief=0.6),
    "vessel": TissueLook((0.28, 0.070, 0.058), (0.38, 0.125, 0.100), relief=0.15, vessels=0.25),
    "tissue": TissueLook((0.20, 0.055, 0.042), (0.30, 0.098, 0.072)),
}
"""Looks by material name."""

NEUTRAL = "tissue"
"""The look of an organ that has none of its own."""


def look_of(material: str) -> TissueLook:
    """Find the look of a material.

    Raises
    ------
    RenderError
        If nothing is known under that name.
    """
    try:
        return MATERIALS[material]
    except KeyError:
        raise RenderError(
            f"no look is known for material '{material}'; use one of {', '.join(sorted(MATERIALS))}"
        ) from None
