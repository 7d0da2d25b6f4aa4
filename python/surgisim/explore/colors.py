"""Colours of organs by name, as in an anatomical atlas; chosen for the eye, linear RGB."""

import zlib

from surgisim.render.scene import Vector

__all__ = ["organ_color"]

_WORDS: tuple[tuple[tuple[str, ...], Vector], ...] = (
    (("gallbladder", "bile"), (0.12, 0.30, 0.06)),
    (("portal", "splenic vein"), (0.16, 0.20, 0.52)),
    (("vein", "vena", "venous", "cava"), (0.08, 0.16, 0.55)),
    (("artery", "aorta", "arteries", "trunk"), (0.62, 0.04, 0.03)),
    (("vessel",), (0.5, 0.06, 0.06)),
    (("cartilage", "disc"), (0.45, 0.56, 0.58)),
    (("vertebra", "rib", "hip", "sacrum", "femur", "sternum", "skull", "scapula", "clavic",
      "humerus", "bone"), (0.72, 0.62, 0.42)),
    (("spinal", "cord", "brain", "nerve"), (0.75, 0.60, 0.18)),
    (("liver",), (0.30, 0.062, 0.040)),
    (("spleen",), (0.25, 0.045, 0.085)),
    (("kidney",), (0.38, 0.10, 0.055)),
    (("adrenal",), (0.62, 0.42, 0.10)),
    (("pancreas",), (0.66, 0.40, 0.16)),
    (("stomach",), (0.58, 0.25, 0.18)),
    (("esophagus", "oesophagus"), (0.55, 0.26, 0.22)),
    (("duodenum",), (0.62, 0.30, 0.16)),
    (("bowel", "ileum", "jejunum", "intestine"), (0.66, 0.36, 0.27)),
    (("colon", "rectum"), (0.52, 0.29, 0.16)),
    (("bladder",), (0.62, 0.52, 0.22)),
    (("prostate", "uterus", "ovary"), (0.60, 0.30, 0.32)),
    (("lung",), (0.62, 0.34, 0.34)),
    (("trachea", "bronch"), (0.45, 0.55, 0.52)),
    (("heart", "atri", "ventric"), (0.48, 0.06, 0.05)),
    (("thyroid",), (0.50, 0.14, 0.10)),
    (("tumor", "tumour", "lesion", "nodule", "cyst", "metasta"), (0.10, 0.55, 0.30)),
    (("fat",), (0.75, 0.58, 0.22)),
    (("glute", "psoas", "autochthon", "muscle"), (0.40, 0.085, 0.065)),
)  # fmt: skip
"""Words of a name and the colour they give; the first that is met counts."""


def organ_color(name: str) -> Vector:
    """Find the colour of an organ, a little lighter or darker by its name to tell neighbours apart.

    Names without a known word get a hue of their own, always the same.
    """
    lowered = name.lower()
    seed = zlib.crc32(lowered.encode())
    for words, (r, g, b) in _WORDS:
        if any(word in lowered for word in words):
            shade = 0.88 + 0.24 * (seed % 97) / 96.0
            return (min(r * shade, 1.0), min(g * shade, 1.0), min(b * shade, 1.0))
    hue = 6.0 * (seed % 360) / 360.0
    channels = [
        0.12 + 0.38 * min(max(abs((hue + k) % 6.0 - 3.0) - 1.0, 0.0), 1.0) for k in (0, 4, 2)
    ]
    return (channels[0], channels[1], channels[2])
