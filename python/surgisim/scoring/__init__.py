"""Scoring: pure functions of what was recorded, with NumPy and SciPy alone.

`measure` turns a `Recording` into metrics, each with its unit and the moment that decided it;
`score_session` turns metrics and mistakes into points by a rubric. Beside them: `proficiency`
(CUSUM, pass marks, learning curves), `tasks` (timed tasks of the FLS kind), `rating` and
`agreement` (scales that people fill in), `bimanual` and `handling` (measures of arrays of one's
own).
"""

from surgisim.scoring.feel import JUST_NOTICEABLE, Press, Profile, Unfelt, presses, profiles
from surgisim.scoring.measure import Recording, measure
from surgisim.scoring.metric import Metric, shown
from surgisim.scoring.overrule import VERDICT, Overrule, overruled
from surgisim.scoring.palpation import Found, Mark, Marking, match_marks
from surgisim.scoring.rubric import Score, ScoreLine, score_session
from surgisim.scoring.smoothness import ldlj, sparc

__all__ = [
    "JUST_NOTICEABLE",
    "VERDICT",
    "Found",
    "Mark",
    "Marking",
    "Metric",
    "Overrule",
    "Press",
    "Profile",
    "Recording",
    "Score",
    "ScoreLine",
    "Unfelt",
    "ldlj",
    "match_marks",
    "measure",
    "overruled",
    "presses",
    "profiles",
    "score_session",
    "shown",
    "sparc",
]
