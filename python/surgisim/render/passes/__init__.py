"""What draws one kind of thing each, a file for each; a pass owns its programs and buffers."""

from surgisim.render.passes.cavity import CavityPass
from surgisim.render.passes.depth import DepthProgram, OcclusionPass, ShadowMap
from surgisim.render.passes.hud import HudPass
from surgisim.render.passes.instrument import InstrumentPass
from surgisim.render.passes.plate import PlatePass
from surgisim.render.passes.smoke import SmokePass
from surgisim.render.passes.textures import GlyphTexture, Grain
from surgisim.render.passes.tissue import TissuePass

__all__ = [
    "CavityPass",
    "DepthProgram",
    "GlyphTexture",
    "Grain",
    "HudPass",
    "InstrumentPass",
    "OcclusionPass",
    "PlatePass",
    "ShadowMap",
    "SmokePass",
    "TissuePass",
]
