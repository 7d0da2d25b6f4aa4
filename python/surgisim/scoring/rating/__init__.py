"""Rating scales that people fill in: their items as data, and what ratings of many add up to."""

from surgisim.scoring.rating.scale import Item, Scale, scales
from surgisim.scoring.rating.table import Pair, Rated, ScaleAgreement, agreement

__all__ = ["Item", "Pair", "Rated", "Scale", "ScaleAgreement", "agreement", "scales"]
