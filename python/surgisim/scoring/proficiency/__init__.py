"""When somebody is proficient: rules of a row of runs, and where their limits come from.

Pure functions of plain arrays. `RepetitionRule` and `CusumRule` judge successes and failures in
their order; `expert_levels` and `contrasting_groups` say where a pass mark comes from; `fit_curve`
says how somebody learns.
"""

from surgisim.scoring.proficiency.contrasting import Contrast, contrast, contrasting_groups
from surgisim.scoring.proficiency.curve import LearningCurve, Unclear, fit_curve
from surgisim.scoring.proficiency.cusum import CusumChart, CusumRule
from surgisim.scoring.proficiency.experts import ExpertLevel, expert_levels
from surgisim.scoring.proficiency.ra_cusum import RaCusumChart, RaCusumRule
from surgisim.scoring.proficiency.repetitions import RepetitionRule, Standing

__all__ = [
    "Contrast",
    "CusumChart",
    "CusumRule",
    "ExpertLevel",
    "LearningCurve",
    "RaCusumChart",
    "RaCusumRule",
    "RepetitionRule",
    "Standing",
    "Unclear",
    "contrast",
    "contrasting_groups",
    "expert_levels",
    "fit_curve",
]
